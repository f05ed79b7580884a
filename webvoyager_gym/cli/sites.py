"""`webvoyager-gym sites`: the local web for people."""

from __future__ import annotations

from typing import Annotated

import typer

from webvoyager_gym.cli.serving import serve_until_interrupted

app = typer.Typer(help="The sites of the local suite.", no_args_is_help=True)


@app.callback()
def sites() -> None:
    """The sites of the local suite."""


@app.command("serve")
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 for any that is free.")] = 8000,
) -> None:
    """Serve the local sites for browsing, until Ctrl-C. Every browser gets a state of its own."""
    from webvoyager_gym.sites import SITES, load_site
    from webvoyager_gym.sites.kit.server import LocalWeb

    def ready(served_on: int) -> None:
        # Every current browser takes *.localhost for this machine, without a name server.
        for name in SITES:
            print(f"http://{name}.localhost:{served_on}/", flush=True)

    serve_until_interrupted(LocalWeb(SITES, load_site, browse=True), port, ready)
