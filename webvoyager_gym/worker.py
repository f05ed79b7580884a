"""What a worker is: its life, and how whoever gives it jobs reaches it, wherever it lives."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from webvoyager_gym.errors import InfrastructureFailure, WebVoyagerError

J = TypeVar("J")
R = TypeVar("R")

FAREWELL = 20.0
"""Seconds that workers have to close their browsers when all is done."""

Beat = Callable[[], None]
"""What a job calls now and then to say that it is alive."""
Setup = Callable[[int], AbstractContextManager[Callable[[J, Beat], R]]]
"""Makes, in a worker, the function that does jobs; gets the worker's number. Has to be picklable."""
Message = tuple[str, Any]
"""What a worker says: "ready", "alive", "done" with the result, "failed" with a sentence, "raised" with an error and
its traceback as text."""


class WorkerError(WebVoyagerError, RuntimeError):
    """The workers cannot do their work; the message says why."""


class Peer(Protocol):
    """A worker as its engine reaches it."""

    def send(self, job: Any) -> None:
        """Hand over a job; None asks it to close what it holds and end. One that is gone is told nothing."""

    def receive(self) -> Message:
        """What it says. Raises EOFError if it is gone."""

    def end(self, patience: float) -> None:
        """Give it so many seconds to end by itself, then kill it; afterwards it is gone."""

    @property
    def fate(self) -> str:
        """How one that is gone came to its end, such as "died with exit code -9"."""


P = TypeVar("P")


class Engine(Protocol[P]):
    """Where workers live; entered before the first is started, left when all are gone."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def start(self, setup: Setup[Any, Any], number: int) -> P:
        """A new worker, which is a `Peer`; it need not run yet."""

    def wait(self, peers: Sequence[P], seconds: float) -> Collection[P]:
        """Those from which `receive` gets something at once, or learns that they are gone; after that time none."""


def serve(setup: Setup[Any, Any], number: int, receive: Callable[[], Any], send: Callable[[Message], None]) -> None:
    """A worker's life: set up, then job after job until there are no more, or whoever gave them out is gone.

    Args:
        receive: the next job, or None; raises EOFError if there is nobody to give one.
        send: say something.
    """
    try:
        with setup(number) as work:
            send(("ready", None))
            while (job := receive()) is not None:
                try:
                    result = work(job, lambda: send(("alive", None)))
                except InfrastructureFailure as failure:
                    send(("failed", str(failure)))
                else:
                    send(("done", result))
    except (EOFError, BrokenPipeError):
        return
    except Exception as error:
        with contextlib.suppress(OSError):
            send(("raised", (_portable(error), traceback.format_exc())))


def _portable(error: Exception) -> Exception:
    """An error that survives the way out of a worker: of its own class if that is Python's or ours."""
    if type(error).__module__.partition(".")[0] in ("builtins", "webvoyager_gym"):
        with contextlib.suppress(TypeError):
            return type(error)(str(error))
    return WorkerError(f"A worker process failed with {type(error).__name__}: {error}")
