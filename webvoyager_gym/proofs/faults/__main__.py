"""The command; see the package."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from webvoyager_gym.bars import Bars
from webvoyager_gym.proofs.faults.kinds import KINDS, TAB_AND_BROWSER, schedule
from webvoyager_gym.proofs.faults.meeting import Met
from webvoyager_gym.proofs.faults.running import Outcome, Share, in_worker
from webvoyager_gym.proofs.processes import require_linux
from webvoyager_gym.proofs.running import WorkersOption, default_workers
from webvoyager_gym.workers import Alive, Done, Lost, Workers

SHARE = 25
"""Faults after which a process cleans up and looks what is left."""


def shares(faults: int, num_envs: int, seed: int) -> list[Share]:
    """The faults in shares of about the same size."""
    names = schedule(faults, seed)
    count = -(-len(names) // SHARE)
    return [Share(number, tuple(names[number::count]), num_envs, seed) for number in range(count)]


def outcomes(todo: Sequence[Share], workers: int) -> list[Outcome]:
    """What came of the shares, if interrupted of those that are finished; of a lost process, that it was lost."""
    found: list[Outcome] = []
    with (
        contextlib.suppress(KeyboardInterrupt),
        Bars() as progress,
        Workers[Share, Outcome](in_worker, min(workers, len(todo))) as pool,
    ):
        bar = progress.add_task("faults", total=sum(len(share.kinds) for share in todo))
        for share in todo:
            pool.add(share)
        for event in pool.events():
            match event:
                case Alive():
                    progress.update(bar, advance=1)
                case Done(result=outcome):
                    found.append(outcome)
                    progress.console.print(f"{len(outcome.met)} faults met, {len(wrongs(outcome.met))} mistakes")
                    for mistake in wrongs(outcome.met):
                        progress.console.print(mistake)
                case Lost(job=share):
                    found.append(Outcome((), (f"The process of share {share.number} was lost: {event.reason}",)))
    return found


def wrongs(met: Sequence[Met]) -> list[str]:
    """What was not as it should be, a sentence each."""
    return [f"{each.kind}: {mistake}" for each in met for mistake in each.mistakes]


def rows(met: Sequence[Met]) -> list[dict[str, Any]]:
    """What came of the faults, kind by kind."""
    by_kind = {kind.name: [each for each in met if each.kind == kind.name] for kind in (*KINDS, TAB_AND_BROWSER)}
    return [
        {
            "fault": name,
            "injected": len(all_of_it),
            "right": sum(not each.mistakes for each in all_of_it),
            "wrong": sum(bool(each.mistakes) for each in all_of_it),
            "ended": sum(len(each.labels) for each in all_of_it),
            "besides": sum(len(each.besides) for each in all_of_it),
            "seconds": round(statistics.median(each.seconds for each in all_of_it), 2),
        }
        for name, all_of_it in by_kind.items()
        if all_of_it
    ]


def table(counted: Sequence[dict[str, Any]]) -> Table:
    """The same for people."""
    made = Table("fault", title="Faults")
    for heading in (
        "injected",
        "labelled right",
        "wrong",
        "episodes ended",
        "others lost besides",
        "median s till well",
    ):
        made.add_column(heading, justify="right")
    for row in counted:
        made.add_row(*map(str, row.values()))
    sums = (str(sum(row[key] for row in counted)) for key in ("injected", "right", "wrong", "ended", "besides"))
    made.add_section()
    made.add_row("all", *sums, "")
    return made


def main(
    faults: Annotated[int, typer.Option(min=1, help="Faults in all.")] = 1000,
    num_envs: Annotated[int, typer.Option(min=1, help="Pages of each process.")] = 4,
    seed: Annotated[int, typer.Option(help="Of faults, moments, tasks and actions.")] = 0,
    out: Annotated[Path | None, typer.Option(help="File that gets the figures as JSON.")] = None,
    workers: WorkersOption = None,
) -> None:
    """Break things while vector rollouts run on the local suite; exit status 1 if anything is wrong."""
    require_linux()
    found = outcomes(shares(faults, num_envs, seed), workers or default_workers())
    met = [each for outcome in found for each in outcome.met]
    counted = rows(met)
    left = [what for outcome in found for what in outcome.left]
    wrong = wrongs(met)
    Console().print(table(counted))
    for mistake in wrong:
        print(mistake)
    for each in met:
        for reason in each.besides:
            print(f"{each.kind}: an episode was lost that it did not hit: {reason}")
    for what in left:
        print(f"Left behind: {what}")
    besides = sum(len(each.besides) for each in met)
    print(
        f"{len(met)} faults; mistakes: {len(wrong)}; episodes lost besides: {besides}; things left behind: {len(left)}."
    )
    if out is not None:
        details = [dataclasses.asdict(each) for each in met]
        out.write_text(
            json.dumps({"rows": counted, "left": left, "faults": details}, indent=1) + "\n", encoding="utf-8"
        )
    raise typer.Exit(bool(wrong or left or besides or len(met) < faults))


if __name__ == "__main__":
    typer.run(main)
