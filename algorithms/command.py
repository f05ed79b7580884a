"""How every command here ends: status 0 done, 1 failed (one sentence on stderr), 2 wrong arguments, 130 interrupted."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from webvoyager_gym import cli
from webvoyager_gym.errors import WebVoyagerError


def run(app: typer.Typer) -> NoReturn:
    """Run a command and exit with its status."""
    try:
        app()
    except WebVoyagerError as error:
        cli.fail(str(error))
    sys.exit(0)
