"""An episode on the live web: what is done before the agent's first look, and how it ends."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from webvoyager_gym.actions import Action
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.judge.case import Case, Reference, Shot
from webvoyager_gym.tasks.task import Outcome, Task, TaskSession
from webvoyager_gym.tasks.webvoyager.sites import PLACE, guard_of
from webvoyager_gym.tasks.webvoyager.walls import consent_refusal, find_wall
from webvoyager_gym.types import PageView

if TYPE_CHECKING:
    from webvoyager_gym.browser.page import BrowserPage
    from webvoyager_gym.tasks.webvoyager.suite import LiveTask

CHECKS = 2
"""So many looks at a page that only checks the browser are one too many: it does not let through."""
CHECK_PATIENCE = 6.0
"""Seconds that such a page is given at the start of an episode."""
CHECK_PAUSE = 0.5
"""Seconds between two looks at it then."""
SHOTS_KEPT = 15
"""As many as a judge may want to see."""
JUDGE_DEADLINE = 40.0
"""Seconds that a judge may take within an episode; recorded episodes can be judged without haste."""


async def open_live(task: LiveTask, page: BrowserPage) -> LiveSession:
    """Open a task's first page as the live web wants it.

    A consent banner that can plainly be refused is refused, so that runs from places with and without such banners
    compare; any other is left to the agent. Nothing is ever consented to.

    Raises:
        InfrastructureFailure: part "site": it cannot be reached; "blocked": it begins with a bot wall or a log-in.
    """
    await page.keep_to(guard_of(task.site, task.start_url))
    await page.stand_at(*PLACE)
    await page.goto(task.start_url)
    return LiveSession(task, deque([await first_look(page)], maxlen=SHOTS_KEPT))


async def first_look(page: BrowserPage) -> Shot:
    """Wait for a page that only checks the browser, and refuse a consent banner where that is plain.

    Raises:
        InfrastructureFailure: part "blocked": there is a bot wall or a log-in.
    """
    view = await page.observe()
    wall = find_wall(view)
    until = time.monotonic() + CHECK_PATIENCE
    while wall is not None and wall.kind == "checking" and time.monotonic() < until:
        # Such a page is quiet while it looks, so that there is nothing to settle.
        await asyncio.sleep(CHECK_PAUSE)
        wall = find_wall(view := await page.observe())
    if wall is not None:
        raise InfrastructureFailure("blocked", str(wall))
    refusal = consent_refusal(view)
    if refusal is not None:
        await page.act(Action("click", refusal.index), view)
    return Shot.of(view.screenshot)


class Judged(Task, Protocol):
    """A task whose answers a VLM judges.

    Attributes:
        judge: its name; "" to leave that for `webvoyager-gym judge`.
        reference: a right answer, where one is known.
    """

    @property
    def judge(self) -> str: ...
    @property
    def reference(self) -> Reference | None: ...


@dataclass
class LiveSession(TaskSession):
    """A running episode of a live task.

    Attributes:
        shots: the last screenshots, for a judge.
        checking: how often in a row the page only checked the browser.
    """

    task: Judged
    shots: deque[Shot]
    checking: int = 0

    async def check(self, view: PageView, answer: str | None) -> Outcome:
        if answer is None:
            self.shots.append(Shot.of(view.screenshot))
            return self._unless_walled(view)
        if not self.task.judge:
            return Outcome(
                True, failure="judge", reason="the answer is yet to be judged: webvoyager-gym judge", judge=""
            )
        return await self._judged(answer)

    def _unless_walled(self, view: PageView) -> Outcome:
        wall = find_wall(view)
        self.checking = self.checking + 1 if wall is not None and wall.kind == "checking" else 0
        if wall is None or wall.kind == "log-in" or 0 < self.checking < CHECKS:
            return Outcome()
        return Outcome(failure="blocked", reason=str(wall))

    async def _judged(self, answer: str) -> Outcome:
        from webvoyager_gym.judge.judging import load_judge

        case = Case(self.task.goal, answer, tuple(self.shots), self.task.reference)
        try:
            async with asyncio.timeout(JUDGE_DEADLINE):
                judgement = await asyncio.to_thread(lambda: load_judge(self.task.judge).judge(case))
        except TimeoutError:
            return _unjudged(f"the judge did not answer within {JUDGE_DEADLINE:g} s")
        except InfrastructureFailure as failure:
            return _unjudged(str(failure))
        verdict = judgement.verdict
        if verdict.blocked:
            return Outcome(True, failure="blocked", reason=verdict.reason, judge=judgement.judge)
        if verdict.outcome == "unknown":
            return Outcome(True, failure="judge", reason=verdict.reason, judge=judgement.judge)
        return Outcome(True, verdict.outcome == "success", reason=verdict.reason, judge=judgement.judge)


def _unjudged(why: str) -> Outcome:
    return Outcome(True, failure="judge", reason=f"{why}; webvoyager-gym judge tries again", judge="")
