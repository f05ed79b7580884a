"""Wrong actions and wrong answers, thrown at every site and every template without a browser."""

from __future__ import annotations

import functools
import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sites.visiting import Visitor, served
from tests.sites.walking import MARKUP, Walk
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.sites.kit import Expected, Impossible, Name, Number
from webvoyager_gym.sites.kit.answers import contains_words, fold
from webvoyager_gym.sites.kit.server import world_of
from webvoyager_gym.tasks.local import TASKS_PER_WORLD, LocalSession, LocalTask, local_web, open_session

TEMPLATES = [(site, template.name) for site in SITES for template in load_site(site).templates]
ACTS = [(site, name) for site, name in TEMPLATES if open_session(LocalTask(site, name, "train", 0)).expected is None]
LONG, SHORT = 90, 15
"""Requests of a walk; an episode has no more than the short one's actions."""
WALKS = 3
SEVERAL = 2
CURRENCIES = set("$€£%")
MOST_BY_CHANCE = 0.02
"""Share of acts that walks may complete."""


@functools.cache
def session_of(site: str, template: str, seed: int) -> LocalSession:
    return open_session(LocalTask(site, template, "train", seed))


def visitor_of(session: LocalSession) -> Visitor:
    """Somebody who visits the session's site in a browser's stead."""
    port = local_web().server.port
    return Visitor(session.task.site, port, session.token, session.episode.state, session.episode.world)


@pytest.mark.parametrize("site", SITES)
def test_eight_visitors_at_once_do_not_see_each_other(site: str) -> None:
    """Each of eight who walk in turn ends up where the same requests lead somebody alone."""
    world = world_of(load_site(site), "train", 2)
    lots = [np.random.default_rng(seed) for seed in range(8)]
    with served(site) as server:
        walks = [Walk(server.visitor(world), random, load_site(site).start) for random in lots]
        requests = [[walk.step() for walk in walks] for _ in range(LONG // 2)]
        changed = 0
        for walk, sent in zip(walks, zip(*requests, strict=True), strict=True):
            alone = server.visitor(world)
            for request in sent:
                alone.request(request.method, request.path, request.form)
            assert alone.state.effects() == walk.visitor.state.effects()
            changed += alone.state.effects() != load_site(site).new_state(world).effects()
    assert changed >= 4, "the walks change too little to show anything"


@pytest.mark.parametrize("site", SITES)
def test_a_walk_changes_things_and_breaks_nothing(site: str) -> None:
    """Markup typed into fields never comes back as markup."""
    world = world_of(load_site(site), "train", 1)
    fresh = load_site(site).new_state(world).effects()
    seen = []
    with served(site) as server:
        for seed in range(WALKS):
            walk = Walk(server.visitor(world), np.random.default_rng(seed), load_site(site).start)
            for _ in range(LONG):
                walk.step()
                assert MARKUP not in walk.page, walk.place
            seen.append(walk.visitor.state.effects())
    assert all(effects != fresh for effects in seen)


def test_walks_complete_no_acts() -> None:
    completed = []
    for site, template in ACTS:
        for seed in range(WALKS):
            session = open_session(LocalTask(site, template, "train", seed))
            walk = Walk(visitor_of(session), np.random.default_rng(seed), load_site(site).start, posts=0.0)
            for _ in range(SHORT):
                walk.step()
                if session.judge(None).success:
                    completed.append(session.task.id)
                    break
            session.forget()
    assert len(completed) <= MOST_BY_CHANCE * len(ACTS) * WALKS, completed


@pytest.mark.parametrize(("site", "template"), ACTS)
def test_tasks_of_one_world_want_different_things(site: str, template: str) -> None:
    """So that what is right for one is wrong for most others."""
    wanted = {json.dumps(session_of(site, template, seed).wanted, sort_keys=True) for seed in range(TASKS_PER_WORLD)}
    assert len(wanted) >= SEVERAL


ANSWERS = st.one_of(
    st.text(st.characters(exclude_categories=["N"]), max_size=30),
    st.integers(-10, 3000).map(str),
    st.floats(0, 1000).map(lambda value: f"${value:.2f}"),
    st.tuples(st.integers(0, len(TEMPLATES) - 1), st.integers(0, TASKS_PER_WORLD - 1)),
)


@pytest.mark.parametrize(("site", "template"), [one for one in TEMPLATES if one not in ACTS])
@settings(max_examples=40, deadline=None)
@given(answer=ANSWERS, seed=st.integers(0, 2))
def test_answers_at_random_are_refused(site: str, template: str, answer: str | tuple[int, int], seed: int) -> None:
    """Texts, numbers, and what is right for other tasks of any site."""
    session = session_of(site, template, seed)
    assert session.expected is not None
    if isinstance(answer, tuple):
        other = session_of(*TEMPLATES[answer[0]], answer[1]).expected
        answer = other.text if other is not None else "done"
        if other is not None and (other.matches(session.expected.text) or _holds(answer, session.expected)):
            return
    elif _says_the_same(answer, session.expected.text):
        return
    elif isinstance(session.expected, Impossible):
        # In many words of one's own, such as "none" or "n/a".
        return
    assert not session.expected.matches(answer), (session.task.goal, session.expected, answer)


def _says_the_same(answer: str, right: str) -> bool:
    """Whether an answer is made of nothing but words and numbers of the right one."""
    said = fold(answer.replace(",", "")).split()
    return bool(said) and set(said) <= set(fold(right.replace(",", "")).split()) and ("-" in answer) == ("-" in right)


def _holds(answer: str, right: Expected) -> bool:
    """Whether an answer names the right thing, or the right number and no other, with words of its own around it."""
    if isinstance(right, Number) and right.unit not in CURRENCIES and not CURRENCIES & set(answer):
        return {float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", answer.replace(",", ""))} == {right.value}
    return isinstance(right, Name) and contains_words(answer, right.value)
