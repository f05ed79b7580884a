"""Any BrowserGym task as a task of ours: `BrowserGymSuite` around the task classes of any `browsergym.*` package.

    from browsergym.miniwob import ALL_MINIWOB_TASKS
    from webvoyager_gym.tasks.browsergym import BrowserGymSuite

    suite = BrowserGymSuite({kind.get_task_id(): kind for kind in ALL_MINIWOB_TASKS})
    env = gym.make("WebVoyager-v0", suite=suite)

This module imports nothing of BrowserGym; what it calls is `browsergym.core.task.AbstractBrowserTask` of 0.14.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error

from webvoyager_gym.browser.blocking import Blocking
from webvoyager_gym.errors import InfrastructureFailure, not_found
from webvoyager_gym.sites.kit.world import SPLITS
from webvoyager_gym.tasks.seeded import SEEDS, SeededSuite, SeededTask
from webvoyager_gym.tasks.task import Outcome, TaskSession
from webvoyager_gym.types import PageView

if TYPE_CHECKING:
    from webvoyager_gym.browser.page import BrowserPage

SITE = "browsergym"
GREETING = "Hi! I am your UI assistant, I can perform web tasks for you. What can I help you with?"


@dataclass(frozen=True, slots=True)
class BrowserGymTask(SeededTask):
    """A BrowserGym task with a seed; the template is its name, such as "miniwob.click-test".

    Attributes:
        factory: the task's class, or a function that makes the task; called with `seed`.
    """

    factory: Callable[..., Any] = field(compare=False, kw_only=True)

    @property
    def site(self) -> str:
        return SITE

    @property
    def description(self) -> str:
        return self.template

    async def setup(self, page: BrowserPage) -> BrowserGymSession:
        # BrowserGym's tasks know no splits, so each split has a range of its own.
        theirs = self.factory(seed=SPLITS.index(self.split) * SEEDS + self.seed)
        shown = Blocking(page.page, asyncio.get_running_loop())
        try:
            goal, _ = await asyncio.to_thread(theirs.setup, shown)
        except Error as error:
            raise InfrastructureFailure("site", f"{self.id} could not be set up: {error}") from error
        page.start_at(page.page.url)
        await page.settle()
        return BrowserGymSession(replace(self, words=str(goal or "")), page, theirs)


@dataclass
class BrowserGymSession(TaskSession):
    """A running episode of a BrowserGym task.

    Attributes:
        theirs: BrowserGym's task.
        chat: what it reads beside the page: the greeting, the goal, and answers.
        reward: of all steps so far; success needs 1.
    """

    task: BrowserGymTask
    page: BrowserPage
    theirs: Any
    chat: list[dict[str, Any]] = field(init=False)
    reward: float = 0.0

    def __post_init__(self) -> None:
        self.chat = [_said("assistant", GREETING), _said("user", self.task.goal)]

    async def check(self, view: PageView, answer: str | None) -> Outcome:
        if answer is not None:
            self.chat.append(_said("assistant", answer))
        shown = Blocking(self.page.page, asyncio.get_running_loop())
        try:
            reward, done, _, _ = await asyncio.to_thread(self.theirs.validate, shown, self.chat)
        except Error as error:
            raise InfrastructureFailure("browser", f"{self.task.id} could not be judged: {error}") from error
        self.reward += float(reward)
        over = bool(done) or answer is not None
        return Outcome(over, bool(done) and self.reward >= 1, reason=f"BrowserGym's reward so far is {self.reward:g}")

    async def close(self) -> None:
        await asyncio.to_thread(self.theirs.teardown)


@dataclass(frozen=True)
class BrowserGymSuite(SeededSuite[BrowserGymTask]):
    """BrowserGym tasks by name; ids read browsergym/name/split-seed.

    Attributes:
        factories: name -> the task's class, or a function that makes the task; called with `seed`.
        resolver_rules: Chromium's --host-resolver-rules; None for the world's names.
    """

    factories: Mapping[str, Callable[..., Any]]
    resolver_rules: str | None = None

    @property
    def name(self) -> str:
        return SITE

    @property
    def templates(self) -> Sequence[str]:
        return sorted(self.factories)

    def make(self, template: str, split: str, seed: int) -> BrowserGymTask:
        if template not in self.factories:
            raise not_found("task of browsergym", template, self.factories)
        return BrowserGymTask(template, split, seed, factory=self.factories[template])


def _said(role: str, message: str) -> dict[str, Any]:
    return {"role": role, "timestamp": time.time(), "message": message}
