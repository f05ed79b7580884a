"""How the commands of this folder end, as those of `webvoyager-gym` do."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from webvoyager_gym import cli
from webvoyager_gym.errors import WebVoyagerError


def run_app(app: typer.Typer) -> NoReturn:
    """Run a command; exit status 0, 1 with one sentence on stderr, 2 for wrong arguments, 130 if interrupted."""
    try:
        app()
    except WebVoyagerError as error:
        cli.fail(str(error))
    sys.exit(0)
