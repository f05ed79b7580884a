"""What was measured for a claim: how every episode of every arm ended and what it cost, on the same tasks and seeds.

T is the number of tasks, S of seeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leaderboards.claims.needs import Arm
from webvoyager_gym.results import EpisodeRow, failure_kind
from webvoyager_gym.stats import Bootstrap, Estimate

Floats = NDArray[np.float64]

ENDS = {
    "": "1",
    "no_good_candidate": "n",
    "good_not_chosen": "g",
    "out_of_steps": "o",
    "unknown": "u",
    "environment": "x",
}
"""A letter for each end of an episode: "1" for success, the others by `webvoyager_gym.results.failure_kind`."""
KINDS = {letter: kind for kind, letter in ENDS.items()}


@dataclass(frozen=True)
class Acted:
    """An arm and what came of it.

    Attributes:
        id, label, n, line, at: of the arm.
        agent: kind of the agent.
        ends: (T) a word a task, a letter of `ENDS` a seed.
        tokens: (T, S) read and written in each episode.
        learned: of a Q-function: what it learned from and how, as JSON; {} of agents that do not learn.
    """

    id: str
    label: str
    agent: str
    n: int
    line: str
    at: float
    ends: tuple[str, ...]
    tokens: Floats = field(repr=False)
    learned: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def letters(self) -> NDArray[np.str_]:
        """(T, S) letters of `ENDS`."""
        return np.array([list(word) for word in self.ends], dtype="<U1")

    @cached_property
    def success(self) -> Floats:
        """(T, S) 1 for success, 0 for failure, nan where the infrastructure failed."""
        cells: Floats = np.where(self.letters == ENDS["environment"], np.nan, (self.letters == "1").astype(float))
        return cells


@dataclass(frozen=True)
class Measured:
    """All arms of a claim.

    Attributes:
        tasks: (T) ids, which begin with their site.
        arms: on these tasks, with the same seeds each.
    """

    tasks: tuple[str, ...]
    arms: tuple[Acted, ...]

    def __getitem__(self, id: str) -> Acted:
        """The arm of that id. Raises KeyError."""
        return {arm.id: arm for arm in self.arms}[id]

    @cached_property
    def bootstrap(self) -> Bootstrap:
        """The resamples that everything said of these tasks is drawn on."""
        return Bootstrap([task.partition("/")[0] for task in self.tasks])

    @cached_property
    def rates(self) -> dict[str, Estimate]:
        """Success of every arm, by its id."""
        found = self.bootstrap.success_rates(np.stack([arm.success for arm in self.arms]))
        return {arm.id: rate for arm, rate in zip(self.arms, found, strict=True)}


def acted(
    arm: Arm, agent: str, tasks: Sequence[str], episodes: Sequence[EpisodeRow], learned: Mapping[str, Any]
) -> Acted:
    """What came of an arm.

    Args:
        agent: kind of the agent.
        tasks: ids, in the order that all arms have.
        episodes: one for each task and each of the seeds 0, 1, ….
    """
    rows = {(episode.task, episode.seed): episode for episode in episodes}
    seeds = range(max(seed for _, seed in rows) + 1)
    cells = [[rows[task, seed] for seed in seeds] for task in tasks]
    return Acted(
        id=arm.id,
        label=arm.label,
        agent=agent,
        n=arm.n,
        line=arm.line,
        at=arm.at,
        ends=tuple("".join(ENDS[failure_kind(episode)] for episode in row) for row in cells),
        tokens=np.array(
            [[each.cost.get("tokens_in", 0.0) + each.cost.get("tokens_out", 0.0) for each in row] for row in cells]
        ),
        learned=learned,
    )
