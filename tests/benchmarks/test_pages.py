"""Server time of a page of each local site, on random walks. Prints a table; times never decide a test.

make bench
"""

from __future__ import annotations

import statistics
import time

import numpy as np
from rich.console import Console
from rich.table import Table
from starlette.types import Message, Receive, Scope, Send

from tests.sites.visiting import ServedSite
from tests.sites.walking import Walk
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.sites.kit.server import LocalWeb, ServerThread, world_of

REQUESTS, WORLDS = 60, 3


class Timed(LocalWeb):
    """Notes how long each page took, from the request's arrival in the app to the last byte; redirects do not count."""

    def __init__(self, site: str) -> None:
        super().__init__([site], load_site)
        self.milliseconds: list[float] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        statuses = []

        async def noted(message: Message) -> None:
            statuses.append(message.get("status"))
            await send(message)

        begun = time.perf_counter()
        await super().__call__(scope, receive, noted)
        if 200 in statuses:
            self.milliseconds.append(1000 * (time.perf_counter() - begun))


def milliseconds_of(site: str) -> list[float]:
    """Times of the pages of a few walks, the first included, which may have to draw what the world looks like."""
    web = Timed(site)
    thread = ServerThread(web)
    try:
        for number in range(WORLDS):
            visitor = ServedSite(site, web, thread).visitor(world_of(load_site(site), "train", number), look=number)
            walk = Walk(visitor, np.random.default_rng(number), load_site(site).start, posts=0.3)
            for _ in range(REQUESTS):
                walk.step()
    finally:
        thread.stop()
    return web.milliseconds


def test_pages_are_cheap() -> None:
    table = Table("site", "pages", "median ms", "95 % ms", "most ms", title="Server time of a page")
    for site in SITES:
        times = milliseconds_of(site)
        assert len(times) >= REQUESTS
        cuts = (statistics.median(times), float(np.quantile(times, 0.95)), max(times))
        table.add_row(site, str(len(times)), *(f"{cut:.1f}" for cut in cuts))
    Console(width=100).print(table)
