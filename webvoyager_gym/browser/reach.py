"""Whether the site answers: a page that is to be another and never comes is no state of the task."""

from __future__ import annotations

import time

from playwright.async_api import Error, Page, Request

from webvoyager_gym.errors import InfrastructureFailure

UNREACHED = (
    "net::ERR_CONNECTION_",
    "net::ERR_EMPTY_RESPONSE",
    "net::ERR_TIMED_OUT",
    "net::ERR_ADDRESS_UNREACHABLE",
    "net::ERR_INTERNET_DISCONNECTED",
    "net::ERR_NETWORK_",
)
"""How Chromium says that nobody answered. A name that leads nowhere is not among them: such a link is dead."""

PATIENCE = 10.0
"""Seconds after which a document that was asked for and does not come is not just slow."""


class Reach:
    """Told by the browser's events which documents were asked for and what became of them."""

    def __init__(self) -> None:
        self._asked: Request | None = None
        self._since = 0.0
        self._failed = ""
        self._repeatable = False

    @property
    def worth_another_try(self) -> bool:
        """Whether nobody answered what was asked for last, and asking again can do no harm."""
        return bool(self._failed) and self._repeatable

    def began(self, request: Request) -> None:
        """A request was sent; that for a whole page is noted."""
        if for_whole_page(request):
            self._asked, self._since, self._failed = request, time.monotonic(), ""

    def ended(self, request: Request) -> None:
        """A request was answered in full, or failed."""
        if request is self._asked:
            self._asked = None
            failed = request.failure or ""
            self._failed = f"{request.url}: {failed}" if unanswered(failed) else ""
            self._repeatable = request.method == "GET"

    def arrived(self, page: Page) -> None:
        """A page shows a new document; what is asked for elsewhere goes on."""
        if self._asked is not None and _page_of(self._asked) is page:
            self._asked = None

    def forget(self) -> None:
        """What was asked for concerns nobody any more."""
        self._asked, self._failed = None, ""

    def check(self, page: Page) -> None:
        """Raises InfrastructureFailure, part "site", if nobody answered what was asked for last on this page."""
        if self._failed:
            raise InfrastructureFailure("site", f"The site did not answer: {self._failed}.")
        asked = self._asked
        if asked is not None and _page_of(asked) is page and time.monotonic() - self._since > PATIENCE:
            raise InfrastructureFailure("site", f"The site did not answer within {PATIENCE:g} s: {asked.url}.")


def unanswered(error: str) -> bool:
    """Whether Chromium says that nobody answered."""
    return any(word in error for word in UNREACHED)


def for_whole_page(request: Request) -> bool:
    """Whether a document is asked for that is to be the page, rather than a part of one."""
    if not request.is_navigation_request():
        return False
    try:
        return request.frame.parent_frame is None
    except Error:  # A new tab's, which is not there yet.
        return True


def _page_of(request: Request) -> Page | None:
    try:
        return request.frame.page
    except Error:
        return None
