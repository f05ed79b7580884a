"""Four pages stepped together, one after another, and by bare Playwright loops; interleaved in one run.

The bare loops run side by side without waiting for each other; each does the same input, two frames, the same marks
script and the same screenshot. No VLM is asked anything. Prints a table with the memory of a page; times never decide a
test.

    make bench
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from tests.benchmarks.bare import Bare
from webvoyager_gym.actions import Action
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.browser.loop import browser_loop
from webvoyager_gym.tasks.local import LocalTask, open_session
from webvoyager_gym.types import Candidate, Mark, PageView, Prompt
from webvoyager_gym.vector import BestOfQVectorEnv
from webvoyager_gym.vlm import Cost

SHOP = LocalTask("shop", "listed-fact", "train", 3)
PAGES, ROUNDS, CLICKS = 4, 8, 4
FIELD, LINK = 0, 1


class FieldAndLink:
    """Proposes to click a field and a link of the first page, whatever the page, and costs next to nothing."""

    name, draws = "field-and-link", False

    def __init__(self) -> None:
        self.cost = Cost()

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        found = [targets(prompt.view) for prompt in prompts]
        return [[Candidate(Action("click", mark.index)) for mark in marks] for marks in found]


def targets(view: PageView) -> tuple[Mark, Mark]:
    """A field, and a link that leads away."""
    field = next(mark for mark in view.marks if mark.role in ("searchbox", "textbox"))
    return field, next(mark for mark in view.marks if mark.role == "link" and mark.href not in ("", "/"))


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def megabytes() -> tuple[float, float] | None:
    """Proportional set size of this process and of all its descendants, in MiB; None where there is no /proc."""
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    parents = {int(stat.parent.name): _parent(stat) for stat in Path("/proc").glob("[0-9]*/stat")}
    family, mine = {os.getpid()}, os.getpid()
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    sizes = {process: _proportional(process) for process in family}
    return sizes[mine], sum(sizes.values()) - sizes[mine]


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:  # It ended meanwhile.
        return 0


def _proportional(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:  # It ended meanwhile.
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@pytest.mark.timeout(900)
def test_four_pages_against_one_at_a_time_and_against_bare_loops() -> None:
    loop = browser_loop()
    arguments = {
        "task_id": SHOP.id,
        "max_steps": 10_000,
        "proposer": FieldAndLink(),
        "embedder": None,
        "n_candidates": 2,
    }
    single = [BestOfQEnv(**arguments)]  # type: ignore[arg-type]
    single[0].reset()
    before = megabytes()
    envs = BestOfQVectorEnv(PAGES, **arguments)  # type: ignore[arg-type]
    envs.reset()
    after = megabytes()
    single += [BestOfQEnv(**arguments) for _ in range(PAGES - 1)]  # type: ignore[arg-type]
    sessions = [open_session(SHOP) for _ in range(PAGES)]
    bare = [loop.run(Bare.open(single[0], SHOP.start_url, each.token), 120) for each in sessions]
    field, link = (mark.centre for mark in targets(single[0].view))

    def side_by_side(do: Callable[[Bare], Awaitable[None]]) -> None:
        async def all_of_them() -> None:
            await asyncio.gather(*map(do, bare))

        loop.run(all_of_them(), 120)

    async def clicks(page: Bare) -> None:
        for _ in range(CLICKS):
            await page.click(*field)

    ways: dict[str, tuple[int, list[Callable[[], object]]]] = {
        "reset": (1, [envs.reset, lambda: [env.reset() for env in single], lambda: side_by_side(Bare.reset)]),
        "click": (
            CLICKS,
            [
                lambda: [envs.step([FIELD] * PAGES) for _ in range(CLICKS)],
                lambda: [env.step(FIELD) for env in single for _ in range(CLICKS)],
                lambda: side_by_side(clicks),
            ],
        ),
        "click a link": (
            1,
            [
                lambda: envs.step([LINK] * PAGES),
                lambda: [env.step(LINK) for env in single],
                lambda: side_by_side(lambda page: page.follow(*link)),
            ],
        ),
    }
    times: dict[str, list[list[float]]] = {name: [[], [], []] for name in ways}
    for number in range(ROUNDS + 1):
        for name, (_, calls) in ways.items():
            for taken, call in zip(times[name], calls, strict=True):
                passed = seconds(call)
                if number:
                    taken.append(passed)
    table = Table("a second, local shop, 1024x768", title=f"{PAGES} pages: medians of {ROUNDS} interleaved rounds")
    for column in ("together", "one by one", "bare loops", "together / bare", "together / one by one"):
        table.add_column(column, justify="right")
    for name, (steps, _) in ways.items():
        together, in_turn, floor = (PAGES * steps / statistics.median(taken) for taken in times[name])
        ratios = (together / floor, together / in_turn)
        table.add_row(name, *(f"{rate:.1f}" for rate in (together, in_turn, floor)), *(f"{r:.2f}" for r in ratios))
    Console(width=120).print(table)
    if before and after:
        python, browser = ((new - old) / PAGES for old, new in zip(before, after, strict=True))
        Console().print(
            f"Memory a page: {browser:.0f} MiB in Chromium, {python:.1f} MiB in Python (proportional set size)."
        )
    side_by_side(lambda page: page.page.context.close())
    for session in sessions:
        session.forget()
    envs.close()
    for env in single:
        env.close()
