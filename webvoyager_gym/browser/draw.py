"""Numbered marks on a screenshot, drawn in Python so that the page is never changed."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from webvoyager_gym.types import Mark, Screenshot

COLOURS = ((190, 30, 45), (20, 90, 180), (15, 120, 60), (150, 60, 160), (170, 95, 0), (0, 120, 130))
"""Outlines go round these colours, so that neighbours differ; all are dark enough for white digits."""
FONT_SIZE = 13


@functools.lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


@functools.lru_cache(maxsize=1024)
def _badge(number: int, colour: tuple[int, int, int]) -> Image.Image:
    """A number in a filled box, as small as it can be."""
    font = _font(FONT_SIZE)
    left, top, right, bottom = font.getbbox(str(number))
    badge = Image.new("RGB", (int(right - left) + 5, int(bottom - top) + 5), colour)
    ImageDraw.Draw(badge).text((2 - left, 2 - top), str(number), fill=(255, 255, 255), font=font)
    return badge


def draw_marks(image: Image.Image, marks: Sequence[Mark]) -> Screenshot:
    """The image with a box and a number for each mark: (H, W, 3) uint8, RGB. The image is drawn on.

    A badge stands at the top left corner of its box, outside it where there is room, inside otherwise.
    """
    draw = ImageDraw.Draw(image)
    for mark in marks:
        colour = COLOURS[mark.index % len(COLOURS)]
        x, y, width, height = mark.box
        draw.rectangle((x, y, x + width - 1, y + height - 1), outline=colour, width=2)
        badge = _badge(mark.index, colour)
        top = y - badge.height if y >= badge.height else y
        left = min(max(x, 0), image.width - badge.width)
        image.paste(badge, (left, top))
    return np.asarray(image)
