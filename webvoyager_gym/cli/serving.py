"""Serving pages to people, until Ctrl-C."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from webvoyager_gym.cli.printing import fail


def serve_until_interrupted(app: Any, port: int, ready: Callable[[int], None]) -> None:
    """Serve an ASGI app on 127.0.0.1 until the command is interrupted.

    Args:
        port: 0 for any that is free.
        ready: told the port once it is served on.
    """
    from webvoyager_gym.sites.kit.server import ServerThread

    try:
        server = ServerThread(app, port)
    except OSError as error:
        fail(f"Port {port} cannot be served on ({error.strerror}); choose another with --port, or 0 for any free one.")
    try:
        ready(server.port)
        while server.alive:
            time.sleep(0.5)
        fail("The server stopped by itself; look for its words above.")
    finally:
        server.stop()
