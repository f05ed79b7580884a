"""What holds for every local site and every template, without a browser."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.sites.visiting import served, words
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.sites.kit import Impossible
from webvoyager_gym.sites.kit.server import world_of
from webvoyager_gym.tasks.local import TASKS_PER_WORLD, LocalTask, open_session

SPLITS = ("train", "validation", "test")
TEMPLATES = [(site, template.name) for site in SITES for template in load_site(site).templates]
ASKING = [
    (site, template.name)
    for site in SITES
    for template in load_site(site).templates
    if template.kind != "act" and template.feasible
]
LONGEST_GOAL = 30
"""Words."""
MANY = 40
"""So many different tasks at least, of 66 drawn in 66 worlds."""
NAMELESS = {
    ("recipes", "hottest-dish"),
    ("recipes", "planned-dish"),
    ("recipes", "change-settings"),
    ("news", "ticker-time"),
    ("maps", "best-rated-open"),
    ("maps", "landmark-pin"),
    ("maps", "star-pin"),
    ("sports", "best-difference"),
    ("sports", "column-leader"),
    ("sports", "shirt-colour"),
    ("sports", "league-player"),
    ("sports", "round-goals"),
    ("sports", "follow-leader"),
    ("courses", "extreme"),
    ("courses", "wish-extreme"),
}
"""Templates whose goals name nothing of a world: their tasks differ in what is right there, not in words."""


@pytest.mark.parametrize("site", SITES)
def test_a_world_is_the_same_every_time(site: str) -> None:
    build = load_site(site).build_world
    assert build("test", 3) == build("test", 3)
    assert build("test", 3) != build("test", 4)
    assert build("test", 3) != build("train", 3)


@pytest.mark.parametrize("site", SITES)
def test_looks_change_no_words(site: str) -> None:
    world = world_of(load_site(site), "train", 0)
    start = load_site(site).start
    with served(site) as server:
        first, *others = (words(server.visitor(world, look).get(start)) for look in range(6))
    assert first
    assert all(other == first for other in others)


@pytest.mark.parametrize("site", SITES)
def test_malformed_requests_are_refused(site: str) -> None:
    with served(site) as server:
        visitor = server.visitor(world_of(load_site(site), "train", 0))
        before = visitor.state.effects()
        assert visitor.request("GET", "/nowhere")[0] == 404
        assert visitor.request("POST", "/nowhere")[0] == 404
        assert visitor.request("DELETE", "/")[0] in (400, 405)
        assert visitor.request("GET", "/%ff%00")[0] in (400, 404)
        assert visitor.state.effects() == before


@pytest.mark.parametrize(("site", "template"), TEMPLATES)
def test_every_world_gives_a_task(site: str, template: str) -> None:
    goals, tasks = set(), set()
    for seed in range(66):
        session = open_session(LocalTask(site, template, SPLITS[seed % 3], TASKS_PER_WORLD * seed))
        goals.add(session.task.goal)
        right = session.expected.text if session.expected is not None else json.dumps(session.wanted, sort_keys=True)
        tasks.add((session.task.goal, right))
        assert len(session.task.goal.split()) <= LONGEST_GOAL, session.task.goal
        assert not session.judge(None).done
        assert not session.judge("").success
        if session.expected is None:
            assert session.wanted != session.episode.state.effects()
        else:
            assert session.expected.matches(session.expected.text)
            assert not session.judge("I do not know").success
        assert isinstance(session.expected, Impossible) != session.template.feasible
        session.forget()
    assert len(tasks if (site, template) in NAMELESS else goals) >= MANY


@pytest.mark.parametrize(("template", "seed"), [("recipes/hottest-dish", 1712), ("sports/follow-leader", 2736)])
def test_a_world_that_has_nothing_to_ask_for_gives_its_place_to_another(template: str, seed: int) -> None:
    """In these worlds no dish is hottest, and every team that leads a table is followed already."""
    site, _, name = template.partition("/")
    empty = world_of(load_site(site), "train", seed // TASKS_PER_WORLD)
    drawn = next(each for each in load_site(site).templates if each.name == name)
    assert all(drawn.draw(empty, np.random.default_rng(number)) is None for number in range(500))
    session = open_session(LocalTask(site, name, "train", seed))
    assert session.episode.world is not empty
    assert session.wanted is not None
    session.forget()


@pytest.mark.parametrize(("site", "template"), TEMPLATES)
def test_one_task_has_several_wordings(site: str, template: str) -> None:
    session = open_session(LocalTask(site, template, "train", 0))
    world, params = session.episode.world, session.params
    wordings = {session.template.goal(world, params, np.random.default_rng(seed)) for seed in range(20)}
    assert len(wordings) >= 3


@pytest.mark.parametrize(("site", "template"), ASKING)
def test_the_answers_of_other_tasks_are_refused(site: str, template: str) -> None:
    """Other tasks of the same world, so that names are names of this world."""
    session = open_session(LocalTask(site, template, "train", 3))
    assert session.expected is not None
    right, untouched = session.expected.text, session.wanted == session.episode.state.effects()
    # A task that asks for more than an answer is not done by the answer alone.
    assert session.judge(right).success == untouched
    others = [open_session(LocalTask(site, template, "train", seed)).expected for seed in range(TASKS_PER_WORLD)]
    unit = getattr(session.expected, "unit", "")
    alike = [o for o in others if type(o) is type(session.expected) and getattr(o, "unit", "") == unit]
    for wrong in {other.text for other in alike} - {right}:
        assert session.judge(wrong).done
        for answer in (wrong, f"{right} or {wrong}"):
            assert not session.judge(answer).success
            assert not session.expected.matches(answer)
