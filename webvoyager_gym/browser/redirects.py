"""Redirects, which Playwright follows without asking its routes: here each is asked about before it is followed."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from webvoyager_gym.browser.held import Held, sent
from webvoyager_gym.network.exchange import Asked, Exchange

Answers = Callable[[Asked], Awaitable[Exchange | None]]
"""What a request is answered without the network: an exchange with an error refuses it, None lets it through."""


class Redirects(Held[Answers]):
    """Asks those that answer for a browser's contexts about what they are redirected to.

    Attributes:
        by_routes: whether routes answer all requests of this browser. What an answer of theirs redirects to is then no
            redirect to Chromium, but a request that no route was asked about; nothing else comes here.
    """

    stage = "Request"
    by_routes = False

    async def on_paused(self, event: dict[str, Any]) -> None:
        answer = await self._answer(event) if self.by_routes or "redirectedRequestId" in event else None
        if answer is None:
            await self.send("continueRequest", event)
        elif answer.error:
            await self.send("failRequest", event, errorReason=answer.reason)
        else:
            await self.send(
                "fulfillRequest",
                event,
                responseCode=answer.status,
                responseHeaders=[{"name": name, "value": value} for name, value in answer.headers],
                body=base64.b64encode(answer.content).decode(),
            )

    async def _answer(self, event: dict[str, Any]) -> Exchange | None:
        concerned, document = await self.concerned(event)
        request = event["request"]
        asked = Asked(request["method"], request["url"], sent(request), document)
        answers = [answer for each in concerned if (answer := await each(asked)) is not None]
        # Where it cannot be told whom it concerns, one that refuses outweighs one that would let it through.
        return next((answer for answer in answers if not answer.error), answers[0] if answers else None)
