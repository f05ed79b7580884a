"""`webvoyager-gym evaluate` with one more agent, `values:PATH`: any trained algorithm (see `algorithms.agent`).

python -m algorithms.evaluate --agent first --agent values:runs/bcq-0/model.safetensors --tasks 60
"""

from __future__ import annotations

from typing import NoReturn

import typer

import algorithms.agent  # noqa: F401 - makes the agent known
from algorithms.command import run
from webvoyager_gym.cli.evaluate import evaluate

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
app.command()(evaluate)


def main() -> NoReturn:
    """Run the command."""
    run(app)


if __name__ == "__main__":
    main()
