"""WebVoyager-v0: one task in one browser page, actions as text of the grammar."""

from __future__ import annotations

import time
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import gymnasium as gym
import numpy as np

from webvoyager_gym.actions import Action, ActionError, ActionSpace, parse
from webvoyager_gym.browser.loop import browser_loop
from webvoyager_gym.browser.page import BrowserPage
from webvoyager_gym.errors import EnvClosed, InfrastructureFailure, not_found
from webvoyager_gym.history import in_words
from webvoyager_gym.measured import Measured
from webvoyager_gym.spaces import UnicodeText, clip
from webvoyager_gym.tasks import Outcome, Task, TaskSession, TaskSuite, load_suite
from webvoyager_gym.types import PageView, Prompt, Screenshot

RESET_DEADLINE = 60.0
"""Seconds a reset may take, the launch of Chromium included."""
STEP_DEADLINE = 45.0
"""Seconds a step may take."""
LENGTHS = {"goal": 4096, "url": 2048, "title": 512, "outline": 8192, "last_error": 1024}
"""Longest texts in an observation, in characters; longer ones are cut."""

T = TypeVar("T")
Observation = dict[str, Any]


class WebVoyagerEnv(gym.Env[Observation, str]):
    """A web page as a Gymnasium environment.

    The observation is a dictionary:

    - screenshot: (H, W, 3) uint8, RGB, with numbered marks on the interactive elements
    - goal, url, title, last_error: text
    - outline: what the screenshot shows, line by line, a mark as `[n] role "name"`
    - step: int64, actions taken so far

    An action is text in the grammar of `webvoyager_gym.actions`. One that does not parse or cannot be carried out is no
    exception: the next observation's `last_error` says why. The reward is 1 when the task is done, else 0.
    `terminated`: the agent answered or the task is done. `truncated`: out of steps, or the infrastructure failed; then
    `info["failure"]` says which part ("browser", "site", "vlm", "judge", "blocked", "deadline") and the episode counts
    neither for nor against the agent.

    `info` has task_id, site, split, failure, success, reason, judge, answer, action (canonical text, "" if it did not
    parse), timing (a `Measured`: seconds by phase and in all).

    Args:
        suite: a task suite or its name: "local" for the sites this package serves itself, "miniwob" for MiniWoB++.
        site, split: which tasks `reset` draws from.
        task_id: always this task instead.
        viewport: (width, height) in CSS pixels.
        max_steps: actions after which the episode is truncated.
        render_mode: None or "rgb_array".
        browser: path of a Chromium; found by itself if None.

    Raises:
        NotFound: unknown suite, site, split or task; the message lists the nearest.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 2}  # noqa: RUF012 - declared so in gymnasium.Env

    def __init__(
        self,
        suite: str | TaskSuite = "local",
        site: str | None = None,
        split: str = "train",
        task_id: str | None = None,
        viewport: tuple[int, int] = (1024, 768),
        max_steps: int = 15,
        render_mode: str | None = None,
        browser: str | None = None,
    ) -> None:
        if render_mode not in (None, "rgb_array"):
            raise not_found("render mode", str(render_mode), ["rgb_array"])
        if max_steps < 1:
            raise ValueError(f"max_steps is {max_steps}; at least one step has to be allowed.")
        width, height = viewport
        if not (64 <= width <= 4096 and 64 <= height <= 4096):
            raise ValueError(f"The viewport is {width}x{height}; each side has to be from 64 to 4096 CSS pixels.")
        self.suite = load_suite(suite) if isinstance(suite, str) else suite
        if site is not None and site not in self.suite.sites:
            raise not_found("site", site, self.suite.sites)
        if split not in self.suite.splits:
            raise not_found("split", split, self.suite.splits)
        self._task_id = self.suite.task(task_id).id if task_id is not None else None
        self.site, self.split, self.max_steps, self.render_mode = site, split, max_steps, render_mode
        self._viewport = (width, height)
        self._executable = browser
        self._page: BrowserPage | None = None
        self._session: TaskSession | None = None
        self._task: Task | None = None
        self._view: PageView | None = None
        self._history: list[str] = []
        self._taken: list[str] = []
        self._last_error = ""
        self._broken: InfrastructureFailure | None = None
        self._over = True
        self._closed = False
        self._seed = -1
        self.action_space = ActionSpace()
        self.observation_space = gym.spaces.Dict(
            {
                "screenshot": gym.spaces.Box(0, 255, (height, width, 3), np.uint8),
                **{name: UnicodeText(length) for name, length in LENGTHS.items()},
                "step": gym.spaces.Box(0, max_steps, (), np.int64),
            }
        )

    # What other parts may know of the running episode.

    @property
    def task(self) -> Task:
        """The running episode's task. Raises EnvClosed before the first reset."""
        if self._task is None:
            raise EnvClosed("There is no task yet; call reset() first.")
        return self._task

    @property
    def session(self) -> TaskSession:
        """The running episode. Raises EnvClosed where none is running."""
        if self._session is None:
            raise EnvClosed("No episode is running; call reset() first.")
        return self._session

    @property
    def view(self) -> PageView:
        """The page as last observed. Raises EnvClosed before the first reset."""
        if self._view is None:
            raise EnvClosed("There is no page yet; call reset() first.")
        return self._view

    @property
    def prompt(self) -> Prompt:
        """What a proposer or embedder may know of the present state."""
        return Prompt(
            self.task.goal, self.view, tuple(self._history), self._last_error, len(self._history), self.max_steps
        )

    @property
    def seed(self) -> int:
        """The seed of the last reset that was given one, -1 if none was."""
        return self._seed

    @property
    def taken(self) -> tuple[str, ...]:
        """The actions of the running episode so far, as text; what `branch` replays."""
        return tuple(self._taken)

    def best_actions(self) -> tuple[Action, ...]:
        """The expert's next actions, equally good, the plainest first.

        Raises:
            NoExpert: there is no expert, or the task can no longer be completed.
        """
        return self.session.best_actions(self.view)

    # Gymnasium's interface.

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Start an episode.

        Args:
            seed: decides the task, unless `task_id` was given here or to the constructor.
            options: {"task_id": …} runs that task.

        Raises:
            EnvClosed: the environment was closed.
            MissingDependency: there is no Chromium; the message holds the command that brings one.
            NotFound: unknown task; the message lists the nearest.
        """
        started = time.perf_counter()
        if self._closed:
            raise EnvClosed("This environment was closed; make a new one.")
        super().reset(seed=seed)
        self._seed = seed if seed is not None else -1
        task_id = (options or {}).get("task_id", self._task_id)
        draw = int(self.np_random.integers(2**31))
        self._task = self.suite.task(task_id) if task_id is not None else self.suite.sample(draw, self.site, self.split)
        self._history, self._taken, self._last_error, self._broken, self._over = [], [], "", None, False
        try:
            self._begin()
        except InfrastructureFailure:
            # A fresh page, and a fresh browser if it died: once.
            try:
                self._run(self._drop_page(), 15)
                self._begin()
            except InfrastructureFailure as failure:
                self._broken, self._view = failure, self._blank_view()
        self._show_page()
        failure_part = self._broken.part if self._broken else ""
        info = self._info(Outcome(failure=failure_part, reason=str(self._broken or "")), "", started)  # type: ignore[arg-type]
        return self._observation(), info

    def step(self, action: str) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Take an action: text of the grammar.

        Raises:
            EnvClosed: the environment was closed, never reset, or the episode is over.
        """
        started = time.perf_counter()
        if self._closed:
            raise EnvClosed("This environment was closed; make a new one.")
        if self._over or self._task is None:
            raise EnvClosed("The episode is over; call reset() before the next step().")
        parsed, error = _read(action)
        entry = in_words(parsed, self.view) if parsed is not None else clip(" ".join(str(action).split()), 80)
        outcome = Outcome()
        if self._broken is not None:
            outcome = Outcome(failure=self._broken.part, reason=str(self._broken))  # type: ignore[arg-type]
        else:
            try:
                outcome, error = self._run(self._take(parsed, error), STEP_DEADLINE)
            except InfrastructureFailure as failure:
                self._broken = failure
                outcome = Outcome(failure=failure.part, reason=str(failure))  # type: ignore[arg-type]
        self._history.append(entry)
        self._taken.append(str(action))
        self._last_error = error
        self._show_page()
        failed = bool(outcome.failure)
        terminated = outcome.done and not failed
        truncated = failed or (not terminated and len(self._history) >= self.max_steps)
        self._over = terminated or truncated
        reward = 1.0 if terminated and outcome.success else 0.0
        info = self._info(outcome, parsed.text if parsed is not None else "", started)
        info["answer"] = parsed.argument if parsed is not None and parsed.kind == "answer" else ""
        return self._observation(), reward, terminated, truncated, info

    def branch(self, actions: Sequence[str]) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Run the present task anew along these actions: `branch([*env.taken, action])` tries an action, and
        `branch(taken)` comes back for the next.

        On the local suite everything follows from task and actions, so this is the same state to the byte.

        Returns:
            As `step` after the last action, or after an infrastructure failure on the way; as `reset` with reward 0 if
            there are no actions.

        Raises:
            ValueError: the episode ends before the last action.
            EnvClosed: the environment was closed or never reset.
        """
        seed = self._seed
        observation, info = WebVoyagerEnv.reset(self, options={"task_id": self.task.id})
        self._seed = seed
        result = (observation, 0.0, False, bool(info["failure"]), info)
        for number, action in enumerate(actions):
            if result[4]["failure"]:
                break
            if self._over:
                raise ValueError(f"The episode ended with action {number} of {len(actions)}: {self._taken[-1]}")
            result = WebVoyagerEnv.step(self, action)
        return result

    def render(self) -> Screenshot | None:  # type: ignore[override]
        """The marked screenshot, (H, W, 3) uint8, if the render mode is "rgb_array"."""
        if self.render_mode is None:
            gym.logger.warn('Nothing to render: make the environment with render_mode="rgb_array".')
            return None
        return self.view.screenshot

    def close(self) -> None:
        """Close the page. Safe to call twice; the shared browser goes when the process ends."""
        if self._closed:
            return
        self._closed = True
        try:
            self._run(self._end(), 15)
        except InfrastructureFailure as failure:
            gym.logger.warn(f"Closing the page: {failure}")

    # The way of a step, on the browser's loop.

    def _run(self, coroutine: Coroutine[Any, Any, T], deadline: float) -> T:
        return browser_loop().run(coroutine, deadline)

    def _begin(self) -> None:
        self._run(self._start(), RESET_DEADLINE)

    async def _start(self) -> None:
        if self._page is None:
            rules = self.suite.resolver_rules
            self._page = BrowserPage(executable=self._executable, resolver_rules=rules, viewport=self._viewport)
        self._page.seconds = {}
        if self._session is not None:
            await self._session.close()
            self._session = None
        await self._page.renew()
        self._session = await self.task.setup(self._page)
        self._task = self._session.task
        self._view = await self._page.observe()

    async def _take(self, action: Action | None, error: str) -> tuple[Outcome, str]:
        assert self._page is not None
        assert self._session is not None
        self._page.seconds = {}
        answer = None
        if action is not None and action.kind == "answer":
            answer = action.argument
        elif action is not None:
            error = await self._page.act(action, self.view)
            self._view = await self._page.observe()
        return await self._session.check(self.view, answer), error

    async def _drop_page(self) -> None:
        if self._page is not None:
            await self._page.close()
            self._page = None

    async def _end(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
        await self._drop_page()

    # Observation and info.

    def _blank_view(self) -> PageView:
        width, height = self._viewport
        return PageView(np.zeros((height, width, 3), np.uint8), (), "", "about:blank", "")

    def _show_page(self) -> None:
        self.action_space.show([(mark.role, mark.options) for mark in self.view.marks])  # type: ignore[attr-defined]

    def _observation(self) -> Observation:
        view = self.view
        texts = {
            "goal": self.task.goal,
            "url": view.url,
            "title": view.title,
            "outline": view.outline,
            "last_error": self._last_error,
        }
        return {
            # A copy: where an action changed nothing the view is the same, but observations are the user's to keep.
            "screenshot": view.screenshot.copy(),
            **{name: clip(text, LENGTHS[name]) for name, text in texts.items()},
            "step": np.array(min(len(self._history), self.max_steps), np.int64),
        }

    def _info(self, outcome: Outcome, action: str, started: float) -> dict[str, Any]:
        phases = dict(self._page.seconds) if self._page is not None else {}
        return {
            "task_id": self.task.id,
            "site": self.task.site,
            "split": self.task.split,
            "action": action,
            "answer": "",
            "failure": outcome.failure,
            "success": outcome.success,
            "reason": outcome.reason,
            "judge": outcome.judge,
            "timing": Measured({**phases, "total": time.perf_counter() - started}),
        }


def _read(action: object) -> tuple[Action | None, str]:
    """The parsed action, or None and the sentence for `last_error`."""
    if not isinstance(action, str):
        return None, f"An action has to be text, not {type(action).__name__}."
    try:
        return parse(action), ""
    except ActionError as error:
        return None, str(error)
