"""The sports site without a browser: its leagues add up, its pages over HTTP, its tasks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sites.visiting import Visitor
from webvoyager_gym.sites.kit import TODAY, Impossible
from webvoyager_gym.sites.kit.world import split_of
from webvoyager_gym.sites.sports.site import in_order
from webvoyager_gym.sites.sports.world import COLOURS, LEAGUES, PLAYED, ROUNDS, TEAMS, World, build_world
from webvoyager_gym.tasks.local import LocalTask, open_session

SITE = "sports"


@pytest.fixture(scope="module")
def world() -> World:
    return build_world("train", 0)


# ---- worlds ------------------------------------------------------------------------------------------------------


def test_a_world_is_the_same_every_time_and_of_its_split() -> None:
    assert build_world("test", 3) == build_world("test", 3)
    for split in ("train", "validation", "test"):
        for seed in range(5):
            world = build_world(split, seed)
            names = {*(team.name for team in world.teams), *(player.name for player in world.players)}
            names |= {team.coach for team in world.teams} | {team.stadium for team in world.teams}
            assert {split_of(name) for name in names} == {split}


def test_everybody_meets_everybody_twice_once_at_home(world: World) -> None:
    for league in LEAGUES:
        teams = [team.slug for team in world.of(league.slug)]
        matches = [match for match in world.matches if match.league == league.slug]
        pairs = [match.teams for match in matches]
        assert sorted(pairs) == sorted((a, b) for a in teams for b in teams if a != b)
        for number in range(1, ROUNDS + 1):
            sides = [side for match in world.round(league.slug, number) for side in match.teams]
            assert sorted(sides) == sorted(teams)
    assert all((match.goals is not None) == (match.day < TODAY) == (match.round <= PLAYED) for match in world.matches)


def test_tables_add_up(world: World) -> None:
    for league in LEAGUES:
        rows = world.table(league)
        assert len(rows) == TEAMS
        assert sum(row.difference for row in rows) == 0
        assert sum(row.won for row in rows) == sum(row.lost for row in rows)
        assert all(row.won + row.drawn + row.lost == row.played == PLAYED for row in rows)
        points = [row.points(league) for row in rows]
        assert points == sorted(points, reverse=True)
        assert [row.conceded for row in in_order(rows, "conceded")] == sorted(row.conceded for row in rows)
        players = [player for player in world.players if world.team[player.team].league == league.slug]
        assert sum(player.goals for player in players) == sum(row.scored for row in rows)
        assert len({team.colour for team in world.of(league.slug)} & set(COLOURS)) == TEAMS


# ---- pages over HTTP ---------------------------------------------------------------------------------------------


def test_everything_a_fan_does_can_be_undone(visitor: Visitor) -> None:
    world, before = visitor.world, visitor.state.effects()
    team = next(team.slug for team in world.teams if team.slug not in visitor.state.followed)
    match = next(
        match.slug for match in world.matches if match.goals is None and match.slug not in visitor.state.reminders
    )
    visitor.post(f"/team/{team}/follow", back="//evil.test/")
    visitor.post(f"/match/{match}/remind", back=f"/match/{match}")
    visitor.post(f"/match/{match}/predict", home="2", away="0")
    visitor.post("/vote", team=world.poll[1])
    after = visitor.state.effects()
    assert (after["predictions"], after["vote"]) == ({match: [2, 0]}, world.poll[1])
    assert team in after["followed"]
    assert match in after["reminders"]
    visitor.post(f"/team/{team}/unfollow")
    visitor.post(f"/match/{match}/forget")
    visitor.post(f"/match/{match}/unpredict")
    visitor.post("/vote", team="")
    assert visitor.state.effects() == before


@pytest.mark.parametrize(
    "form", [{}, {"home": "two", "away": "1"}, {"home": "21", "away": "0"}, {"home": "²", "away": "1"}]
)
def test_scores_that_are_none_are_refused(visitor: Visitor, form: dict[str, str]) -> None:
    match = next(match.slug for match in visitor.world.matches if match.goals is None)
    visitor.post(f"/match/{match}/predict", **form)
    assert "Please write both scores" in visitor.get(f"/match/{match}")
    assert visitor.state.predictions == {}


def test_what_is_over_is_over(visitor: Visitor) -> None:
    match = visitor.world.matches[0].slug
    for act in ("remind", "predict"):
        assert visitor.request("POST", f"/match/{match}/{act}", {"home": "1", "away": "1"})[0] == 400
    assert "Remind me" not in visitor.get(f"/match/{match}")


def test_a_name_is_found_before_its_look_alikes(visitor: Visitor) -> None:
    things: list[Any] = [*visitor.world.teams[:4], *visitor.world.players[:4]]
    for thing in things:
        page = visitor.get(f"/search?q={thing.name.upper()}")
        keys = [part.split('"')[0] for part in page.split('data-key="')[1:]]
        found = [key for key in keys if key.startswith(("team-", "player-"))]
        assert found[0].split("-", 1)[1] == thing.slug
        assert len(found) <= 8


def test_neither_colours_nor_points_are_in_words(visitor: Visitor) -> None:
    for league in LEAGUES:
        page = visitor.get(f"/league/{league.slug}?tab=teams").casefold()
        assert not any(f"{colour} " in page or f"{colour}<" in page for colour in ("purple", "orange", "pink"))
        heads = visitor.get(f"/league/{league.slug}").split("<thead>")[1].split("</thead>")[0]
        assert "Points" not in heads
        assert "Against" in heads


@pytest.mark.parametrize(
    "path",
    [
        "/league/football?tab=x",
        "/league/hockey?sort=x",
        "/league/hockey?tab=matches&round=15",
        "/team/{team}?tab=x",
        "/match/{match}?tab=x",
    ],
)
def test_parts_that_do_not_exist(visitor: Visitor, path: str) -> None:
    place = path.format(team=visitor.world.teams[0].slug, match=visitor.world.matches[0].slug)
    assert visitor.request("GET", place)[0] == 400


# ---- tasks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_what_cannot_be_done_has_to_be_called_so(seed: int) -> None:
    for template, right in (("no-goal", "There is no such goal."), ("remind-over", "Not possible, it is over.")):
        session = open_session(LocalTask("sports", template, "test", 16 * seed))
        assert isinstance(session.expected, Impossible)
        assert session.judge(right).success
        for wrong in ("done", "12 min", *(f"None, but {other}" for other in session.expected.others)):
            assert not session.judge(wrong).success
        session.forget()


def test_numbers_near_the_right_one_are_refused() -> None:
    for template in ("points", "goal-difference", "round-goals"):
        session = open_session(LocalTask("sports", template, "train", 5))
        assert session.expected is not None
        right = int(session.expected.text.split()[0])
        for number in range(right - 3, right + 4):
            assert session.judge(f"It is {number}.").success == (number == right)
        session.forget()
