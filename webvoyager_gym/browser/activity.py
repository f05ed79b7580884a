"""What is under way on a page: requests, navigations, changes of tab."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

from playwright.async_api import Request

LONG_LIVED = frozenset({"eventsource", "websocket", "media", "ping", "beacon", "other"})
"""Requests of these kinds may never end; nobody waits for them."""
TAB_PATIENCE = 1.0
"""Seconds to wait for a tab that a page said it opens; the browser may have refused it."""


class Activity:
    """Told by the browser's events, asked by who waits for a page to come to rest.

    Attributes:
        loading: whether the page is navigating.
        navigations: how many navigations have begun.
        requests: how many requests have been sent.
    """

    def __init__(self) -> None:
        self.loading = False
        self.navigations = 0
        self.requests = 0
        self._in_flight: set[Request] = set()
        self._following: set[asyncio.Task[None]] = set()
        self._tab = asyncio.Event()
        self._changed = asyncio.Event()

    @property
    def busy(self) -> bool:
        """Whether a navigation, a request or a change of tab is under way."""
        return self.loading or bool(self._in_flight) or bool(self._following)

    def began(self, request: Request) -> None:
        """A request was sent."""
        self.requests += 1
        if request.resource_type not in LONG_LIVED:
            self._in_flight.add(request)
            self._changed.set()

    def ended(self, request: Request) -> None:
        """A request was answered, or failed."""
        self._in_flight.discard(request)
        self._changed.set()

    def navigates(self, loading: bool) -> None:
        """A navigation of the whole page began, or ended."""
        self.loading = loading
        self.navigations += loading
        self._changed.set()

    def opens(self) -> None:
        """The page opens a tab, which is under way until it is there or refused."""
        self._tab.clear()
        self._under_way(_wait(self._tab, TAB_PATIENCE))

    def follow(self, change: Coroutine[Any, Any, None]) -> None:
        """Another tab becomes the page; it is under way until the coroutine is done."""
        self._under_way(change)
        self._tab.set()

    def refused(self) -> None:
        """A document was refused, maybe a new tab's."""
        self._tab.set()

    def _under_way(self, change: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(change)
        self._following.add(task)
        task.add_done_callback(self._following.discard)
        task.add_done_callback(lambda _: self._changed.set())

    def forget(self) -> None:
        """What was under way concerns nobody any more."""
        self._in_flight.clear()
        self.loading = False

    def watch(self) -> None:
        """From now on `changes` waits for what comes."""
        self._changed.clear()

    async def changes(self, seconds: float) -> None:
        """Wait until something has begun or ended since `watch`, or for so long."""
        await _wait(self._changed, seconds)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
