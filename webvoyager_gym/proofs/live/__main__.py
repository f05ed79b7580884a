"""The command; see the package."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.proofs.live.replica import PLACES, served
from webvoyager_gym.proofs.live.troubles import TROUBLES, troubled_host
from webvoyager_gym.proofs.live.visiting import (
    AT,
    EXCEPTION,
    INFRASTRUCTURE,
    UNDECIDED,
    VERDICTS,
    ReplicaSuite,
    Visited,
    make_env,
    mistake,
    visit,
)
from webvoyager_gym.proofs.running import SitesOption, WorkersOption, as_done, default_workers
from webvoyager_gym.schedule import in_turn
from webvoyager_gym.tasks.webvoyager.sites import HOSTS
from webvoyager_gym.tasks.webvoyager.suite import LiveTask

TOLERATED = 0.01
"""Share of the entries that the infrastructure may fail."""


def chosen_entries(suite: ReplicaSuite, sites: Iterable[str], count: int | None) -> list[LiveTask]:
    """So many entries as they were written, of all sites in turn; all of them if None."""
    entries = in_turn([task for site in sites for task in suite.tasks(site)])
    return [suite.task(task.id) for task in entries[:count]]


def first_of_each(entries: Sequence[LiveTask]) -> list[LiveTask]:
    """The first entry of each site."""
    firsts: dict[str, LiveTask] = {}
    for task in entries:
        firsts.setdefault(task.site, task)
    return list(firsts.values())


def in_trouble(suite: ReplicaSuite, entries: Sequence[LiveTask]) -> list[LiveTask]:
    """Entries, each in trouble: all kinds in turn."""
    kinds = (TROUBLES[number % len(TROUBLES)] for number in range(len(entries)))
    return [suite.task(f"{task.id}{AT}{kind.name}") for task, kind in zip(entries, kinds, strict=True)]


def rounds(
    suite: ReplicaSuite, entries: Sequence[LiveTask], proposers: Sequence[str]
) -> list[tuple[str, list[LiveTask]]]:
    """What each proposer takes: the first one all entries, troubles included, each other the first of each site."""
    firsts = first_of_each(entries)
    everything = [*entries, *in_trouble(suite, firsts)]
    return [(name, firsts if number else everything) for number, name in enumerate(proposers)]


def visits(todo: Sequence[LiveTask], make: Callable[[], BestOfQEnv], proposer: str, workers: int) -> Iterator[Visited]:
    """What comes of entries, as they are done; of one whose worker is lost again and again, that it was."""
    for number, result in as_done(visit, todo, make, workers=workers, label=proposer.partition("?")[0]):
        if isinstance(result, InfrastructureFailure):
            task = todo[number]
            yield Visited(task.id, task.site, proposer, result.part, str(result))
        else:
            yield result


def table(visited: Sequence[Visited], wrong: Sequence[Visited]) -> Table:
    """What the entries of each site came to."""
    kinds = (*VERDICTS, *UNDECIDED, "infrastructure", EXCEPTION)
    made = Table("site", *(Column(name, justify="right") for name in ("entries", *kinds, "wrong", "median s")))
    rows: dict[str, list[Visited]] = {}
    for one in visited:
        rows.setdefault("in trouble" if one.trouble else one.site, []).append(one)
    rows["in trouble"] = rows.pop("in trouble", [])
    for name, ones in (*rows.items(), ("all", list(visited))):
        labels = ["infrastructure" if one.label in INFRASTRUCTURE else one.label for one in ones]
        seconds = f"{statistics.median(one.seconds for one in ones):.1f}" if ones else ""
        counts = [len(ones), *map(labels.count, kinds), sum(one in wrong for one in ones)]
        made.add_row(name, *map(str, counts), seconds, end_section=name == "in trouble")
    return made


def main(
    tasks: Annotated[int | None, typer.Option(min=1, help="Entries, of all sites in turn; all if not given.")] = None,
    tasks_file: Annotated[
        Path | None, typer.Option(help="WebVoyager_data.jsonl, the answers beside it; the downloaded one if not given.")
    ] = None,
    site: SitesOption = None,
    proposer: Annotated[
        list[str] | None,
        typer.Option(help="Who proposes; pocket if not given. Further ones take the first entry of each site."),
    ] = None,
    judge: Annotated[str, typer.Option(help="VLM that judges, such as openai:MODEL; nobody if not given.")] = "",
    steps: Annotated[int, typer.Option(min=1, help="Steps of an episode, the answer included.")] = 3,
    out: Annotated[Path | None, typer.Option(help="File that gets what came of each entry, as JSON.")] = None,
    workers: WorkersOption = None,
) -> None:
    """Run WebVoyager's entries on a replica of its sites; exit status 1 if a label is wrong."""
    began = time.monotonic()
    folder = tasks_file.parent if tasks_file is not None else None
    known = ReplicaSuite(patches=0, judge=judge, folder=folder)
    entries = chosen_entries(known, site or list(HOSTS), tasks)
    todo = rounds(known, entries, proposer or ["pocket"])
    troubled = {troubled_host(task.start_url, kind) for task in entries for kind in TROUBLES}
    visited: list[Visited] = []
    mistakes: dict[Visited, str] = {}
    with (
        contextlib.suppress(KeyboardInterrupt),
        tempfile.TemporaryDirectory() as keys,
        served(Path(keys), sorted(troubled)) as replica,
    ):
        suite = dataclasses.replace(known, resolver_rules=replica.resolver_rules)
        for name, its in todo:
            make = functools.partial(make_env, suite, name, steps, replica.browser)
            for one in visits(its, make, name, workers or default_workers()):
                visited.append(one)
                if sentence := mistake(one, PLACES):
                    mistakes[one] = sentence
                if sentence or one.broken:
                    print(f"{one.task} by {one.proposer}: {sentence or f'{one.label}: {one.reason}'}", flush=True)
    seconds = time.monotonic() - began
    broken = sum(one.broken for one in visited)
    missing = sum(len(its) for _, its in todo) - len(visited)
    Console(width=120).print(table(visited, list(mistakes)))
    print(
        f"{len(visited)} episodes on {len(entries)} entries in {seconds:.0f} s; wrong: {len(mistakes)}; failed by the "
        f"infrastructure: {broken}; not run: {missing}."
    )
    if out is not None:
        rows = [dataclasses.asdict(one) | {"mistake": mistakes.get(one, "")} for one in visited]
        document = {"entries": len(entries), "seconds": round(seconds, 1), "judge": judge, "visits": rows}
        out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    raise typer.Exit(bool(mistakes or missing) or broken > TOLERATED * len(visited))


if __name__ == "__main__":
    typer.run(main)
