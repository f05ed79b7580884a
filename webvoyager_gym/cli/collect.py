"""`webvoyager-gym collect`: record what an agent does, and make a dataset of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from webvoyager_gym.cli.options import (
    Address,
    Cache,
    Embedder,
    EngineName,
    MaxSteps,
    NCandidates,
    Proposer,
    Tree,
    Workers,
    env_options,
    named_agent,
    named_engine,
)
from webvoyager_gym.cli.printing import Json
from webvoyager_gym.cli.tasks import SiteName, Suite


def collect(
    out: Annotated[
        str | None,
        typer.Option(help="Id of the dataset, <namespace>/<name>-v<number>.", show_default="the version after"),
    ] = None,
    append_to: Annotated[
        str | None, typer.Option(help="Id of a dataset; the new one holds its episodes, then a round of new ones.")
    ] = None,
    episodes: Annotated[int, typer.Option(min=1, help="How many, of a task each.")] = 200,
    suite: Suite = "local",
    site: SiteName = None,
    split: Annotated[str, typer.Option(help="Split of the tasks.")] = "train",
    validation_episodes: Annotated[
        int, typer.Option(min=0, help="How many on validation tasks besides, to measure on while training.")
    ] = 0,
    policy: Annotated[
        str,
        typer.Option(
            help="Who chooses: epsilon-greedy, first, random, best-of-q:PATH, softmax:T:AGENT, mixture:W*AGENT+…"
        ),
    ] = "epsilon-greedy",
    epsilon: Annotated[
        float | None, typer.Option(help="Of epsilon-greedy: how often it takes any candidate.", show_default="0.5")
    ] = None,
    proposer: Proposer = "pocket",
    embedder: Embedder = "same",
    n: NCandidates = 3,
    max_steps: MaxSteps = 15,
    cache: Cache = None,
    tree: Tree = None,
    record_network: Annotated[
        Path | None,
        typer.Option(help="Folder for an archive of each episode's network; --suite replay:FOLDER replays them."),
    ] = None,
    workers: Workers = 1,
    engine: EngineName = "processes",
    address: Address = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="Decides on the tasks and what is drawn.", show_default="0, or the round's number"),
    ] = None,
    screenshots: Annotated[bool, typer.Option(help="Record screenshots, about 0.2 MB a step.")] = True,
    as_json: Json = False,
) -> None:
    """Record an agent's episodes and make a dataset of them; run again after Ctrl-C, it goes on."""
    from webvoyager_gym.cli.recording import Plan, record
    from webvoyager_gym.data import load_dataset
    from webvoyager_gym.data.ids import ID, next_version

    if out is None and append_to is None:
        raise typer.BadParameter("Name the dataset to make with --out, or the one to add to with --append-to.")
    if append_to is not None and not re.fullmatch(ID, append_to):
        raise typer.BadParameter(f"{append_to!r} is no dataset id, and --append-to takes one.")
    out = next_version(append_to or "") if out is None else out
    if not re.fullmatch(ID, out):
        raise typer.BadParameter(
            f"{out!r} is no dataset id; write <namespace>/<name>-v<number>, such as local/demo-v0."
        )
    if policy == "epsilon-greedy":
        policy = f"epsilon-greedy:{0.5 if epsilon is None else epsilon}"
    elif epsilon is not None:
        raise typer.BadParameter(f"--epsilon belongs to the policy epsilon-greedy, not to {policy}.")
    if record_network is not None and (tree is not None or suite.startswith("replay:")):
        raise typer.BadParameter("--record-network needs pages of a network, which a tree and a replay do without.")
    agent, spread_over = named_agent(policy), named_engine(engine, address)
    parent = None if append_to is None else load_dataset(append_to)
    if seed is None:
        # A round of its own draws other tasks than those before it.
        seed = 0 if parent is None else len(parent.lineage) + 1
    plan = Plan(
        out=out,
        agent=agent,
        episodes=episodes,
        suite=suite,
        site=site,
        split=split,
        options=env_options(suite, proposer, embedder, n, max_steps, cache),
        seed=seed,
        validation=validation_episodes,
        screenshots=screenshots,
        tree=tree,
        parent=parent,
        record_network=record_network,
    )
    record(plan, workers=workers, engine=spread_over, as_json=as_json)
