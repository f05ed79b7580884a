"""`webvoyager-gym evaluate` with one more agent, `values:PATH`: any trained algorithm (see `algorithms.agent`).

python -m algorithms.evaluate --agent first --agent values:runs/bcq-0/model.safetensors --tasks 60
"""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

import algorithms.agent  # noqa: F401 - makes the agent known
from webvoyager_gym import cli
from webvoyager_gym.cli.evaluate import evaluate
from webvoyager_gym.errors import WebVoyagerError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
app.command()(evaluate)


def main() -> NoReturn:
    """Run the command; exit status 0, 1 with one sentence on stderr, 2 for wrong arguments, 130 if interrupted."""
    try:
        app()
    except WebVoyagerError as error:
        cli.fail(str(error))
    sys.exit(0)


if __name__ == "__main__":
    main()
