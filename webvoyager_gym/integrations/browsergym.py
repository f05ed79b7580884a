"""The local suite in BrowserGym: importing this module registers `browsergym/webvoyager.<site>.<template>`.

    import gymnasium as gym
    import webvoyager_gym.integrations.browsergym

    env = gym.make("browsergym/webvoyager.shop.listed-fact")
    observation, info = env.reset(seed=3)

The seed decides the task, as in `shop/listed-fact/train-3`; `task_kwargs={"split": "test"}` takes another split. A
message to the user is the answer. Browser, page, observations and actions are BrowserGym's; the page is served and
checked here. The other direction is `webvoyager_gym.tasks.browsergym`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from webvoyager_gym.errors import MissingDependency, NotFound
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.sites.kit.server import COOKIE
from webvoyager_gym.tasks.local import LocalSession, LocalSuite, LocalTask, local_web, open_session
from webvoyager_gym.tasks.seeded import SEEDS

try:
    from browsergym.core.registration import register_task
    from browsergym.core.task import AbstractBrowserTask
except ImportError as error:
    raise MissingDependency(
        f"BrowserGym is not installed ({error}); bring it with: pip install browsergym-core"
    ) from error

if TYPE_CHECKING:
    from playwright.sync_api import Page

VIEWPORT = {"width": 1024, "height": 768}
OPEN_DEADLINE = 30.0
"""Seconds the first page may take, in a browser that has just been started."""


class WebVoyagerTask(AbstractBrowserTask):
    """A local task as BrowserGym runs it.

    Attributes:
        task: of the local suite.
        session: the running episode; None before `setup` and after `teardown`.

    Args:
        seed: decides the task; None for any.
        site, template: which kind of task.
        split: "train", "validation", or "test" for those of the frozen list, of which the seed takes one.

    Raises:
        NotFound: no such site, template or split; or the frozen list has none of that template.
    """

    def __init__(self, seed: int | None, *, site: str, template: str, split: str = "train") -> None:
        super().__init__(seed)
        self.viewport, self.slow_mo, self.locale, self.timezone_id = dict(VIEWPORT), 0, "en-US", "UTC"
        draw = int(self.random.randint(SEEDS)) if seed is None else seed % SEEDS
        self.task = _drawn(site, template, split, draw)
        self.session: LocalSession | None = None

    def setup(self, page: Page) -> tuple[str, dict[str, Any]]:
        """Open the task's first page."""
        self.session = open_session(self.task)
        # Every browser takes *.localhost for this machine; the server goes by the first part of the name.
        host = f"{self.task.site}.localhost"
        page.context.add_cookies(
            [{"name": COOKIE, "value": self.session.token, "domain": host, "path": "/", "httpOnly": True}]
        )
        page.goto(
            f"http://{host}:{local_web().server.port}{load_site(self.task.site).start}", timeout=1000 * OPEN_DEADLINE
        )
        return self.task.goal, {"task_id": self.task.id}

    def validate(
        self, page: Page, chat_messages: Sequence[Mapping[str, Any]]
    ) -> tuple[float, bool, str, dict[str, Any]]:
        """Judge by the site's state and, if there is one, the answer."""
        assert self.session is not None
        outcome = self.session.judge(_answer(chat_messages))
        return float(outcome.done and outcome.success), outcome.done, "", {"reason": outcome.reason}

    def teardown(self) -> None:
        """Stop serving the episode."""
        if self.session is not None:
            self.session.forget()
            self.session = None


def _drawn(site: str, template: str, split: str, draw: int) -> LocalTask:
    suite = LocalSuite()
    if split != "test":
        return suite.task(f"{site}/{template}/{split}-{draw}")
    listed = suite.tasks(site, split, template)
    if not listed:
        raise NotFound(f"The test split has no task of {site}/{template}; take another template or split.")
    return listed[draw % len(listed)]


def _answer(chat: Sequence[Mapping[str, Any]]) -> str | None:
    """What the agent has told the user since the goal was given, if that came last; None if it said nothing."""
    *before, last = chat
    if not any(said["role"] == "user" for said in before):
        return None
    if last["role"] == "infeasible":
        return f"This cannot be done: {last['message']}"
    return str(last["message"]) if last["role"] == "assistant" else None


for _site in SITES:
    for _template in load_site(_site).templates:
        _kind = {"site": _site, "template": _template.name}
        register_task(f"webvoyager.{_site}.{_template.name}", WebVoyagerTask, task_kwargs=_kind, nondeterministic=False)
