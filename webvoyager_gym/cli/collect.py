"""`webvoyager-gym collect`: record what an agent does, and make a dataset of it."""

from __future__ import annotations

import re
import shutil
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webvoyager_gym.cli.options import (
    Address,
    Cache,
    Embedder,
    EngineName,
    MaxSteps,
    NCandidates,
    Proposer,
    Workers,
    env_options,
    named_agent,
    named_engine,
)
from webvoyager_gym.cli.printing import Json, fail, print_json, progress
from webvoyager_gym.cli.tasks import SiteName, Suite

if TYPE_CHECKING:
    from pathlib import Path

    from webvoyager_gym.data import Dataset


def collect(
    out: Annotated[str, typer.Option(help="Id of the dataset, <namespace>/<name>-v<number>.", show_default=False)],
    episodes: Annotated[int, typer.Option(min=1, help="How many, of a task each.")] = 200,
    suite: Suite = "local",
    site: SiteName = None,
    split: Annotated[str, typer.Option(help="Split of the tasks.")] = "train",
    policy: Annotated[
        str, typer.Option(help="Who chooses: epsilon-greedy, first, random, best-of-q:PATH, …")
    ] = "epsilon-greedy",
    epsilon: Annotated[
        float | None, typer.Option(help="Of epsilon-greedy: how often it takes any candidate.", show_default="0.5")
    ] = None,
    proposer: Proposer = "pocket",
    embedder: Embedder = "same",
    n: NCandidates = 3,
    max_steps: MaxSteps = 15,
    cache: Cache = None,
    workers: Workers = 1,
    engine: EngineName = "processes",
    address: Address = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides on the tasks and what is drawn.")] = 0,
    screenshots: Annotated[bool, typer.Option(help="Record screenshots, about 0.2 MB a step.")] = True,
    as_json: Json = False,
) -> None:
    """Record an agent's episodes and make a dataset of them; run again after Ctrl-C, it goes on."""
    from webvoyager_gym.collect import Tally, draw_tasks
    from webvoyager_gym.collect import collect as run
    from webvoyager_gym.data import datasets_folder
    from webvoyager_gym.data.dataset import ID
    from webvoyager_gym.tasks import load_suite

    if not re.fullmatch(ID, out):
        raise typer.BadParameter(
            f"{out!r} is no dataset id; write <namespace>/<name>-v<number>, such as local/demo-v0."
        )
    if policy == "epsilon-greedy":
        policy = f"epsilon-greedy:{0.5 if epsilon is None else epsilon}"
    elif epsilon is not None:
        raise typer.BadParameter(f"--epsilon belongs to the policy epsilon-greedy, not to {policy}.")
    agent = named_agent(policy)
    spread_over = named_engine(engine, address)
    target, shards = datasets_folder() / out, datasets_folder() / ".shards" / out
    if target.exists():
        fail(f"There is a dataset {out} in {target} already, and datasets never change; raise the version in the id.")
    tasks = draw_tasks(load_suite(suite), episodes, split=split, site=site, seed=seed)
    options = env_options(suite, proposer, embedder, n, max_steps, cache)
    with progress() as bars:
        bar = bars.add_task("collect", total=None)

        def show(tally: Tally) -> None:
            counts = f"{tally.successes} succeeded, {tally.failures} failed to run, {tally.steps} steps"
            bars.update(bar, total=tally.planned, completed=tally.episodes, description=f"collect ({counts})")

        try:
            tally = run(
                tasks,
                agent,
                shards,
                env_options=options,
                workers=workers,
                engine=spread_over,
                seed=seed,
                screenshots=screenshots,
                progress=show,
            )
        except KeyboardInterrupt:
            bars.stop()
            print(
                f"Interrupted; what was finished is kept in {shards}, and the same command goes on with it.",
                file=sys.stderr,
            )
            raise typer.Exit(130) from None
    if tally.episodes and tally.failures == tally.episodes:
        fail(f"Every episode was ended by what it runs on, the first so: {_reason(shards)} Mend it and run this again.")
    made = {"policy": agent.name, "epsilon": getattr(agent, "epsilon", 0.0), "split": split, "site": site, "seed": seed}
    dataset = _finalize(shards, target, out, made | options)
    shutil.rmtree(shards)
    if as_json:
        from webvoyager_gym.cli.datasets import describe

        print_json(describe(out))
    else:
        steps = dataset.metadata["total_steps"]
        print(f"{out}: {len(dataset)} episodes with {steps} steps, in {dataset.folder}")
        print(f"Train on it with: python -m algorithms.train --dataset {out}")


def _reason(shards: Path) -> str:
    from webvoyager_gym.data import read_shards

    return str(next(read_shards(shards)).extra.get("reason", ""))


def _finalize(shards: Path, target: Path, out: str, metadata: dict[str, Any]) -> Dataset:
    """Make the dataset, with the names that the models give themselves in its metadata."""
    from webvoyager_gym.collect import recorded_models
    from webvoyager_gym.data import finalize

    return finalize(shards, target, id=out, metadata=metadata | recorded_models(shards))
