"""The life of one browser page: its context, clean for every episode, its tabs, and what it is asked.

Everything here runs on the browser's loop and has a deadline.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from importlib import resources
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Dialog, Download, Error, Frame, Page

from webvoyager_gym.browser.activity import Activity
from webvoyager_gym.browser.changed import PageChanged, of_a_page_gone
from webvoyager_gym.browser.engine import Engine, engine
from webvoyager_gym.browser.guard import Gate, Guard
from webvoyager_gym.browser.loop import within
from webvoyager_gym.browser.reach import Reach
from webvoyager_gym.browser.recorder import Tape
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.network.playback import Playback

CALL_DEADLINE = 10.0
"""Seconds one call to the browser may take."""
INPUT_PATIENCE = 2.0
"""Seconds to wait for the acknowledgement of an input event."""
OPEN_DEADLINE = 20.0
"""Seconds a new context with its page may take."""
REQUESTS_A_CONTEXT = 300
"""Requests after which `renew` opens a new context. Playwright keeps some 12 kB of each until its context is closed."""

_STEADY = resources.files(__package__).joinpath("steady.js").read_text()

log = logging.getLogger(__name__)


class Tab:
    """A page in a browser context of its own.

    Args:
        executable: path of a Chromium; found by itself if None.
        resolver_rules: what Chromium is told of host names; None for the system's.
        viewport: (width, height) in CSS pixels, the size of the pictures too.
        device_scale_factor: device pixels to a CSS pixel.

    Attributes:
        resolver_rules, viewport: as given.
        notices: what the page did on its own since the last action (an alert's text, say), for the next observation.
        seconds: wall-clock time of the last calls by phase, in seconds; the phases do not overlap.
    """

    def __init__(
        self,
        *,
        executable: str | None,
        resolver_rules: str | None,
        viewport: tuple[int, int],
        device_scale_factor: float = 1.0,
    ) -> None:
        self._executable = executable
        self._scale = device_scale_factor
        self.resolver_rules = resolver_rules
        self.viewport = viewport
        self._engine: Engine | None = None
        self._context: BrowserContext | None = None
        self._page: Page | None = None
        self._cdp: CDPSession | None = None
        self._crashed = False
        self._steady = False
        self._gate: Gate | None = None
        self._activity = Activity()
        self._reach = Reach()
        self._origins: set[str] = set()
        self.notices: list[str] = []
        self.seconds: dict[str, float] = {}
        self._inner = 0.0

    @property
    def page(self) -> Page:
        """Playwright's page, for tasks that need more than this class offers.

        Raises:
            InfrastructureFailure: part "browser"; it crashed or was closed.
        """
        if self._page is None or self._gone:
            raise InfrastructureFailure(
                "browser", "The browser page crashed or was closed; call reset() for a new one."
            )
        return self._page

    @property
    def _gone(self) -> bool:
        """Whether the page is of no use any more: none is open, it crashed or was closed, or its loop ended."""
        page, engine = self._page, self._engine
        return page is None or engine is None or self._crashed or page.is_closed() or engine.loop.is_closed()

    @contextlib.contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count the time spent inside to a phase. Time counts once: a phase within another is left out of the outer."""
        started, inner = time.perf_counter(), self._inner
        self._inner = 0.0
        try:
            yield
        finally:
            spent = time.perf_counter() - started
            self.seconds[name] = self.seconds.get(name, 0.0) + spent - self._inner
            self._inner = inner + spent

    async def renew(self) -> None:
        """A clean page: no cookies, storage, service workers, permissions, history or further tabs of what was before.

        Raises:
            MissingDependency: no Chromium was found.
            InfrastructureFailure: part "browser" or "deadline".
        """
        with self.phase("renew"):
            if self._activity.requests >= REQUESTS_A_CONTEXT or not await self._wipe():
                await self._open()
            self.notices = []
            self._activity.forget()
            self._reach.forget()
            if self._gate is not None:
                self._gate.guard = None

    async def record(self, tape: Tape) -> None:
        """Record what the page is answered, until the next `renew`; its clock and its chance are the tape's.

        Raises:
            InfrastructureFailure: part "browser".
        """
        assert self._gate is not None
        await self._prepare(self._gate.tape(tape), tape.began, tape.seed)

    async def replay(self, playback: Playback) -> None:
        """Have a recording answer in the network's stead, until the next `renew`; clock and chance are its own.

        Raises:
            InfrastructureFailure: part "browser".
        """
        assert self._gate is not None
        about = playback.recording.about
        await self._prepare(self._gate.answer_from(playback), about.began, about.seed)

    async def _prepare(self, gate: Coroutine[Any, Any, None], now: int, seed: int) -> None:
        """Have all that comes pass a gate, and run on a clock and by chances that are known."""
        assert self._context is not None
        self._steady = True
        async with self._call():
            await gate
            await self._context.add_init_script(f"{_STEADY.rstrip()}({json.dumps({'now': now, 'seed': seed})});")

    async def keep_to(self, guard: Guard) -> None:
        """Refuse what the guard refuses, until the next `renew`.

        Raises:
            InfrastructureFailure: part "browser".
        """
        assert self._gate is not None
        async with self._call():
            await self._gate.keep_to(guard)

    @property
    def guard(self) -> Guard | None:
        """What the page is kept from; None for nothing."""
        return self._gate.guard if self._gate is not None else None

    async def stand_at(self, latitude: float, longitude: float) -> None:
        """Tell pages that ask that they are there, until the next `renew`.

        Raises:
            InfrastructureFailure: part "browser".
        """
        assert self._context is not None
        async with self._call():
            await self._context.set_geolocation({"latitude": latitude, "longitude": longitude})
            await self._context.grant_permissions(["geolocation"])

    async def _wipe(self) -> bool:
        """Clean the present context; False if there is none, or if it could not be cleaned."""
        # A steady clock cannot be taken from a context again.
        if self._context is None or self._page is None or self._gone or self._steady:
            return False
        try:
            async with within(CALL_DEADLINE):
                for other in self._context.pages:
                    if other is not self._page:
                        await other.close()
                # Away from the page first: it may write as it is left.
                await self._send("Page.stopLoading")
                await self._page.goto("about:blank")
                await asyncio.gather(
                    self._context.clear_cookies(),
                    self._context.clear_permissions(),
                    *(
                        self._send("Storage.clearDataForOrigin", origin=origin, storageTypes="all")
                        for origin in sorted(self._origins)
                    ),
                    self._send("Runtime.evaluate", expression="window.name = ''"),
                    self._send("Page.resetNavigationHistory"),
                )
        except (Error, InfrastructureFailure) as error:
            log.debug("Opening a new context, since the old one could not be cleaned: %s", error)
            return False
        self._origins.clear()
        return True

    async def _open(self) -> None:
        await self.close()
        self._activity.requests = 0
        self._steady = False
        self._engine = await engine(self._executable, self.resolver_rules)
        browser = await self._engine.browser()
        try:
            async with within(OPEN_DEADLINE):
                self._context = await browser.new_context(
                    viewport={"width": self.viewport[0], "height": self.viewport[1]},
                    locale="en-US",
                    timezone_id="UTC",
                    device_scale_factor=self._scale,
                    accept_downloads=False,
                    reduced_motion="reduce",
                    service_workers="block",
                )
                self._context.set_default_timeout(CALL_DEADLINE * 1000)
                self._context.on("page", self._on_new_page)
                for told in (self._activity, self._reach):
                    self._context.on("request", told.began)
                    self._context.on("requestfinished", told.ended)
                    self._context.on("requestfailed", told.ended)
                self._gate = Gate(self._context, self._on_refused)
                await self._adopt(await self._context.new_page())
        except Error as error:
            raise InfrastructureFailure("browser", f"The browser gave no page: {first_line(error)}") from error

    async def _adopt(self, page: Page) -> None:
        """Make a page the one that is observed and acted on."""
        assert self._context is not None
        cdp = await self._context.new_cdp_session(page)
        tree = await cdp.send("Page.getFrameTree")
        main = tree["frameTree"]["frame"]["id"]
        # Sent by the renderer when a click or a form starts a navigation, before its answer to anything asked later.
        cdp.on("Page.frameStartedLoading", lambda event: self._on_loading(cdp, event["frameId"] == main, True))
        cdp.on("Page.frameStoppedLoading", lambda event: self._on_loading(cdp, event["frameId"] == main, False))
        cdp.on("Page.windowOpen", lambda _: self._activity.opens())
        self._cdp, self._page, self._crashed, self._activity.loading = cdp, page, False, False
        await cdp.send("Page.enable")
        page.on("dialog", self._on_dialog)
        page.on("download", self._on_download)
        page.on("crash", self._on_crash)
        page.on("close", self._on_close)
        page.on("framenavigated", self._on_navigated)

    def _on_new_page(self, page: Page) -> None:
        if self._page is not None:
            self._activity.follow(self._follow(page))

    async def _follow(self, page: Page) -> None:
        """A new tab becomes the page."""
        with contextlib.suppress(Error):
            await page.set_viewport_size({"width": self.viewport[0], "height": self.viewport[1]})
            await self._adopt(page)

    def _on_close(self, page: Page) -> None:
        remaining = [other for other in self._context.pages if other is not page] if self._context else []
        if page is self._page and remaining:
            self._activity.follow(self._follow(remaining[-1]))

    async def _on_crash(self, page: Page) -> None:
        if page is self._page and self._cdp is not None:
            self._crashed = True
            # A crashed page answers nothing any more; this fails what it was asked.
            with contextlib.suppress(Error):
                await self._cdp.detach()

    def _on_loading(self, cdp: CDPSession, whole_page: bool, loading: bool) -> None:
        if whole_page and cdp is self._cdp:
            self._activity.navigates(loading)

    def _on_refused(self, said: str) -> None:
        self.notices.append(said)
        self._activity.refused()

    def _on_navigated(self, frame: Frame) -> None:
        if frame.parent_frame is None:
            self._reach.arrived(frame.page)
        scheme, separator, rest = frame.url.partition("://")
        if separator and scheme in ("http", "https"):
            self._origins.add(f"{scheme}://{rest.split('/')[0]}")

    async def _on_dialog(self, dialog: Dialog) -> None:
        self.notices.append(f'The page showed {dialog.type} dialog: "{dialog.message[:200]}".')
        with contextlib.suppress(Error):
            await (dialog.dismiss() if dialog.type == "prompt" else dialog.accept())

    def _on_download(self, download: Download) -> None:
        self.notices.append(f'The page offered the file "{download.suggested_filename[:80]}"; it was not downloaded.')

    async def _send(self, method: str, **parameters: Any) -> dict[str, Any]:
        assert self._cdp is not None
        result: dict[str, Any] = await self._cdp.send(method, parameters)
        return result

    @contextlib.asynccontextmanager
    async def _call(self) -> AsyncIterator[None]:
        """Within: calls to the browser, with their deadline, and its errors as failures."""
        async with within(CALL_DEADLINE):
            try:
                yield
            except Error as error:
                raise InfrastructureFailure("browser", f"The browser failed: {first_line(error)}") from error

    async def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A Chrome DevTools Protocol call on the page.

        Raises:
            InfrastructureFailure: part "browser" or "deadline".
            PageChanged: the document went away meanwhile.
        """
        _ = self.page
        async with self._call():
            try:
                return await self._send(method, **parameters)
            except Error as error:
                if of_a_page_gone(error):
                    raise PageChanged from error
                raise

    async def input(self, method: str, **parameters: Any) -> None:
        """Send a mouse or key event. An event that starts a navigation may never be acknowledged; that is no failure.

        Raises:
            InfrastructureFailure: part "browser".
        """
        try:
            async with asyncio.timeout(INPUT_PATIENCE):
                await self.send(method, **parameters)
        except TimeoutError:
            log.debug("%s was not acknowledged within %g s.", method, INPUT_PATIENCE)

    async def evaluate(self, expression: str, *, wait: bool = False) -> Any:
        """The value of a JavaScript expression on the page; `wait` awaits a promise.

        Raises:
            InfrastructureFailure: part "browser" or "deadline".
            PageChanged: the document went away meanwhile.
        """
        reply = await self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=wait, userGesture=False
        )
        if "exceptionDetails" in reply:
            details = reply["exceptionDetails"]
            text = details.get("exception", {}).get("description", details.get("text", ""))
            raise InfrastructureFailure(
                "browser", f"A script failed on the page: {text.splitlines()[0] if text else '?'}"
            )
        return reply["result"].get("value")

    async def set_cookie(self, name: str, value: str, *, domain: str) -> None:
        """Set a session cookie for a host."""
        await self.send("Network.setCookie", name=name, value=value, domain=domain, path="/", httpOnly=True)

    async def lives(self) -> bool:
        """Whether the browser still answers. One that is being closed aborts its navigations before it is gone."""
        if self._gone:
            return False
        try:
            async with asyncio.timeout(INPUT_PATIENCE):
                await self._send("Browser.getVersion")
        except (Error, TimeoutError):
            return False
        return True

    async def close(self) -> None:
        """Close the page and its context. Safe to call twice, and after crashes."""
        gone = self._engine is None or self._engine.loop.is_closed()
        context, self._context, self._page, self._cdp = self._context, None, None, None
        self._gate = None
        if context is not None and not gone:
            with contextlib.suppress(Error, TimeoutError):
                await asyncio.wait_for(context.close(), 5)
        self._activity.forget()
        self._origins.clear()


def first_line(error: Exception) -> str:
    """The first line of what an error says; playwright's say much more below."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
