"""The browser's event loop: one asyncio loop in a thread of its own, one a process.

Playwright's synchronous interface breaks inside notebooks, threads and asyncio programs. Here its asynchronous one runs
on a private loop, and callers on any thread wait for a result with a deadline. A forked child gets a loop of its own.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import os
import threading
from collections.abc import AsyncIterator, Coroutine, Sequence
from typing import Any, TypeVar

from webvoyager_gym.errors import InfrastructureFailure

T = TypeVar("T")


class BrowserLoop:
    """An asyncio loop running in a daemon thread."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="webvoyager-browser", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    @property
    def alive(self) -> bool:
        """Whether the loop can be used from this process."""
        return self.process == os.getpid() and self._thread.is_alive()

    def run(self, coroutine: Coroutine[Any, Any, T], deadline: float) -> T:
        """Run a coroutine on the loop and wait for its result.

        Args:
            deadline: seconds after which it is cancelled.

        Raises:
            InfrastructureFailure: part "deadline"; it took longer.
        """
        if threading.current_thread() is self._thread:
            coroutine.close()
            raise RuntimeError("BrowserLoop.run would wait for itself; await the coroutine instead.")
        future = asyncio.run_coroutine_threadsafe(coroutine, self.loop)
        try:
            return future.result(deadline)
        except concurrent.futures.TimeoutError as error:
            future.cancel()
            raise _late(deadline) from error
        except BaseException:
            future.cancel()
            raise


@contextlib.asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """A deadline for what a coroutine does inside.

    Raises:
        InfrastructureFailure: part "deadline"; it took longer and was cancelled.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise _late(seconds) from error


def together(coroutines: Sequence[Coroutine[Any, Any, T]], deadline: float) -> list[T | InfrastructureFailure]:
    """Run coroutines on this process's browser loop at the same time and wait for all of them.

    Args:
        deadline: seconds after which all are given up, whichever of them holds up the loop.

    Returns:
        For each its result, or the infrastructure failure that ended it; no other hears of that.

    Raises:
        Exception: what else one of them raised, once all have come to their end.
    """

    async def gathered() -> list[T | BaseException]:
        return await asyncio.gather(*coroutines, return_exceptions=True)

    try:
        results = browser_loop().run(gathered(), deadline)
    except InfrastructureFailure as failure:
        return [failure] * len(coroutines)
    checked: list[T | InfrastructureFailure] = []
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, InfrastructureFailure):
            raise result
        checked.append(result)
    return checked


def _late(seconds: float) -> InfrastructureFailure:
    return InfrastructureFailure("deadline", f"The browser did not answer within {seconds:g} s.")


_current: BrowserLoop | None = None
_lock = threading.Lock()


def browser_loop() -> BrowserLoop:
    """This process's loop, started on first use."""
    global _current
    with _lock:
        if _current is None or not _current.alive:
            _current = BrowserLoop()
        return _current


def _renew_lock_after_fork() -> None:
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_renew_lock_after_fork)
