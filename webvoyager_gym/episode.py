"""A page and the episode that runs on it. Every environment, single or vector, is a shell around this."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from webvoyager_gym.actions import Action, ActionError, parse
from webvoyager_gym.browser.loop import within
from webvoyager_gym.browser.page import BrowserPage
from webvoyager_gym.errors import EnvClosed, InfrastructureFailure
from webvoyager_gym.history import in_words
from webvoyager_gym.network.keeper import Keeper
from webvoyager_gym.spaces import clip
from webvoyager_gym.tasks import Outcome, Task, TaskSession, TaskSuite
from webvoyager_gym.types import Failure, PageView, Prompt

OPEN_DEADLINE = 60.0
"""Seconds the first page of an episode may take, the launch of Chromium included. It is tried twice."""
PLAY_DEADLINE = 45.0
"""Seconds an action may take."""
CLOSE_DEADLINE = 15.0
"""Seconds the closing of a page may take."""
GRACE = 5.0
"""Seconds beyond its deadlines after which a browser loop that did not keep them is given up."""


@dataclass(frozen=True, slots=True)
class Move:
    """An action as it was read on the page where it is to be carried out.

    Attributes:
        text: as it was given.
        action: None if it cannot be read.
        words: what the history says of it.
        error: why it cannot be read, "" if it can.
    """

    text: str
    action: Action | None
    words: str
    error: str


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a move in the browser: what the check found, and why the action could not be carried out or ""."""

    outcome: Outcome
    error: str = ""


class RunningEpisode:
    """One page, and one episode after another on it.

    `open`, `play` and `close` run on the browser's loop, those of several episodes at the same time; they change only
    what is on the page. `start`, `read`, `opened` and `played` keep the books and wait for nothing. So what comes back
    too late from the loop changes no books.

    Attributes:
        page: the browser's page; None before the first episode and after `close`.
        history: the actions so far, in words.
        taken: the actions so far, as they were given.
        last_error: why the last action could not be carried out, "" if it was.
        broken: the infrastructure failure that the episode met.
        over: whether the episode takes no further action.

    Args:
        suite: whose tasks are run.
        viewport: (width, height) in CSS pixels.
        max_steps: actions after which the episode is truncated.
        executable: path of a Chromium; found by itself if None.
        record_network: a folder that gets an archive of each episode's network; None for no recording.
    """

    def __init__(
        self,
        suite: TaskSuite,
        viewport: tuple[int, int],
        max_steps: int,
        executable: str | None,
        record_network: str | Path | None = None,
    ) -> None:
        self.max_steps = max_steps
        self.page: BrowserPage | None = None
        self.history: list[str] = []
        self.taken: list[str] = []
        self.last_error = ""
        self.broken: InfrastructureFailure | None = None
        self.over = True
        self._suite, self._viewport, self._executable = suite, viewport, executable
        self._task: Task | None = None
        self._session: TaskSession | None = None
        self._view: PageView | None = None
        self._keeper = Keeper(record_network, suite.name, viewport) if record_network is not None else None

    @property
    def task(self) -> Task:
        """The running episode's task. Raises EnvClosed before the first one."""
        if self._task is None:
            raise EnvClosed("There is no task yet; call reset() first.")
        return self._task

    @property
    def session(self) -> TaskSession:
        """The task as it runs. Raises EnvClosed where none is running."""
        if self._session is None:
            raise EnvClosed("No episode is running; call reset() first.")
        return self._session

    @property
    def view(self) -> PageView:
        """The page as last observed. Raises EnvClosed before the first episode."""
        if self._view is None:
            raise EnvClosed("There is no page yet; call reset() first.")
        return self._view

    @property
    def notes(self) -> dict[str, Any]:
        """What the task's session has to say besides of the last action."""
        return dict(self._session.notes()) if self._session is not None else {}

    @property
    def prompt(self) -> Prompt:
        """What a proposer or embedder may know of the present state."""
        return Prompt(
            self.task.goal, self.view, tuple(self.history), self.last_error, len(self.history), self.max_steps
        )

    @property
    def archive(self) -> Path | None:
        """The archive of the last episode, once its network is recorded; None if it is not."""
        return self._keeper.path if self._keeper is not None else None

    # The books.

    def start(self, task: Task) -> None:
        """Begin the books of a new episode; `open` brings its page. Raises NotWritten."""
        self.keep()
        self._task = task
        self.history, self.taken, self.last_error, self.broken, self.over = [], [], "", None, False

    def opened(self, result: InfrastructureFailure | None) -> Outcome:
        """Note what came of `open`. Where it failed, the page is blank."""
        if result is None:
            return Outcome()
        width, height = self._viewport
        self._view = PageView(np.zeros((height, width, 3), np.uint8), (), "", "about:blank", "")
        return self.fail(result)

    def read(self, text: object) -> Move:
        """An action in the grammar, as seen on the present page."""
        action, error = _read(text)
        words = in_words(action, self.view) if action is not None else clip(" ".join(str(text).split()), 80)
        return Move(str(text), action, words, error)

    def played(self, move: Move, result: Played | InfrastructureFailure) -> Outcome:
        """Note what came of `play`, and whether the episode is over."""
        played = Played(self.fail(result), move.error) if isinstance(result, InfrastructureFailure) else result
        self.history.append(move.words)
        self.taken.append(move.text)
        self.last_error = played.error
        self.over = played.outcome.done or bool(played.outcome.failure) or len(self.history) >= self.max_steps
        if self.over:
            self.keep()
        return played.outcome

    def keep(self) -> None:
        """Write what was recorded of an episode that takes no further action. Raises NotWritten."""
        if self._keeper is not None:
            self._keeper.keep(self.taken)

    def fail(self, failure: InfrastructureFailure) -> Outcome:
        """Note an infrastructure failure; the episode counts for nobody.

        It is over, unless there was no action yet: then the first one says so.
        """
        self.broken, self.over = failure, bool(self.taken)
        return Outcome(failure=cast(Failure, failure.part), reason=str(failure))

    # On the browser's loop.

    async def open(self) -> None:
        """Open the task's first page: on a fresh page, and in a fresh browser if it died, should the first try fail.

        Raises:
            MissingDependency: there is no Chromium.
            InfrastructureFailure: any part but "vlm" and "judge"; the second try failed too.
        """
        try:
            await self._open()
        except InfrastructureFailure as failure:
            if failure.part == "blocked":
                # A site that turns robots away is not knocked at twice.
                raise
            async with within(CLOSE_DEADLINE):
                await self._drop_page()
            await self._open()

    async def play(self, move: Move) -> Played:
        """Carry out a move, observe, and let the task check what came of it.

        Raises:
            InfrastructureFailure: any part but "vlm"; or the one that broke the episode before.
        """
        if self.broken is not None:
            raise self.broken
        assert self.page is not None
        async with within(PLAY_DEADLINE):
            self.page.seconds = {}
            error, answer = move.error, None
            if move.action is not None and move.action.kind == "answer":
                answer = move.action.argument
            elif move.action is not None:
                error = await self.page.act(move.action, self.view)
                self._view = await self.page.observe()
            with self.page.phase("check"):
                return Played(await self.session.check(self.view, answer), error)

    async def close(self) -> None:
        """End the episode and close the page. Safe to call twice.

        Raises:
            InfrastructureFailure: part "deadline".
        """
        async with within(CLOSE_DEADLINE):
            await self._end_session()
            await self._drop_page()

    async def _open(self) -> None:
        async with within(OPEN_DEADLINE):
            rules = self._suite.resolver_rules
            if self.page is not None and self.page.resolver_rules != rules:
                # What the suite serves is somewhere else now.
                await self._drop_page()
            if self.page is None:
                self.page = BrowserPage(executable=self._executable, resolver_rules=rules, viewport=self._viewport)
            self.page.seconds = {}
            await self._end_session()
            await self.page.renew()
            if self._keeper is not None:
                await self._keeper.begin(self.page)
            with self.page.phase("set up"):
                self._session = await self.task.setup(self.page)
            self._task = self._session.task
            if self._keeper is not None:
                self._keeper.opened(self._task, self.page)
            self._view = await self.page.observe()

    async def _end_session(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _drop_page(self) -> None:
        page, self.page = self.page, None
        if page is not None:
            await page.close()


def _read(action: object) -> tuple[Action | None, str]:
    """The parsed action, or None and the sentence for `last_error`."""
    if not isinstance(action, str):
        return None, f"An action has to be text, not {type(action).__name__}."
    try:
        return parse(action), ""
    except ActionError as error:
        return None, str(error)
