"""A request and what came of it, and the recording of an episode that consists of them."""

from __future__ import annotations

from dataclasses import dataclass

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""Statuses that send the browser elsewhere; such an answer has no content."""


REASONS = frozenset(
    """
    Failed Aborted TimedOut AccessDenied ConnectionClosed ConnectionReset ConnectionRefused ConnectionAborted
    ConnectionFailed NameNotResolved InternetDisconnected AddressUnreachable BlockedByClient BlockedByResponse
    """.split()  # noqa: SIM905 - a list would take a page
)
"""How Chromium says why a request came to nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the browser makes it.

    Attributes:
        method: in capitals.
        url: in full.
        body: what is sent.
        document: whether it is to be the page, rather than a part of one.
    """

    method: str
    url: str
    body: bytes = b""
    document: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as it is kept, and its answer.

    Attributes:
        method, url: of the request, without what is nobody's business (`webvoyager_gym.network.privacy`).
        body: SHA-256 of what was sent, "" for nothing; what was sent itself is not kept.
        alike: likewise of what is left of it without times and chance (`webvoyager_gym.network.likeness`).
        kind: what it was asked for as, in Chromium's words and lower case: "document", "script", "fetch", …
        status: of HTTP; 0 where there is no answer.
        headers: those of the answer that are kept, names in lower case.
        content: of the answer, decoded.
        error: why there is no answer; "" if there is one.
    """

    method: str
    url: str
    body: str = ""
    alike: str = ""
    kind: str = "other"
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes = b""
    error: str = ""

    @property
    def reason(self) -> str:
        """The error as Chromium would say it."""
        return self.error if self.error in REASONS else "Aborted"


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a recorded episode beside its exchanges.

    Attributes:
        task_id, site, goal, suite: of the task that it was an episode of.
        start_url: its first page, which `restart` returns to.
        actions: as they were taken.
        began: what the page's clock said at the start, in milliseconds since 1970.
        seed: of the page's chance, below 2**32.
        viewport: (width, height) in CSS pixels.
        live: whether it was an episode of the live web, with what is done there at the start.
        hosts: those whose documents might be opened; None for every one.
        credentials: whether passwords and the like might be typed.
        sha256: of the archive's index, which holds the checksums of all contents; "" before it is written.
    """

    task_id: str
    site: str
    goal: str
    suite: str
    start_url: str
    actions: tuple[str, ...]
    began: int
    seed: int
    viewport: tuple[int, int]
    live: bool = False
    hosts: tuple[str, ...] | None = None
    credentials: bool = True
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """An episode at the level of the network, its exchanges in the order of their answers."""

    about: About
    exchanges: tuple[Exchange, ...]
