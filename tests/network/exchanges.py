"""Recordings made up for tests."""

from __future__ import annotations

from typing import Any

from webvoyager_gym.network.exchange import About, Exchange, Recording
from webvoyager_gym.network.likeness import digests
from webvoyager_gym.network.privacy import kept_headers, kept_url

BEGAN = 1_795_000_000_000
"""When they begin, in milliseconds since 1970."""


def about(**changes: Any) -> About:
    """What is known of a made-up episode."""
    known: dict[str, Any] = {
        "task_id": "Booking--5",
        "site": "Booking",
        "goal": "Find a room\nfor two.",
        "suite": "webvoyager?patches=1",
        "start_url": "https://booking.test/",
        "actions": ('type [3] "Rome"', "click [4]"),
        "began": BEGAN,
        "seed": 7,
        "viewport": (1024, 768),
        "live": True,
        "hosts": ("booking.test",),
        "credentials": False,
    }
    return About(**(known | changes))


def answered(url: str, content: str = "", *, method: str = "GET", body: bytes = b"", **more: Any) -> Exchange:
    """An exchange as the recorder would keep it."""
    exact, alike = digests(body, BEGAN)
    headers = kept_headers(more.pop("headers", (("Content-Type", "text/plain"), ("Set-Cookie", "a=b"))))
    given: dict[str, Any] = {"status": 200, "content": content.encode(), "headers": headers, "kind": "fetch"}
    return Exchange(method, kept_url(url), exact, alike, **(given | more))


def recording(*exchanges: Exchange, **changes: Any) -> Recording:
    """A made-up episode."""
    return Recording(about(**changes), exchanges)
