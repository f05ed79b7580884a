"""Dates in the wording of a task: found, held against today, and moved."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from webvoyager_gym.sites.kit.days import MONTHS, month_number

WRITTEN = datetime.date(2023, 12, 1)
"""When WebVoyager's tasks were written; a day without a year is the next one from then."""

_YEAR = r"(?:19|20)\d\d"
_SHORT = [month[:3] for month in MONTHS if month != "May"]
_MONTH = rf"(?:(?:{'|'.join(MONTHS)})\b|(?:Sept|{'|'.join(_SHORT)})\b\.?)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_TO = r"\s?[-–]\s?|\s+to\s+"
_DAYS = re.compile(
    rf"(?<!\w)(?:(?P<month>{_MONTH})\s+(?P<day>{_DAY})(?:(?:{_TO})(?P<until>{_DAY})\b(?![/\d]))?(?!\d)"
    rf"(?:,?\s+(?P<year>{_YEAR})(?!\d))?"
    rf"|(?P<day_first>{_DAY})\s+(?P<month_second>{_MONTH})(?:,?\s+(?P<year_last>{_YEAR})(?!\d))?"
    r"|(?P<slashes>\d{1,2}/\d{1,2}/\d{4})(?!\d)|(?P<iso>\d{4}-\d\d-\d\d)(?!\d))"
)
_PERIODS = re.compile(
    rf"(?<!\w)(?P<month>{_MONTH}),?\s+(?P<month_year>{_YEAR})(?!\d)|(?<!\d)(?P<decade>{_YEAR})s\b"
    rf"|(?<!\d)(?P<from>{_YEAR})[-–](?P<to>\d\d(?:\d\d)?)(?![-\d])|(?<!\d)(?P<year>{_YEAR})(?!\d)"
)
_JOINED = re.compile(rf",?(?:{_TO})")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text that names a time.

    Attributes:
        start, end: the place.
        first, last: the days that it names, both included.
        day: whether it names days, rather than a month, a season, a year or a decade.
    """

    start: int
    end: int
    first: datetime.date
    last: datetime.date
    day: bool


def mentions(text: str) -> tuple[Mention, ...]:
    """All times that a text names, in its order.

    "2023-24" is a season, which ends in June; two days with a dash or "to" between them are one mention.
    """
    days = tuple(_joined(text, list(_days(text))))
    covered = [(mention.start, mention.end) for mention in days]
    periods = (
        mention
        for mention in map(_period, _PERIODS.finditer(text))
        if not any(start < mention.end and mention.start < end for start, end in covered)
    )
    return tuple(sorted((*days, *periods), key=lambda mention: mention.start))


def past(text: str, today: datetime.date) -> tuple[Mention, ...]:
    """The times that a text names and that are over."""
    return tuple(mention for mention in mentions(text) if mention.last < today)


def moved(text: str, move: Callable[[datetime.date], datetime.date]) -> str:
    """The text with all days that it names moved, written out with their years."""
    for mention in reversed([mention for mention in mentions(text) if mention.day]):
        text = text[: mention.start] + written(move(mention.first), move(mention.last)) + text[mention.end :]
    return text


def written(first: datetime.date, last: datetime.date) -> str:
    """A day, or the days from one to another: "March 30 to April 2, 2027"."""
    begins = f"{MONTHS[first.month - 1]} {first.day}"
    ends = f"{MONTHS[last.month - 1]} {last.day}, {last.year}"
    if first == last:
        return ends
    if first.year != last.year:
        return f"{begins}, {first.year} to {ends}"
    return f"{begins}-{last.day}, {last.year}" if first.month == last.month else f"{begins} to {ends}"


@dataclass(frozen=True, slots=True)
class _Days:
    """Days as they are written; the year may be missing."""

    start: int
    end: int
    year: int | None
    month: int
    day: int
    until: int


def _days(text: str) -> Iterator[_Days]:
    for match in _DAYS.finditer(text):
        parts = match.groupdict()
        if parts["slashes"]:
            day, month, year = (int(part) for part in parts["slashes"].split("/"))
        elif parts["iso"]:
            year, month, day = (int(part) for part in parts["iso"].split("-"))
        else:
            month = month_number((parts["month"] or parts["month_second"]).rstrip(".").casefold())
            day = _number(parts["day"] or parts["day_first"])
            year = int(parts["year"] or parts["year_last"] or 0)
        until = _number(parts["until"]) if parts["until"] else day
        found = _Days(match.start(), match.end(), year or None, month, day, until)
        if 1 <= month <= 12 and 1 <= day <= until <= calendar.monthrange(year or 2024, month)[1]:
            yield found


def _joined(text: str, found: list[_Days]) -> Iterator[Mention]:
    """Days with their years, and two of them that are joined as one mention."""
    before = WRITTEN
    at = 0
    while at < len(found):
        here = found[at]
        then = found[at + 1] if at + 1 < len(found) else None
        joined = then is not None and _JOINED.fullmatch(text[here.end : then.start]) is not None
        if joined and then is not None and here.year is None and then.year is not None:
            earlier = (then.month, then.day) < (here.month, here.day)
            here = replace(here, year=then.year - earlier)
        first = _date(here, here.day, before)
        last = _date(here, here.until, first)
        end = here.end
        if joined and then is not None:
            last, end = _date(then, then.until, last), then.end
            at += 1
        yield Mention(here.start, end, first, last, True)
        before = last
        at += 1


def _date(days: _Days, day: int, earliest: datetime.date) -> datetime.date:
    """A day; without a year the next one from another day."""
    if days.year is not None:
        return datetime.date(days.year, days.month, day)
    years = (earliest.year + ahead for ahead in range(9) if _is_day(earliest.year + ahead, days.month, day))
    return next(found for year in years if (found := datetime.date(year, days.month, day)) >= earliest)


def _is_day(year: int, month: int, day: int) -> bool:
    return day <= calendar.monthrange(year, month)[1]


def _period(match: re.Match[str]) -> Mention:
    if match["month"]:
        year, month = int(match["month_year"]), month_number(match["month"].rstrip(".").casefold())
        first = datetime.date(year, month, 1)
        last = datetime.date(year, month, calendar.monthrange(year, month)[1])
    elif match["from"]:
        first, last = datetime.date(int(match["from"]), 7, 1), datetime.date(_end_year(match), 6, 30)
    else:
        year = int(match["decade"] or match["year"])
        first = datetime.date(year, 1, 1)
        last = datetime.date(year + (9 if match["decade"] else 0), 12, 31)
    return Mention(match.start(), match.end(), first, last, False)


def _end_year(match: re.Match[str]) -> int:
    written_as = match["to"]
    return int(written_as) if len(written_as) == 4 else int(match["from"][:2] + written_as)


def _number(day: str) -> int:
    return int(re.sub(r"\D", "", day))
