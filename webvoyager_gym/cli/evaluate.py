"""`webvoyager-gym evaluate`: agents on the same tasks, and how sure one can be of what comes of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    named_agents,
    named_engine,
)
from webvoyager_gym.cli.printing import Json, fail, print_json, progress
from webvoyager_gym.cli.tasks import SiteName, Suite

if TYPE_CHECKING:
    from webvoyager_gym.results import EpisodeRow, Result


def evaluate(
    agent: Annotated[
        list[str],
        typer.Option(help="first, random, best-of-q:PATH, oracle-of-n, …; repeatable, the first is compared with."),
    ] = ["first", "random", "oracle-of-n"],  # noqa: B006 - typer reads the default and never hands it out
    tasks: Annotated[
        str, typer.Option(help="How many tasks, drawn by --seed from all sites; all for a split that is a list.")
    ] = "60",
    suite: Suite = "local",
    site: SiteName = None,
    split: Annotated[str, typer.Option(help="Split of the tasks.")] = "test",
    seeds: Annotated[int, typer.Option(min=1, help="Episodes of each agent on each task.")] = 1,
    proposer: Proposer = "pocket",
    embedder: Embedder = "same",
    n: NCandidates = 3,
    max_steps: MaxSteps = 15,
    cache: Cache = None,
    tree: Tree = None,
    workers: Workers = 1,
    engine: EngineName = "processes",
    address: Address = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides on the tasks.")] = 0,
    out: Annotated[Path, typer.Option(help="File for the result; the page goes beside it.")] = Path(
        "runs/evaluation.json"
    ),
    force: Annotated[bool, typer.Option("--force", help="Replace a result that is there.")] = False,
    as_json: Json = False,
) -> None:
    """Evaluate agents on the same tasks and write the result and a page; run again after Ctrl-C, it goes on."""
    from webvoyager_gym.evaluate import evaluate as run
    from webvoyager_gym.report import write_page
    from webvoyager_gym.result_file import result_json
    from webvoyager_gym.tasks import draw_tasks, load_suite

    if out.exists() and not force:
        fail(f"There is a result in {out} already; name another with --out, or replace it with --force.")
    agents = named_agents(agent)
    spread_over = named_engine(engine, address)
    try:
        drawn = draw_tasks(load_suite(suite), _count(tasks), split=split, site=site, seed=seed)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    options = env_options(suite, proposer, embedder, n, max_steps, cache)
    with progress() as bars:
        bar = bars.add_task("evaluate", total=len(agents) * len(drawn) * seeds)

        def show(done: int, total: int, last: EpisodeRow) -> None:
            bars.update(bar, total=total, completed=done, description=f"evaluate ({last.agent})")

        try:
            result = run(
                agents,
                drawn,
                seeds=seeds,
                env_options=options,
                out=out,
                workers=workers,
                engine=spread_over,
                tree=tree,
                progress=show,
            )
        except KeyboardInterrupt:
            bars.stop()
            print(
                f"Interrupted; what was finished is kept beside {out}, and the same command goes on with it.",
                file=sys.stderr,
            )
            raise typer.Exit(130) from None
    page = write_page(result, out.with_suffix(".html"))
    if as_json:
        document = result_json(result)
        del document["episodes"]
        print_json(document | {"result": str(out), "page": str(page)})
    else:
        print_result(result)
        print(f"The result is {out}, the page {page}.")


def _count(tasks: str) -> int | None:
    """How many tasks a text asks for; None for all. Raises ValueError."""
    if tasks == "all":
        return None
    if not tasks.isdecimal() or int(tasks) < 1:
        raise ValueError(f"--tasks takes a number from 1, or all, not {tasks!r}.")
    return int(tasks)


def print_result(result: Result) -> None:
    """The table and what it shows and does not show, on stdout."""
    from rich.console import Console

    from webvoyager_gym.report import summary_table

    # A file or a pipe has no width; the table's is about this.
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(summary_table(result))
    for difference in result.differences:
        console.print(difference.sentence, markup=False, highlight=False, soft_wrap=True)
    if result.repeats:
        repeated = (
            f"{', '.join(result.repeats)}: every seed gave the same episodes, so more than one draws nothing new."
        )
        console.print(repeated, markup=False, highlight=False, soft_wrap=True)
