"""A page out of a tree: its texts at hand, its elements and its picture brought when they are looked at."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image

from webvoyager_gym.errors import InvalidFile, MissingDependency
from webvoyager_gym.tree.facts import read_marks
from webvoyager_gym.tree.records import Kind, Record
from webvoyager_gym.types import Mark, PageView, Screenshot

LARGEST = 4096
"""Longest side of a picture, in pixels."""

Bring = Callable[[Kind], Record | None]
"""Gives another record of the same page."""


@dataclass(frozen=True)
class _Parts:
    """What of a page is brought late."""

    bring: Bring

    @cached_property
    def marks(self) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
        """Within the viewport, and outside."""
        record = self.bring("marks")
        try:
            assert record is not None
            return read_marks(record.words["marks"]), read_marks(record.words["offscreen"])
        except (AssertionError, KeyError, TypeError, ValueError) as error:
            raise InvalidFile("A page of the tree has no elements; bring the tree again, or walk it anew.") from error

    @cached_property
    def screenshot(self) -> Screenshot:
        """(H, W, 3) uint8, RGB."""
        record = self.bring("shot")
        if record is None or not record.numbers:
            raise MissingDependency(
                "The tree's screenshots are not on this machine; bring them with `webvoyager-gym datasets download ID`."
            )
        return picture(record.numbers)


class StoredView(PageView):
    """A page as it was seen once; equal to that one in all its attributes."""

    __slots__ = ("_parts",)
    _parts: _Parts

    def __init__(self, page: Record, bring: Bring) -> None:
        # The class is frozen, and what is brought late has no place of its own.
        words = page.words
        for name in ("outline", "url", "title"):
            object.__setattr__(self, name, str(words[name]))
        object.__setattr__(self, "scroll", tuple(words["scroll"]))
        object.__setattr__(self, "_parts", _Parts(bring))

    @property
    def marks(self) -> tuple[Mark, ...]:
        return self._parts.marks[0]

    @property
    def offscreen(self) -> tuple[Mark, ...]:
        return self._parts.marks[1]

    @property
    def screenshot(self) -> Screenshot:
        return self._parts.screenshot


def picture(encoded: bytes) -> Screenshot:
    """A lossless WebP picture. Raises InvalidFile if it is none, or larger than any screenshot."""
    try:
        with Image.open(io.BytesIO(encoded), formats=["WEBP"]) as image:
            if max(image.size) > LARGEST:
                raise ValueError(f"it claims {image.size[0]}x{image.size[1]} pixels")
            return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError) as error:
        raise InvalidFile(f"A screenshot of the tree is damaged ({error}); bring the tree again.") from error
