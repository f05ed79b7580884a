"""What has aged in WebVoyager's tasks, and what is done about it: numbered lists, entries with a date and a reason.

`v1.json` is a list; a later one is a file of its own and an earlier one never changes, so that a result can name the
list that it was made with. An entry has exactly one rule:

- removed: the task is left out.
- keep: it names a past time and means it.
- weeks: all days that it names move by the same whole number of weeks, so that the first is `lead` to `lead` + 6 days
  ahead; days of the week and lengths of stays remain.
- year: they move by whole years, so that the first is at least `lead` days ahead; for a day of the year.
- words: `old` is replaced by `new`, which is the same whenever it is asked.
"""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal, get_args

from webvoyager_gym.errors import InvalidFile, not_found
from webvoyager_gym.tasks.webvoyager.dates import mentions, moved

Rule = Literal["removed", "keep", "weeks", "year", "words"]
NEWEST = 1
"""Number of the newest list."""
LEAD = 28
"""Days ahead of today, unless an entry says otherwise: rooms and seats are still free then, and already on sale."""


@dataclass(frozen=True, slots=True)
class Patch:
    """What is done about one task.

    Attributes:
        id: of the task.
        date: when it was decided, as YYYY-MM-DD.
        reason: one sentence.
        rule: see above.
        lead: of "weeks" and "year".
        old, new: of "words".
    """

    id: str
    date: str
    reason: str
    rule: Rule
    lead: int = LEAD
    old: str = ""
    new: str = ""

    @property
    def removed(self) -> bool:
        return self.rule == "removed"

    @property
    def rewords(self) -> bool:
        """Whether the task is asked in other words than the original's."""
        return self.rule in ("weeks", "year", "words")

    def applied(self, question: str, today: datetime.date) -> str:
        """The question as it is to be asked on a day.

        Raises:
            InvalidFile: the rule finds nothing to do, so the list is for other tasks.
        """
        if self.rule == "words":
            if self.old not in question:
                raise InvalidFile(f"The patch of {self.id} is for another wording; bring WebVoyager's tasks again.")
            return " ".join(question.replace(self.old, self.new).split())
        if not self.rewords:
            return question
        days = [mention.first for mention in mentions(question) if mention.day]
        if not days:
            raise InvalidFile(f"The patch of {self.id} is for another wording; bring WebVoyager's tasks again.")
        earliest = today + datetime.timedelta(self.lead)
        if self.rule == "weeks":
            ahead = datetime.timedelta(7 * -((min(days) - earliest).days // 7))
            return moved(question, lambda day: day + ahead)
        years = next(count for count in range(200) if _years_on(min(days), count) >= earliest)
        return moved(question, lambda day: _years_on(day, years))


def load_patches(version: int = NEWEST) -> dict[str, Patch]:
    """A list by the ids of the tasks; the list 0 is empty.

    Raises:
        NotFound: there is none of that number.
    """
    if version == 0:
        return {}
    if not 1 <= version <= NEWEST:
        raise not_found("list of WebVoyager patches", str(version), map(str, range(NEWEST + 1)))
    return dict(_read(version))


def common(ids: frozenset[str]) -> frozenset[str]:
    """Of these tasks those that no list removes or rewords: what results with any list, or with none, share."""
    changed = {
        patch.id
        for version in range(1, NEWEST + 1)
        for patch in _read(version).values()
        if patch.removed or patch.rewords
    }
    return ids - changed


@functools.cache
def _read(version: int) -> Mapping[str, Patch]:
    return parse_patches(resources.files(__package__).joinpath(f"v{version}.json").read_text(encoding="utf-8"))


def parse_patches(text: str) -> dict[str, Patch]:
    """The list in a file's text.

    Raises:
        InvalidFile: it is none.
    """
    try:
        patches = [_patch(entry) for entry in json.loads(text)["patches"]]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidFile(
            f"The list of WebVoyager patches cannot be read ({error}); install the package again."
        ) from error
    by_id = {patch.id: patch for patch in patches}
    if len(by_id) < len(patches):
        raise InvalidFile("The list of WebVoyager patches names a task twice; install the package again.")
    return by_id


def _patch(entry: Mapping[str, Any]) -> Patch:
    patch = Patch(**entry)
    datetime.date.fromisoformat(patch.date)
    if patch.rule not in get_args(Rule) or not patch.reason or (patch.rule == "words") != bool(patch.old):
        raise ValueError(f"the entry of {patch.id} has no rule, or no reason")
    return patch


def _years_on(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February.
        return day.replace(year=day.year + years, day=28)
