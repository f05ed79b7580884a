"""Suite "miniwob": the tasks of MiniWoB++ that the action grammar can do, on the pages that its package ships.

Success is exact: the page's raw reward is 1. Partial rewards, which several pages give, count for nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from webvoyager_gym.browser.page import PageChanged
from webvoyager_gym.errors import InfrastructureFailure, not_found
from webvoyager_gym.sites.kit.server import COOKIE
from webvoyager_gym.sites.kit.world import SPLITS, check_split, generator, one_of
from webvoyager_gym.tasks.miniwob.catalogue import EXCLUDED, NAMES
from webvoyager_gym.tasks.miniwob.pages import HOST, descriptions, miniwob_web, package_folder
from webvoyager_gym.tasks.task import Outcome, TaskSession
from webvoyager_gym.types import PageView

if TYPE_CHECKING:
    from webvoyager_gym.browser.page import BrowserPage

SITE = "miniwob"
LISTED = 5
"""How many seeds of each task `tasks()` lists; the test split is these."""

_ID = re.compile(r"miniwob/(?P<name>[^/]+)/(?P<split>[a-z]+)-(?P<seed>\d{1,7})")
_GOAL = "typeof core === 'object' && core.EP_TIMER !== null ? core.getUtterance() : null"
_VERDICT = "typeof WOB_DONE_GLOBAL === 'boolean' ? [WOB_DONE_GLOBAL, WOB_RAW_REWARD_GLOBAL] : null"


@dataclass(frozen=True, slots=True)
class MiniWobTask:
    """A task of MiniWoB++: everything follows from (template, split, seed).

    Attributes:
        template: the task's name in MiniWoB++, such as "click-checkboxes".
        words: the goal, once the page has made it; before, the goal is the description of all such tasks.
    """

    template: str
    split: str
    seed: int
    words: str = ""

    @property
    def site(self) -> str:
        return SITE

    @property
    def id(self) -> str:
        return f"{SITE}/{self.template}/{self.split}-{self.seed}"

    @property
    def goal(self) -> str:
        return self.words or descriptions()[self.template]

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
class MiniWobSuite:
    """The suite; ids read miniwob/template/split-seed. The splits share no seed."""

    @property
    def name(self) -> str:
        return SITE

    @property
    def sites(self) -> tuple[str, ...]:
        return (SITE,)

    @property
    def splits(self) -> tuple[str, ...]:
        return SPLITS

    @property
    def resolver_rules(self) -> str | None:
        return miniwob_web().resolver_rules

    def task(self, task_id: str) -> MiniWobTask:
        match = _ID.fullmatch(task_id)
        if match is None:
            raise not_found("task", task_id, [task.id for task in self.tasks()])
        return MiniWobTask(check_name(match["name"]), check_split(match["split"]), int(match["seed"]))

    def sample(self, seed: int, site: str | None = None, split: str = "train") -> MiniWobTask:
        random = generator("sample", SITE, split, seed)
        drawn = int(random.integers(LISTED if split == "test" else 1_000_000))
        return MiniWobTask(one_of(random, NAMES), check_split(split), drawn)

    def tasks(self, site: str | None = None, split: str = "test", template: str | None = None) -> list[MiniWobTask]:
        check_split(split)
        if site not in (None, SITE):
            raise not_found("site", str(site), self.sites)
        names = NAMES if template is None else [name for name in NAMES if name == template]
        return [MiniWobTask(name, split, seed) for name in names for seed in range(LISTED)]


def check_name(name: str) -> str:
    """The task's name itself.

    Raises:
        NotFound: there is no such task, or the action grammar cannot do it; the message says which.
    """
    if name in EXCLUDED:
        raise not_found("task of miniwob that this action grammar can do", f"{name}: {EXCLUDED[name]}", NAMES)
    if name not in NAMES:
        raise not_found("task of miniwob", name, NAMES)
    return name


def miniwob_suite() -> MiniWobSuite:
    """The suite. Raises MissingDependency where the pages are not installed."""
    package_folder()
    return MiniWobSuite()
