"""The local suite as tasks of the real BrowserGym."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import gymnasium as gym
import numpy as np
import pytest
from playwright.sync_api import Error, Playwright, sync_playwright

from tests.test_browsergym import MISSING
from webvoyager_gym.actions import Action
from webvoyager_gym.browser.chromium import find_chromium
from webvoyager_gym.browser.outline import marks_and_outline
from webvoyager_gym.browser.page import OBSERVE_SCRIPT
from webvoyager_gym.errors import MissingDependency
from webvoyager_gym.tasks import load_suite
from webvoyager_gym.tasks.local import LocalTask, local_web, open_session
from webvoyager_gym.types import PageView

T = TypeVar("T")
Run = Callable[[Callable[[], T]], T]
ID = "browsergym/webvoyager.shop.listed-fact"

needs_browsergym = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}: see scripts/setup.sh")


@pytest.mark.skipif(not MISSING, reason="BrowserGym is there")
def test_without_browsergym_the_message_says_how_to_bring_it() -> None:
    with pytest.raises(MissingDependency, match="pip install browsergym-core"):
        importlib.import_module("webvoyager_gym.integrations.browsergym")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run[Any]]:
    """Runs what uses BrowserGym in a thread of its own: the synchronous Playwright keeps the one it is started in."""
    import browsergym.core

    with pytest.MonkeyPatch.context() as environment, ThreadPoolExecutor(1) as thread:
        environment.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path_factory.mktemp("browsers")))
        environment.setenv("PLAYWRIGHT_SKIP_VALIDATE_HOST_REQUIREMENTS", "1")
        playwright = thread.submit(playwright_with_a_chromium).result()
        browsergym.core._set_global_playwright(playwright)
        yield lambda work: thread.submit(work).result()
        browsergym.core._set_global_playwright(None)
        thread.submit(playwright.stop).result()


def playwright_with_a_chromium() -> Playwright:
    """Puts the Chromium that we find where Playwright looks for its own: BrowserGym asks for no other."""
    playwright = sync_playwright().start()
    try:
        playwright.chromium.launch().close()
    except Error as error:
        wanted = Path(re.findall(r"Executable doesn't exist at (\S+)", str(error))[0])
        wanted.parent.mkdir(parents=True)
        wanted.symlink_to(find_chromium())
    return playwright


@pytest.fixture
def env(run: Run[Any]) -> Iterator[Any]:
    import webvoyager_gym.integrations.browsergym  # noqa: F401 - registers

    environment = run(lambda: gym.make(ID, disable_env_checker=True, pre_observation_delay=0.0))
    yield environment
    run(environment.close)


def right(task: LocalTask) -> str:
    session = open_session(task)
    session.forget()
    assert session.expected is not None
    return session.expected.text


@needs_browsergym
def test_every_template_is_registered() -> None:
    import webvoyager_gym.integrations.browsergym  # noqa: F401 - registers

    templates = {f"{task.site}.{task.template}" for task in load_suite("local").tasks(split="train")}
    assert {f"browsergym/webvoyager.{name}" for name in templates} <= set(gym.registry)


@needs_browsergym
def test_the_right_answer_is_worth_1_and_a_wrong_one_0(run: Run[Any], env: Any) -> None:
    task = load_suite("local").task("shop/listed-fact/train-3")
    assert isinstance(task, LocalTask)
    before = set(local_web().app.episodes)
    for answer, reward in ((right(task), 1.0), ("nothing of the kind", 0.0)):
        observation, info = run(lambda: env.reset(seed=3))
        assert (observation["goal"], info["task_info"]["task_id"]) == (task.goal, task.id)
        assert observation["url"].startswith("http://shop.localhost:")
        looked = run(lambda: env.step("scroll(0, 300)"))
        assert looked[1:4] == (0, False, False)
        _, got, terminated, _, info = run(lambda: env.step(f"send_msg_to_user({answer!r})"))  # noqa: B023
        assert (got, terminated) == (reward, True), info
    run(env.close)
    assert set(local_web().app.episodes) <= before


@needs_browsergym
def test_what_the_expert_does_on_the_page_is_worth_1(run: Run[Any]) -> None:
    from browsergym.core.action.highlevel import HighLevelActionSet

    import webvoyager_gym.integrations.browsergym  # noqa: F401 - registers

    def play() -> tuple[float, bool]:
        reward, over = 0.0, False
        words = HighLevelActionSet(["coord", "nav"]).to_python_code
        env = gym.make("browsergym/webvoyager.shop.add-to-wish-list", disable_env_checker=True, action_mapping=words)
        env.reset(seed=3)
        inner: Any = env.unwrapped
        for _ in range(12):
            view = seen(inner.page)
            for action in as_browsergym(inner.task.session.best_actions(view)[0], view):
                _, reward, over, _, _ = env.step(action)  # type: ignore[assignment]
            if over:
                break
        env.close()
        return reward, over

    assert run(play) == (1.0, True)


def seen(page: Any) -> PageView:
    """What our own environment would see of the page."""
    read = json.loads(page.evaluate(OBSERVE_SCRIPT))
    marks, offscreen, outline = marks_and_outline(read)
    scroll = tuple(read["scroll"])
    blank = np.zeros((768, 1024, 3), np.uint8)
    return PageView(blank, marks, outline, page.url, page.title(), scroll, offscreen)


def as_browsergym(action: Action, view: PageView) -> list[str]:
    """Our action in BrowserGym's words."""
    if action.kind == "scroll":
        return [f"scroll(0, {600 if action.argument == 'down' else -600})"]
    mark = view.mark(action.mark or 0)
    assert mark is not None, action
    click = "mouse_click({}, {})".format(*mark.centre)
    if action.kind == "type":
        return [click, f"keyboard_type({action.argument!r})", "keyboard_press('Enter')"]
    assert action.kind == "click", action
    return [click]
