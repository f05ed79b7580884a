"""The command line, `webvoyager-gym …`.

Whatever lists or measures takes `--json`: one JSON document on stdout and nothing else there; people's tables go to
stdout without it, progress and errors always to stderr. Exit status: 0 done, 1 it failed (one sentence on stderr),
2 wrong arguments, 130 interrupted. Commands import what they need when they run, so that `--help` is quick.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from webvoyager_gym.errors import WebVoyagerError

if TYPE_CHECKING:
    from rich.progress import Progress

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")]

app = typer.Typer(
    name="webvoyager-gym",
    help="Web navigation as a Gymnasium environment: a frozen VLM proposes actions, a Q-function picks one.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


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


@app.callback()
def _commands() -> None:
    # Keeps `webvoyager-gym doctor` a subcommand however few commands there are.
    return


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


if __name__ == "__main__":
    main()
