"""Stays: nights, and the days that can be booked."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from webvoyager_gym.sites.kit import TODAY
from webvoyager_gym.sites.kit.days import day_text, read_day

LAST_DAY = datetime.date(2026, 5, 31)
"""The last day that can be a check-out."""
OPEN_MONTHS = (3, 4, 5)
"""Months of the year that can be booked."""
LONGEST = 14
"""Most nights a booking may have."""
USUAL = (datetime.date(2026, 3, 6), datetime.date(2026, 3, 8))
"""Check-in and check-out that a booking form suggests."""


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
