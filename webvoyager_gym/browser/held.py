"""What a whole browser asks for, held for a moment at one stage of each request, and who listens for which context."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar, cast

from playwright.async_api import Browser, BrowserContext, CDPSession, Error, Page

PATIENCE = 2.0
"""Seconds that pages have to say which frames they consist of."""

Listener = TypeVar("Listener")


class Held(ABC, Generic[Listener]):
    """Listeners by context, and a session of the whole browser.

    So new tabs, frames of any origin and workers are seen from their first request on.
    """

    stage: ClassVar[Literal["Request", "Response"]]
    """Where requests are held: before they are sent, or before their answer is shown to anybody."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        self._listeners: dict[str, tuple[BrowserContext, Listener]] = {}
        self._frames: dict[str, str] = {}

    @classmethod
    async def of(cls, browser: Browser) -> Self:
        """A browser's, which holds requests from the first call on. Raises playwright's Error."""
        key = (cls, browser)

        async def begin() -> Held[Any]:
            try:
                made = cls(await browser.new_browser_cdp_session())
                made._session.on("Fetch.requestPaused", made.on_paused)
                patterns = [{"urlPattern": "*", "requestStage": cls.stage}]
                await made._session.send("Fetch.enable", {"patterns": patterns})
            except Error:
                # The next one tries again.
                _holding.pop(key, None)
                raise
            return made

        if key not in _holding:
            _holding[key] = asyncio.ensure_future(begin())

            def forget(_: Browser) -> None:
                _holding.pop(key, None)

            browser.once("disconnected", forget)
        return cast(Self, await asyncio.shield(_holding[key]))

    async def add(self, context: BrowserContext, listener: Listener) -> None:
        """Have this listen for a context, until it is closed. Raises playwright's Error."""
        session = await context.new_cdp_session(context.pages[0])
        name = (await session.send("Target.getTargetInfo"))["targetInfo"]["browserContextId"]
        await session.detach()
        self._listeners[name] = context, listener

        def forget(_: BrowserContext) -> None:
            self._listeners.pop(name, None)
            self._frames = {frame: of for frame, of in self._frames.items() if of != name}

        context.on("close", forget)

    @abstractmethod
    async def on_paused(self, event: dict[str, Any]) -> None:
        """Let a request go on that is held."""

    async def concerned(self, event: Mapping[str, Any]) -> tuple[list[Listener], bool]:
        """Who listens for the context that a request is of, and whether it is for a document that is to be the page.

        Where nobody can tell whose it is, as of a frame within a frame of another site, all are concerned.
        """
        try:
            target = await self._session.send("Target.getTargetInfo", {"targetId": event["frameId"]})
            info = target["targetInfo"]
        except (Error, KeyError):
            info = {}
        document = event["resourceType"] == "Document" and info.get("type") == "page"
        context = info.get("browserContextId") or await self._context_of(event.get("frameId", ""))
        if context is None:
            return [listener for _, listener in self._listeners.values()], document
        return [self._listeners[context][1]] if context in self._listeners else [], document

    async def _context_of(self, frame: str) -> str | None:
        """The context of a frame that is no target of its own, if somebody listens for it; None if it is not found."""
        if frame not in self._frames:
            with contextlib.suppress(Error, TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    for name, (context, _) in list(self._listeners.items()):
                        for page in context.pages:
                            self._frames |= dict.fromkeys(await _frames_of(page), name)
        return self._frames.get(frame)

    async def send(self, method: str, event: Mapping[str, Any], **parameters: Any) -> None:
        """Say what becomes of a request, if it still matters to anybody."""
        with contextlib.suppress(Error):
            await self._session.send(f"Fetch.{method}", {"requestId": event["requestId"], **parameters})


async def _frames_of(page: Page) -> list[str]:
    """The ids of a page's frames, but for those of other sites. Raises playwright's Error."""
    session = await page.context.new_cdp_session(page)
    waiting = [(await session.send("Page.getFrameTree"))["frameTree"]]
    await session.detach()
    found = []
    while waiting:
        tree = waiting.pop()
        found.append(tree["frame"]["id"])
        waiting += tree.get("childFrames", [])
    return found


_holding: dict[tuple[type[Held[Any]], Browser], asyncio.Task[Held[Any]]] = {}


def sent(request: Mapping[str, Any]) -> bytes:
    """The body of a request as the protocol has it."""
    return b"".join(base64.b64decode(entry.get("bytes", "")) for entry in request.get("postDataEntries", ()))
