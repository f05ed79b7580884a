"""The sports site's pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from webvoyager_gym.sites.kit import TODAY, BadRequest, NotHere, Redirect, Reply, Site, Template, Visit, page
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.kit.days import day_text
from webvoyager_gym.sites.sports import pictures
from webvoyager_gym.sites.sports.state import SportsState
from webvoyager_gym.sites.sports.tasks import TEMPLATES
from webvoyager_gym.sites.sports.world import (
    LEAGUES,
    PLAYED,
    ROUNDS,
    STATISTICS,
    League,
    Match,
    Player,
    Row,
    Team,
    World,
    build_world,
    league_of,
)

LEAGUE_TABS = {"table": "Table", "matches": "Matches", "teams": "Teams", "scorers": "Players"}
TEAM_TABS = {"club": "Club", "squad": "Squad", "results": "Results", "fixtures": "Fixtures"}
MATCH_TABS = {"summary": "Summary", "stats": "Statistics"}
TABLE_ORDERS = {"rank": "Rank", "scored": "Most goals for", "conceded": "Fewest goals against", "drawn": "Most draws"}
PLAYER_ORDERS = {"goals": "Most goals", "assists": "Most assists", "age": "Youngest"}
PAGE_SIZE = 8
MOST_GOALS = 20


class Sports(Site[World, SportsState]):
    """Two leagues, with tables, matches, teams and players."""

    name = "sports"
    title = "Touchline"
    templates: ClassVar[tuple[Template[Any, Any], ...]] = TEMPLATES

    def build_world(self, split: str, seed: int) -> World:
        return build_world(split, seed)

    def new_state(self, world: World) -> SportsState:
        return SportsState.of(world)

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"day": day_text, "shirt": pictures.shirt, "bar": pictures.bar}

    def common(self, visit: Visit) -> dict[str, Any]:
        return {"notice": visit.state.take_notice(), "leagues": LEAGUES, "today": TODAY}

    # ---- pages to look at ------------------------------------------------------------------------------------

    @page("/")
    def home(self, visit: Visit) -> Reply:
        """The leagues, what was played last, and a poll."""
        latest = [visit.world.round(league.slug, PLAYED)[:2] for league in LEAGUES]
        rounds = [[visit.world.round(league.slug, number) for league in LEAGUES] for number in range(1, PLAYED + 1)]
        scored = [
            (f"Round {number}", sum(sum(match.score) for matches in played for match in matches))
            for number, played in enumerate(rounds, 1)
        ]
        return visit.render(
            "home.html",
            scored=scored,
            latest=[match for pair in latest for match in pair],
            poll=[
                (visit.world.team[slug], share)
                for slug, share in zip(visit.world.poll, visit.world.support, strict=True)
            ],
            pitch=pictures.pitch(),
        )

    @page("/league/{league}")
    def league(self, visit: Visit, league: str) -> Reply:
        """A league, one of four tabs at a time."""
        found = _league(league)
        tab = visit.choice("tab", LEAGUE_TABS, "table")
        number = visit.integer("round", PLAYED, 1, ROUNDS)
        order = visit.choice("sort", TABLE_ORDERS | PLAYER_ORDERS, "goals" if tab == "scorers" else "rank")
        teams = {team.slug for team in visit.world.of(found.slug)}
        players = sorted(
            (player for player in visit.world.players if player.team in teams),
            key=lambda player: player.age if order == "age" else -getattr(player, order, 0),
        )
        leaf = min(visit.integer("page", 1, 1, 9), len(players) // PAGE_SIZE)
        return visit.render(
            "league.html",
            league=found,
            tab=tab,
            tabs=LEAGUE_TABS,
            rows=in_order(visit.world.table(found), order),
            round=number,
            rounds=[(str(n), f"Round {n}") for n in range(1, ROUNDS + 1)],
            matches=visit.world.round(found.slug, number),
            teams=visit.world.of(found.slug),
            players=players[(leaf - 1) * PAGE_SIZE : leaf * PAGE_SIZE],
            orders=list((PLAYER_ORDERS if tab == "scorers" else TABLE_ORDERS).items()),
            order=order,
            page=leaf,
            pages=len(players) // PAGE_SIZE,
        )

    @page("/team/{team}")
    def team(self, visit: Visit, team: str) -> Reply:
        found = _team(visit, team)
        matches = visit.world.of_team(found)
        return visit.render(
            "team.html",
            team=found,
            league=league_of(found.league),
            tab=visit.choice("tab", TEAM_TABS, "club"),
            tabs=TEAM_TABS,
            squad=visit.world.squad(found),
            results=[match for match in matches if match.goals is not None],
            fixtures=[match for match in matches if match.goals is None],
        )

    @page("/player/{player}")
    def player(self, visit: Visit, player: str) -> Reply:
        found: Player | None = visit.world.player.get(player)
        if found is None:
            raise NotHere("There is no such player.")
        return visit.render("player.html", player=found, team=visit.world.team[found.team])

    @page("/match/{match}")
    def match(self, visit: Visit, match: str) -> Reply:
        found = _match(visit, match)
        tab = visit.choice("tab", MATCH_TABS, "summary")
        goals = sorted(
            ((goal, side) for side, goals in enumerate(found.goals or ()) for goal in goals),
            key=lambda pair: pair[0].minute,
        )
        return visit.render(
            "match.html",
            match=found,
            league=league_of(found.league),
            tab=tab,
            tabs=MATCH_TABS,
            goals=goals,
            statistics=list(zip(STATISTICS, found.statistics, strict=True)),
            predicted=visit.state.predictions.get(found.slug),
        )

    @page("/search")
    def search(self, visit: Visit) -> Reply:
        """Teams and players with any of the words in their names, the best match first."""
        words = visit.arg("q").strip()
        asked = set(fold(words).split())

        def rank(thing: Team | Player) -> tuple[bool, int, str]:
            return (fold(thing.name) != fold(words), -len(asked & set(fold(thing.name).split())), thing.name)

        everything: list[Team | Player] = [*visit.world.teams, *visit.world.players]
        found = sorted((thing for thing in everything if asked & set(fold(thing.name).split())), key=rank)[:PAGE_SIZE]
        return visit.render("search.html", words=words, found=[(isinstance(thing, Team), thing) for thing in found])

    @page("/mine")
    def mine(self, visit: Visit) -> Reply:
        """What the fan follows."""
        return visit.render(
            "mine.html",
            teams=[team for team in visit.world.teams if team.slug in visit.state.followed],
            matches=[match for match in visit.world.matches if match.slug in visit.state.reminders],
        )

    # ---- what changes something ------------------------------------------------------------------------------

    @page("/team/{team}/follow", "POST")
    def follow(self, visit: Visit, team: str) -> Reply:
        visit.state.followed.add(_team(visit, team).slug)
        return visit.go_back()

    @page("/team/{team}/unfollow", "POST")
    def unfollow(self, visit: Visit, team: str) -> Reply:
        visit.state.followed.discard(_team(visit, team).slug)
        return visit.go_back()

    @page("/match/{match}/remind", "POST")
    def remind(self, visit: Visit, match: str) -> Reply:
        visit.state.reminders.add(_to_come(visit, match).slug)
        return visit.go_back()

    @page("/match/{match}/forget", "POST")
    def forget(self, visit: Visit, match: str) -> Reply:
        visit.state.reminders.discard(_match(visit, match).slug)
        return visit.go_back()

    @page("/match/{match}/predict", "POST")
    def predict(self, visit: Visit, match: str) -> Reply:
        """Predict the score of a match to come, in place of an earlier prediction."""
        found = _to_come(visit, match)
        home, away = visit.field("home").strip(), visit.field("away").strip()
        if home.isascii() and away.isascii() and home.isdigit() and away.isdigit():
            score = int(home[:4]), int(away[:4])
            if max(score) <= MOST_GOALS:
                visit.state.predictions[found.slug] = score
                visit.state.notice = "Your prediction is saved."
                return Redirect(f"/match/{found.slug}")
        visit.state.notice = f"Please write both scores as numbers up to {MOST_GOALS}."
        return Redirect(f"/match/{found.slug}")

    @page("/match/{match}/unpredict", "POST")
    def unpredict(self, visit: Visit, match: str) -> Reply:
        visit.state.predictions.pop(_match(visit, match).slug, None)
        return Redirect(f"/match/{match}")

    @page("/vote", "POST")
    def vote(self, visit: Visit) -> Reply:
        """Vote in the poll; voting for nobody takes the vote back."""
        team = visit.field("team")
        if team and team not in visit.world.poll:
            raise BadRequest("This team is not in the poll.")
        visit.state.vote = team
        return Redirect("/")


def in_order(rows: tuple[Row, ...], order: str) -> list[Row]:
    """The rows of a table in one of TABLE_ORDERS."""
    if order == "conceded":
        return sorted(rows, key=lambda row: row.conceded)
    return sorted(rows, key=lambda row: -getattr(row, order)) if order in ("scored", "drawn") else list(rows)


def _league(slug: str) -> League:
    try:
        return league_of(slug)
    except KeyError as error:
        raise NotHere("There is no such league.") from error


def _team(visit: Visit, slug: str) -> Team:
    team: Team | None = visit.world.team.get(slug)
    if team is None:
        raise NotHere("There is no such team.")
    return team


def _match(visit: Visit, slug: str) -> Match:
    match: Match | None = visit.world.match.get(slug)
    if match is None:
        raise NotHere("There is no such match.")
    return match


def _to_come(visit: Visit, slug: str) -> Match:
    match = _match(visit, slug)
    if match.goals is not None:
        raise BadRequest("This match is over.")
    return match
