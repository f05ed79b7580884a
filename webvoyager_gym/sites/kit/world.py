"""Worlds: what a site is about in one split, from a seed alone.

The splits share no content: a name (of an item, a person, a hotel) belongs to exactly one split by a hash of its
text, and a world draws names until it gets one of its own.
"""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from webvoyager_gym.errors import not_found
from webvoyager_gym.sites.kit.answers import fold

T = TypeVar("T")
TODAY = datetime.date(2026, 3, 2)
"""The date in every local world; no page of the local suite reads a clock."""

SPLITS = ("train", "validation", "test")
_SHARE = {"train": range(0, 70), "validation": range(70, 80), "test": range(80, 100)}


def check_split(split: str) -> str:
    """The split itself.

    Raises:
        NotFound: there is no such split.
    """
    if split not in SPLITS:
        raise not_found("split", split, SPLITS)
    return split


def split_of(name: str) -> str:
    """The one split that a name belongs to."""
    bucket = zlib.crc32(name.casefold().encode()) % 100
    return next(split for split, share in _SHARE.items() if bucket in share)


def own_name(draw: Callable[[], str], split: str, taken: set[str]) -> str:
    """Draw names until one belongs to the split and is not taken yet; it is then taken."""
    for _ in range(10_000):
        name = draw()
        if name not in taken and split_of(name) == split:
            taken.add(name)
            return name
    raise RuntimeError("The generator of names has too few names for this world.")


def slug_of(name: str) -> str:
    """A name as it stands in addresses and element keys."""
    return fold(name).replace(" ", "-")


def generator(*parts: str | int) -> np.random.Generator:
    """A random generator that depends on nothing but the parts (site, split, seed, purpose, …)."""
    return np.random.default_rng([zlib.crc32(str(part).encode()) for part in parts])


def one_of(random: np.random.Generator, items: Sequence[T]) -> T:
    """One of the items, all equally likely."""
    return items[int(random.integers(len(items)))]
