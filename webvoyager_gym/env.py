"""WebVoyager-v0: one task in one browser page, actions as text of the grammar."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np

from webvoyager_gym.actions import Action, ActionSpace
from webvoyager_gym.browser.loop import browser_loop, together
from webvoyager_gym.episode import CLOSE_DEADLINE, GRACE, OPEN_DEADLINE, PLAY_DEADLINE, Move, Played, RunningEpisode
from webvoyager_gym.errors import EnvClosed, InfrastructureFailure, not_found
from webvoyager_gym.measured import Measured
from webvoyager_gym.spaces import UnicodeText, clip
from webvoyager_gym.tasks import Outcome, Task, TaskSession, TaskSuite, load_suite
from webvoyager_gym.types import PageView, Prompt, Screenshot

LENGTHS = {"goal": 4096, "url": 2048, "title": 512, "outline": 8192, "last_error": 1024}
"""Longest texts in an observation, in characters; longer ones are cut."""

CHECK_DEADLINE = 15.0
"""Seconds the task's own check of an answer may take that is not given yet."""

Observation = dict[str, Any]
Browsed = Played | InfrastructureFailure | None
"""What `WebVoyagerEnv.browse` came to."""


class Arrival(NamedTuple):
    """What `step` gives beside the observation."""

    reward: float
    terminated: bool
    truncated: bool
    info: dict[str, Any]


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
    parse), timing (a `Measured`: seconds by phase and in all). The phases do not overlap and add up to the total,
    but for the time in which a page of a vector environment waits for others.

    Args:
        suite: a task suite or its name: "local" for the sites this package serves itself, "miniwob" for MiniWoB++,
            "webvoyager" for the live web.
        site, split: which tasks `reset` draws from; the split is "train" where the suite has one, if it is not said.
        task_id: always this task instead.
        viewport: (width, height) in CSS pixels.
        max_steps: actions after which the episode is truncated.
        render_mode: None or "rgb_array".
        browser: path of a Chromium; found by itself if None.
        record_network: a folder that gets an archive of what the network answered in each episode, for the suite
            "replay:FOLDER" (docs/live.md); None for no recording.

    Raises:
        NotFound: unknown suite, site, split or task; the message lists the nearest.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 2}  # noqa: RUF012 - declared so in gymnasium.Env

    def __init__(
        self,
        suite: str | TaskSuite = "local",
        site: str | None = None,
        split: str | None = None,
        task_id: str | None = None,
        viewport: tuple[int, int] = (1024, 768),
        max_steps: int = 15,
        render_mode: str | None = None,
        browser: str | None = None,
        record_network: str | Path | None = None,
    ) -> None:
        if render_mode not in (None, "rgb_array"):
            raise not_found("render mode", str(render_mode), ["rgb_array"])
        if max_steps < 1:
            raise ValueError(f"max_steps is {max_steps}; at least one step has to be allowed.")
        width, height = viewport
        if not (64 <= width <= 4096 and 64 <= height <= 4096):
            raise ValueError(f"The viewport is {width}x{height}; each side has to be from 64 to 4096 CSS pixels.")
        self.suite = load_suite(suite) if isinstance(suite, str) else suite
        if record_network is not None and self.suite.name.startswith("replay:"):
            raise ValueError("A replay asks no network, so there is none to record.")
        if site is not None and site not in self.suite.sites:
            raise not_found("site", site, self.suite.sites)
        if split is None:
            split = "train" if "train" in self.suite.splits else self.suite.splits[0]
        if split not in self.suite.splits:
            raise not_found("split", split, self.suite.splits)
        self._task_id = self.suite.task(task_id).id if task_id is not None else None
        self.site, self.split, self.max_steps, self.render_mode = site, split, max_steps, render_mode
        self.episode = RunningEpisode(self.suite, (width, height), max_steps, browser, record_network)
        self._move: Move | None = None
        self._started = 0.0
        self._closed = False
        self._seed = -1
        self._episode_seed = 0
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
        return self.episode.task

    @property
    def session(self) -> TaskSession:
        """The running episode. Raises EnvClosed where none is running."""
        return self.episode.session

    @property
    def view(self) -> PageView:
        """The page as last observed. Raises EnvClosed before the first reset."""
        return self.episode.view

    @property
    def prompt(self) -> Prompt:
        """What a proposer or embedder may know of the present state."""
        return self.episode.prompt

    @property
    def seed(self) -> int:
        """The seed of the last reset, -1 if it was given none; going along a branch is no reset."""
        return self._seed

    @property
    def episode_seed(self) -> int:
        """Decides what is drawn in the running episode; follows from the last seed and the resets since."""
        return self._episode_seed

    @property
    def taken(self) -> tuple[str, ...]:
        """The actions of the running episode so far, as text; what `branch` replays."""
        return tuple(self.episode.taken)

    def best_actions(self) -> tuple[Action, ...]:
        """The expert's next actions, equally good, the plainest first.

        Raises:
            NoExpert: there is no expert, or the task can no longer be completed.
        """
        return self.session.best_actions(self.view)

    def check_answer(self, answer: str) -> Outcome:
        """What the task's check would say of an answer given now; where there is an expert, checking has no effects.

        Raises:
            InfrastructureFailure: the check could not be made.
        """
        return browser_loop().run(self.session.check(self.view, answer), CHECK_DEADLINE)

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
        self.prepare(seed, options)
        arrival = self.arrive(self._browsed())
        return self.observe(), arrival.info

    def step(self, action: str) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Take an action: text of the grammar.

        Raises:
            EnvClosed: the environment was closed, never reset, or the episode is over.
        """
        self.intend(action)
        arrival = self.arrive(self._browsed())
        return self.observe(), *arrival

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
        seeds = self._seed, self._episode_seed
        observation, info = WebVoyagerEnv.reset(self, options={"task_id": self.task.id})
        self._seed, self._episode_seed = seeds
        result = (observation, 0.0, False, bool(info["failure"]), info)
        for number, action in enumerate(actions):
            if result[4]["failure"]:
                break
            if self.episode.over:
                raise ValueError(f"The episode ended with action {number} of {len(actions)}: {self.taken[-1]}")
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
        (result,) = together([self.episode.close()], CLOSE_DEADLINE + GRACE)
        self.episode.keep()
        if result is not None:
            gym.logger.warn(f"Closing the page: {result}")

    # `reset` and `step` in parts, so that the browser can work for several environments at the same time: first
    # `prepare` or `intend`, then `browse` on its loop, then `arrive` with what that came to, then `observe`.

    def prepare(self, seed: int | None, options: dict[str, Any] | None) -> None:
        """The part of `reset` before the browser's: the task is chosen."""
        self._started = time.perf_counter()
        if self._closed:
            raise EnvClosed("This environment was closed; make a new one.")
        super().reset(seed=seed)
        self._seed = seed if seed is not None else -1
        task_id = (options or {}).get("task_id", self._task_id)
        self._episode_seed = draw = int(self.np_random.integers(2**31))
        task = self.suite.task(task_id) if task_id is not None else self.suite.sample(draw, self.site, self.split)
        self.episode.start(task)
        self._move = None

    def intend(self, action: object, error: str = "") -> None:
        """The part of `step` before the browser's: the action is read.

        Args:
            error: why it is no action, if the caller knows.
        """
        self._started = time.perf_counter()
        if self._closed:
            raise EnvClosed("This environment was closed; make a new one.")
        if self.episode.over:
            raise EnvClosed("The episode is over; call reset() before the next step().")
        move = self.episode.read(action)
        self._move = dataclasses.replace(move, error=error) if error else move

    def browse(self) -> Coroutine[Any, Any, Played | None]:
        """The browser's part of what was prepared or intended. Raises InfrastructureFailure."""
        return self.episode.open() if self._move is None else self.episode.play(self._move)

    @property
    def deadline(self) -> float:
        """Seconds after which `browse` is given up, should the browser's loop not keep the deadlines itself."""
        return GRACE + (PLAY_DEADLINE if self._move is not None else 2 * OPEN_DEADLINE + CLOSE_DEADLINE)

    def arrive(self, browsed: Browsed) -> Arrival:
        """The part of `reset` or `step` after the browser's: the books are kept."""
        if self._move is None:
            assert not isinstance(browsed, Played)
            outcome = self.episode.opened(browsed)
        else:
            assert browsed is not None
            outcome = self.episode.played(self._move, browsed)
        terminated = outcome.done and not outcome.failure
        truncated = self._move is not None and self.episode.over and not terminated
        self._show_page()
        return Arrival(float(terminated and outcome.success), terminated, truncated, self._info(outcome))

    def observe(self) -> Observation:
        """The present state as an observation; its arrays are the caller's to keep."""
        # A copy: where an action changed nothing the view is the same.
        return {"screenshot": self.view.screenshot.copy(), **self._texts()}

    def _texts(self) -> Observation:
        """The present state without its picture."""
        view = self.view
        texts = {
            "goal": self.task.goal,
            "url": view.url,
            "title": view.title,
            "outline": view.outline,
            "last_error": self.episode.last_error,
        }
        return {
            **{name: clip(text, LENGTHS[name]) for name, text in texts.items()},
            "step": np.array(min(len(self.taken), self.max_steps), np.int64),
        }

    def _browsed(self) -> Browsed:
        return together([self.browse()], self.deadline)[0]

    def _show_page(self) -> None:
        self.action_space.show([(mark.role, mark.options) for mark in self.view.marks])  # type: ignore[attr-defined]

    def _info(self, outcome: Outcome) -> dict[str, Any]:
        page, action = self.episode.page, self._move.action if self._move is not None else None
        phases = dict(page.seconds) if page is not None else {}
        return {
            "task_id": self.task.id,
            "site": self.task.site,
            "split": self.task.split,
            "action": action.text if action is not None else "",
            "answer": action.argument if action is not None and action.kind == "answer" else "",
            "failure": outcome.failure,
            "success": outcome.success,
            "reason": outcome.reason,
            "judge": outcome.judge,
            **self.episode.notes,
            "timing": Measured({**phases, "total": time.perf_counter() - self._started}),
        }
