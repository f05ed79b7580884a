"""`webvoyager-gym sites`: the local web for people."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from webvoyager_gym.cli.printing import fail

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
    from webvoyager_gym.sites.kit.server import LocalWeb, ServerThread

    try:
        server = ServerThread(LocalWeb(SITES, load_site, browse=True), port)
    except OSError as error:
        fail(f"Port {port} cannot be served on ({error.strerror}); choose another with --port, or 0 for any free one.")
    try:
        # Every current browser takes *.localhost for this machine, without a name server.
        for name in SITES:
            print(f"http://{name}.localhost:{server.port}/", flush=True)
        while server.alive:
            time.sleep(0.5)
        fail("The server stopped by itself; look for its words above.")
    finally:
        server.stop()
