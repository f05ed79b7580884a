"""Where the runs of claims are made, and what each took."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.progress import Progress

from leaderboards.claims.claim import Trial
from leaderboards.run import digest
from leaderboards.walked import Walked


@dataclass(frozen=True, slots=True)
class Stage:
    """Something that was made.

    Attributes:
        kind: "collect", "train", "evaluate" or "iterate".
        words: what it is.
        seconds: how long it took.
        found: whether it was there already, whole.
    """

    kind: str
    words: str
    seconds: float
    found: bool


@dataclass
class Bench:
    """What the runs of claims have in common, and a book of them.

    Attributes:
        folder: where they lie; whatever was finished there is not made again.
        trial: how claims are tried out.
        workers: browsers at a time.
        bars: shows how far each is.
        stages: what was made, in order.
        trees: steps by tree.
    """

    folder: Path
    trial: Trial
    workers: int
    bars: Progress
    stages: list[Stage] = field(default_factory=list)
    trees: dict[str, Walked] = field(default_factory=dict)
    _counted: set[str] = field(default_factory=set)

    @contextmanager
    def stage(self, kind: str, words: str, found: bool = False) -> Iterator[None]:
        """Something that is made in the block; it is said on the display how long it took."""
        started = time.monotonic()
        yield
        seconds = time.monotonic() - started
        stage = Stage(kind, words, seconds, found)
        if not (found and any((each.kind, each.words) == (kind, words) for each in self.stages)):
            self.stages.append(stage)
            took = "there already" if found else f"{seconds:.0f} s"
            self.bars.console.print(f"{kind} {words}: {took}", markup=False, highlight=False, soft_wrap=True)

    def env_options(self, n: int, embedder: str) -> dict[str, Any]:
        """Arguments of `BestOfQEnv`."""
        return {
            "suite": "local",
            "proposer": self.trial.proposer,
            "embedder": embedder,
            "n_candidates": n,
            "max_steps": self.trial.size.max_steps,
        }

    def tree(self, options: Mapping[str, Any]) -> Path:
        """The transition tree of these options; all that act with them walk in it."""
        return self.folder / "trees" / f"n{options['n_candidates']}-{key_of(options)}"

    def count(self, tree: Path, run: str, episodes: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Count the steps of a run, once.

        Args:
            episodes: (task, actions) of each.
        """
        if run not in self._counted:
            self._counted.add(run)
            walked = self.trees.setdefault(tree.name, Walked())
            for task, actions in episodes:
                walked.walk(task, actions)


def key_of(settings: Mapping[str, Any]) -> str:
    """A short name for settings, another for others."""
    return digest(settings)[:12]
