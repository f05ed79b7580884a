"""The browser's event loop: one asyncio loop in a thread of its own, one a process.

Playwright's synchronous interface breaks inside notebooks, threads and asyncio programs. Here its asynchronous one runs
on a private loop, and callers on any thread wait for a result with a deadline. A forked child gets a loop of its own.
A loop that ends, for whatever reason, says goodbye to the browsers on it and fails those who wait; the next caller gets
a new one.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import inspect
import logging
import os
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

from webvoyager_gym.errors import InfrastructureFailure

T = TypeVar("T")

END_DEADLINE = 20.0
"""Seconds an ending loop has for its browsers and for what still runs on it."""
CANCEL_DEADLINE = 5.0
"""Seconds that what is cancelled has to come to its end."""
PULSE = 0.5
"""Seconds between two looks of who waits, whether the loop is still there."""

log = logging.getLogger(__name__)


class BrowserLoop:
    """An asyncio loop running in a daemon thread."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.loop = asyncio.new_event_loop()
        self._ending = False
        self._asked: set[asyncio.Task[Any]] = set()
        self._farewells: list[Callable[[], Awaitable[None]]] = []
        self._thread = threading.Thread(target=self._serve, name="webvoyager-browser", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        except BaseException as error:
            log.warning("The browser's loop ended by %r.", error)
        finally:
            self._ending = True
            self.loop.run_until_complete(self._say_goodbye())
            self.loop.close()

    async def _say_goodbye(self) -> None:
        # First those who use the browsers, so that they launch no other when these close.
        await _cancelled(self._asked)
        for farewell in self._farewells:
            try:
                await farewell()
            except Exception as error:
                log.debug("The browser's loop ends: %s", error)
        await _cancelled(asyncio.all_tasks() - {asyncio.current_task()})

    @property
    def alive(self) -> bool:
        """Whether the loop can be used from this process."""
        return self.process == os.getpid() and self._thread.is_alive() and not self._ending

    def at_end(self, farewell: Callable[[], Awaitable[None]]) -> None:
        """Have this run on the loop when it ends."""
        self._farewells.append(farewell)

    def end(self) -> None:
        """End the loop and wait until it has. What waits for a result on it gets an InfrastructureFailure."""
        if self.process == os.getpid():
            with contextlib.suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(END_DEADLINE)

    def wait_until_ended(self) -> None:
        """Wait for a loop that is ending."""
        if self.process == os.getpid() and threading.current_thread() is not self._thread:
            self._thread.join(END_DEADLINE)

    def run(self, coroutine: Coroutine[Any, Any, T], deadline: float) -> T:
        """Run a coroutine on the loop and wait for its result.

        Args:
            deadline: seconds after which it is cancelled.

        Raises:
            InfrastructureFailure: part "deadline", it took longer; or part "browser", the loop ended meanwhile.
        """
        if threading.current_thread() is self._thread:
            coroutine.close()
            raise RuntimeError("BrowserLoop.run would wait for itself; await the coroutine instead.")
        noted = self._noted(coroutine)
        try:
            future = asyncio.run_coroutine_threadsafe(noted, self.loop)
        except RuntimeError as error:
            noted.close()
            coroutine.close()
            raise _ended() from error
        try:
            self._wait(future, deadline)
            return future.result(0)
        except concurrent.futures.CancelledError as error:
            raise _ended() from error
        except concurrent.futures.TimeoutError as error:
            future.cancel()
            raise _late(deadline) from error
        except BaseException:
            future.cancel()
            raise

    async def _noted(self, coroutine: Coroutine[Any, Any, T]) -> T:
        task = asyncio.current_task()
        assert task is not None
        self._asked.add(task)
        try:
            return await coroutine
        finally:
            self._asked.discard(task)

    def _wait(self, future: concurrent.futures.Future[T], deadline: float) -> None:
        """Wait until it is done, but no longer than there is a loop. Raises InfrastructureFailure."""
        until = time.monotonic() + deadline
        while not concurrent.futures.wait([future], min(PULSE, max(0.0, until - time.monotonic()))).done:
            if not self._thread.is_alive() and not future.done():
                raise _ended()
            if time.monotonic() >= until:
                return


async def _cancelled(tasks: set[Any]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(set(tasks), timeout=CANCEL_DEADLINE)


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
        for each in coroutines:
            if inspect.getcoroutinestate(each) == inspect.CORO_CREATED:
                each.close()
        return [failure] * len(coroutines)
    checked: list[T | InfrastructureFailure] = []
    for result in results:
        if isinstance(result, asyncio.CancelledError):
            checked.append(_ended())
        elif isinstance(result, BaseException) and not isinstance(result, InfrastructureFailure):
            raise result
        else:
            checked.append(result)
    return checked


def _late(seconds: float) -> InfrastructureFailure:
    return InfrastructureFailure("deadline", f"The browser did not answer within {seconds:g} s.")


def _ended() -> InfrastructureFailure:
    return InfrastructureFailure("browser", "The browser's event loop ended; call reset() for a new one.")


_current: BrowserLoop | None = None
_lock = threading.Lock()


def browser_loop() -> BrowserLoop:
    """This process's loop, started on first use and again when it ended."""
    global _current
    with _lock:
        if _current is None or not _current.alive:
            if _current is not None:
                # Its browsers are gone when the next ones start.
                _current.wait_until_ended()
            _current = BrowserLoop()
        return _current


def at_end(farewell: Callable[[], Awaitable[None]]) -> None:
    """Have this run when the loop ends that is running here. Raises InfrastructureFailure if that is over already."""
    if _current is None or _current.loop is not asyncio.get_running_loop():
        raise _ended()
    _current.at_end(farewell)


def end_browser_loop() -> None:
    """End this process's loop, if there is one, and the browsers on it."""
    if _current is not None:
        _current.end()


def _renew_lock_after_fork() -> None:
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_renew_lock_after_fork)
