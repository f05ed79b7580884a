"""A page's marks as JSON: of each its fields in the order of `Mark`, those at the end that have their default left out.

With them, the screenshot, the outline and where the page was scrolled to, a recorded state can be put to any model
again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import MISSING, astuple, fields
from typing import Any

from webvoyager_gym.types import Mark

_DEFAULTS = tuple(field.default for field in fields(Mark))
_FIRST_DEFAULT = sum(default is MISSING for default in _DEFAULTS)


def marks_to_json(marks: Sequence[Mark]) -> str:
    """The marks as text."""
    return json.dumps([_short(astuple(mark)) for mark in marks], separators=(",", ":"))


def marks_from_json(text: str) -> tuple[Mark, ...]:
    """The marks that `marks_to_json` was given.

    Raises:
        ValueError: it cannot have come from there.
    """
    rows = json.loads(text)
    if not isinstance(rows, list):
        raise ValueError(f"{text[:40]!r} is no list of marks")
    return tuple(map(_mark, rows))


def _short(values: tuple[Any, ...]) -> tuple[Any, ...]:
    end = len(values)
    while end > _FIRST_DEFAULT and values[end - 1] == _DEFAULTS[end - 1]:
        end -= 1
    return values[:end]


def _mark(row: Any) -> Mark:
    if not isinstance(row, list) or not _FIRST_DEFAULT <= len(row) <= len(_DEFAULTS):
        raise ValueError(f"{row!r:.60} is no mark")
    index, role, name, box, value, options, checked, href, key, more = row + list(_DEFAULTS[len(row) :])
    texts = (role, name, value, href, key, *options)
    numbers = (index, *box)
    right = all(isinstance(text, str) for text in texts) and all(type(number) is int for number in numbers)
    if not right or len(box) != 4 or checked not in (None, True, False) or not isinstance(more, bool):
        raise ValueError(f"{row!r:.60} is no mark")
    x, y, width, height = box
    return Mark(index, role, name, (x, y, width, height), value, tuple(options), checked, href, key, more)
