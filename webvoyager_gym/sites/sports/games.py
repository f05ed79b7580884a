"""Task templates that end with an answer about matches that were played."""

from __future__ import annotations

from typing import Any

import numpy as np

from webvoyager_gym.sites.kit import Expected, Impossible, Number, Params, Template, one_of
from webvoyager_gym.sites.kit.ways import Next, answer_when_seen
from webvoyager_gym.sites.sports.navigate import SportsHand, go_to_match, go_to_round
from webvoyager_gym.sites.sports.questions import Question, named, some_league
from webvoyager_gym.sites.sports.world import PLAYED, STATISTICS, Match, World, league_of


def some_played(world: World, random: np.random.Generator) -> Match:
    """A random match that is over."""
    played = [match for match in world.matches if match.goals is not None]
    return one_of(random, played)


def match_said(world: World, match: Match) -> str:
    """A match as goals speak of it: "Marlow Bears against Seaton Kings in round 3"."""
    return f"{world.team[match.home].name} against {world.team[match.away].name} in round {match.round}"


class Game(Question):
    """Something about one match."""

    tab = "summary"

    def look(self, hand: SportsHand) -> Next:
        match = hand.world.match[hand.params["match"]]
        return go_to_match(hand, match, self.tab) or answer_when_seen(hand, self.sign)

    sign = "Attendance"


class Attendance(Game):
    """How many people saw a match."""

    name = "attendance"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"match": some_played(world, random).slug}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        match = world.match[params["match"]]
        said, league = match_said(world, match), league_of(match.league).name
        wordings = (
            f"What was the attendance of {said} of the {league}?",
            f"{league}: how many people saw {said}?",
            f"Find the attendance of {said} ({league}).",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Number(world.match[params["match"]].attendance)


class GoalMinute(Game):
    """In which minute a player scored in a match."""

    name = "goal-minute"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        match = some_played(world, random)
        scorers = [goal.player for side in match.goals or () for goal in side]
        once = [player for player in scorers if scorers.count(player) == 1]
        if not once:
            return None
        return {"match": match.slug, "player": one_of(random, once)}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        match, player = world.match[params["match"]], world.player[params["player"]].name
        said, league = match_said(world, match), league_of(match.league).name
        wordings = (
            f"In which minute did {player} score in {said} of the {league}?",
            f"{league}, {said}: when did {player} score?",
            f"Find the minute of the goal by {player} in {said} ({league}).",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        match = world.match[params["match"]]
        goals = [goal for side in match.goals or () for goal in side if goal.player == params["player"]]
        return Number(goals[0].minute, "min")


class NoGoal(GoalMinute):
    """When a player scored who did not."""

    name = "no-goal"
    feasible = False

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        match = some_played(world, random)
        scorers = {goal.player for side in match.goals or () for goal in side}
        side = match.teams[int(random.integers(2))]
        idle = [player.slug for player in world.squad(world.team[side])[1:] if player.slug not in scorers]
        if not scorers or not idle:
            return None
        return {"match": match.slug, "player": one_of(random, idle)}

    def expected(self, world: World, params: Params) -> Expected:
        match = world.match[params["match"]]
        minutes = (f"{goal.minute} min" for side in match.goals or () for goal in side)
        return Impossible("there is no goal by this player", tuple(minutes))


class Statistic(Game):
    """Which team had more of something in a match."""

    name = "more-of-it"
    kind = "compare"
    tab = "stats"
    sign = "Fouls"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"match": some_played(world, random).slug, "what": int(random.integers(len(STATISTICS)))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        match, what = world.match[params["match"]], STATISTICS[params["what"]].casefold()
        said, league = match_said(world, match), league_of(match.league).name
        wordings = (
            f"Which team had more {what} in {said} of the {league}?",
            f"{league}, {said}: who had more {what}?",
            f"Compare the {what} in {said} ({league}): which team had more?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        match = world.match[params["match"]]
        home, away = match.statistics[params["what"]]
        return named(world, world.team[match.home if home > away else match.away])


class RoundGoals(Question):
    """How many goals were scored in a round in all."""

    name = "round-goals"
    kind = "compute"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"league": some_league(random).slug, "round": int(random.integers(1, PLAYED + 1))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        league, number = league_of(params["league"]).name, params["round"]
        wordings = (
            f"How many goals were scored in round {number} of the {league} in all?",
            f"Add up the goals of all matches in round {number} of the {league}.",
            f"Round {number}, {league}: what is the total number of goals?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Number(sum(sum(match.score) for match in world.round(params["league"], params["round"])), "goals")

    def look(self, hand: SportsHand) -> Next:
        return go_to_round(hand, hand.params["league"], hand.params["round"]) or hand.answer()


GAMES: tuple[Template[Any, Any], ...] = (Attendance(), GoalMinute(), NoGoal(), Statistic(), RoundGoals())
