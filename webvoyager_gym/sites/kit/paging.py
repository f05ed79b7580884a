"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """One page of a list.

    Attributes:
        shown: the items on it.
        found: how many items there are on all pages.
        number: which page it is, from 1.
        pages: how many there are; an empty list has one.
    """

    shown: tuple[T, ...]
    found: int
    number: int
    pages: int


def cut(items: Sequence[T], number: int, size: int) -> Part[T]:
    """A page of so many items; beyond the last page, the last."""
    pages = max(1, -(-len(items) // size))
    number = min(number, pages)
    return Part(tuple(items[(number - 1) * size : number * size]), len(items), number, pages)
