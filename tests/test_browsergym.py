"""BrowserGym's own tasks, from its real packages, in our environment."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import partial

import pytest

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.errors import NotFound
from webvoyager_gym.tasks.browsergym import BrowserGymSuite
from webvoyager_gym.tasks.miniwob.pages import HOST, miniwob_web

NEEDED = ("browsergym", "pyparsing", "bs4", "lxml", "miniwob")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]

pytestmark = pytest.mark.skipif(
    bool(MISSING),
    reason=f"needs {', '.join(MISSING)}: see scripts/setup.sh",
)


@pytest.fixture(scope="module")
def env() -> Iterator[WebVoyagerEnv]:
    from browsergym.core.task import OpenEndedTask
    from browsergym.miniwob import ALL_MINIWOB_TASKS

    pages = f"http://{HOST}/miniwob/"
    kinds = {kind.get_task_id(): partial(kind, base_url=pages) for kind in ALL_MINIWOB_TASKS}
    kinds["openended"] = partial(OpenEndedTask, start_url=f"{pages}click-test.html", goal="Look around.")
    environment = WebVoyagerEnv(BrowserGymSuite(kinds, miniwob_web().resolver_rules), viewport=(400, 320))
    yield environment
    environment.close()


def test_a_task_is_done(env: WebVoyagerEnv) -> None:
    observation, info = env.reset(options={"task_id": "browsergym/miniwob.click-test/train-3"})
    assert not info["failure"], info["reason"]
    assert observation["goal"] == "Click the button."
    assert [mark.name for mark in env.view.marks] == ["Click Me!"]
    _, reward, terminated, _, info = env.step("click [1]")
    assert (reward, terminated, info["success"]) == (1.0, True, True)


def test_a_task_is_failed(env: WebVoyagerEnv) -> None:
    env.reset(options={"task_id": "browsergym/miniwob.click-test-2/train-3"})
    wrong = next(mark.index for mark in env.view.marks if mark.name == "TWO")
    _, reward, terminated, _, info = env.step(f"click [{wrong}]")
    assert (reward, terminated, info["failure"], info["success"]) == (0.0, True, "", False)


def test_the_same_seed_is_the_same_problem_and_splits_share_none(env: WebVoyagerEnv) -> None:
    def goal(split: str) -> str:
        return str(env.reset(options={"task_id": f"browsergym/miniwob.enter-text/{split}-3"})[0]["goal"])

    goals = [goal(split) for split in ("train", "validation", "test")]
    assert len(set(goals)) == 3
    assert goal("train") == goals[0]


def test_an_answer_is_said_in_the_chat_and_ends_the_episode(env: WebVoyagerEnv) -> None:
    observation, _ = env.reset(options={"task_id": "browsergym/openended/train-0"})
    assert observation["goal"] == "Look around."
    _, _, terminated, _, info = env.step('answer "seen"')
    assert (terminated, info["success"]) == (True, False)
    assert [said["role"] for said in env.session.chat] == ["assistant", "user", "assistant"]  # type: ignore[attr-defined]
    assert env.session.chat[-1]["message"] == "seen"  # type: ignore[attr-defined]


def test_a_site_that_is_not_there_is_no_failed_task(env: WebVoyagerEnv) -> None:
    from browsergym.core.task import OpenEndedTask

    kinds = {"gone": partial(OpenEndedTask, start_url="http://gone.invalid/", goal="Look around.")}
    away = WebVoyagerEnv(BrowserGymSuite(kinds, env.suite.resolver_rules), viewport=(400, 320))
    _, info = away.reset(seed=1)
    assert (info["failure"], info["task_id"].split("/")[1]) == ("site", "gone")
    away.close()


def test_unknown_tasks_list_the_nearest(env: WebVoyagerEnv) -> None:
    with pytest.raises(NotFound, match=r"miniwob\.click-test"):
        env.suite.task("browsergym/miniwob.click-tset/test-1")
