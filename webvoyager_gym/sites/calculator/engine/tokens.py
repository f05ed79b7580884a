"""The input line cut into numbers, words and symbols."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

LONGEST = 160
"""Longest input, in characters."""

_SAME = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "∗": "*", "’": "'", "\u00a0": " "})
_THOUSANDS = r"\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|"
_TOKEN = (
    r"(?P<number>{thousands}\d+(?:\.\d+)?|\.\d+)|(?P<word>[^\W\d_²³]+)"
    r"|(?P<symbol>\*\*|[-+*/^()%!,;=°√²³π'])|(?P<space>\s+)"
)
_TOGETHER = re.compile(_TOKEN.format(thousands=_THOUSANDS))
_APART = re.compile(_TOKEN.format(thousands=""))


class Unclear(ValueError):
    """The input was not understood; the message says why."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the input; words in lower case, symbols in their plainest form, numbers without thousands' commas."""

    kind: Literal["number", "word", "symbol"]
    text: str


def tokens(text: str, *, thousands: bool = True) -> tuple[Token, ...]:
    """Cut the text.

    Args:
        text: what was typed.
        thousands: whether "12,500" is one number; in a list it is two.

    Raises:
        Unclear: it is too long or holds a sign that means nothing here.
    """
    if len(text) > LONGEST:
        raise Unclear(f"That is longer than {LONGEST} characters.")
    plain = text.translate(_SAME).rstrip(" ?.=")
    found: list[Token] = []
    at = 0
    while at < len(plain):
        match = (_TOGETHER if thousands else _APART).match(plain, at)
        if match is None:
            raise Unclear(f"We do not know the sign “{plain[at]}”.")
        at = match.end()
        found += _read(match)
    return tuple(found)


def _read(match: re.Match[str]) -> Sequence[Token]:
    text = match[0]
    if match["number"]:
        return [Token("number", text.replace(",", ""))]
    if match["word"]:
        return [Token("word", text.casefold())]
    if text in "²³":
        return [Token("symbol", "^"), Token("number", "2" if text == "²" else "3")]
    if text in "√π":
        return [Token("word", "sqrt" if text == "√" else "pi")]
    return [Token("symbol", "^" if text == "**" else text)] if match["symbol"] else []
