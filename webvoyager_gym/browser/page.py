"""One browser page: open, observe, act, settle. Everything here runs on the browser's loop and has a deadline."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import json
import logging
import time
from collections.abc import Awaitable
from importlib import resources
from typing import Any, TypeVar

from PIL import Image
from playwright.async_api import Error

from webvoyager_gym.actions import Action
from webvoyager_gym.browser.changed import PageChanged
from webvoyager_gym.browser.draw import draw_marks
from webvoyager_gym.browser.foreign import with_foreign_frames
from webvoyager_gym.browser.inputs import ActionFailed, perform
from webvoyager_gym.browser.outline import marks_and_outline
from webvoyager_gym.browser.reach import unanswered
from webvoyager_gym.browser.tab import Tab, first_line
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.types import PageView

REPLY_AFTER_NAVIGATION = 0.5
"""Seconds to wait for what a page was asked before it navigated; the reply may be lost with the old document."""
NAVIGATION_DEADLINE = 15.0
"""Seconds a navigation may take until the new document is there."""
SETTLE_LIMIT = 3.0
"""Seconds to wait for a page to become quiet before it is taken as it is."""
LOST_REPLIES = 1
"""So many replies of a page that is not navigating may be lost before it is taken as it is."""
LOOKS = 3
"""So many pictures at most are taken of a page that navigates while it is looked at."""
LOOK_DEADLINE = 20.0
"""Seconds until a page that cannot be looked at is given up."""

_OBSERVE = resources.files(__package__).joinpath("observe.js").read_text()
OBSERVE_SCRIPT = f"({_OBSERVE})()"
_SETTLE = resources.files(__package__).joinpath("settle.js").read_text()
_BLANK = "about:blank"
_Replies = TypeVar("_Replies")

log = logging.getLogger(__name__)


class BrowserPage(Tab):
    """A tab that is opened at an address, looked at and acted on."""

    _start_url = _BLANK

    @property
    def start_url(self) -> str:
        """What `restart` returns to."""
        return self._start_url

    def start_at(self, url: str) -> None:
        """Say what `restart` returns to, where a task opened its first page by itself."""
        self._start_url = url

    async def goto(self, url: str) -> None:
        """Open an address; the first one after `renew` is the one that `restart` returns to.

        Raises:
            InfrastructureFailure: part "site", "browser" or "deadline".
        """
        with self.phase("navigate"):
            if _BLANK in (self._start_url, self.page.url):
                self._start_url = url
            try:
                await self._go(url)
            except Error as error:
                of_site = ("net::" in str(error) or "Timeout" in str(error)) and await self.lives()
                part = "site" if of_site else "browser"
                raise InfrastructureFailure(part, f"{url} could not be opened: {first_line(error)}") from error
        await self.settle()

    async def _go(self, url: str) -> None:
        """Open an address; on the live web once more if nobody answered. Raises playwright's Error."""
        try:
            await self.page.goto(url, timeout=NAVIGATION_DEADLINE * 1000, wait_until="commit")
        except Error as error:
            if self.guard is None or not unanswered(str(error)) or self._gone:
                raise
            log.info("Asking once more: %s", first_line(error))
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
            if image.size != self.viewport:
                image = image.resize(self.viewport)
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
        await super().close()
        self._start_url = _BLANK
