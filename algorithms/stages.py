"""The rounds of an iteration, each in three stages: collect, train, evaluate.

A stage is done once what it makes is there, and that appears whole or not at all; so nothing else remembers how far an
iteration is, and whatever ends the process, the same call goes on in the middle of the stage that it was in.

    datasets/<id>                    the trajectories of all rounds so far
    round-<k>/q.safetensors, …       what was trained on them (`algorithms.training`)
    round-<k>/validation.json        the first proposal and the trained agent on the same validation tasks
    tree/                            every page that an evaluation has seen, which no later one opens again
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import algorithms.agent  # noqa: F401 - makes values:PATH known
from algorithms.configure import configure
from algorithms.iteration import Iteration
from algorithms.run import MODEL_FILE, Q_FILE, RECORD_FILE
from algorithms.training import EPOCH, Options, train
from webvoyager_gym import cli
from webvoyager_gym.agents import First, load_agent
from webvoyager_gym.cli.recording import make_dataset, planned, shards_of
from webvoyager_gym.data import Dataset, checksums
from webvoyager_gym.data.finalize import remove_unfinished
from webvoyager_gym.data.layout import VECTORS_FILE
from webvoyager_gym.data.recipes import LICENCE, Q
from webvoyager_gym.data.selection import Selection
from webvoyager_gym.evaluate import evaluate
from webvoyager_gym.result_file import load_result
from webvoyager_gym.results import EpisodeRow, Result
from webvoyager_gym.stats import Estimate
from webvoyager_gym.tasks import draw_tasks, load_suite

DATASETS, TREE, RESULT_FILE = "datasets", "tree", "validation.json"
SPLIT = "validation"
"""Of the tasks that rounds are evaluated on. The test split is for what is done with an iteration in the end."""


@dataclass(frozen=True)
class Round:
    """A round whose stages are done.

    Attributes:
        number: from 0.
        dataset: the trajectories of this round and of all before it.
        policy: who chose in this round's.
        training: train.json of what was trained on the dataset.
        checkpoint: what it chooses by.
        result: the first proposal and the trained agent on the validation tasks.
    """

    number: int
    dataset: Dataset
    policy: str
    training: Mapping[str, Any]
    checkpoint: Path
    result: Result

    @property
    def trajectories(self) -> Selection:
        """What the agent learnt from: the episodes on train tasks of this round and of all before it."""
        return self.dataset.where(split="train")

    @property
    def new_success(self) -> float:
        """Share of successes among the trajectories that this round added; nan if none of them counts."""
        new = self.trajectories.where(round=self.number)
        successes, failures = len(new.where(success=True)), len(new.where(success=False))
        return successes / (successes + failures) if successes + failures else math.nan

    @property
    def success(self) -> Estimate:
        """Of the trained agent."""
        return self.result.agents[1].success

    @property
    def uplift(self) -> Estimate:
        """Success of the trained agent less that of the first proposal, paired by task."""
        return self.result.differences[0].comparison.difference


@dataclass(frozen=True)
class Stages:
    """The stages of every round; each gives what it makes, and makes it only if it is not there.

    Attributes:
        iteration: what decides them.
        folder: where everything lies, for this process alone (`algorithms.iteration.begun`).
        workers: episodes at a time.
        tree: transition tree of the evaluations, an id or a folder; None for one in `folder`.
    """

    iteration: Iteration
    folder: Path
    workers: int = 1
    tree: str | None = None

    def place(self, number: int) -> Path:
        """The folder of what is trained and evaluated in a round."""
        return self.folder / f"round-{number}"

    def finish(self, number: int) -> Round:
        """Run the stages of a round that are not done, and give what came of all of them; those before must be done."""
        dataset = self.collect(number)
        training = self.train(number, dataset)
        result = self.evaluate(number)
        policy = str(dataset.metadata["webvoyager_gym"]["policy"])
        return Round(number, dataset, policy, training, self.checkpoint(number), result)

    def collect(self, number: int) -> Dataset:
        """The dataset with the trajectories of this round and of all before it, whose stages must be done."""
        recipe, root = self.iteration.recipe(number), self.folder / DATASETS
        target, shards = root / recipe.id, shards_of(root, recipe.id)
        remove_unfinished(target)
        if target.exists():
            shutil.rmtree(shards, ignore_errors=True)
            return Dataset(target)
        before = self.agent(number - 1) if recipe.needs_q else ""
        plan = planned(
            recipe,
            load_agent(recipe.policy.replace(Q, before)),
            self.iteration.env,
            parent=Dataset(root / recipe.parent) if recipe.parent else None,
            site=self.iteration.site,
            notes={"command": self.iteration.command, **({"licence": LICENCE} if self.iteration.size else {})},
        )
        return make_dataset(plan, root, workers=self.workers, label=f"round {number}: collect")

    def train(self, number: int, dataset: Dataset) -> dict[str, Any]:
        """What train.json says of the training on a round's dataset, from fresh weights."""
        place, iteration = self.place(number), self.iteration
        record = read_record(place)
        if not record.get("finished") or record["vectors_sha256"] != checksums.read(dataset.folder)[VECTORS_FILE]:
            config = configure(iteration.algo, iteration.settings)
            options = Options(resume=True, checkpoint_every=EPOCH)
            with cli.progress() as bars:
                train(dataset, config, iteration.steps, iteration.seed, out=place, progress=bars, options=options)
            record = read_record(place)
        return record

    def agent(self, number: int) -> str:
        """The name of the agent that a round trained, as `load_agent` takes it."""
        return agent_name(self.checkpoint(number))

    def checkpoint(self, number: int) -> Path:
        """The file that a round's agent chooses by: the Q-function's, or the algorithm's where it has none."""
        place = self.place(number)
        return place / (Q_FILE if (place / Q_FILE).exists() else MODEL_FILE)

    def evaluate(self, number: int) -> Result:
        """The first proposal and a round's agent on the validation tasks."""
        out = self.place(number) / RESULT_FILE
        if not out.exists():
            self._evaluate(number, out)
        # Read back even if it was made just now, so that its figures are rounded alike every time.
        return load_result(out)

    def _evaluate(self, number: int, out: Path) -> None:
        iteration, label = self.iteration, f"round {number}: evaluate"
        tasks = draw_tasks(load_suite("local"), iteration.validation_tasks, split=SPLIT, site=iteration.site, seed=0)
        with cli.progress() as bars:
            bar = bars.add_task(label, total=None)

            def show(done: int, total: int, last: EpisodeRow) -> None:
                bars.update(bar, total=total, completed=done, description=f"{label} ({last.agent})")

            evaluate(
                (First(), load_agent(self.agent(number))),
                tasks,
                env_options=iteration.env,
                out=out,
                workers=self.workers,
                progress=show,
                keep_screenshots=0,
                tree=self.tree or self.folder / TREE,
            )


def read_record(place: Path) -> dict[str, Any]:
    """What train.json in a folder says; empty if there is none yet."""
    path = place / RECORD_FILE
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return record


def agent_name(checkpoint: Path) -> str:
    """The agent that chooses by a checkpoint, as `load_agent` takes it."""
    return f"{'best-of-q' if checkpoint.name == Q_FILE else 'values'}:{checkpoint}"
