"""The command line, `webvoyager-gym …`.

Whatever lists or measures takes `--json`: one JSON document on stdout and nothing else there; people's tables go to
stdout without it, progress and errors always to stderr. Exit status: 0 done, 1 it failed (one sentence on stderr),
2 wrong arguments, 130 interrupted. Commands import what they need when they run, so that `--help` is quick.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from webvoyager_gym.errors import WebVoyagerError

if TYPE_CHECKING:
    from rich.progress import Progress

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")]

DatasetName = Annotated[str, typer.Argument(metavar="ID", help="Id of a data set, or its folder.", show_default=False)]

app = typer.Typer(
    name="webvoyager-gym",
    help="Web navigation as a Gymnasium environment: a frozen VLM proposes actions, a Q-function picks one.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

datasets = typer.Typer(help="List, describe and verify data sets.", no_args_is_help=True)
app.add_typer(datasets, name="datasets")


def main() -> NoReturn:
    """Run the command line; the console script `webvoyager-gym`."""
    try:
        app()
    except WebVoyagerError as error:
        fail(str(error))
    except OSError as error:
        # A path that the user named; anything else that the system refuses is worth its traceback.
        if error.filename is None:
            raise
        fail(f"{error.filename}: {error.strerror}; name a path that can be used.")
    sys.exit(0)


def fail(sentence: str) -> NoReturn:
    """End the command with one sentence on stderr and exit status 1."""
    print(sentence, file=sys.stderr)
    sys.exit(1)


def print_json(document: Any) -> None:
    """One JSON document on stdout. NaN and infinity, which JSON does not have, raise ValueError."""
    print(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table on stdout. Nothing in it is read as markup; a short row leaves its last cells empty."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=any(columns))
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    Console().print(table)


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress display on stderr, with the time taken and the time to go."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as display:
        yield display


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what is installed, what is missing and how to get it; exit 1 if local use lacks something."""
    from rich.console import Console

    from webvoyager_gym import doctor

    with Console(stderr=True).status("Looking …"):
        checks = list(doctor.diagnose())
    if as_json:
        print_json(doctor.as_json(checks))
    else:
        console = Console()
        console.print(doctor.as_table(checks))
        for mend in doctor.mends(checks):
            console.print(mend, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(0 if doctor.healthy(checks) else 1)


@datasets.command("list")
def list_datasets(as_json: Json = False) -> None:
    """The data sets on this machine."""
    from webvoyager_gym.data import datasets_folder, local_datasets

    found = []
    for name in local_datasets():
        try:
            found.append(_describe(name))
        except WebVoyagerError as error:
            # One damaged data set must not hide the others.
            found.append({"id": name, "problem": str(error)})
    if as_json:
        print_json(found)
    elif not found:
        print(f"There are no data sets in {datasets_folder()} yet.")
    else:
        print_table(
            ("id", "episodes", "steps", "MB", "screenshots"),
            [
                (entry["id"], entry["problem"])
                if "problem" in entry
                else (
                    entry["id"],
                    entry["episodes"],
                    entry["steps"],
                    f"{entry['bytes'] / 1e6:.1f}",
                    "yes" if entry["screenshots"] else "no",
                )
                for entry in found
            ],
        )


@datasets.command("show")
def show_dataset(name: DatasetName, as_json: Json = False) -> None:
    """What a data set holds and how it was made."""
    described = _describe(name)
    if as_json:
        print_json(described)
    else:
        made_with = described.pop("made_with")
        print_table(("", ""), [*described.items(), *((key, _plain(value)) for key, value in sorted(made_with.items()))])


@datasets.command("verify")
def verify_dataset(name: DatasetName, as_json: Json = False) -> None:
    """Hold every file of a data set against its checksum; exit 1 if one differs or is missing."""
    from webvoyager_gym.data import load_dataset

    dataset = load_dataset(name)
    try:
        dataset.verify()
    except WebVoyagerError as error:
        if as_json:
            print_json({"id": dataset.id, "folder": str(dataset.folder), "ok": False, "problem": str(error)})
        raise
    if as_json:
        print_json({"id": dataset.id, "folder": str(dataset.folder), "ok": True, "problem": ""})
    else:
        print(f"{dataset.id} in {dataset.folder} is what its checksums say.")


def _describe(name: str) -> dict[str, Any]:
    """What `datasets list` and `datasets show` print of a data set; reads its metadata only."""
    from webvoyager_gym.data import load_dataset
    from webvoyager_gym.data.layout import SHOTS_FILE

    dataset = load_dataset(name)
    return {
        "id": dataset.id,
        "folder": str(dataset.folder),
        "episodes": len(dataset),
        "steps": dataset.metadata["total_steps"],
        "bytes": sum(path.stat().st_size for path in dataset.folder.rglob("*") if path.is_file()),
        "screenshots": (dataset.folder / SHOTS_FILE).is_file(),
        "made_with": dataset.metadata["webvoyager_gym"],
    }


def _plain(value: Any) -> str:
    """A value of somebody's metadata as JSON, which leaves a terminal's control characters no way through."""
    return value if isinstance(value, str) and value.isprintable() else json.dumps(value)


if __name__ == "__main__":
    main()
