"""Dates: how far apart they are, and what comes so long after one."""

from __future__ import annotations

import datetime
import re

from webvoyager_gym.sites.calculator.engine.answer import Answer, Pod
from webvoyager_gym.sites.calculator.engine.arithmetic import Undefined
from webvoyager_gym.sites.kit.days import day_text, read_day
from webvoyager_gym.sites.kit.world import TODAY

_SPAN = r"(?P<count>\d{1,5}|an?|one|two|three) (?P<unit>day|week|month|year)s?"
_AFTER = re.compile(rf"{_SPAN} (?P<way>after|from|before) (?P<day>.+)")
_PLUS = re.compile(rf"(?P<day>.+?) ?(?P<way>plus|minus|\+|-) ?{_SPAN}")
_BETWEEN = re.compile(
    r"(?:how many )?days (?:are there )?(?:between|from) (?P<first>.+?) (?:and|to|until|till) (?P<last>.+)"
)
_UNTIL = re.compile(r"(?:how many )?days (?:are there )?(?:until|till|to) (?P<last>.+)")
_WEEKDAY = re.compile(r"(?:(?:what )?(?:day of the week|weekday)(?: of| is| on| was)* )?(?P<day>.+)")
_SMALL = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}


def counted(count: int, unit: str) -> str:
    """So many of a unit: "1 day", "1,204 days"."""
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


def weekday(day: datetime.date) -> str:
    """The name of its day of the week."""
    return f"{day:%A}"


def shifted(day: datetime.date, count: int, unit: str) -> datetime.date:
    """The date so many days, weeks, months or years later; the last of the month where the month is too short.

    Raises:
        Undefined: there is no such year.
    """
    try:
        if unit in ("day", "week"):
            return day + datetime.timedelta(days=count * (7 if unit == "week" else 1))
        months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
        last = (datetime.date(months // 12, months % 12 + 1, 28) + datetime.timedelta(days=4)).replace(day=1)
        return min(
            (last - datetime.timedelta(days=1)),
            datetime.date(months // 12, months % 12 + 1, min(day.day, 28)) + datetime.timedelta(max(0, day.day - 28)),
        )
    except (ValueError, OverflowError) as error:
        raise Undefined("our calendar has the years 1 to 9999 only") from error


def working_days(first: datetime.date, last: datetime.date) -> int:
    """Mondays to Fridays after the first date up to and with the last one."""
    days = (last - first).days
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum((first.weekday() + step) % 7 < 5 for step in range(1, rest + 1))


def about_days(text: str) -> Answer | None:
    """The answer to an input about dates; None if it is none. Raises Undefined."""
    plain = " ".join(text.casefold().strip(" ?.").split())
    if match := (_AFTER.fullmatch(plain) or _PLUS.fullmatch(plain)):
        day = _day(match["day"])
        return _later(day, match) if day else None
    if match := _BETWEEN.fullmatch(plain):
        first, last = _day(match["first"]), _day(match["last"])
        return _apart(first, last) if first and last else None
    if match := _UNTIL.fullmatch(plain):
        last = _day(match["last"])
        return _apart(TODAY, last) if last else None
    match = _WEEKDAY.fullmatch(plain)
    day = _day(match["day"]) if match else None
    if day is None:
        return None
    gap = (day - TODAY).days
    away = "today" if not gap else f"{counted(abs(gap), 'day')} {'from today' if gap > 0 else 'ago'}"
    pods = (Pod("result", "Day of the week", (weekday(day),)), Pod("away", "Distance", (away,)))
    return Answer(day_text(day), pods=pods)


def _day(text: str) -> datetime.date | None:
    return TODAY if text == "today" else read_day(text.removeprefix("the ").removeprefix("date "))


def _later(day: datetime.date, match: re.Match[str]) -> Answer:
    count = _SMALL.get(match["count"]) or int(match["count"])
    before = match["way"] in ("before", "minus", "-")
    found = shifted(day, -count if before else count, match["unit"])
    return Answer(
        f"{counted(count, match['unit']).replace(',', '')} {'before' if before else 'after'} {day_text(day)}",
        pods=(
            Pod("result", "Result", (day_text(found),)),
            Pod("weekday", "Day of the week", (weekday(found),)),
            Pod("away", "Distance", (counted(abs((found - day).days), "day"),)),
        ),
    )


def _apart(first: datetime.date, last: datetime.date) -> Answer:
    days = abs((last - first).days)
    weeks, rest = divmod(days, 7)
    return Answer(
        f"days between {day_text(first)} and {day_text(last)}",
        pods=(
            Pod("result", "Result", (counted(days, "day"),)),
            Pod("weeks", "In weeks", (f"{counted(weeks, 'week')} and {counted(rest, 'day')}",)),
            Pod("ends", "Days of the week", (f"{weekday(first)} to {weekday(last)}",)),
        ),
    )
