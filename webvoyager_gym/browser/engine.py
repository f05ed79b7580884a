"""Chromium processes: launched once for each set of resolver rules, shared by all pages of this process."""

from __future__ import annotations

import asyncio
import atexit
import logging
from collections.abc import Awaitable
from pathlib import Path

from playwright.async_api import Browser, Error, Playwright, async_playwright

from webvoyager_gym.browser.chromium import find_chromium, launch_arguments
from webvoyager_gym.browser.leavings import belongings, clear_away, cleared
from webvoyager_gym.browser.loop import at_end, end_browser_loop
from webvoyager_gym.errors import InfrastructureFailure

LAUNCH_DEADLINE = 30.0
"""Seconds a launch may take."""
CLOSE_DEADLINE = 5.0
"""Seconds the browser may take to close, and Playwright to stop."""

log = logging.getLogger(__name__)


class Engine:
    """A Chromium and how to start it again. Lives on the browser's loop, and no longer than that.

    Attributes:
        loop: the loop.
    """

    def __init__(self, executable: str | None, resolver_rules: str | None) -> None:
        self.loop = asyncio.get_running_loop()
        self._executable = executable
        self._resolver_rules = resolver_rules
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._launch: asyncio.Task[Browser] | None = None
        self._belongings: list[Path] = []
        self._lock = asyncio.Lock()
        self._over = False

    async def browser(self) -> Browser:
        """The running browser, launched or launched again if need be.

        Raises:
            MissingDependency: no Chromium was found.
            InfrastructureFailure: part "browser"; it was found but does not start, or the loop is ending.
        """
        async with self._lock:
            if self._over:
                raise InfrastructureFailure("browser", "The browser's loop is ending; call reset() for a new one.")
            if self._browser is None or not self._browser.is_connected():
                if self._launch is None or self._launch.done():
                    await self._stop()
                    self._launch = asyncio.ensure_future(self._launched())
                    # Who waited for it may be gone when it fails.
                    self._launch.add_done_callback(lambda done: done.cancelled() or done.exception())
                # A browser that is killed while it starts leaves files behind that nobody knows of; so it starts, and
                # is closed like any other, should nobody wait for it any more.
                self._browser = await asyncio.shield(self._launch)
            return self._browser

    async def _launched(self) -> Browser:
        executable = find_chromium(self._executable)
        try:
            self._playwright = await async_playwright().start()
            self._browser = await self._playwright.chromium.launch(
                executable_path=executable,
                args=launch_arguments(self._resolver_rules),
                timeout=LAUNCH_DEADLINE * 1000,
                handle_sigint=False,
                # Playwright adds --no-sandbox unless told not to; launch_arguments decides.
                chromium_sandbox=True,
            )
            self._belongings = await belongings(self._browser)
        except (Error, OSError) as error:
            await self._stop()
            first = str(error).strip().splitlines()[0]
            raise InfrastructureFailure("browser", f"Chromium at {executable} did not start: {first}") from error
        return self._browser

    async def stop(self) -> None:
        """Close the browser for good."""
        async with self._lock:
            self._over = True
            if self._launch is not None:
                await asyncio.wait({self._launch}, timeout=LAUNCH_DEADLINE)
            await self._stop()

    async def _stop(self) -> None:
        browser, playwright, self._browser, self._playwright = self._browser, self._playwright, None, None
        left, self._belongings = self._belongings, []
        if browser is not None:
            await _ended(browser.close())
            await cleared(left)
        if playwright is not None:
            await _ended(playwright.stop())
        await clear_away(left)


async def _ended(closing: Awaitable[None]) -> None:
    try:
        await asyncio.wait_for(closing, CLOSE_DEADLINE)
    except (Error, TimeoutError) as error:
        log.debug("Closing the browser: %s", error)


_engines: dict[tuple[asyncio.AbstractEventLoop, str | None, str | None], Engine] = {}


async def engine(executable: str | None, resolver_rules: str | None) -> Engine:
    """The engine for these arguments of the browser's loop, on which this is to be called.

    It is stopped when the loop ends; a browser is of no use to another loop.
    """
    key = (asyncio.get_running_loop(), executable, resolver_rules)
    if key not in _engines:
        made = Engine(executable, resolver_rules)

        async def farewell() -> None:
            del _engines[key]
            await made.stop()

        at_end(farewell)
        _engines[key] = made
    return _engines[key]


def shutdown() -> None:
    """Close every browser of this process. Environments that are still in use launch theirs again."""
    end_browser_loop()


atexit.register(shutdown)
