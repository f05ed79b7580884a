"""The paper archive in a real browser: every task can be done, from the start and from wherever chance leads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sites.browsing import session_of, undo
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.sites.papers.acts import ACTS
from webvoyager_gym.sites.papers.state import COLOURS
from webvoyager_gym.tasks.local import LocalTask


@pytest.fixture(scope="module")
def env() -> Iterator[WebVoyagerEnv]:
    env = WebVoyagerEnv(suite="local", site="papers", max_steps=60)
    yield env
    env.close()


@pytest.mark.parametrize("act", [template.name for template in ACTS])
def test_an_expert_undoes_what_another_task_asked_for(env: WebVoyagerEnv, act: str) -> None:
    undo(env, LocalTask("papers", "subject-ranking", "train", 34), LocalTask("papers", act, "train", 34))


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
    expected = session_of(env).expected
    assert expected is not None
    assert "Citations by year" in env.view.outline
    assert expected.text not in env.view.outline
