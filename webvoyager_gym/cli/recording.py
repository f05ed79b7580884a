"""Recording what an agent does, with its progress, and making a dataset of it: what several commands do."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typer

from webvoyager_gym.cli.printing import fail, print_json, progress
from webvoyager_gym.errors import WebVoyagerError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from webvoyager_gym.agents import Agent
    from webvoyager_gym.data import Dataset
    from webvoyager_gym.data.recipes import Recipe
    from webvoyager_gym.workers import Engine


VALIDATION = "validation"
VALIDATION_SEED = 500
"""Added to a plan's seed for its validation tasks, so that they are not those that agents are evaluated on."""


@dataclass(frozen=True)
class Plan:
    """What is recorded.

    Attributes:
        out: id of the dataset.
        agent: who chooses.
        episodes: how many, of a task each.
        suite, site, split: where the tasks are drawn from.
        validation: how many episodes there are on validation tasks besides.
        options: arguments of `BestOfQEnv`.
        seed: decides on the tasks and what is drawn.
        screenshots: whether to record them.
        tree: a transition tree to walk in and to grow: id, or folder.
        parent: the dataset that this one adds to.
        record_network: a folder for archives of the episodes' network.
        notes: what the metadata says besides.
    """

    out: str
    agent: Agent
    episodes: int
    suite: str
    site: str | Sequence[str] | None
    split: str
    options: Mapping[str, Any]
    seed: int
    validation: int = 0
    screenshots: bool = True
    tree: str | None = None
    parent: Dataset | None = None
    record_network: Path | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)


def planned(
    recipe: Recipe,
    agent: Agent,
    options: Mapping[str, Any],
    *,
    parent: Dataset | None,
    site: str | None = None,
    notes: Mapping[str, Any],
) -> Plan:
    """What a recipe says is recorded.

    Args:
        agent: who chooses by the recipe's policy.
        options: arguments of `BestOfQEnv`.
        parent: the dataset that the recipe adds to.
        site: tasks of this site only; all sites if None.
        notes: what the metadata says besides.
    """
    return Plan(
        out=recipe.id,
        agent=agent,
        episodes=recipe.episodes,
        suite="local",
        site=site,
        split="train",
        options=options,
        seed=recipe.seed,
        validation=recipe.validation,
        screenshots=recipe.screenshots,
        parent=parent,
        notes=notes,
    )


def record(plan: Plan, *, workers: int, engine: Engine[Any] | None, as_json: bool) -> None:
    """Record a plan's episodes, make a dataset of them and say so; run again after a break, it goes on."""
    from webvoyager_gym.data import datasets_folder

    out, root = plan.out, datasets_folder()
    target = root / out
    if target.exists():
        fail(f"There is a dataset {out} in {target} already, and datasets never change; raise the version in the id.")
    try:
        make_dataset(plan, root, workers=workers, engine=engine)
    except KeyboardInterrupt:
        print(
            f"Interrupted; what was finished is kept in {shards_of(root, out)}, and the same command goes on with it.",
            file=sys.stderr,
        )
        raise typer.Exit(130) from None
    tell(out, as_json=as_json)
    if not as_json:
        print(f"Train on it with: python -m algorithms.train --dataset {out}")


def make_dataset(
    plan: Plan, root: Path, *, workers: int, engine: Engine[Any] | None = None, label: str = "collect"
) -> Dataset:
    """Record a plan's episodes and make a dataset of them, with progress; called again after a break, it goes on.

    Args:
        root: folder of datasets.
        label: what the progress bar is called.

    Raises:
        WebVoyagerError: no episode could be run to its end, or as `collect` and `finalize` do.
    """
    from webvoyager_gym.collect import Tally, collect, recorded_models
    from webvoyager_gym.identity import identity
    from webvoyager_gym.tasks import draw_tasks, load_suite

    shards = shards_of(root, plan.out)
    suite = load_suite(plan.suite)
    tasks = draw_tasks(suite, plan.episodes, split=plan.split, site=plan.site, seed=plan.seed)
    tasks += draw_tasks(suite, plan.validation, split=VALIDATION, site=plan.site, seed=plan.seed + VALIDATION_SEED)
    with progress() as bars:
        bar = bars.add_task(label, total=None)

        def show(tally: Tally) -> None:
            counts = f"{tally.successes} succeeded, {tally.failures} failed to run, {tally.steps} steps"
            bars.update(bar, total=tally.planned, completed=tally.episodes, description=f"{label} ({counts})")

        tally = collect(
            tasks,
            plan.agent,
            shards,
            env_options=plan.options,
            workers=workers,
            engine=engine,
            seed=plan.seed,
            screenshots=plan.screenshots,
            tree=plan.tree,
            record_network=plan.record_network,
            drawn_by={"split": plan.split, "site": identity(plan.site)},
            progress=show,
        )
    if tally.episodes and tally.failures == tally.episodes:
        raise WebVoyagerError(
            f"Every episode was ended by what it runs on, the first so: {_reason(shards)} Mend it and run this again."
        )
    made = {
        "policy": plan.agent.name,
        "epsilon": getattr(plan.agent, "epsilon", 0.0),
        "split": plan.split,
        "validation_episodes": plan.validation,
        "site": plan.site,
        "seed": plan.seed,
    }
    metadata = {**made, **plan.options, **recorded_models(shards), **plan.notes}
    return merge(shards, root / plan.out, plan.out, metadata, plan.parent)


def shards_of(root: Path, id: str) -> Path:
    """Where the episodes of a dataset lie, in a folder of datasets, until it is whole."""
    return root / ".shards" / id


def merge(shards: Path, target: Path, out: str, metadata: Mapping[str, Any], parent: Dataset | None = None) -> Dataset:
    """Make a dataset of a folder of shards, with a progress bar, and remove them."""
    from webvoyager_gym.data import finalize

    with progress() as bars:
        bar = bars.add_task("merge", total=None)

        def show(done: int, total: int) -> None:
            bars.update(bar, completed=done, total=total)

        dataset = finalize(shards, target, id=out, metadata=metadata, parent=parent, progress=show)
    shutil.rmtree(shards)
    return dataset


def tell(out: str, *, as_json: bool) -> None:
    """Say what a dataset that was just made holds."""
    from webvoyager_gym.data import load_dataset

    if as_json:
        from webvoyager_gym.cli.datasets import describe

        print_json(describe(out))
    else:
        dataset = load_dataset(out)
        steps = dataset.metadata["total_steps"]
        print(f"{out}: {len(dataset)} episodes with {steps} steps, in {dataset.folder}")


def _reason(shards: Path) -> str:
    from webvoyager_gym.data import read_shards

    return str(next(read_shards(shards)).extra.get("reason", ""))
