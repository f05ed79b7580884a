"""Worlds of the sports site: two leagues with their teams, players and matches, and what the fan follows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from webvoyager_gym.sites.kit import TODAY, generator, one_of, own_name, slug_of
from webvoyager_gym.sites.sports import names

TEAMS, SQUAD, ROUNDS = 8, 5, 14
PLAYED = 8
"""Rounds that are over."""
FIRST_ROUND = datetime.date(2026, 1, 10)
COLOURS = {
    "red": "#cf2027", "blue": "#1f5fd0", "green": "#1f8f3a", "yellow": "#f2c80f", "purple": "#7d2bb0",
    "black": "#1d2026", "orange": "#ee7a10", "pink": "#ee74b0", "white": "#ffffff",
}  # fmt: skip
POSITIONS = ("Goalkeeper", "Defender", "Defender", "Midfielder", "Forward")
STATISTICS = ("Shots", "Corners", "Fouls", "Saves")


@dataclass(frozen=True, slots=True)
class League:
    """A league; a win gives so many points, a draw one."""

    slug: str
    name: str
    win: int


LEAGUES = (League("football", "Football League", 3), League("hockey", "Hockey League", 2))


@dataclass(frozen=True, slots=True)
class Player:
    """A player; `goals` and `assists` are those of this season."""

    slug: str
    name: str
    team: str
    number: int
    position: str
    age: int
    height: int
    goals: int = 0
    assists: int = 0


@dataclass(frozen=True, slots=True)
class Team:
    """A team; `colour` is a key of COLOURS, unique in its league."""

    slug: str
    name: str
    league: str
    colour: str
    stadium: str
    founded: int
    capacity: int
    coach: str


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal by a player (slug) in a minute."""

    player: str
    minute: int


@dataclass(frozen=True, slots=True)
class Match:
    """A match; without a result before it is played.

    Attributes:
        slug: "football-3-2", league, round and place in it.
        goals: of the home team and of the other one; None while it is to come.
        statistics: a pair of numbers for each of STATISTICS.
    """

    slug: str
    league: str
    round: int
    day: datetime.date
    time: str
    home: str
    away: str
    goals: tuple[tuple[Goal, ...], tuple[Goal, ...]] | None
    statistics: tuple[tuple[int, int], ...]
    attendance: int

    @property
    def teams(self) -> tuple[str, str]:
        return self.home, self.away

    @property
    def score(self) -> tuple[int, int]:
        """Goals of each; (0, 0) before it is played."""
        return (len(self.goals[0]), len(self.goals[1])) if self.goals else (0, 0)


@dataclass(frozen=True, slots=True)
class Row:
    """A team's row in the table; points and goal difference are for the reader to work out."""

    team: Team
    played: int
    won: int
    drawn: int
    lost: int
    scored: int
    conceded: int

    @property
    def difference(self) -> int:
        return self.scored - self.conceded

    def points(self, league: League) -> int:
        return self.won * league.win + self.drawn


@dataclass(frozen=True)
class World:
    """What the site is about; `followed`, `reminders` and `vote` are the fan's at the start."""

    teams: tuple[Team, ...]
    players: tuple[Player, ...]
    matches: tuple[Match, ...]
    poll: tuple[str, ...]
    support: tuple[int, ...]
    followed: tuple[str, ...]
    reminders: tuple[str, ...]

    @cached_property
    def team(self) -> dict[str, Team]:
        return {team.slug: team for team in self.teams}

    @cached_property
    def player(self) -> dict[str, Player]:
        return {player.slug: player for player in self.players}

    @cached_property
    def match(self) -> dict[str, Match]:
        return {match.slug: match for match in self.matches}

    def of(self, league: str) -> tuple[Team, ...]:
        """The teams of a league."""
        return tuple(team for team in self.teams if team.league == league)

    def round(self, league: str, number: int) -> tuple[Match, ...]:
        """The matches of a round."""
        return tuple(match for match in self.matches if (match.league, match.round) == (league, number))

    def squad(self, team: Team) -> tuple[Player, ...]:
        return tuple(player for player in self.players if player.team == team.slug)

    def of_team(self, team: Team) -> tuple[Match, ...]:
        """All matches of a team, by date."""
        return tuple(match for match in self.matches if team.slug in match.teams)

    @cached_property
    def _tables(self) -> dict[str, tuple[Row, ...]]:
        return {league.slug: self._table(league) for league in LEAGUES}

    def table(self, league: League) -> tuple[Row, ...]:
        """The league's table, best first."""
        return self._tables[league.slug]

    def _table(self, league: League) -> tuple[Row, ...]:
        rows = []
        for team in self.of(league.slug):
            results = []
            for match in self.of_team(team):
                if match.goals is not None:
                    own, other = match.score if match.home == team.slug else match.score[::-1]
                    results.append((own, other))
            rows.append(
                Row(
                    team,
                    len(results),
                    sum(own > other for own, other in results),
                    sum(own == other for own, other in results),
                    sum(own < other for own, other in results),
                    sum(own for own, _ in results),
                    sum(other for _, other in results),
                )
            )
        rows.sort(key=lambda row: (-row.points(league), -row.difference, -row.scored, row.team.name))
        return tuple(rows)


def league_of(slug: str) -> League:
    """The league of that slug. Raises KeyError."""
    return {league.slug: league for league in LEAGUES}[slug]


def build_world(split: str, seed: int) -> World:
    """The world of a split and seed."""
    random = generator("sports", split, seed)
    taken: set[str] = set()

    def one(words: Sequence[str]) -> str:
        return one_of(random, words)

    # A few cities have several teams, whose names look alike.
    cities = [names.CITY_WORDS[place] for place in random.permutation(len(names.CITY_WORDS))[:11].tolist()]
    teams: list[Team] = []
    players: list[Player] = []
    for league in LEAGUES:
        colours = random.permutation(list(COLOURS)).tolist()
        for number in range(TEAMS):
            name = own_name(lambda: f"{one(cities)} {one(names.NICKNAMES)}", split, taken)
            slug = slug_of(name)
            stadium = f"{own_name(lambda: f'{one(names.LAST_NAMES)} {one(names.STADIUMS)}', split, taken)}"
            coach = own_name(lambda: f"{one(names.FIRST_NAMES)} {one(names.LAST_NAMES)}", split, taken)
            capacity = 500 * int(random.integers(8, 80))
            founded = int(random.integers(1880, 1990))
            teams.append(Team(slug, name, league.slug, colours[number], stadium, founded, capacity, coach))
            shirts = random.permutation(range(1, 40))[:SQUAD].tolist()
            for place in range(SQUAD):
                person = own_name(lambda: f"{one(names.FIRST_NAMES)} {one(names.LAST_NAMES)}", split, taken)
                age, height = int(random.integers(18, 37)), int(random.integers(168, 200))
                players.append(Player(slug_of(person), person, slug, shirts[place], POSITIONS[place], age, height))
    matches = _matches(teams, players, random)
    football = [team.slug for team in teams[:TEAMS]]
    order = random.permutation(len(teams)).tolist()
    to_come = [match.slug for match in matches if match.goals is None]
    return World(
        tuple(teams),
        _counted(players, matches, random),
        tuple(matches),
        poll=tuple(football[place] for place in random.permutation(TEAMS)[:4].tolist()),
        support=tuple((100 * random.permutation([0.12, 0.23, 0.36, 0.52])).astype(int).tolist()),
        followed=tuple(sorted(teams[place].slug for place in order[:3])),
        reminders=tuple(sorted(to_come[place] for place in random.permutation(len(to_come))[:3].tolist())),
    )


def _pairs(slugs: list[str]) -> list[list[tuple[str, str]]]:
    """A single round robin by the circle method: every team meets every other once."""
    ring = list(slugs)
    rounds = []
    for number in range(len(ring) - 1):
        pairs = [(ring[place], ring[-1 - place]) for place in range(len(ring) // 2)]
        rounds.append([pair[::-1] if number % 2 else pair for pair in pairs])
        ring = [ring[0], ring[-1], *ring[1:-1]]
    return rounds


def _matches(teams: list[Team], players: list[Player], random: np.random.Generator) -> list[Match]:
    squads = {team.slug: [player.slug for player in players if player.team == team.slug] for team in teams}
    force = {team.slug: float(random.uniform(0.7, 2.3)) for team in teams}
    matches = []
    for number, league in enumerate(LEAGUES):
        slugs = [team.slug for team in teams if team.league == league.slug]
        first = _pairs([slugs[place] for place in random.permutation(len(slugs)).tolist()])
        rounds = first + [[pair[::-1] for pair in pairs] for pairs in first]
        for turn, pairs in enumerate(rounds, 1):
            day = FIRST_ROUND + datetime.timedelta(days=7 * (turn - 1) + number)
            for place, (home, away) in enumerate(pairs):
                goals = None
                if day < TODAY:
                    goals = tuple(_goals(squads[side], force[side], random) for side in (home, away))
                start = f"{int(random.integers(13, 21))}:{int(random.choice([0, 15, 30, 45])):02}"
                matches.append(
                    Match(
                        f"{league.slug}-{turn}-{place + 1}",
                        league.slug,
                        turn,
                        day,
                        start,
                        home,
                        away,
                        goals if goals is None else (goals[0], goals[1]),
                        tuple(_two_different(random) for _ in STATISTICS),
                        int(random.integers(2000, 30000)),
                    )
                )
    return sorted(matches, key=lambda match: (match.day, match.slug))


def _goals(squad: list[str], force: float, random: np.random.Generator) -> tuple[Goal, ...]:
    """Goals of a team in a match; goalkeepers score none."""
    minutes = sorted(random.permutation(range(1, 90))[: int(random.poisson(force))].tolist())
    return tuple(Goal(squad[int(random.choice([1, 2, 3, 3, 4, 4, 4]))], minute) for minute in minutes)


def _two_different(random: np.random.Generator) -> tuple[int, int]:
    a, b = random.permutation(range(2, 19))[:2].tolist()
    return a, b


def _counted(players: list[Player], matches: list[Match], random: np.random.Generator) -> tuple[Player, ...]:
    """The players with goals and assists; each league has one youngest and one with the most assists."""
    scored: dict[str, int] = {}
    for match in matches:
        for side in match.goals or ():
            for goal in side:
                scored[goal.player] = scored.get(goal.player, 0) + 1
    counted = []
    half = len(players) // len(LEAGUES)
    for number, player in enumerate(players):
        if number % half == 0:
            youngest, helper = (number + place for place in random.permutation(half)[:2].tolist())
        counted.append(
            replace(
                player,
                age=17 if number == youngest else player.age,
                goals=scored.get(player.slug, 0),
                assists=int(random.integers(11, 14)) if number == helper else int(random.integers(0, 9)),
            )
        )
    return tuple(counted)
