"""One server a process for an ASGI app, and how Chromium finds it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from webvoyager_gym.sites.kit.server import DOMAIN, ServerThread

App = TypeVar("App")


@dataclass(frozen=True)
class Running(Generic[App]):
    """An app as this process serves it."""

    app: App
    server: ServerThread
    process: int

    @property
    def resolver_rules(self) -> str:
        """Chromium's --host-resolver-rules: our names lead here, no other name leads anywhere."""
        return f"MAP *.{DOMAIN} 127.0.0.1:{self.server.port},MAP * ~NOTFOUND,EXCLUDE 127.0.0.1"


class ProcessServer(Generic[App]):
    """This process's server of an app; started on first use, again after a fork or its death."""

    def __init__(self, make: Callable[[], App]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._running: Running[App] | None = None

    def __call__(self) -> Running[App]:
        with self._lock:
            running: Running[Any] | None = self._running
            if running is None or running.process != os.getpid():
                app = self._make()
                running = Running(app, ServerThread(app), os.getpid())
            elif not running.server.alive:
                running = Running(running.app, _again(running.app, running.server.port), os.getpid())
            self._running = running
            return running


def _again(app: Any, port: int) -> ServerThread:
    """Serve where it was served before, or at another port should somebody have taken that one."""
    try:
        return ServerThread(app, port)
    except OSError:
        return ServerThread(app)
