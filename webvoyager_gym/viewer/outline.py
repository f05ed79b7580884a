"""Actions in words, from the outline that was recorded with them: recordings keep no marks."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.history import in_words
from webvoyager_gym.types import Mark, PageView

_LINE = re.compile(
    r"""\[(\d{1,5})\]\ (?P<role>[^"]*?)             # [4] combobox
        (?:\ "(?P<name>.*?)")?                     # "Sort by"
        (?:\ value\ ".*|\ checked|\ current|\ options\ .*)?""",
    re.VERBOSE,
)


def words_on(outline: str) -> Callable[[Action], str]:
    """A function that puts actions on that page into words; those on an element it does not list stay as they are."""
    marks = _marks(outline)
    listed = {mark.index for mark in marks if mark.index}
    view = PageView(np.zeros((0, 0, 3), np.uint8), marks, outline, "", "")

    def words(action: Action) -> str:
        return action.text if action.mark is not None and action.mark not in listed else in_words(action, view)

    return words


def _marks(outline: str) -> tuple[Mark, ...]:
    """Marks 1, 2, … as far as the outline lists them, with role and name; number 0 stands for one that it does not."""
    found = {}
    for line in outline.splitlines():
        match = _LINE.fullmatch(line)
        if match:
            found[int(match[1])] = Mark(int(match[1]), match["role"], match["name"] or "", (0, 0, 0, 0))
    most = max(found, default=0)
    # A number far beyond the count of lines is a foreign outline's, and not worth a tuple of that length.
    if most > 10 * (len(found) + 10):
        return ()
    return tuple(found.get(number, Mark(0, "", "", (0, 0, 0, 0))) for number in range(1, most + 1))
