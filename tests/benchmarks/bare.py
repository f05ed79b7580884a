"""The least a loop can do with a page: what the environments are timed against."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from urllib.parse import urlsplit

import numpy as np
from PIL import Image
from playwright.async_api import CDPSession, Page

from webvoyager_gym.browser.engine import engine
from webvoyager_gym.browser.page import OBSERVE_SCRIPT
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.sites.kit.server import COOKIE

_TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))"


class Bare:
    """The least a loop can do with Playwright and the DevTools Protocol."""

    def __init__(self, page: Page, cdp: CDPSession, start_url: str) -> None:
        self.page, self.cdp, self.start_url = page, cdp, start_url

    @classmethod
    async def open(cls, env: WebVoyagerEnv, start_url: str, episode: str) -> Bare:
        browser = await (await engine(None, env.suite.resolver_rules)).browser()
        context = await browser.new_context(viewport={"width": 1024, "height": 768}, reduced_motion="reduce")
        cookie = {"name": COOKIE, "value": episode, "domain": urlsplit(start_url).hostname, "path": "/"}
        await context.add_cookies([cookie])  # type: ignore[list-item]
        page = await context.new_page()
        return cls(page, await context.new_cdp_session(page), start_url)

    async def look(self) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        await self.cdp.send("Runtime.evaluate", {"expression": _TWO_FRAMES, "awaitPromise": True})
        shot = {"format": "png", "optimizeForSpeed": True}
        read, picture = await asyncio.gather(
            self.cdp.send("Runtime.evaluate", {"expression": OBSERVE_SCRIPT, "returnByValue": True}),
            self.cdp.send("Page.captureScreenshot", shot),
        )
        json.loads(read["result"]["value"])
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(picture["data"]))).convert("RGB"))

    async def reset(self) -> None:
        await self.page.goto(self.start_url)
        await self.look()

    async def click(self, x: float, y: float) -> None:
        await self.page.mouse.click(x, y)
        await self.look()

    async def follow(self, x: float, y: float) -> None:
        async with self.page.expect_navigation(wait_until="load"):
            await self.page.mouse.click(x, y)
        await self.look()
