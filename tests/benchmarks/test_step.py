"""Step and reset against a bare Playwright loop, interleaved in one run. Prints a table; times never decide a test.

The bare loop does the same input, two frames, the same marks script and the same screenshot.

    make bench
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import statistics
import time
from collections.abc import Awaitable, Callable

import numpy as np
import pytest
from PIL import Image
from playwright.async_api import CDPSession, Page
from rich.console import Console
from rich.table import Table

from webvoyager_gym.browser.engine import engine
from webvoyager_gym.browser.loop import browser_loop
from webvoyager_gym.browser.page import _OBSERVE
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.sites.kit.server import COOKIE, DOMAIN
from webvoyager_gym.tasks.local import open_session

ROUNDS = 30
TASK = "shop/listed-fact/train-3"
_TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))"


class Bare:
    """The least a loop can do with Playwright and the DevTools Protocol."""

    def __init__(self, page: Page, cdp: CDPSession) -> None:
        self.page, self.cdp = page, cdp

    @classmethod
    async def open(cls, env: WebVoyagerEnv) -> Bare:
        browser = await (await engine(None, env.suite.resolver_rules)).browser()
        context = await browser.new_context(viewport={"width": 1024, "height": 768}, reduced_motion="reduce")
        session = open_session(env.suite.task(TASK))  # type: ignore[arg-type]
        cookie = {"name": COOKIE, "value": session.token, "domain": f"shop.{DOMAIN}", "path": "/"}
        await context.add_cookies([cookie])  # type: ignore[list-item]
        page = await context.new_page()
        return cls(page, await context.new_cdp_session(page))

    async def look(self) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        await self.cdp.send("Runtime.evaluate", {"expression": _TWO_FRAMES, "awaitPromise": True})
        shot = {"format": "png", "optimizeForSpeed": True}
        read, picture = await asyncio.gather(
            self.cdp.send("Runtime.evaluate", {"expression": _OBSERVE, "returnByValue": True}),
            self.cdp.send("Page.captureScreenshot", shot),
        )
        json.loads(read["result"]["value"])
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(picture["data"]))).convert("RGB"))

    async def reset(self) -> None:
        await self.page.goto(f"http://shop.{DOMAIN}/")
        await self.look()

    async def click(self, x: float, y: float) -> None:
        await self.page.mouse.click(x, y)
        await self.look()

    async def follow(self, x: float, y: float) -> None:
        async with self.page.expect_navigation(wait_until="load"):
            await self.page.mouse.click(x, y)
        await self.look()


def timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return 1e3 * (time.perf_counter() - started)


@pytest.mark.timeout(900)
def test_step_and_reset_against_a_bare_loop() -> None:
    loop = browser_loop()
    env = WebVoyagerEnv(task_id=TASK, max_steps=10_000)
    env.reset()
    bare = loop.run(Bare.open(env), 60)

    def run(coroutine: Awaitable[None]) -> None:
        loop.run(coroutine, 60)  # type: ignore[arg-type]

    run(bare.reset())
    field = next(mark for mark in env.view.marks if mark.role in ("searchbox", "textbox"))
    link = next(mark for mark in env.view.marks if mark.role == "link" and mark.href not in ("", "/"))
    rows: dict[str, tuple[list[float], list[float]]] = {"reset": ([], []), "click": ([], []), "click a link": ([], [])}
    for _ in range(ROUNDS):
        for name, ours, theirs in (
            ("reset", lambda: env.reset(), lambda: run(bare.reset())),
            ("click", lambda: env.step(f"click [{field.index}]"), lambda: run(bare.click(*field.centre))),
            ("click a link", lambda: env.step(f"click [{link.index}]"), lambda: run(bare.follow(*link.centre))),
        ):
            rows[name][0].append(timed(ours))
            rows[name][1].append(timed(theirs))
    table = Table(
        "local shop, 1024x768", "environment, ms", "bare loop, ms", "ratio", title="medians of interleaved rounds"
    )
    for name, (mine, floor) in rows.items():
        median, least = statistics.median(mine), statistics.median(floor)
        table.add_row(name, f"{median:.0f}", f"{least:.0f}", f"{median / least:.2f}")
    Console().print(table)
    loop.run(bare.page.context.close(), 15)
    env.close()
