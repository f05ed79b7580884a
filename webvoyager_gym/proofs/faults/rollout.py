"""A vector rollout on the local suite that looks at every step whether what it is told makes sense."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.collect import webp
from webvoyager_gym.data import Recorder
from webvoyager_gym.proofs.wanderer import Wanderer
from webvoyager_gym.types import Episode, Step
from webvoyager_gym.vector import BestOfQVectorEnv

MAX_STEPS = 6
"""Actions of an episode at most."""
VIEWPORT = (640, 480)


@dataclass(frozen=True, slots=True, eq=False)
class Stepped:
    """What a step came to.

    Attributes:
        began: (K,) bool, which environments it reset.
        over: (K,) bool, whose episodes are over now.
        failures: of each, the part that failed or "".
        reasons: of each, what was said of it.
        mistakes: sentences, one for each thing that should never be said.
        ended: the episodes that are over now.
    """

    began: NDArray[np.bool_]
    over: NDArray[np.bool_]
    failures: tuple[str, ...]
    reasons: tuple[str, ...]
    mistakes: tuple[str, ...]
    ended: tuple[Episode, ...]


class Rollout:
    """Pages that a wanderer walks on, one step after another.

    Attributes:
        envs: the environment.
        pace: seconds of a usual step.
        recorded: episodes recorded in the present folder.

    Args:
        shards: a folder to record in; see `new_folder`.
    """

    def __init__(self, num_envs: int, seed: int, shards: Path, **arguments: Any) -> None:
        options: dict[str, Any] = {"max_steps": MAX_STEPS, "viewport": VIEWPORT, **arguments}
        self.envs = BestOfQVectorEnv(num_envs, proposer=Wanderer(seed), embedder=None, **options)
        self.pace = 0.0
        self._random = np.random.default_rng(seed)
        self._shards, self._folder = shards, 0
        self.recorder = Recorder(self.folder)
        self.recorded = 0
        _, infos = self.envs.reset(seed=seed)
        self._mask: NDArray[np.int8] = infos["action_mask"]
        self._failures = tuple(map(str, infos["failure"]))
        self._over = np.zeros(num_envs, np.bool_)

    @property
    def folder(self) -> Path:
        """Where episodes are recorded now."""
        return self._shards / str(self._folder)

    def step(self) -> Stepped:
        """Take a step on every page; the caller records the episodes that end."""
        began, started = self._over, time.monotonic()
        drawn = self._random.random(self._mask.shape) * np.maximum(self._mask, 1e-9)
        _, rewards, terminations, truncations, infos = self.envs.step(drawn.argmax(1))
        failures = tuple(map(str, infos["failure"]))
        mistakes = []
        for at, failure in enumerate(failures):
            before = self._failures[at] if not began[at] else ""
            said = f"{failure or 'no failure'}: {infos['reason'][at]}"
            if failure and (rewards[at] or terminations[at] or infos["success"][at]):
                mistakes.append(f"A failure was scored ({said}).")
            if failure and not began[at] and not truncations[at]:
                mistakes.append(f"A failure did not truncate the episode ({said}).")
            if before and failure != before:
                mistakes.append(f"An episode that could not begin ({before}) ended otherwise ({said}).")
        self._mask, self._failures, self._over = infos["action_mask"], failures, terminations | truncations
        ended = [self._episode(int(at), infos) for at in np.flatnonzero(self._over)]
        if not any(failures) and not began.any():
            spent = time.monotonic() - started
            self.pace = spent if not self.pace else 0.9 * self.pace + 0.1 * spent
        return Stepped(began, self._over, failures, tuple(map(str, infos["reason"])), tuple(mistakes), tuple(ended))

    def record(self, stepped: Stepped) -> None:
        """Record the episodes that ended. Raises NotWritten."""
        for episode in stepped.ended:
            self.recorder.write(episode)
            self.recorded += 1

    def new_folder(self) -> None:
        """Record in a new folder from now on."""
        self.recorder.close()
        self._folder += 1
        self.recorder, self.recorded = Recorder(self.folder), 0

    def close(self) -> None:
        """Close all pages and let go of the recording."""
        self.envs.close()
        self.recorder.close()

    def _episode(self, at: int, infos: dict[str, Any]) -> Episode:
        """The end of an episode: what was seen last."""
        env: BestOfQEnv = self.envs.envs[at]
        none = np.zeros(0, np.float16)
        view, failure = env.view, infos["failure"][at]
        last = Step(view.url, view.title, view.outline, "", webp(view.screenshot), (), none, none.reshape(0, 0))
        success = bool(infos["success"][at]) and not failure
        task = env.task
        return Episode(task.id, task.site, task.split, task.goal, env.seed, (last,), success, failure)
