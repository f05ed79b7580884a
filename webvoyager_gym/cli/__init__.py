"""The command line, `webvoyager-gym …`: one file a command, or a group of them.

Whatever lists or measures takes `--json`: one JSON document on stdout and nothing else there; people's tables go to
stdout without it, progress and errors always to stderr. Exit status: 0 done, 1 it failed (one sentence on stderr),
2 wrong arguments, 130 interrupted. Commands import what they need when they run, so that `--help` is quick.
"""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from webvoyager_gym.cli import collect, datasets, doctor, evaluate, judge, sites, tasks, view
from webvoyager_gym.cli.printing import Json, fail, print_json, print_table, progress
from webvoyager_gym.errors import WebVoyagerError

__all__ = ["Json", "app", "fail", "main", "print_json", "print_table", "progress"]

app = typer.Typer(
    name="webvoyager-gym",
    help="Web navigation as a Gymnasium environment: a frozen VLM proposes actions, a Q-function picks one.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command()(doctor.doctor)
app.add_typer(tasks.app, name="tasks")
app.add_typer(sites.app, name="sites")
app.command()(collect.collect)
app.command()(evaluate.evaluate)
app.command()(judge.judge)
app.add_typer(datasets.app, name="datasets")
app.command()(view.view)


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
