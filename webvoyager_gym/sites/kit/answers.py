"""Checks on an agent's answer: right in any usual wording, near misses refused.

Each `Expected` has the answer an expert gives (`text`) and decides on any other (`matches`). An answer that lists
several possibilities is refused, so that guessing does not pay.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from webvoyager_gym.sites.kit.days import MONTHS, day_text, month_number
from webvoyager_gym.sites.kit.units import fits

_NUMBER = re.compile(r"(?<![\w.])([-−]?)\s?([$€£]?)\s?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s?([$€£%]))?")
LONGEST = 400
"""Longer answers than this many characters are refused."""


def fold(text: str) -> str:
    """Case, accents, punctuation and runs of white space removed, for comparing."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", plain.casefold()))


def contains_words(haystack: str, needle: str) -> bool:
    """Whether the folded needle occurs in the folded haystack as whole words."""
    return f" {fold(needle)} " in f" {fold(haystack)} "


class Expected(ABC):
    """The right answer to a task."""

    @property
    @abstractmethod
    def text(self) -> str:
        """The answer as an expert gives it."""

    @abstractmethod
    def matches(self, answer: str) -> bool:
        """Whether another answer says the same."""


@dataclass(frozen=True, slots=True)
class Number(Expected):
    """A number; `unit` is a currency sign, "%" or a word.

    Matches when the answer names exactly one number of that unit (or exactly one number without any unit), equal
    within `tolerance`. A number of another unit of measure is refused, even if it came to the same: who is asked for
    grams may not answer in ounces.
    """

    value: float
    unit: str = ""
    tolerance: float = 0.0
    decimals: int = 0

    @property
    def text(self) -> str:
        number = (
            f"{self.value:,.{self.decimals}f}"
            if self.unit in "$€£" and self.unit
            else f"{self.value:.{self.decimals}f}"
        )
        if self.unit in ("$", "€", "£"):
            return f"{self.unit}{number}"
        return f"{number}{self.unit}" if self.unit == "%" else f"{number} {self.unit}".strip()

    def matches(self, answer: str) -> bool:
        if len(answer) > LONGEST:
            return False
        bare: set[float] = set()
        marked: set[float] = set()
        for number in _NUMBER.finditer(answer):
            sign, before, digits, after = number.groups("")
            value = float(digits.replace(",", "")) * (-1 if sign else 1)
            (marked if (before or after) else bare).add(value)
            if (before or after) and self.unit != (before or after):
                return False
            if not fits(answer[number.end() :], self.unit):
                return False
        found = marked or bare
        return len(found) == 1 and abs(found.pop() - self.value) <= self.tolerance + 1e-9


@dataclass(frozen=True, slots=True)
class Name(Expected):
    """A name or title. `others` are names it could be mixed up with: an answer that holds one of them is refused."""

    value: str
    others: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.value

    def matches(self, answer: str) -> bool:
        if len(answer) > LONGEST:
            return False
        names = [name for name in (self.value, *self.aliases) if contains_words(answer, name)]
        if not names:
            return False
        return not _hedges(answer, names, self.others)


def _hedges(answer: str, names: Sequence[str], others: Sequence[str]) -> bool:
    """Whether an answer says more than the names: one of the others, or that it may be something else."""
    rest = f" {fold(answer)} "
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(f" {fold(name)} ", "  ")
    return any(fold(other) and f" {fold(other)} " in rest for other in (*others, "or", "either"))


@dataclass(frozen=True, slots=True)
class Names(Expected):
    """A set of names, in any order; `others` as in `Name`."""

    values: tuple[str, ...]
    others: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return ", ".join(self.values)

    def matches(self, answer: str) -> bool:
        if len(answer) > LONGEST or not all(contains_words(answer, value) for value in self.values):
            return False
        return not _hedges(answer, self.values, self.others)


@dataclass(frozen=True, slots=True)
class Day(Expected):
    """A date in any usual format: "2026-03-09", "9 March 2026", "March 9", "Mar 9, 2026"; "09/03/2026" is ambiguous."""

    value: datetime.date

    @property
    def text(self) -> str:
        return day_text(self.value)

    def matches(self, answer: str) -> bool:
        found = set(_days(answer, self.value.year))
        return len(answer) <= LONGEST and found == {self.value}


def _days(text: str, default_year: int) -> list[datetime.date]:
    lowered = text.casefold()
    month = "|".join(f"{name}|{name[:3]}" for name in map(str.casefold, MONTHS))
    patterns = (
        r"(?P<y>\d{4})-(?P<n>\d{1,2})-(?P<d>\d{1,2})",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{month})\.?,?(?: (?P<y>\d{{4}}))?",
        rf"(?P<m>{month})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<y>\d{{4}}))?",
    )
    days = []
    for pattern in patterns:
        for match in re.finditer(rf"(?<!\w){pattern}", lowered):
            parts = match.groupdict()
            named = parts.get("m")
            number = month_number(named) if named else int(parts["n"])
            try:
                days.append(datetime.date(int(parts["y"] or default_year), number, int(parts["d"])))
            except ValueError:
                continue
        lowered = re.sub(rf"(?<!\w){pattern}", " ", lowered)
    return days


@dataclass(frozen=True, slots=True)
class YesNo(Expected):
    """Yes or no, said first or last: a "no" in the midst of a sentence may mean anything."""

    value: bool

    @property
    def text(self) -> str:
        return "yes" if self.value else "no"

    def matches(self, answer: str) -> bool:
        words = fold(answer).split()
        said = {word for word in words if word in ("yes", "no")}
        return len(answer) <= LONGEST and said == {self.text} and self.text in (words[0], words[-1])


_CLOCK = re.compile(r"(?<![\d:.])(\d{1,2})(?:[:h](\d{2}))?\s*(a\.?m\.?|p\.?m\.?)?(?![\d:])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Time(Expected):
    """A time of day in any usual format: "14:05", "2:05 pm", "14h05"; a bare hour needs am or pm."""

    value: datetime.time

    @property
    def text(self) -> str:
        return f"{self.value.hour}:{self.value.minute:02}"

    def matches(self, answer: str) -> bool:
        found = set()
        for hour, minute, half in _CLOCK.findall(answer):
            if not minute and not half:
                continue
            afternoon = half.casefold().startswith("p")
            if int(minute or 0) > 59 or int(hour) > (12 if half else 23) or (half and int(hour) == 0):
                return False
            whole = int(hour) % 12 + 12 * afternoon if half else int(hour)
            found.add(datetime.time(whole, int(minute or 0)))
        return len(answer) <= LONGEST and found == {self.value}


_SPAN = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?)\s*(days?|d|hours?|hrs?|h|minutes?|mins?|min|m|seconds?|secs?|s)(?![a-z])", re.IGNORECASE
)
_MINUTES = {"d": 1440.0, "h": 60.0, "m": 1.0, "s": 1 / 60}


@dataclass(frozen=True, slots=True)
class Duration(Expected):
    """A length of time in any usual format: "2 h 35 min", "155 minutes", "2.5 hours".

    Attributes:
        minutes: the length in minutes.
        tolerance: how far off an answer may be, in minutes.
    """

    minutes: float
    tolerance: float = 0.0

    @property
    def text(self) -> str:
        hours, rest = divmod(round(self.minutes), 60)
        return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))

    def matches(self, answer: str) -> bool:
        spans = [(float(number), unit[0].casefold()) for number, unit in _SPAN.findall(answer)]
        units = [unit for _, unit in spans]
        if len(answer) > LONGEST or not spans or len(set(units)) < len(units):
            return False
        return abs(sum(number * _MINUTES[unit] for number, unit in spans) - self.minutes) <= self.tolerance + 1e-6


_IMPOSSIBLE = (
    "impossible", "not possible", "infeasible", "not available", "unavailable", "no such", "does not exist",
    "doesn t exist", "there is no", "there are no", "cannot be done", "can t be done", "not offered", "none", "n a",
    "no results", "not found", "sold out", "out of stock", "fully booked", "blocked",
    "no data", "do not fit", "incompatible", "cannot be converted", "can t be converted",
    "cannot be read", "can t be read", "cannot be accessed", "can t be accessed", "inaccessible",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Impossible(Expected):
    """The answer to a task that cannot be done: saying so is right, anything else is wrong.

    Attributes:
        why: the reason in a few words of the page, which the expert gives.
        others: names and values that an answer must not hold, such as what a careless agent would give instead.
    """

    why: str
    others: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return f"impossible: {self.why}"

    def matches(self, answer: str) -> bool:
        if len(answer) > LONGEST or any(contains_words(answer, other) for other in self.others):
            return False
        return any(contains_words(answer, words) for words in _IMPOSSIBLE)
