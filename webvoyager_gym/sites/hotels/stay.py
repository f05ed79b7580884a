"""Stays: dates as people write them, nights, and the days that can be booked."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from webvoyager_gym.sites.kit import TODAY

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
LAST_DAY = datetime.date(2026, 5, 31)
"""The last day that can be a check-out."""
OPEN_MONTHS = (3, 4, 5)
"""Months of the year that can be booked."""
LONGEST = 14
"""Most nights a booking may have."""
USUAL = (datetime.date(2026, 3, 6), datetime.date(2026, 3, 8))
"""Check-in and check-out that a booking form suggests."""

_NUMERIC = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})\.?,?\s+(\d{4})")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")


def day_text(day: datetime.date) -> str:
    """A date as the site writes it: "9 March 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def read_day(text: str) -> datetime.date | None:
    """A date from "2026-03-09", "9 March 2026", "9 Mar 2026" or "March 9, 2026"; None if it is none of these."""
    text = text.strip().casefold()
    if match := _NUMERIC.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = int(match[1]), _month(match[2]), int(match[3])
    elif match := _MONTH_FIRST.fullmatch(text):
        day, month, year = int(match[2]), _month(match[1]), int(match[3])
    else:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _month(word: str) -> int:
    """The number of a month from its name or the name's first letters; 0 if there is none."""
    return next((number for number, name in enumerate(MONTHS, 1) if name.casefold().startswith(word)), 0)


@dataclass(frozen=True, slots=True)
class Stay:
    """From check-in to check-out, for a number of guests."""

    checkin: datetime.date
    checkout: datetime.date
    guests: int = 2

    @property
    def nights(self) -> int:
        return (self.checkout - self.checkin).days

    def days(self) -> Iterator[datetime.date]:
        """The days whose night is slept there: check-in included, check-out not."""
        for night in range(self.nights):
            yield self.checkin + datetime.timedelta(days=night)

    def problem(self) -> str:
        """What is wrong with the dates in one sentence; "" if nothing is."""
        if self.checkin < TODAY:
            return "Check-in cannot be in the past."
        if self.nights < 1:
            return "Check-out has to be after check-in."
        if self.nights > LONGEST:
            return f"A stay can have at most {LONGEST} nights."
        if self.checkout > LAST_DAY:
            return f"Bookings are open until {day_text(LAST_DAY)}."
        return ""


def read_stay(checkin: str, checkout: str, guests: int) -> tuple[Stay | None, str]:
    """The stay that two typed dates say, and what is wrong with them. Two empty dates give no stay and no problem."""
    if not checkin.strip() and not checkout.strip():
        return None, ""
    start, end = read_day(checkin), read_day(checkout)
    if start is None or end is None:
        return None, f"Please write the {'check-in' if start is None else 'check-out'} day like 9 March 2026."
    stay = Stay(start, end, guests)
    problem = stay.problem()
    return (None, problem) if problem else (stay, "")
