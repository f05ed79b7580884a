"""Dates as the local sites write and read them."""

from __future__ import annotations

import datetime
import re

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

_NUMERIC = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})\.?,?\s+(\d{4})")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")


def day_text(day: datetime.date) -> str:
    """A date as sites write it: "9 March 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month_number(word: str) -> int:
    """The number of a month from its name or the name's first letters; 0 if there is none."""
    return next((number for number, name in enumerate(MONTHS, 1) if name.casefold().startswith(word)), 0)


def read_day(text: str) -> datetime.date | None:
    """A date from "2026-03-09", "9 March 2026", "9 Mar 2026" or "March 9, 2026"; None if it is none of these."""
    text = text.strip().casefold()
    if match := _NUMERIC.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = int(match[1]), month_number(match[2]), int(match[3])
    elif match := _MONTH_FIRST.fullmatch(text):
        day, month, year = int(match[2]), month_number(match[1]), int(match[3])
    else:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
