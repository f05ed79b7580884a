"""Frames of other origins: their elements are read apart and join those of the page."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from playwright.async_api import Error, Page

_OF_ANOTHER_ORIGIN = "e => { try { return !e.contentDocument } catch (x) { return true } }"


async def with_foreign_frames(page: Page, reading: dict[str, Any], script: str) -> dict[str, Any]:
    """The reading of a page, as `script` gives it, with those of its frames of other origins appended."""
    for frame in page.main_frame.child_frames:
        with contextlib.suppress(Error):
            element = await frame.frame_element()
            box = await element.bounding_box()
            if box is None or not await element.evaluate(_OF_ANOTHER_ORIGIN):
                continue
            inner = json.loads(await frame.evaluate(f"() => {script}"))
            first = len(reading["marks"])
            for mark in (*inner["marks"], *inner["offscreen"]):
                mark["b"][0] += round(box["x"])
                mark["b"][1] += round(box["y"])
            reading["marks"] += inner["marks"]
            reading["offscreen"] += inner["offscreen"]
            reading["lines"] += [{"m": line["m"] + first} if "m" in line else line for line in inner["lines"]]
    return reading
