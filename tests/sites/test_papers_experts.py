"""The paper archive in a real browser: every task can be done, from the start and from wherever chance leads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.sites import load_site
from webvoyager_gym.sites.papers.acts import ACTS
from webvoyager_gym.sites.papers.state import COLOURS
from webvoyager_gym.tasks.local import LocalSession, LocalTask, local_web, open_session

TEMPLATES = [template.name for template in load_site("papers").templates]
MOST_MARKS, MOST_WORDS = 24, 260
"""What a page may show at once; the words are those of the outline, roles and numbers among them."""


@pytest.fixture(scope="module")
def env() -> Iterator[WebVoyagerEnv]:
    env = WebVoyagerEnv(suite="local", site="papers", max_steps=60)
    yield env
    env.close()


@pytest.mark.parametrize("act", [template.name for template in ACTS])
def test_an_expert_undoes_what_another_task_asked_for(env: WebVoyagerEnv, act: str) -> None:
    """First the whole of one act, then a question of the same world that did not ask for it."""
    env.reset(options={"task_id": "papers/subject-ranking/train-34"})
    mine, foreign = _session(env), open_session(LocalTask("papers", act, "train", 34))
    for _ in range(30):
        if mine.episode.state.effects() == foreign.wanted:
            break
        actions = mine.experts_actions(foreign.template, foreign.params, foreign.wanted, foreign.expected, env.view)
        env.step(actions[0].text)
    assert mine.episode.state.effects() == foreign.wanted
    local_web().app.close_episode(foreign.token)
    for _ in range(29):
        _, _, terminated, _, info = env.step(env.best_actions()[0].text)
        if terminated:
            break
    assert info["success"], info["reason"]


def test_labels_and_the_chart_speak_to_the_eye_only(env: WebVoyagerEnv) -> None:
    task = LocalTask("papers", "citation-peak", "train", 0)
    env.reset(options={"task_id": task.id})
    while "tab=metrics" not in env.view.url:
        discs = [mark for mark in env.view.marks if mark.key.removeprefix("label-") in COLOURS]
        if "/paper/" in env.view.url and "tab" not in env.view.url and discs:
            assert [mark.name for mark in discs] == [""] * len(COLOURS)
            assert all(max(mark.box[2:]) <= 48 for mark in discs)
            assert not any(colour in env.view.outline for colour in COLOURS)
        env.step(env.best_actions()[0].text)
    expected = _session(env).expected
    assert expected is not None
    assert "Citations by year" in env.view.outline
    assert expected.text not in env.view.outline


def test_a_page_is_small_enough_for_a_small_model(env: WebVoyagerEnv) -> None:
    for template in TEMPLATES:
        for _ in _pictures(env, f"papers/{template}/test-7", 15):
            assert len(env.view.marks) <= MOST_MARKS, env.view.outline
            assert len(env.view.outline.split()) <= MOST_WORDS, env.view.outline


def test_the_same_task_looks_the_same_every_time(env: WebVoyagerEnv) -> None:
    for a, b in zip(TEMPLATES[:-1:2], TEMPLATES[1::2], strict=True):
        ids = [f"papers/{template}/test-5" for template in (a, b, b, a)]
        first, second, third, fourth = (list(_pictures(env, task_id, 3)) for task_id in ids)
        for one, other in ((first, fourth), (second, third)):
            assert len(one) == len(other)
            assert all(np.array_equal(x, y) for x, y in zip(one, other, strict=True))


def _pictures(env: WebVoyagerEnv, task_id: str, steps: int) -> Iterator[np.ndarray]:
    """Screenshots of the expert's way from the start, at most so many steps."""
    observation, info = env.reset(options={"task_id": task_id})
    assert not info["failure"], info["reason"]
    yield observation["screenshot"]
    for _ in range(steps):
        observation, _, terminated, _, info = env.step(env.best_actions()[0].text)
        assert not info["failure"], info["reason"]
        yield observation["screenshot"]
        if terminated:
            return


def _session(env: WebVoyagerEnv) -> LocalSession:
    assert isinstance(env.session, LocalSession)
    return env.session
