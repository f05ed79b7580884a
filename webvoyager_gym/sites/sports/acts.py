"""Task templates that change something on the site: followed teams, reminders, predictions, the poll."""

from __future__ import annotations

from typing import Any

import numpy as np

from webvoyager_gym.sites.kit import Expected, Impossible, Params, Template, one_of
from webvoyager_gym.sites.kit.days import day_text
from webvoyager_gym.sites.kit.ways import Next, answer_when_seen
from webvoyager_gym.sites.sports.games import match_said, some_played
from webvoyager_gym.sites.sports.navigate import (
    SportsHand,
    go_by_colour,
    go_to_league,
    go_to_match,
    go_to_thing,
    reach,
    sort_by,
)
from webvoyager_gym.sites.sports.questions import TableLeader, some_team
from webvoyager_gym.sites.sports.state import SportsState
from webvoyager_gym.sites.sports.world import Match, Team, World, league_of


class Act(Template[World, SportsState]):
    """A template whose expert brings the site to the wanted state."""

    kind = "act"

    def way(self, hand: SportsHand, team: Team) -> Next | None:
        """To the page of a team that is to be followed."""
        return go_to_thing(hand, team)

    def expert(self, hand: SportsHand) -> Next:
        return reach(hand, self.way) or hand.answer()


class Follow(Act):
    """Follow a team by its name."""

    name = "follow-team"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        team = some_team(world, random).slug
        return None if team in world.followed else {"team": team}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        name = world.team[params["team"]].name
        return one_of(random, (f"Follow {name}.", f"Find {name} and follow the team.", f"Add {name} to my teams."))

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"followed": sorted({*initial["followed"], params["team"]})}


class FollowColour(Follow):
    """Follow the team that plays in a colour."""

    name = "follow-colour"

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        team = world.team[params["team"]]
        league = league_of(team.league).name
        wordings = (
            f"Follow the team of the {league} that plays in {team.colour} shirts.",
            f"Look at the teams of the {league} and follow the one with the {team.colour} shirt.",
            f"Add the {league} team in {team.colour} to my teams.",
        )
        return one_of(random, wordings)

    def way(self, hand: SportsHand, team: Team) -> Next | None:
        return go_by_colour(hand, team)


class FollowLeader(Follow):
    """Follow the team that leads a column of the table."""

    name = "follow-leader"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = TableLeader().draw(world, random)
        if params is None:
            return None
        team = TableLeader().order(world, params)[0].team.slug
        return None if team in world.followed else {**params, "team": team}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        what, league = TableLeader.asked[params["column"]][0], league_of(params["league"]).name
        wordings = (
            f"Follow the team with the {what} in the {league}.",
            f"Sort the table of the {league} and follow the team with the {what}.",
            f"Find out who has the {what} in the {league} and add the team to my teams.",
        )
        return one_of(random, wordings)

    def way(self, hand: SportsHand, team: Team) -> Next | None:
        if team.slug != hand.params.get("team") or hand.path == f"/team/{team.slug}":
            return go_to_thing(hand, team)
        label = TableLeader.asked[hand.params["column"]][1]
        there = go_to_league(hand, hand.params["league"]) or sort_by(hand, label)
        return there or hand.click(key=f"team-{team.slug}")


class Unfollow(Act):
    """Stop following a team."""

    name = "unfollow-team"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"team": one_of(random, world.followed)}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        name = world.team[params["team"]].name
        return one_of(
            random, (f"Stop following {name}.", f"Remove {name} from my teams.", f"I no longer want to follow {name}.")
        )

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"followed": [team for team in initial["followed"] if team != params["team"]]}


def _to_come(world: World, random: np.random.Generator) -> Match:
    matches = [match for match in world.matches if match.goals is None]
    return one_of(random, matches)


class Remind(Act):
    """Set a reminder of a match."""

    name = "remind-match"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        match = _to_come(world, random).slug
        return None if match in world.reminders else {"match": match}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        match = world.match[params["match"]]
        said, league = match_said(world, match), league_of(match.league).name
        wordings = (
            f"Set a reminder for {said} of the {league}.",
            f"Remind me of {said} ({league}).",
            f"{league}: I want a reminder of {said}.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"reminders": sorted({*initial["reminders"], params["match"]})}


class RemindOver(Remind):
    """Set a reminder of a match that is over: it cannot be done."""

    name = "remind-over"
    feasible = False

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"match": some_played(world, random).slug}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial

    def expected(self, world: World, params: Params) -> Expected:
        return Impossible("the match is over")

    def expert(self, hand: SportsHand) -> Next:
        match = hand.world.match[hand.params["match"]]
        return reach(hand) or go_to_match(hand, match) or answer_when_seen(hand, day_text(match.day))


class Forget(Act):
    """Remove a reminder."""

    name = "remove-reminder"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"match": one_of(random, world.reminders)}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        match = world.match[params["match"]]
        home, away = (world.team[slug].name for slug in match.teams)
        wordings = (
            f"Remove the reminder for {home} against {away}.",
            f"I need no reminder of {home} against {away} any more. Remove it.",
            f"Delete my reminder of {home} against {away} on {day_text(match.day)}.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"reminders": [match for match in initial["reminders"] if match != params["match"]]}


class Predict(Act):
    """Predict the score of a match."""

    name = "predict-score"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"match": _to_come(world, random).slug, "score": random.integers(0, 7, size=2).tolist()}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        match, (home, away) = world.match[params["match"]], params["score"]
        said, league = match_said(world, match), league_of(match.league).name
        wordings = (
            f"Predict {home} : {away} for {said} of the {league}.",
            f"My prediction for {said} ({league}) is {home} : {away}. Save it.",
            f"{league}: save the prediction {home} : {away} for {said}.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"predictions": initial["predictions"] | {params["match"]: params["score"]}}


class Vote(Act):
    """Vote in the poll on the first page."""

    name = "vote"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"team": one_of(random, world.poll), "before": str(random.choice(world.poll))}

    def prepare(self, world: World, params: Params, state: SportsState) -> None:
        if params["before"] != params["team"]:
            state.vote = params["before"]

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        name = world.team[params["team"]].name
        wordings = (
            f"Vote for {name} in the poll.",
            f"In the poll about the Football League, my vote should be for {name}.",
            f"Make {name} my vote in the poll on the first page.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"vote": params["team"]}


ACTS: tuple[Template[Any, Any], ...] = (
    Follow(),
    FollowColour(),
    FollowLeader(),
    Unfollow(),
    Remind(),
    RemindOver(),
    Forget(),
    Predict(),
    Vote(),
)
