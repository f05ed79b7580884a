"""A suite of one task, on whichever page, to time the environment on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webvoyager_gym.browser.page import BrowserPage
from webvoyager_gym.tasks import Outcome, TaskSession
from webvoyager_gym.types import PageView


@dataclass(frozen=True)
class OnePageTask:
    """Never done."""

    start_url: str
    id: str = "one/page/test-0"
    site: str = "one"
    split: str = "test"
    goal: str = "Look around."
    template: str = "page"

    async def setup(self, page: BrowserPage) -> OnePageSession:
        await page.goto(self.start_url)
        return OnePageSession(self)


@dataclass
class OnePageSession(TaskSession):
    """An episode of it."""

    task: OnePageTask

    async def check(self, view: PageView, answer: str | None) -> Outcome:
        return Outcome()


@dataclass(frozen=True)
class OnePageSuite:
    """The suite.

    Args:
        task_: its task.
    """

    task_: OnePageTask
    name: str = "one"
    sites: tuple[str, ...] = ("one",)
    splits: tuple[str, ...] = ("test",)
    listed_splits: tuple[str, ...] = ("test",)
    resolver_rules: str | None = None

    def task(self, task_id: str) -> OnePageTask:
        return self.task_

    def sample(self, seed: int, site: str | None = None, split: str = "test") -> OnePageTask:
        return self.task_

    def tasks(self, site: str | None = None, split: str = "test", template: str | None = None) -> Sequence[OnePageTask]:
        return [self.task_]
