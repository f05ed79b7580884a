"""How each fault is done to a vector environment, at a moment of its own while the environment steps."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

from playwright.async_api import Page

from webvoyager_gym.browser.loop import browser_loop
from webvoyager_gym.proofs.faults.kinds import (
    BROWSER_KILLED,
    LOOP_CUT,
    SITE_STALLED,
    SITE_STOPPED,
    TAB_CRASHED,
    Kind,
)
from webvoyager_gym.proofs.processes import descendants
from webvoyager_gym.tasks.local import local_web
from webvoyager_gym.vector import BestOfQVectorEnv

LAUNCH_PATIENCE = 30.0
"""Seconds to wait for a browser that is to be killed while none runs."""
CRASH_PATIENCE, CRASH_AGAIN = 30.0, 0.5
"""Seconds to wait for a tab to crash, and after which it is asked again."""


class Injection(threading.Thread):
    """Does the fault once so many seconds have passed.

    Attributes:
        at: when it was done, as of time.monotonic().
        error: why it could not be done, if so.

    Args:
        victim: number of the environment that is hit, where a fault hits one.
    """

    def __init__(self, kind: Kind, envs: BestOfQVectorEnv, victim: int, delay: float) -> None:
        super().__init__(name="fault", daemon=True)
        self._kind, self._envs, self._victim, self._delay = kind, envs, victim, delay
        self._over = threading.Event()
        self.at = 0.0
        self.error: Exception | None = None

    def run(self) -> None:
        time.sleep(self._delay)
        self.at = time.monotonic()
        try:
            _DO[self._kind](self._envs, self._victim, self._over)
        except Exception as error:
            self.error = error

    def end(self) -> None:
        """End what goes on: a site that stalls serves again."""
        self._over.set()


def _kill_browser(envs: BestOfQVectorEnv, victim: int, over: threading.Event) -> None:
    until = time.monotonic() + LAUNCH_PATIENCE
    while not (browsers := [process for process in descendants() if process.is_browser]):
        if time.monotonic() > until:
            raise TimeoutError("There is no browser to kill.")
        time.sleep(0.01)
    for browser in browsers:
        os.kill(browser.pid, signal.SIGKILL)


def _crash_tab(envs: BestOfQVectorEnv, victim: int, over: threading.Event) -> None:
    page = envs.envs[victim].episode.page
    if page is not None:
        browser_loop().run(_crash(page.page), 2 * CRASH_PATIENCE)


async def _crash(page: Page) -> None:
    """By a page that Chromium has for it. What the DevTools Protocol has takes the whole browser along now and then."""
    crashed = asyncio.Event()
    page.on("crash", lambda _: crashed.set())
    session = await page.context.new_cdp_session(page)
    async with asyncio.timeout(CRASH_PATIENCE):
        while not crashed.is_set() and not page.is_closed():
            asked = asyncio.ensure_future(session.send("Page.navigate", {"url": "chrome://crash"}))
            # It is not answered if the tab crashes; it comes to nothing if the page goes elsewhere at the same time.
            asked.add_done_callback(lambda done: done.cancelled() or done.exception())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(crashed.wait(), CRASH_AGAIN)


def _stop_site(envs: BestOfQVectorEnv, victim: int, over: threading.Event) -> None:
    local_web().server.stop()


def _stall_site(envs: BestOfQVectorEnv, victim: int, over: threading.Event) -> None:
    """Connections are accepted, by the system, and nobody ever answers."""
    local_web().server.loop.call_soon_threadsafe(over.wait)


def _cut_loop(envs: BestOfQVectorEnv, victim: int, over: threading.Event) -> None:
    """The loop stops, or a callback ends its thread."""
    loop = browser_loop().loop
    if victim % 2:
        loop.call_soon_threadsafe(loop.stop)
    else:
        loop.call_soon_threadsafe(sys.exit)


_DO: dict[Kind, Callable[[BestOfQVectorEnv, int, threading.Event], None]] = {
    BROWSER_KILLED: _kill_browser,
    TAB_CRASHED: _crash_tab,
    SITE_STOPPED: _stop_site,
    SITE_STALLED: _stall_site,
    LOOP_CUT: _cut_loop,
}
