"""Evaluate a method by the protocol: `python -m leaderboards.evaluate --agent first --id first --name "First choice"`.

All 643 test tasks with five seeds, each seed with a model of its own where the method learns. Runs share a transition
tree, so that each state is walked to once, whichever method comes to it first (docs/tree.md). Ctrl-C keeps what was
finished, and the same command goes on with it. Written are the run for the board, a few episodes at full length, and
the full result, which is too large to commit and whose checksum the run keeps.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from leaderboards.command_line import run_app
from leaderboards.distil import distil, worth_looking_at, write_run
from leaderboards.protocol import LEARNED, MAX_STEPS, SEEDS, TaskList, frozen_list
from leaderboards.run import ID, About, ids_sha256
from webvoyager_gym import cli
from webvoyager_gym.agents import Agent, Choice
from webvoyager_gym.cli.evaluate import print_result
from webvoyager_gym.cli.options import (
    Address,
    Cache,
    Embedder,
    EngineName,
    NCandidates,
    Proposer,
    Workers,
    env_options,
    named_agent,
    named_engine,
)
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.results import EpisodeRow

if TYPE_CHECKING:
    from webvoyager_gym.best_of_q import BestOfQEnv

OUT = Path("runs/leaderboards/rollout")
SEED = "{seed}"
"""Stands, in an agent's name, for the number of the seed."""


@dataclass(frozen=True)
class PerSeed:
    """A method that trains once for each seed: the agent of a seed acts in that seed's episodes."""

    agents: tuple[Agent, ...]
    name: str

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        return self.agents[env.seed].choose(env, random)


@dataclass(frozen=True, slots=True)
class Method:
    """What a text such as "best-of-q:runs/iql-{seed}/q.safetensors" names.

    Attributes:
        agent: who acts, under the id of the run.
        kind: of the agent.
        paths: of what was trained, one file for each seed.
    """

    agent: Agent
    kind: str
    paths: tuple[Path, ...]


def method(text: str, id: str, seeds: int = SEEDS) -> Method:
    """The method that a text names.

    Raises:
        NotFound, InvalidFile: there is no such agent, or no such file.
        ValueError: it learns, and one model is given for all seeds.
    """
    kind, _, rest = text.partition(":")
    if kind in LEARNED and SEED not in rest:
        raise ValueError(
            f"{text} is one model for {seeds} seeds; train one for each and write {SEED} where their paths differ, as "
            f"in {kind}:runs/iql-{SEED}/{LEARNED[kind]}."
        )
    if kind == "values":
        import algorithms.agent  # noqa: F401 - makes it known
    texts = [text.replace(SEED, str(seed)) for seed in range(seeds)]
    paths = tuple(Path(each.partition(":")[2]) for each in texts) if kind in LEARNED else ()
    return Method(PerSeed(tuple(named_agent(each) for each in texts), id), kind, paths)


def task_list(ids: Sequence[str]) -> TaskList:
    """The frozen list, or what says that only some of it was run."""
    whole = frozen_list()
    if len(ids) == whole.count:
        return whole
    return TaskList(whole.suite, whole.split, "a trial", ids_sha256(ids), len(ids))


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help="Evaluate a method by the protocol of the rollout track; run again after Ctrl-C, it goes on.")
def command(
    agent: Annotated[
        str,
        typer.Option(
            help=f"first, random, majority, …; best-of-q:PATH or values:PATH with {SEED} in it.", show_default=False
        ),
    ],
    id: Annotated[str, typer.Option(help="Name of the run's file: lower case, digits, hyphens.", show_default=False)],
    name: Annotated[str, typer.Option(help="As tables show it.", show_default="the id")] = "",
    description: Annotated[str, typer.Option(help="One sentence.")] = "",
    tasks: Annotated[
        int | None,
        typer.Option(min=1, help="A trial on so many tasks; no run for the board.", show_default="all 643"),
    ] = None,
    proposer: Proposer = "pocket",
    embedder: Embedder = "same",
    n: NCandidates = 3,
    cache: Cache = None,
    tree: Annotated[
        str | None,
        typer.Option(
            help="Transition tree that all runs share: id, or folder; what it knows needs no browser.",
            show_default="a folder in --out",
        ),
    ] = None,
    workers: Workers = 1,
    engine: EngineName = "processes",
    address: Address = None,
    out: Annotated[Path, typer.Option(help="Folder for the run and the full result.")] = OUT,
    as_json: cli.Json = False,
) -> None:
    from webvoyager_gym.evaluate import evaluate, in_turn
    from webvoyager_gym.tasks import load_suite

    if not ID.fullmatch(id):
        raise typer.BadParameter(f"--id {id!r} has to be up to 40 lower-case letters, digits and hyphens.")
    try:
        named = method(agent, id)
    except WebVoyagerError:
        raise
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    whole = frozen_list()
    chosen = in_turn(list(load_suite(whole.suite).tasks(split=whole.split)))[:tasks]
    full = out / "full" / f"{id}.json"
    with cli.progress() as bars:
        bar = bars.add_task(f"evaluate {id}", total=len(chosen) * SEEDS)

        def show(done: int, total: int, last: EpisodeRow) -> None:
            bars.update(bar, total=total, completed=done)

        try:
            result = evaluate(
                [named.agent],
                chosen,
                seeds=SEEDS,
                env_options=env_options(whole.suite, proposer, embedder, n, MAX_STEPS, cache),
                out=full,
                workers=workers,
                engine=named_engine(engine, address),
                tree=tree or out / "tree",
                progress=show,
                keep_screenshots=0,
            )
        except KeyboardInterrupt:
            bars.stop()
            print(
                f"Interrupted; what was finished is kept beside {full}, and the same command goes on with it.",
                file=sys.stderr,
            )
            raise typer.Exit(130) from None
    about = About(id, name or id, description, "", datetime.now(UTC).strftime("%Y-%m-%d"))
    run = distil(result, id, about, named.kind, task_list([task.id for task in chosen]), full, named.paths)
    path = write_run(run, worth_looking_at(result, id, id), out)
    if as_json:
        cli.print_json({"run": str(path), "result": str(full), "success": run.summary.success.value})
    else:
        print_result(result)
        print(f"The run is {path}, the full result {full}. Add it: python -m leaderboards.submit {path} --name …")


if __name__ == "__main__":
    run_app(app)
