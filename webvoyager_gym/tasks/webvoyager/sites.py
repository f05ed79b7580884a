"""WebVoyager's fifteen sites: which hosts belong to a task of each, and how an agent behaves there."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from webvoyager_gym.browser.guard import Guard

HOSTS: Mapping[str, tuple[str, ...] | None] = {
    "Allrecipes": ("allrecipes.com",),
    "Amazon": ("amazon.com",),
    "Apple": ("apple.com",),
    "ArXiv": ("arxiv.org",),
    "BBC News": ("bbc.com", "bbc.co.uk"),
    "Booking": ("booking.com",),
    "Cambridge Dictionary": ("cambridge.org",),
    "Coursera": ("coursera.org",),
    # Tickets are sold by a partner, and a task asks for their price.
    "ESPN": ("espn.com", "vividseats.com"),
    "GitHub": ("github.com", "github.blog", "github.io"),
    "Google Flights": ("google.com",),
    "Google Map": ("google.com",),
    # What is searched for lies anywhere.
    "Google Search": None,
    "Huggingface": ("huggingface.co", "hf.co", "hf.space"),
    "Wolfram Alpha": ("wolframalpha.com", "wolfram.com"),
}
"""Hosts whose documents a task of a site may open; None for every one."""

PACE = 1.0
"""Seconds between two documents that this process asks of a host."""
PLACE = (40.7128, -74.0060)
"""Latitude and longitude that a page is told if it asks: New York, as many tasks take the United States for granted."""


def guard_of(site: str, start_url: str) -> Guard:
    """What an agent is kept from on a task of a site; the host of its first page, of a replica say, is its own too."""
    hosts, first = HOSTS[site], urlsplit(start_url).hostname or ""
    own = hosts is None or any(first == host or first.endswith(f".{host}") for host in hosts)
    return Guard(hosts=hosts if own or hosts is None else (*hosts, first), pace=PACE, credentials=False)
