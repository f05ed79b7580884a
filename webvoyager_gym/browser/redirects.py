"""Redirects, which Playwright follows without asking its routes: here each is asked about before it is followed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Error

Refuses = Callable[[str, bool], Awaitable[bool]]
"""Whether an address is refused, given whether it is to be the page."""


class Redirects:
    """Asks the guards of a browser's contexts about what they are redirected to.

    The session is the whole browser's, so that new tabs, frames of any origin and workers are seen from their first
    request on.
    """

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        self._asked: dict[str, Refuses] = {}

    async def enable(self) -> None:
        """From now on all requests of the browser pass here. Raises playwright's Error."""
        self._session.on("Fetch.requestPaused", self._on_paused)
        await self._session.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})

    async def ask(self, context: BrowserContext, refuses: Refuses) -> None:
        """Ask this about the redirects of a context, until it is closed. Raises playwright's Error."""
        session = await context.new_cdp_session(context.pages[0])
        name = (await session.send("Target.getTargetInfo"))["targetInfo"]["browserContextId"]
        await session.detach()
        self._asked[name] = refuses

        def forget(_: BrowserContext) -> None:
            self._asked.pop(name, None)

        context.on("close", forget)

    async def _on_paused(self, event: dict[str, Any]) -> None:
        number = {"requestId": event["requestId"]}
        refused = "redirectedRequestId" in event and await self._refused(event)
        with contextlib.suppress(Error):
            if refused:
                await self._session.send("Fetch.failRequest", {**number, "errorReason": "Aborted"})
            else:
                await self._session.send("Fetch.continueRequest", number)

    async def _refused(self, event: dict[str, Any]) -> bool:
        try:
            target = await self._session.send("Target.getTargetInfo", {"targetId": event["frameId"]})
            info = target["targetInfo"]
        except (Error, KeyError):
            # A part of a page, which is no target of its own: whose, cannot be told.
            info = {}
        context = info.get("browserContextId")
        asked = list(self._asked.values()) if context is None else [self._asked[context]] * (context in self._asked)
        document = event["resourceType"] == "Document" and info.get("type") == "page"
        answers = [await refuses(event["request"]["url"], document) for refuses in asked]
        return any(answers)


def _forget(browser: Browser) -> None:
    _watching.pop(browser, None)


_watching: dict[Browser, asyncio.Task[Redirects]] = {}


async def redirects_of(browser: Browser) -> Redirects:
    """A browser's redirects, which are watched from the first call on. Raises playwright's Error."""

    async def watch() -> Redirects:
        try:
            redirects = Redirects(await browser.new_browser_cdp_session())
            await redirects.enable()
        except Error:
            # The next one tries again.
            _forget(browser)
            raise
        return redirects

    if browser not in _watching:
        _watching[browser] = asyncio.ensure_future(watch())
        browser.once("disconnected", _forget)
    return await asyncio.shield(_watching[browser])
