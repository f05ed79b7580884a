"""Whether every template finds something to ask for in every world.

    python -m webvoyager_gym.proofs.draws

Draws a task of every template in each of many worlds. A world that offers a template nothing lends its place to another
one, which is rare; a template that finds nothing in several worlds is an error. Exit status 1 if there is one.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from webvoyager_gym.proofs.running import SitesOption, WorkersOption, default_workers
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.tasks.local import TASKS_PER_WORLD, LocalTask


def borrowed(site: str, split: str, world: int) -> dict[str, bool | None]:
    """For each template of the site whether its task plays in another world than this one; None if there is none."""
    found: dict[str, bool | None] = {}
    for template in load_site(site).templates:
        try:
            found[template.name] = LocalTask(site, template.name, split, TASKS_PER_WORLD * world).borrowed
        except RuntimeError:
            found[template.name] = None
    return found


def main(
    worlds: Annotated[int, typer.Option(min=1, help="Worlds of every site.")] = 200,
    split: Annotated[str, typer.Option(help="Split of the worlds: train or validation.")] = "train",
    site: SitesOption = None,
    workers: WorkersOption = None,
) -> None:
    """Draw a task of every template in every world."""
    console = Console()
    table = Table("site", "templates", "draws", "of another world", "nothing to ask for")
    jobs = [(name, world) for name in site or SITES for world in range(worlds)]
    with ProcessPoolExecutor(workers or default_workers()) as pool:
        drawn = pool.map(borrowed, *zip(*[(name, split, world) for name, world in jobs], strict=True), chunksize=10)
        shown = track(drawn, "Drawing", len(jobs), console=Console(stderr=True))
        found = [(*job, each) for job, each in zip(jobs, shown, strict=True)]
    missing = 0
    for name in site or SITES:
        draws = [(world, kind, other) for at, world, each in found if at == name for kind, other in each.items()]
        others = [f"{kind} in {world}" for world, kind, other in draws if other]
        nothing = [f"{kind} in {world}" for world, kind, other in draws if other is None]
        missing += len(nothing)
        table.add_row(name, str(len(draws) // worlds), str(len(draws)), _listed(others), _listed(nothing))
    console.print(table)
    total = sum(len(each) for *_, each in found)
    borrowing = sum(bool(other) for *_, each in found for other in each.values())
    console.print(f"{total} draws: {borrowing} of another world, {missing} with nothing to ask for.")
    if missing:
        raise typer.Exit(1)


def _listed(names: list[str]) -> str:
    return f"{len(names)}: {', '.join(names)}" if names else "0"


if __name__ == "__main__":
    typer.run(main)
