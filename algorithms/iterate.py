"""Collect, train, collect around what was learnt, train on everything: `python -m algorithms.iterate --rounds 3`.

Best-of-Q's own loop (arXiv 2601.22701, section 4). Round 0 is recorded around the VLM's first choice, every further one
around the Q-function that was trained on all rounds before it. After each training the agent meets the first
proposal on the same validation tasks; test tasks are never touched. What a round leaves where is said in
`algorithms.stages`, and what all of them found, in `algorithms.iteration_report`.

Whatever ends it, Ctrl-C or `kill -9`, the same command goes on, and does nothing twice that was done; with more rounds,
it adds to those that are there.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from algorithms.command import run
from algorithms.configure import configure
from algorithms.iteration import Iteration, begun
from algorithms.iteration_report import COLUMNS, PAGE_FILE, table_rows, write_report
from algorithms.options import Algo, Settings, Updates
from algorithms.stages import Round, Stages
from webvoyager_gym import cli
from webvoyager_gym.cli.options import Embedder, MaxSteps, NCandidates, Proposer, Workers
from webvoyager_gym.cli.tasks import SiteName
from webvoyager_gym.errors import NotFound


def iterate(stages: Stages, last: int) -> tuple[list[Round], dict[str, Any]]:
    """Run rounds 0 to `last`, or what is missing of them; the report is written after every one.

    Returns:
        The rounds, and the report as JSON.

    Raises:
        WebVoyagerError: the folder was begun with other settings, or a stage fails.
    """
    done: list[Round] = []
    with begun(stages.folder, stages.iteration):
        for number in range(last + 1):
            done.append(stages.finish(number))
            report = write_report(stages.iteration, done, stages.folder)
    return done, report


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help="Alternate collecting and training; evaluate every round; write a table and a plot.")
def command(
    rounds: Annotated[int, typer.Option(min=1, help="So many around a Q-function, after one around the VLM.")] = 3,
    episodes: Annotated[int, typer.Option(min=1, help="New ones in every round.")] = Iteration.episodes,
    n: NCandidates = Iteration.n,
    algo: Algo = Iteration.algo,
    setting: Settings = None,
    steps: Updates = Iteration.steps,
    seed: Annotated[int, typer.Option(min=0, help="Of weights, tasks and exploration.")] = Iteration.seed,
    proposer: Proposer = Iteration.proposer,
    embedder: Embedder = Iteration.embedder,
    max_steps: MaxSteps = Iteration.max_steps,
    site: SiteName = Iteration.site,
    validation_tasks: Annotated[
        int, typer.Option(min=1, help="Tasks that every round is evaluated on.")
    ] = Iteration.validation_tasks,
    tree: Annotated[
        str | None,
        typer.Option(
            help="Transition tree of the evaluations: id, or folder; what it knows needs no browser.",
            show_default="a folder in --out",
        ),
    ] = None,
    workers: Workers = 1,
    out: Annotated[Path, typer.Option(help="Folder to write to, or to go on in.")] = Path("runs/iterate"),
    as_json: cli.Json = False,
) -> None:
    try:
        configure(algo, setting or [])
    except (NotFound, ValueError) as error:
        raise typer.BadParameter(str(error)) from error
    if embedder == "none":
        raise typer.BadParameter("What is trained reads embeddings; name an --embedder.")
    iteration = Iteration(
        episodes, algo, tuple(setting or ()), steps, seed, n, proposer, embedder, max_steps, site, validation_tasks
    )
    try:
        done, report = iterate(Stages(iteration, out, workers, tree), rounds)
    except KeyboardInterrupt:
        print(
            f"Interrupted; what was finished is kept in {out}, and the same command goes on with it.", file=sys.stderr
        )
        raise typer.Exit(130) from None
    if as_json:
        cli.print_json(report)
        return
    cli.print_table(COLUMNS, table_rows(done))
    print(done[-1].result.differences[0].sentence)
    print(f"Table and plot are in {out / PAGE_FILE}.")


def main() -> NoReturn:
    """Run the command."""
    run(app)


if __name__ == "__main__":
    main()
