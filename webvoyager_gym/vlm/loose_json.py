"""JSON as models write it: amid prose, with a Python dictionary's quotes, with commas too many, or cut off."""

from __future__ import annotations

import ast
import contextlib
import json
import re
from typing import Any

START = re.compile(r"""[\[{](?=\s*["'“{\[])""")
"""Where an object or a list of texts or objects may begin; the `[3]` of a mark is none."""
DEEPEST = 12
"""Nesting beyond which nothing is read; Python's own parsers have limits of their own."""

_CLOSING = {"{": "}", "[": "]"}
_DECODER = json.JSONDecoder(strict=False)


def read(text: str, start: int) -> tuple[Any, int] | None:
    """The value that begins at `start`, and where it ends.

    Of a value that is cut off, what was complete is given. Nothing is evaluated: Python's spelling is read as literals.
    """
    try:
        value, end = _DECODER.raw_decode(text, start)
        return value, end
    except (ValueError, RecursionError):
        pass
    attempts = _walk(text, start)
    # Both spellings of a text are read by both readers, and not alike: JSON's goes first, wherever it was cut.
    for reader in (_DECODER.decode, ast.literal_eval):
        for attempt, stop in attempts:
            with contextlib.suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
                return reader(attempt), stop
    return None


def _walk(text: str, start: int) -> list[tuple[str, int]]:
    """What the value that begins at `start` may be, and where that ends; of one that is cut off, its complete parts."""
    open_ones: list[str] = []
    quote = ""
    complete, closers = 0, ""
    position = start
    while position < len(text):
        char = text[position]
        if quote:
            if char == "\\":
                position += 1
            elif char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        elif char in "[{":
            open_ones.append(_CLOSING[char])
            if len(open_ones) > DEEPEST:
                return []
        elif char in "]}":
            if open_ones.pop() != char:
                break
            if not open_ones:
                return [(text[start : position + 1], position + 1)]
            complete, closers = position + 1, "".join(reversed(open_ones))
        elif char == ",":
            complete, closers = position, "".join(reversed(open_ones))
        position += 1
    ends = [(complete, closers)] if complete else []
    # A text or a list that ends here is whole, unless it is a key; a number may have lost digits.
    if position >= len(text) and not quote and text[start:].rstrip()[-1:] in ("'", '"', "]", "}"):
        ends.insert(0, (len(text), "".join(reversed(open_ones))))
    return [(text[start:end] + closing, len(text)) for end, closing in ends]
