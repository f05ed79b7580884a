"""Check a run and add it to the board: `python -m leaderboards.submit RUN.json --name IQL --link https://…`.

Everything is worked out anew from the rows. A run that cannot stand is refused with every reason; then nothing is
written.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from leaderboards.check import Datasets, kept_problems, problems
from leaderboards.collection import KEPT, load_entries, published_datasets
from leaderboards.command_line import run_app
from leaderboards.protocol import RESULTS
from leaderboards.run import Run
from leaderboards.run_file import load_run, run_text
from webvoyager_gym import cli
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.report import wording
from webvoyager_gym.result_file import load_result, save_result
from webvoyager_gym.results import Result


class Refused(WebVoyagerError):
    """A run that cannot stand on a board; the message has every reason."""


def submit(
    path: Path,
    *,
    name: str,
    link: str = "",
    description: str = "",
    results: Path = RESULTS,
    datasets: Datasets | None = None,
    replace: bool = False,
) -> Run:
    """Check a run's file and put it, with the episodes kept beside it, where the boards are made from.

    Args:
        name: as tables will show it.
        link: where the method is described.
        description: one sentence; that of the file if empty.
        results: the folder of runs.
        datasets: those published; None asks for none to be.
        replace: whether a run of the same id may be replaced.

    Raises:
        NotFound, InvalidFile: the file is missing, damaged, was changed, or its figures do not follow from its rows.
        Refused: it does not keep to the protocol, is not possible beside the runs that are there, or its id is taken.
    """
    run = load_run(path)
    about = dataclasses.replace(run.about, name=name, link=link, description=description or run.about.description)
    run = dataclasses.replace(run, about=about)
    others = [entry.run for entry in load_entries(results)]
    found = problems(run, others, datasets)
    kept = _kept(path.with_name(f"{run.about.id}{KEPT}"))
    if kept is None:
        found.append(f"Episodes at full length are missing; bring {run.about.id}{KEPT} and put it beside the run.")
    else:
        found += kept_problems(run, kept)
    taken = any((other.track, other.about.id) == (run.track, run.about.id) for other in others)
    if taken and not replace:
        found.append(f"There is a run {run.track}/{run.about.id} already; evaluate with another --id, or --replace it.")
    if found:
        raise Refused(f"{path} is refused: {' '.join(found)}")
    assert kept is not None
    folder = results / run.track
    folder.mkdir(parents=True, exist_ok=True)
    save_result(kept, folder / f"{run.about.id}{KEPT}")
    (folder / f"{run.about.id}.json").write_text(run_text(run), encoding="utf-8")
    return run


def _kept(path: Path) -> Result | None:
    return load_result(path) if path.is_file() else None


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help="Check a run and add it to the boards.")
def command(
    run: Annotated[Path, typer.Argument(help="File that `python -m leaderboards.evaluate` wrote.")],
    name: Annotated[str, typer.Option(help="As tables show it.")],
    link: Annotated[str, typer.Option(help="Where the method is described.")] = "",
    description: Annotated[str, typer.Option(help="One sentence.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Replace the run of the same id.")] = False,
    results: Annotated[Path, typer.Option(help="Folder of runs.")] = RESULTS,
    as_json: cli.Json = False,
) -> None:
    added = submit(
        run,
        name=name,
        link=link,
        description=description,
        results=results,
        datasets=published_datasets(),
        replace=replace,
    )
    success = added.summary.success
    if as_json:
        cli.print_json({"track": added.track, "id": added.about.id, "success": success.value})
    else:
        print(
            f"{added.about.name} is added: {wording.percent(success.value)} ({wording.interval(success)}) of "
            f"{len(added.episodes)} episodes. Now run `python -m leaderboards.build` and commit leaderboards/."
        )


if __name__ == "__main__":
    run_app(app)
