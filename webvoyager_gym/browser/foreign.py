"""Frames of other origins, at any depth: they are read apart, and what can be seen of them joins the page.

A script cannot look into such a frame from its page, nor can anyone be sure that the frame answers: each has `PATIENCE`
and is left out after that.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable
from typing import Any

from playwright.async_api import Error, Frame, Page

PATIENCE = 1.0
"""Seconds a frame may take to be read."""

log = logging.getLogger(__name__)

Box = tuple[float, float, float, float]
"""(left, top, right, bottom) in CSS pixels of a frame's viewport."""
Reading = dict[str, Any]

_CONTENT = """const box = element.getBoundingClientRect(), style = getComputedStyle(element);
  const left = box.x + element.clientLeft + parseFloat(style.paddingLeft);
  const top = box.y + element.clientTop + parseFloat(style.paddingTop);"""

# Where a frame's viewport begins in its parent's, and the part of it that is to be seen there, in its own coordinates.
_PLACE = (
    "(element, seen) => {"
    + _CONTENT
    + """const right = box.x + element.clientLeft + element.clientWidth - parseFloat(style.paddingRight);
  const bottom = box.y + element.clientTop + element.clientHeight - parseFloat(style.paddingBottom);
  let ours = false; try { ours = !!element.contentDocument; } catch (e) {}
  const shown = [Math.max(seen[0], left) - left, Math.max(seen[1], top) - top,
    Math.min(seen[2], right) - left, Math.min(seen[3], bottom) - top];
  const visible = element.checkVisibility({visibilityProperty: true, opacityProperty: true});
  return visible && shown[0] < shown[2] && shown[1] < shown[3] ? {left, top, shown, ours} : null; }"""
)

_TOPMOST = """(element, points) => points.map(([x, y]) => element.getRootNode().elementFromPoint(x, y) === element)"""

_ENTER = (
    "(element, [x, y]) => {"
    + _CONTENT
    + "return element.getRootNode().elementFromPoint(x, y) === element ? [x - left, y - top] : null; }"
)


async def with_foreign_frames(page: Page, reading: Reading, script: str) -> Reading:
    """The reading of a page with what is to be seen of its frames of other origins appended.

    Args:
        script: the function that gave the reading; see `observe.js`.
    """
    size = page.viewport_size
    assert size is not None
    return _joined([reading, *await _below(page.main_frame, (0, 0, size["width"], size["height"]), script)])


async def frame_at(page: Page, x: float, y: float) -> tuple[Frame, float, float]:
    """The innermost frame at a point of a page, and the point in its coordinates. Raises playwright's Error."""
    frame = page.main_frame
    entered: list[float] | None = [x, y]
    while entered:
        x, y = entered
        entered = None
        for child in frame.child_frames:
            entered = await (await child.frame_element()).evaluate(_ENTER, [x, y])
            if entered:
                frame = child
                break
    return frame, x, y


async def _below(frame: Frame, seen: Box, script: str) -> list[Reading]:
    """What is to be seen of the frames in a frame, of which `seen` is to be seen itself, in its coordinates."""
    return await asyncio.gather(*(_inside(child, seen, script) for child in frame.child_frames))


async def _inside(frame: Frame, seen: Box, script: str) -> Reading:
    """What is to be seen of a frame, in its parent's coordinates."""
    try:
        async with asyncio.timeout(PATIENCE):
            element = await frame.frame_element()
            place = await element.evaluate(_PLACE, seen)
            if place is None:
                return _joined([])
            # One of its parent's origin is in the parent's reading.
            reading = _joined([]) if place["ours"] else json.loads(await frame.evaluate(script, place["shown"]))
        reading = _joined([reading, *await _below(frame, place["shown"], script)])
        left, top, (x, y, right, bottom) = place["left"], place["top"], place["shown"]
        for mark in (*reading["marks"], *reading["offscreen"]):
            mark["b"][0] += round(left)
            mark["b"][1] += round(top)
        points = [(left + (x + right) / 2, top + (y + bottom) / 2), *(_centre(mark) for mark in reading["marks"])]
        async with asyncio.timeout(PATIENCE):
            open_to_view, *free = await element.evaluate(_TOPMOST, points)
    except (Error, TimeoutError) as error:
        log.debug("A frame is left out: %s", error)
        return _joined([])
    return _uncovered(reading, free, open_to_view)


def _centre(mark: dict[str, Any]) -> tuple[float, float]:
    x, y, width, height = mark["b"]
    return x + width / 2, y + height / 2


def _uncovered(reading: Reading, free: list[bool], text: bool) -> Reading:
    """A reading without the marks that are not free; `text` says whether its text stays."""
    places = {old: new for new, old in enumerate(number for number, each in enumerate(free) if each)}
    lines = [{"m": places[line["m"]]} if "m" in line else line for line in reading["lines"]
             if (line["m"] in places if "m" in line else text)]  # fmt: skip
    marks = [mark for mark, each in zip(reading["marks"], free, strict=True) if each]
    return {**reading, "marks": marks, "lines": lines}


def _joined(readings: Iterable[Reading]) -> Reading:
    """Readings one after the other; what only one has is that of the first."""
    whole: Reading = {}
    marks: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    offscreen: list[dict[str, Any]] = []
    for reading in readings:
        whole = whole or reading
        lines += [{"m": line["m"] + len(marks)} if "m" in line else line for line in reading["lines"]]
        marks += reading["marks"]
        offscreen += reading["offscreen"]
    return {**whole, "marks": marks, "lines": lines, "offscreen": offscreen}
