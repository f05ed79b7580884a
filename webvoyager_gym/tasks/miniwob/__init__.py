"""Suite "miniwob": the tasks of MiniWoB++ that the action grammar can do, on the pages that its package ships.

Success is exact: the page's raw reward is 1. Partial rewards, which several pages give, count for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from webvoyager_gym.browser.changed import PageChanged
from webvoyager_gym.errors import InfrastructureFailure, not_found
from webvoyager_gym.sites.kit.server import COOKIE
from webvoyager_gym.tasks.miniwob.catalogue import EXCLUDED, NAMES
from webvoyager_gym.tasks.miniwob.pages import HOST, descriptions, miniwob_web, package_folder
from webvoyager_gym.tasks.seeded import SeededSuite, SeededTask
from webvoyager_gym.tasks.task import Outcome, TaskSession
from webvoyager_gym.types import PageView

if TYPE_CHECKING:
    from webvoyager_gym.browser.page import BrowserPage

SITE = "miniwob"
_GOAL = "typeof core === 'object' && core.EP_TIMER !== null ? core.getUtterance() : null"
_VERDICT = "typeof WOB_DONE_GLOBAL === 'boolean' ? [WOB_DONE_GLOBAL, WOB_RAW_REWARD_GLOBAL] : null"


@dataclass(frozen=True, slots=True)
class MiniWobTask(SeededTask):
    """A task of MiniWoB++; the template is its name there."""

    @property
    def site(self) -> str:
        return SITE

    @property
    def description(self) -> str:
        return descriptions()[self.template]

    @property
    def start_url(self) -> str:
        return f"http://{HOST}/miniwob/{self.template}.html"

    async def setup(self, page: BrowserPage) -> MiniWobSession:
        await page.set_cookie(COOKIE, f"{self.split}-{self.seed}", domain=HOST)
        await page.goto(self.start_url)
        words = await page.evaluate(_GOAL)
        if not isinstance(words, str):
            raise InfrastructureFailure("site", f"The page of {self.id} did not start its episode.")
        return MiniWobSession(replace(self, words=words), page)


@dataclass
class MiniWobSession(TaskSession):
    """A running episode."""

    task: MiniWobTask
    page: BrowserPage

    async def check(self, view: PageView, answer: str | None) -> Outcome:
        verdict = await self._verdict()
        if verdict is None or not verdict[0]:
            where = "the page's episode is not over" if verdict else "the task's page was left"
            return Outcome(done=answer is not None, reason=where)
        success = verdict[1] == 1
        reason = f"the page's raw reward is {verdict[1]:g}" + ("" if success else ", and only 1 is success")
        return Outcome(done=True, success=success, reason=reason)

    async def _verdict(self) -> list[float] | None:
        try:
            found: list[float] | None = await self.page.evaluate(_VERDICT)
        except PageChanged:
            await self.page.settle()
            found = await self.page.evaluate(_VERDICT)
        return found


@dataclass(frozen=True)
class MiniWobSuite(SeededSuite[MiniWobTask]):
    """The suite."""

    @property
    def name(self) -> str:
        return SITE

    @property
    def templates(self) -> Sequence[str]:
        return NAMES

    @property
    def resolver_rules(self) -> str | None:
        return miniwob_web().resolver_rules

    def make(self, template: str, split: str, seed: int) -> MiniWobTask:
        if template in EXCLUDED:
            raise not_found("task that the action grammar can do", f"{template} ({EXCLUDED[template]})", NAMES)
        if template not in NAMES:
            raise not_found("task of miniwob", template, NAMES)
        return MiniWobTask(template, split, seed)


def miniwob_suite() -> MiniWobSuite:
    """The suite. Raises MissingDependency where the pages are not installed."""
    package_folder()
    return MiniWobSuite()
