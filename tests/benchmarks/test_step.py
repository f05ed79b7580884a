"""Step and reset against a bare Playwright loop, interleaved in one run. Prints a table; times never decide a test.

The bare loop does the same input, two frames, the same marks script and the same screenshot. Pages: the local shop, one
of 1,200 buttons, and MiniWoB's click-checkboxes where the package is installed.

    make bench
"""

from __future__ import annotations

import importlib.util
import statistics
import time
from collections.abc import Awaitable, Callable

import pytest
from rich.console import Console
from rich.table import Table

from tests.benchmarks.bare import Bare
from tests.benchmarks.one_page import OnePageSuite, OnePageTask
from tests.browser.pages import served
from webvoyager_gym.browser.loop import browser_loop
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.tasks import TaskSuite
from webvoyager_gym.tasks.local import LocalTask, open_session
from webvoyager_gym.tasks.miniwob import MiniWobTask
from webvoyager_gym.types import Mark

ROUNDS = 30
SHOP = LocalTask("shop", "listed-fact", "train", 3)
CHECKBOXES = MiniWobTask("click-checkboxes", "train", 3)


def timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return 1e3 * (time.perf_counter() - started)


def run(coroutine: Awaitable[None]) -> None:
    browser_loop().run(coroutine, 60)  # type: ignore[arg-type]


Row = tuple[str, Callable[[], object], Callable[[], object]]
"""What is done, how the environment does it and how the bare loop does it."""


def against_bare(
    suite: str | TaskSuite,
    task: LocalTask | MiniWobTask | OnePageTask,
    episode: str,
    rows: Callable[[WebVoyagerEnv, Bare], list[Row]],
) -> None:
    env = WebVoyagerEnv(suite, task_id=task.id, split=task.split, max_steps=10_000)
    env.reset()
    bare = browser_loop().run(Bare.open(env, task.start_url, episode), 60)
    run(bare.reset())
    pairs = [("reset", lambda: env.reset(), lambda: run(bare.reset())), *rows(env, bare)]
    times: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name, *_ in pairs}
    for _ in range(ROUNDS):
        for name, ours, theirs in pairs:
            times[name][0].append(timed(ours))
            times[name][1].append(timed(theirs))
    columns = (f"{task.id}, 1024x768", "environment, ms", "bare loop, ms", "ratio")
    table = Table(*columns, title="medians of interleaved rounds")
    for name, (mine, floor) in times.items():
        median, least = statistics.median(mine), statistics.median(floor)
        table.add_row(name, f"{median:.0f}", f"{least:.0f}", f"{median / least:.2f}")
    Console().print(table)
    browser_loop().run(bare.page.context.close(), 15)
    env.close()


def click(env: WebVoyagerEnv, bare: Bare, mark: Mark) -> Row:
    return "click", lambda: env.step(f"click [{mark.index}]"), lambda: run(bare.click(*mark.centre))


@pytest.mark.timeout(900)
def test_the_local_shop_against_a_bare_loop() -> None:
    def rows(env: WebVoyagerEnv, bare: Bare) -> list[Row]:
        field = next(mark for mark in env.view.marks if mark.role in ("searchbox", "textbox"))
        link = next(mark for mark in env.view.marks if mark.role == "link" and mark.href not in ("", "/"))
        follow = (
            "click a link",
            lambda: env.step(f"click [{link.index}]"),
            lambda: run(bare.follow(*link.centre)),
        )
        return [click(env, bare, field), follow]

    session = open_session(SHOP)
    against_bare("local", SHOP, session.token, rows)
    session.forget()


@pytest.mark.timeout(900)
def test_a_page_of_many_elements_against_a_bare_loop() -> None:
    def rows(env: WebVoyagerEnv, bare: Bare) -> list[Row]:
        assert len(env.view.marks) > 300
        return [click(env, bare, env.view.marks[40])]

    with served() as (address, _):
        task = OnePageTask(f"{address}/crowded")
        against_bare(OnePageSuite(task), task, "", rows)


@pytest.mark.timeout(900)
@pytest.mark.skipif(
    importlib.util.find_spec("miniwob") is None, reason="needs the pages: pip install --no-deps miniwob"
)
def test_miniwob_against_a_bare_loop() -> None:
    def rows(env: WebVoyagerEnv, bare: Bare) -> list[Row]:
        return [click(env, bare, next(mark for mark in env.view.marks if mark.role == "checkbox"))]

    against_bare("miniwob", CHECKBOXES, f"{CHECKBOXES.split}-{CHECKBOXES.seed}", rows)
