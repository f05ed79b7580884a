"""`webvoyager-gym doctor`: what is there, what is missing, and how to get it."""

from __future__ import annotations

import typer

from webvoyager_gym.cli.printing import Json, print_json


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
