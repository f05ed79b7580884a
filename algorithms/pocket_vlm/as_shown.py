"""An expert's answer in the words of the page, where a model that copies its answers can find it.

An expert says "90334 people" or "28 February 2026" where the page has "90,334" or "28 Feb 2026". Both are right, but
only the second can be copied (see `webvoyager_gym.vlm.copying`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from webvoyager_gym.actions import Action, parse
from webvoyager_gym.sites.kit.answers import Day, Expected, Number
from webvoyager_gym.sites.kit.days import read_day
from webvoyager_gym.vlm.copying import IMPOSSIBLE

_SAID_NUMBER = re.compile(r"[$€£]?([\d,]+(?:\.\d+)?)(?:\s?([%°a-zA-Z][^\d]*))?")
_NUMBERS = re.compile(r"[$€£]?\d[\d,]*(?:\.\d+)?(?:%|[a-zA-Z°]+)?")
_DAYS = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2} [A-Z][a-z]{2,8}(?: \d{4})?|[A-Z][a-z]{2,8} \d{1,2}(?:, \d{4})?")


def as_shown(text: str, lines: Sequence[str]) -> str:
    """An action's canonical text; the number or day of an answer is spelt as on the page.

    Args:
        text: canonical text of an expert's action.
        lines: the outline's lines as the model is shown them; those with the most stars are looked at first.

    Returns:
        The text of an action that is as right. "impossible" loses its reason; what no line has stays as it is.
    """
    action = parse(text)
    answer = action.argument
    if action.kind != "answer":
        return text
    if answer.startswith(IMPOSSIBLE):
        return Action("answer", argument=IMPOSSIBLE).text
    lines = [re.sub(r"^\**\[\d+\] ", "", line) for line in sorted(lines, key=_stars, reverse=True)]
    if any(answer in line for line in lines):
        return text
    expected, spelt = _meant(answer)
    if expected is None:
        return text
    found = (match[0] for line in lines for match in spelt.finditer(line) if expected.matches(match[0]))
    return Action("answer", argument=next(found, answer)).text


def _stars(line: str) -> int:
    return len(line) - len(line.lstrip("*"))


def _meant(answer: str) -> tuple[Expected | None, re.Pattern[str]]:
    """What an answer that is a day or a number means, and how such things are spelt."""
    if (day := read_day(answer)) is not None:
        return Day(day), _DAYS
    if said := _SAID_NUMBER.fullmatch(answer):
        return Number(float(said[1].replace(",", "")), said[2] or ""), _NUMBERS
    return None, _NUMBERS
