"""What a run has to be to stand on a board, as PROTOCOL.md says it in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from webvoyager_gym.tasks.frozen import checksum, frozen_tasks

TrackName = Literal["rollout", "live"]
TRACKS: tuple[TrackName, ...] = ("rollout", "live")
"""The tracks whose runs are episodes; runs of the track `selection` are scores (`leaderboards.selection`)."""

SEEDS = 5
"""Seeds of a run: 0 to 4. A method that learns trains once for each of them."""
MAX_STEPS = 15
"""Actions after which an episode is broken off, as in WebVoyager."""
BASELINE = "first"
"""Id of the run that all others of the rollout board are compared with: the VLM's own first choice."""
ALWAYS_THERE = ("first", "random", "majority", "vlm-selector", "oracle-of-n")
"""Ids of the runs that the rollout board is not complete without."""
CEILING = "oracle-of-n"
"""Id of the run that asks the expert; it is no method, and no test is made of it."""
LEARNED = {"best-of-q": "q.safetensors", "values": "model.safetensors"}
"""Kinds of agents that learn, and the file of a training that each acts by."""
SIGNIFICANT = 0.05
"""p-values below it, after Holm's correction, count as a difference shown."""
MOST_INFRASTRUCTURE = 0.05
"""The largest share of episodes that the infrastructure may have failed."""
MOST_CONTRADICTIONS = 0.02
"""The largest share of episodes in which a run may contradict another; more than none, since processors round
differently and a close call of the VLM may fall the other way."""
KEPT_EPISODES = 15
"""How many episodes of a run are kept at full length, for looking at."""

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
"""Where the runs are, a folder for each track."""


@dataclass(frozen=True, slots=True)
class TaskList:
    """The tasks of a run.

    Attributes:
        suite, split: as `webvoyager-gym evaluate` takes them.
        version: of a list that changes with time, as that of the live track does; "" for one that is frozen.
        sha256: of the list; of the frozen one as its file has it, of others see `ids_sha256`.
        count: how many tasks.
    """

    suite: str
    split: str
    version: str
    sha256: str
    count: int


def frozen_list() -> TaskList:
    """The list of the track `rollout`: the frozen test split of the local suite."""
    tasks = frozen_tasks()
    return TaskList("local", "test", "", checksum(tasks), len(tasks))
