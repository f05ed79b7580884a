"""How commands speak: tables, JSON and progress, each to its stream."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")]


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
    """A progress display on stderr, with the time taken and the time to go.

    A task with a field `count` shows that instead of how many of how many.
    """
    from webvoyager_gym.bars import Bars

    with Bars() as display:
        yield display


def plain(value: Any) -> str:
    """A value of somebody's metadata as JSON, which leaves a terminal's control characters no way through."""
    return value if isinstance(value, str) and value.isprintable() else json.dumps(value)
