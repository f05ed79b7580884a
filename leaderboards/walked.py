"""How many steps a transition tree saves: those that somebody took before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from leaderboards.run import Run
from webvoyager_gym.report import wording


@dataclass
class Walked:
    """How often steps were taken in a transition tree, and how many different ones there are.

    What nobody had done before cost a browser and the models, everything else a look into the tree. First pages count
    as steps.

    Attributes:
        steps: all that were taken.
        ways: hashes of the different (task, actions so far).
    """

    steps: int = 0
    ways: set[int] = field(default_factory=set)

    def walk(self, task: str, actions: Sequence[Hashable]) -> None:
        """Count an episode."""
        way = hash(task)
        self.ways.add(way)
        for action in actions:
            way = hash((way, action))
            self.ways.add(way)
        self.steps += 1 + len(actions)


def walked_by(runs: Iterable[Run]) -> list[Walked]:
    """The steps of runs, a tree for each VLM: with the same VLM the same choices lead to the same pages."""
    trees: dict[tuple[object, ...], Walked] = defaultdict(Walked)
    for run in runs:
        made_with = run.made_with
        vlm = (made_with.get("proposer"), made_with.get("proposer_sha256"), made_with.get("n_candidates"))
        for episode in run.episodes:
            trees[vlm].walk(episode.task, [step.chosen for step in episode.trace])
    return list(trees.values())


def steps_of(trees: Iterable[Walked]) -> tuple[int, int]:
    """Steps that were taken in transition trees, and how many of them nobody had taken before."""
    walks = list(trees)
    return sum(each.steps for each in walks), sum(len(each.ways) for each in walks)


def saved_text(trees: Iterable[Walked]) -> str:
    """What the transition trees saved."""
    steps, new = steps_of(trees)
    known = 1 - new / steps if steps else 0.0
    return f"Of {steps:,} steps {new:,} were walked in a browser; the trees knew the other {wording.percent(known)}."
