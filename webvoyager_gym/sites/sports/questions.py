"""Task templates that end with an answer about teams, players and tables."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.sites.kit import Day, Expected, Name, Number, Params, Template, one_of
from webvoyager_gym.sites.kit.days import day_text
from webvoyager_gym.sites.kit.ways import Next, answer_when_seen
from webvoyager_gym.sites.sports.navigate import SportsHand, go_to_league, go_to_tab, go_to_thing, reach, sort_by
from webvoyager_gym.sites.sports.state import SportsState
from webvoyager_gym.sites.sports.world import LEAGUES, League, Player, Row, Team, World, league_of


def some_team(world: World, random: np.random.Generator) -> Team:
    """A random team."""
    return one_of(random, world.teams)


def some_league(random: np.random.Generator) -> League:
    """A random league."""
    return one_of(random, LEAGUES)


def named(world: World, team: Team) -> Name:
    """The team's name as an answer that names no other team."""
    return Name(team.name, others=tuple(other.name for other in world.teams if other != team))


class Question(Template[World, SportsState]):
    """A template whose expert first undoes stray side effects and then looks."""

    @abstractmethod
    def look(self, hand: SportsHand) -> Next:
        """The next action towards the answer, or the answer."""

    def expert(self, hand: SportsHand) -> Next:
        return reach(hand) or self.look(hand)


class TableNumber(Question):
    """Points or goal difference of a team, to be worked out from its row in the table."""

    kind = "compute"

    def row(self, world: World, params: Params) -> tuple[League, Row]:
        """The team's row."""
        league = league_of(world.team[params["team"]].league)
        return league, next(row for row in world.table(league) if row.team.slug == params["team"])

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"team": some_team(world, random).slug}

    def look(self, hand: SportsHand) -> Next:
        team = hand.world.team[hand.params["team"]]
        return go_to_league(hand, team.league) or answer_when_seen(hand, team.name)


class Points(TableNumber):
    """How many points a team has; the two leagues count wins differently."""

    name = "points"

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        team, league = world.team[params["team"]], league_of(world.team[params["team"]].league).name
        wordings = (
            f"How many points does {team.name} have in the {league}?",
            f"Work out the points of {team.name} from the table of the {league}.",
            f"From its wins and draws, how many points has {team.name} got?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        league, row = self.row(world, params)
        return Number(row.points(league), "points")


class GoalDifference(TableNumber):
    """Goals for less goals against."""

    name = "goal-difference"

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        team, league = world.team[params["team"]], league_of(world.team[params["team"]].league).name
        wordings = (
            f"What is the goal difference of {team.name} in the {league}?",
            f"Compute the goal difference of {team.name} from the {league} table.",
            f"Goals for minus goals against: what is it for {team.name}?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Number(self.row(world, params)[1].difference)


class BestDifference(Question):
    """The team with the best or the worst goal difference of a league."""

    name = "best-difference"
    kind = "plan"

    def _order(self, world: World, params: Params) -> list[Row]:
        rows = sorted(world.table(league_of(params["league"])), key=lambda row: row.difference)
        return rows[::-1] if params["end"] == "best" else rows

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = {"league": some_league(random).slug, "end": str(random.choice(["best", "worst"]))}
        first, second = self._order(world, params)[:2]
        return params if first.difference != second.difference else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        league, end = league_of(params["league"]).name, params["end"]
        wordings = (
            f"Which team has the {end} goal difference in the {league}?",
            f"Work out who has the {end} goal difference in the {league}.",
            f"Goals for minus goals against: which team of the {league} has the {end} difference?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return named(world, self._order(world, params)[0].team)

    def look(self, hand: SportsHand) -> Next:
        answer = self._order(hand.world, hand.params)[0].team
        return go_to_league(hand, hand.params["league"]) or answer_when_seen(hand, answer.name)


class TableLeader(Question):
    """The team that leads a column of the table."""

    name = "column-leader"
    kind = "filter"
    asked: ClassVar[dict[str, tuple[str, str]]] = {
        "scored": ("most goals for", "Most goals for"),
        "conceded": ("fewest goals against", "Fewest goals against"),
        "drawn": ("most draws", "Most draws"),
    }

    def order(self, world: World, params: Params) -> list[Row]:
        """The table by the column."""
        sign = 1 if params["column"] == "conceded" else -1
        return sorted(world.table(league_of(params["league"])), key=lambda row: sign * getattr(row, params["column"]))

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = {"league": some_league(random).slug, "column": str(random.choice(list(self.asked)))}
        first, second = self.order(world, params)[:2]
        return params if getattr(first, params["column"]) != getattr(second, params["column"]) else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        what, league = self.asked[params["column"]][0], league_of(params["league"]).name
        wordings = (
            f"Which team has the {what} in the {league}?",
            f"Sort the {league} table: who has the {what}?",
            f"Name the team with the {what} in the {league}.",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return named(world, self.order(world, params)[0].team)

    def look(self, hand: SportsHand) -> Next:
        way = go_to_league(hand, hand.params["league"]) or sort_by(hand, self.asked[hand.params["column"]][1])
        return way or hand.answer()


class ShirtColour(Question):
    """The team of a league that plays in a colour: only the picture shows shirts."""

    name = "shirt-colour"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"team": some_team(world, random).slug}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        team = world.team[params["team"]]
        league = league_of(team.league).name
        wordings = (
            f"Which team of the {league} plays in {team.colour} shirts?",
            f"Look at the teams of the {league}: whose shirt is {team.colour}?",
            f"Name the {league} team with the {team.colour} shirt.",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return named(world, world.team[params["team"]])

    def look(self, hand: SportsHand) -> Next:
        team = hand.world.team[hand.params["team"]]
        return go_to_league(hand, team.league, "teams") or answer_when_seen(hand, team.name)


class ClubFact(Question):
    """Something about a club."""

    name = "club-fact"
    kind = "look up"
    asked: ClassVar[dict[str, str]] = {
        "stadium": "What is the name of the stadium of {}?|In which stadium does {} play?|Find the stadium of {}.",
        "capacity": "What is the capacity of the stadium of {}?|How many people fit into the stadium of {}?|"
        "Find the stadium capacity of {}.",
        "founded": "In which year was {} founded?|Find out when {} was founded.|What year was the club {} founded?",
        "coach": "Who is the coach of {}?|Name the coach of {}.|Find {} and tell me who coaches the team.",
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"team": some_team(world, random).slug, "what": str(random.choice(list(self.asked)))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self.asked[params["what"]].split("|")).format(world.team[params["team"]].name)

    def expected(self, world: World, params: Params) -> Expected:
        value = getattr(world.team[params["team"]], params["what"])
        if isinstance(value, int):
            return Number(value)
        others = (getattr(team, params["what"]) for team in world.teams)
        return Name(value, others=tuple(other for other in others if other != value))

    def look(self, hand: SportsHand) -> Next:
        return go_to_tab(hand, hand.world.team[hand.params["team"]], "club") or answer_when_seen(hand, "Coach")


class PlayerFact(Question):
    """A number about a player, whose name looks like others."""

    name = "player-fact"
    kind = "look up"
    asked: ClassVar[dict[str, str]] = {
        "age": "How old is {}?|What is the age of {}?|Find {} and tell me the age.",
        "height": "How tall is {} in cm?|What is the height of {}?|Find the height of {} in cm.",
        "number": "Which number does {} wear?|What is the shirt number of {}?|Find the number of {}.",
        "assists": "How many assists does {} have?|Find the assists of {}.|Look up {}: how many assists are there?",
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        player = one_of(random, world.players)
        return {"player": player.slug, "what": str(random.choice(list(self.asked)))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self.asked[params["what"]].split("|")).format(world.player[params["player"]].name)

    def expected(self, world: World, params: Params) -> Expected:
        unit = "cm" if params["what"] == "height" else ""
        return Number(getattr(world.player[params["player"]], params["what"]), unit)

    def look(self, hand: SportsHand) -> Next:
        player = hand.world.player[hand.params["player"]]
        return go_to_thing(hand, player) or answer_when_seen(hand, "Assists")


class SquadLeader(Question):
    """The player of a team with the most goals or assists."""

    name = "squad-leader"
    kind = "compare"

    def _order(self, world: World, params: Params) -> list[Player]:
        squad = world.squad(world.team[params["team"]])
        return sorted(squad, key=lambda player: -getattr(player, params["what"]))

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = {"team": some_team(world, random).slug, "what": str(random.choice(["goals", "assists"]))}
        first, second = self._order(world, params)[:2]
        return params if getattr(first, params["what"]) > getattr(second, params["what"]) else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        team, what = world.team[params["team"]].name, params["what"]
        wordings = (
            f"Which player of {team} has the most {what}?",
            f"Look at the squad of {team}: who has the most {what}?",
            f"Name the player with the most {what} in the squad of {team}.",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        best = self._order(world, params)[0]
        return Name(best.name, others=tuple(player.name for player in world.players if player != best))

    def look(self, hand: SportsHand) -> Next:
        team, best = hand.world.team[hand.params["team"]], self._order(hand.world, hand.params)[0]
        return go_to_tab(hand, team, "squad") or answer_when_seen(hand, best.name)


class Youngest(Question):
    """The youngest player of a league."""

    name = "league-player"
    kind = "filter"
    asked: ClassVar[dict[str, tuple[str, str]]] = {
        "age": ("the youngest player", "Youngest"),
        "assists": ("the player with the most assists", "Most assists"),
    }

    def _order(self, world: World, params: Params) -> list[Player]:
        teams = {team.slug for team in world.of(params["league"])}
        sign = 1 if params["what"] == "age" else -1
        players = [player for player in world.players if player.team in teams]
        return sorted(players, key=lambda player: sign * getattr(player, params["what"]))

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = {"league": some_league(random).slug, "what": str(random.choice(list(self.asked)))}
        first, second = self._order(world, params)[:2]
        return params if getattr(first, params["what"]) != getattr(second, params["what"]) else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        who, league = self.asked[params["what"]][0], league_of(params["league"]).name
        wordings = (
            f"Who is {who} of the {league}?",
            f"Name {who} in the {league}.",
            f"Sort the players of the {league}: who is {who}?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        best = self._order(world, params)[0]
        return Name(best.name, others=tuple(player.name for player in world.players if player != best))

    def look(self, hand: SportsHand) -> Next:
        way = go_to_league(hand, hand.params["league"], "scorers")
        return way or sort_by(hand, self.asked[hand.params["what"]][1]) or hand.answer()


class NextMatch(Question):
    """When a team plays another one next."""

    name = "next-match"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        match = one_of(random, world.matches)
        if match.goals is not None:
            return None
        return {"match": match.slug, "order": [match.home, match.away][:: int(random.choice([1, -1]))]}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        first, second = (world.team[slug].name for slug in params["order"])
        wordings = (
            f"On which date does {first} next play {second}?",
            f"Find the next match of {first} against {second}. What day is it?",
            f"When will {first} and {second} meet next?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Day(world.match[params["match"]].day)

    def look(self, hand: SportsHand) -> Next:
        match = hand.world.match[hand.params["match"]]
        first = hand.world.team[hand.params["order"][0]]
        return go_to_tab(hand, first, "fixtures") or answer_when_seen(hand, day_text(match.day))


QUESTIONS: tuple[Template[Any, Any], ...] = (
    Points(),
    GoalDifference(),
    BestDifference(),
    TableLeader(),
    ShirtColour(),
    ClubFact(),
    PlayerFact(),
    SquadLeader(),
    Youngest(),
    NextMatch(),
)
