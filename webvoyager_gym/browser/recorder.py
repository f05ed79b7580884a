"""Recording what a page is answered, before it is shown to the page, so that nothing of it is lost to a navigation."""

from __future__ import annotations

import asyncio
import base64
import logging
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Error

from webvoyager_gym.browser.held import Held, sent
from webvoyager_gym.network.archive import LARGEST, LARGEST_CONTENT
from webvoyager_gym.network.exchange import REDIRECTS, Exchange
from webvoyager_gym.network.har import LONGEST_URL, MOST_EXCHANGES
from webvoyager_gym.network.likeness import digests
from webvoyager_gym.network.privacy import kept_headers, kept_url

PATIENCE = 10.0
"""Seconds an answer may take from its first byte to its last, before it is taken for one that never ends."""
ENDLESS = frozenset({"EventSource", "Media", "WebSocket"})
"""What is asked for as one of these has no end that could be waited for, and is refused while a page is recorded."""

log = logging.getLogger(__name__)


@dataclass
class Tape:
    """What is recorded of an episode, as it comes.

    Attributes:
        began: what the page's clock says at the start, in milliseconds since 1970.
        seed: of the page's chance.
        exchanges: in the order of their answers.
    """

    began: int = field(default_factory=lambda: time.time_ns() // 10**6)
    seed: int = field(default_factory=lambda: secrets.randbelow(2**32))
    exchanges: list[Exchange] = field(default_factory=list)
    _size: int = 0

    def keep(self, exchange: Exchange) -> None:
        """Add an exchange of HTTP, unless the tape is full."""
        if not exchange.url.startswith(("http://", "https://")) or exchange.method == "OPTIONS":
            return
        self._size += len(exchange.content)
        fits = len(exchange.url) <= LONGEST_URL and self._size <= LARGEST // 2
        if fits and len(self.exchanges) < MOST_EXCHANGES:
            self.exchanges.append(exchange)
        else:
            log.warning("The recording is full, so it lacks %s.", exchange.url)


class Recorder(Held[Tape]):
    """Writes what is answered to a browser's contexts on their tapes."""

    stage = "Response"

    async def on_paused(self, event: dict[str, Any]) -> None:
        tapes, _ = await self.concerned(event)
        if not tapes:
            await self.send("continueRequest", event)
            return
        status, content, error = await self._answered(event)
        for tape in tapes:
            tape.keep(_exchange(event, tape.began, status, content, error))
        if error and "responseErrorReason" not in event:
            # What cannot be replayed is not shown either, so that the page is the same both times.
            await self.send("failRequest", event, errorReason="Aborted")
        else:
            await self.send("continueRequest", event)

    async def _answered(self, event: dict[str, Any]) -> tuple[int, bytes, str]:
        """Status, content, and why there is no answer."""
        if "responseErrorReason" in event:
            return 0, b"", str(event["responseErrorReason"])
        if event["resourceType"] in ENDLESS or _is_stream(event):
            return 0, b"", "it has no end, and cannot be replayed"
        status = int(event["responseStatusCode"])
        if status in REDIRECTS:
            return status, b"", ""
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await self._session.send("Fetch.getResponseBody", {"requestId": event["requestId"]})
        except TimeoutError:
            return 0, b"", f"it did not end within {PATIENCE:g} s"
        except Error as error:
            # An answer without content, or of a page that is gone.
            log.debug("No content of %s: %s", event["request"]["url"], error)
            return status, b"", ""
        content = base64.b64decode(reply["body"]) if reply["base64Encoded"] else reply["body"].encode()
        if len(content) > LARGEST_CONTENT:
            return 0, b"", f"it has more than {LARGEST_CONTENT:,} bytes"
        return status, content, ""


def _is_stream(event: dict[str, Any]) -> bool:
    headers = {each["name"].lower(): each["value"] for each in event.get("responseHeaders", ())}
    return headers.get("content-type", "").startswith("text/event-stream")


def _exchange(event: dict[str, Any], began: int, status: int, content: bytes, error: str) -> Exchange:
    request = event["request"]
    body, alike = digests(sent(request), began)
    headers = [(each["name"], each["value"]) for each in event.get("responseHeaders", ())] if not error else []
    return Exchange(
        method=request["method"],
        url=kept_url(request["url"]),
        body=body,
        alike=alike,
        kind=event["resourceType"].lower(),
        status=status,
        headers=kept_headers(headers),
        content=content,
        error=error,
    )
