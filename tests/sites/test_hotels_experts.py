"""The hotel site in a real browser: every kind of task can be done, from the start and from wherever one got lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.tasks.local import LocalSession, LocalTask, local_web, open_session


@pytest.fixture(scope="module")
def env() -> Iterator[WebVoyagerEnv]:
    env = WebVoyagerEnv(suite="local", site="hotels", max_steps=60)
    yield env
    env.close()


def test_an_expert_undoes_what_another_task_asked_for(env: WebVoyagerEnv) -> None:
    """First the whole of one act, then a task of the same world that did not ask for it."""
    for act, other in (
        ("book-stay", "room-price"),
        ("cancel-booking", "save-hotel"),
        ("write-review", "cancel-booking"),
    ):
        first, second = (LocalTask("hotels", template, "train", 3) for template in (act, other))
        env.reset(options={"task_id": second.id})
        mine, foreign = _session(env), open_session(first)
        for _ in range(30):
            if mine.episode.state.effects() == foreign.wanted:
                break
            actions = mine.experts_actions(foreign.template, foreign.params, foreign.wanted, foreign.expected, env.view)
            env.step(actions[0].text)
        assert mine.episode.state.effects() == foreign.wanted
        local_web().app.close_episode(foreign.token)
        for _ in range(30):
            _, _, terminated, _, info = env.step(env.best_actions()[0].text)
            if terminated:
                break
        assert info["success"], info["reason"]


def test_days_can_be_picked_instead_of_typed(env: WebVoyagerEnv) -> None:
    env.reset(options={"task_id": "hotels/free-hotels/train-0"})
    _click(env, "pick-checkin")
    _click(env, "picker-later")
    _click(env, "day-2026-03-20")
    values = {mark.key: mark.value for mark in env.view.marks}
    assert values["checkin"] == "20 March 2026"
    assert "picker-close" not in values


def test_what_only_the_picture_shows_is_not_in_the_outline(env: WebVoyagerEnv) -> None:
    task = LocalTask("hotels", "pin-hotel", "train", 0)
    env.reset(options={"task_id": task.id})
    session = _session(env)
    pin = session.episode.world.by_slug[session.params["hotel"]].pin
    while not env.view.url.startswith("http://hotels.webvoyager.test/map/"):
        env.step(env.best_actions()[0].text)
    assert pin not in env.view.outline
    assert all(mark.name == "" for mark in env.view.marks if mark.key.startswith("pin-"))


def _session(env: WebVoyagerEnv) -> LocalSession:
    assert isinstance(env.session, LocalSession)
    return env.session


def _click(env: WebVoyagerEnv, key: str) -> None:
    mark = next(mark for mark in env.view.marks if mark.key == key)
    env.step(f"click [{mark.index}]")
