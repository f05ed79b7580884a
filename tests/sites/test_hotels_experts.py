"""The hotel site in a real browser: every kind of task can be done, from the start and from wherever one got lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sites.browsing import session_of, undo
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.tasks.local import LocalTask


@pytest.fixture(scope="module")
def env() -> Iterator[WebVoyagerEnv]:
    env = WebVoyagerEnv(suite="local", site="hotels", max_steps=60)
    yield env
    env.close()


@pytest.mark.parametrize(
    ("act", "other"),
    [("book-stay", "room-price"), ("cancel-booking", "save-hotel"), ("write-review", "cancel-booking")],
)
def test_an_expert_undoes_what_another_task_asked_for(env: WebVoyagerEnv, act: str, other: str) -> None:
    undo(env, LocalTask("hotels", other, "train", 3), LocalTask("hotels", act, "train", 3))


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
    session = session_of(env)
    pin = session.episode.world.by_slug[session.params["hotel"]].pin
    while not env.view.url.startswith("http://hotels.webvoyager.test/map/"):
        env.step(env.best_actions()[0].text)
    assert pin not in env.view.outline
    assert all(mark.name == "" for mark in env.view.marks if mark.key.startswith("pin-"))


def _click(env: WebVoyagerEnv, key: str) -> None:
    mark = next(mark for mark in env.view.marks if mark.key == key)
    env.step(f"click [{mark.index}]")
