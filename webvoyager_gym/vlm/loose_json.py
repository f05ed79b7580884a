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
    end, complete, closers = _walk(text, start)
    if not end and not complete:
        return None
    attempt, stop = (text[start:end], end) if end else (text[start:complete] + closers, len(text))
    for reader in (_DECODER.decode, ast.literal_eval):
        with contextlib.suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            return reader(attempt), stop
    return None


def _walk(text: str, start: int) -> tuple[int, int, str]:
    """Where the value ends (0 if it is cut off); else up to where it is complete, and what closes it there."""
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
                return 0, 0, ""
        elif char in "]}":
            if open_ones.pop() != char:
                return 0, complete, closers
            if not open_ones:
                return position + 1, 0, ""
            complete, closers = position + 1, "".join(reversed(open_ones))
        elif char == ",":
            complete, closers = position, "".join(reversed(open_ones))
        position += 1
    # A text or a list that ends here is whole; a number may have lost digits.
    if not quote and text[start:].rstrip()[-1:] in ("'", '"', "]", "}"):
        return 0, len(text), "".join(reversed(open_ones))
    return 0, complete, closers
