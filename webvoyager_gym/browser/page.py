"""One browser page: open, observe, act, settle. Everything here runs on the browser's loop and has a deadline."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import json
import logging
import time
from collections.abc import Awaitable, Coroutine, Iterator
from importlib import resources
from typing import Any, TypeVar

from PIL import Image
from playwright.async_api import BrowserContext, CDPSession, Dialog, Download, Error, Frame, Page

from webvoyager_gym.actions import Action
from webvoyager_gym.browser.activity import Activity
from webvoyager_gym.browser.changed import PageChanged, of_a_page_gone
from webvoyager_gym.browser.draw import draw_marks
from webvoyager_gym.browser.engine import Engine, engine
from webvoyager_gym.browser.foreign import with_foreign_frames
from webvoyager_gym.browser.guard import Gate, Guard
from webvoyager_gym.browser.inputs import ActionFailed, perform
from webvoyager_gym.browser.loop import within
from webvoyager_gym.browser.outline import marks_and_outline
from webvoyager_gym.browser.reach import Reach, unanswered
from webvoyager_gym.browser.recorder import Tape
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.network.playback import Playback
from webvoyager_gym.types import PageView

CALL_DEADLINE = 10.0
"""Seconds one call to the browser may take."""
INPUT_PATIENCE = 2.0
"""Seconds to wait for the acknowledgement of an input event."""
REPLY_AFTER_NAVIGATION = 0.5
"""Seconds to wait for what a page was asked before it navigated; the reply may be lost with the old document."""
NAVIGATION_DEADLINE = 15.0
"""Seconds a navigation may take until the new document is there."""
OPEN_DEADLINE = 20.0
"""Seconds a new context with its page may take."""
SETTLE_LIMIT = 3.0
"""Seconds to wait for a page to become quiet before it is taken as it is."""
REQUESTS_A_CONTEXT = 300
"""Requests after which `renew` opens a new context. Playwright keeps some 12 kB of each until its context is closed."""
LOST_REPLIES = 1
"""So many replies of a page that is not navigating may be lost before it is taken as it is."""
LOOKS = 3
"""So many pictures at most are taken of a page that navigates while it is looked at."""
LOOK_DEADLINE = 20.0
"""Seconds until a page that cannot be looked at is given up."""

_OBSERVE = resources.files(__package__).joinpath("observe.js").read_text()
OBSERVE_SCRIPT = f"({_OBSERVE})()"
_SETTLE = resources.files(__package__).joinpath("settle.js").read_text()
_STEADY = resources.files(__package__).joinpath("steady.js").read_text()
_Replies = TypeVar("_Replies")

log = logging.getLogger(__name__)


class BrowserPage:
    """A page in a browser context of its own.

    Args:
        executable: path of a Chromium; found by itself if None.
        resolver_rules: what Chromium is told of host names; None for the system's.
        viewport: (width, height) in CSS pixels, the size of the pictures too.
        device_scale_factor: device pixels to a CSS pixel.

    Attributes:
        resolver_rules: as given.
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
        self._viewport = viewport
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
        self._start_url = "about:blank"
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
        async with within(CALL_DEADLINE):
            try:
                await gate
                await self._context.add_init_script(f"{_STEADY.rstrip()}({json.dumps({'now': now, 'seed': seed})});")
            except Error as error:
                raise self._failure(error) from error

    async def keep_to(self, guard: Guard) -> None:
        """Refuse what the guard refuses, until the next `renew`.

        Raises:
            InfrastructureFailure: part "browser".
        """
        assert self._gate is not None
        async with within(CALL_DEADLINE):
            try:
                await self._gate.keep_to(guard)
            except Error as error:
                raise self._failure(error) from error

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
        async with within(CALL_DEADLINE):
            try:
                await self._context.set_geolocation({"latitude": latitude, "longitude": longitude})
                await self._context.grant_permissions(["geolocation"])
            except Error as error:
                raise self._failure(error) from error

    @property
    def start_url(self) -> str:
        """What `restart` returns to."""
        return self._start_url

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
                    viewport={"width": self._viewport[0], "height": self._viewport[1]},
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
            raise InfrastructureFailure("browser", f"The browser gave no page: {_first_line(error)}") from error

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
            await page.set_viewport_size({"width": self._viewport[0], "height": self._viewport[1]})
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

    async def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A Chrome DevTools Protocol call on the page.

        Raises:
            InfrastructureFailure: part "browser" or "deadline".
            PageChanged: the document went away meanwhile.
        """
        _ = self.page
        async with within(CALL_DEADLINE):
            try:
                return await self._send(method, **parameters)
            except Error as error:
                if of_a_page_gone(error):
                    raise PageChanged from error
                raise self._failure(error) from error

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
        _ = self.page
        async with within(CALL_DEADLINE):
            try:
                reply = await self._send(
                    "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=wait, userGesture=False
                )
            except Error as error:
                if of_a_page_gone(error):
                    raise PageChanged from error
                raise self._failure(error) from error
        if "exceptionDetails" in reply:
            details = reply["exceptionDetails"]
            text = details.get("exception", {}).get("description", details.get("text", ""))
            raise InfrastructureFailure(
                "browser", f"A script failed on the page: {text.splitlines()[0] if text else '?'}"
            )
        return reply["result"].get("value")

    def _failure(self, error: Error) -> InfrastructureFailure:
        return InfrastructureFailure("browser", f"The browser failed: {_first_line(error)}")

    async def set_cookie(self, name: str, value: str, *, domain: str) -> None:
        """Set a session cookie for a host."""
        await self.send("Network.setCookie", name=name, value=value, domain=domain, path="/", httpOnly=True)

    def start_at(self, url: str) -> None:
        """Say what `restart` returns to, where a task opened its first page by itself."""
        self._start_url = url

    async def goto(self, url: str) -> None:
        """Open an address; the first one after `renew` is the one that `restart` returns to.

        Raises:
            InfrastructureFailure: part "site", "browser" or "deadline".
        """
        with self.phase("navigate"):
            if self._start_url == "about:blank" or self.page.url == "about:blank":
                self._start_url = url
            try:
                await self._go(url)
            except Error as error:
                of_site = ("net::" in str(error) or "Timeout" in str(error)) and await self._lives()
                part = "site" if of_site else "browser"
                raise InfrastructureFailure(part, f"{url} could not be opened: {_first_line(error)}") from error
        await self.settle()

    async def _lives(self) -> bool:
        """Whether the browser still answers. One that is being closed aborts its navigations before it is gone."""
        if self._gone:
            return False
        try:
            async with asyncio.timeout(INPUT_PATIENCE):
                await self._send("Browser.getVersion")
        except (Error, TimeoutError):
            return False
        return True

    async def _go(self, url: str) -> None:
        """Open an address; on the live web once more if nobody answered. Raises playwright's Error."""
        try:
            await self.page.goto(url, timeout=NAVIGATION_DEADLINE * 1000, wait_until="commit")
        except Error as error:
            if self.guard is None or not unanswered(str(error)) or self._gone:
                raise
            log.info("Asking once more: %s", _first_line(error))
            await self.page.goto(url, timeout=NAVIGATION_DEADLINE * 1000, wait_until="commit")

    async def _ask_again(self) -> None:
        """On the live web, ask once more for a page that nobody answered."""
        if self.guard is not None and self._reach.worth_another_try and not self._gone:
            log.info("Asking once more for what nobody answered.")
            with contextlib.suppress(Error):
                await self.page.reload(timeout=NAVIGATION_DEADLINE * 1000, wait_until="commit")
            await self.settle()

    async def settle(self, limit: float = SETTLE_LIMIT) -> bool:
        """Wait until no navigation, request or change of tab is under way and two frames went by without a change.

        Args:
            limit: seconds for a page that never becomes quiet. One that is still navigating, or hardly gets to draw on
                a busy machine, has NAVIGATION_DEADLINE.

        Returns:
            False if the limit came first.
        """
        with self.phase("settle"):
            started = time.monotonic()
            lost = 0
            while (spent := time.monotonic() - started) < NAVIGATION_DEADLINE and lost <= LOST_REPLIES:
                self._activity.watch()
                share = max(limit - spent, 1.0)
                try:
                    async with asyncio.timeout(share + 0.5):
                        state = await self._unless_navigated(self.evaluate(f"{_SETTLE}({share * 1000:.0f})", wait=True))
                except TimeoutError:
                    # The reply went to a document that is gone, or the page hangs.
                    lost += not self._activity.loading
                    continue
                except PageChanged:
                    await asyncio.sleep(0)
                    continue
                left = (NAVIGATION_DEADLINE if self._activity.loading else limit) - (time.monotonic() - started)
                if self._activity.busy:
                    if left <= 0:
                        break
                    await self._activity.changes(left)
                elif state == "quiet":
                    return True
                elif state == "busy" and left <= 0:
                    break
            self._activity.loading = False
            return False

    async def observe(self) -> PageView:
        """What there is to see now: marks, outline and screenshot, read in parallel.

        Raises:
            InfrastructureFailure: part "browser" or "deadline".
        """
        with self.phase("observe"):
            read, shot = await self._look()
        with self.phase("draw"):
            page = json.loads(read)
            if page["foreign"]:
                page = await with_foreign_frames(self.page, page, _OBSERVE)
            marks, offscreen, outline = marks_and_outline(page)
            image = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
            if image.size != self._viewport:
                image = image.resize(self._viewport)
            top, height, total = page["scroll"]
            return PageView(
                draw_marks(image, marks), marks, outline, page["url"], page["title"], (top, height, total), offscreen
            )

    async def _look(self) -> tuple[str, dict[str, Any]]:
        """What the page script reads, and the screenshot, of one and the same page if it stays for long enough.

        A navigation may begin and end between the two. A page that does so again and again is taken as it is.
        """
        looks = 0
        until = time.monotonic() + LOOK_DEADLINE
        while time.monotonic() < until:
            before = self._activity.navigations
            try:
                read, shot = await self._unless_navigated(
                    asyncio.gather(
                        self.evaluate(OBSERVE_SCRIPT),
                        self.send(
                            "Page.captureScreenshot", format="png", optimizeForSpeed=True, captureBeyondViewport=False
                        ),
                    )
                )
                looks += 1
                if (not self._activity.loading and self._activity.navigations == before) or looks == LOOKS:
                    return read, shot
                await self.settle()
            except PageChanged:
                await self.settle()
            except InfrastructureFailure as failure:
                # Replies are lost now and then when a navigation swaps the renderer; ask again.
                if failure.part != "deadline":
                    raise
                log.debug("Looking again: %s", failure)
        raise InfrastructureFailure("deadline", "The page could not be looked at: it goes on navigating, or hangs.")

    async def _unless_navigated(self, asked: Awaitable[_Replies]) -> _Replies:
        """The replies, or PageChanged if they do not come and a navigation has begun, or was under way when asked.

        The reply to what is asked while a navigation swaps the renderer can be lost.
        """
        before, loading = self._activity.navigations, self._activity.loading
        replies = asyncio.ensure_future(asked)
        replies.add_done_callback(lambda future: future.cancelled() or future.exception())
        try:
            while not (await asyncio.wait({replies}, timeout=REPLY_AFTER_NAVIGATION))[0]:
                if loading or self._activity.navigations != before:
                    raise PageChanged
            return replies.result()
        finally:
            replies.cancel()

    async def act(self, action: Action, view: PageView) -> str:
        """Carry out an action as seen on `view` and let the page settle.

        Returns:
            "" or one sentence saying why the action could not be carried out.

        Raises:
            InfrastructureFailure: any part but "vlm" and "judge".
        """
        error = ""
        with self.phase("act"):
            try:
                await perform(self, action, view, self._start_url)
            except ActionFailed as failed:
                error = str(failed)
            except PageChanged:
                pass
        await self.settle()
        await self._ask_again()
        self._reach.check(self.page)
        # A notice that comes late, of a download say, goes with the next action.
        told, self.notices = self.notices, []
        return " ".join(filter(None, [error, *told]))

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
        self._start_url = "about:blank"


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
