"""Pages in other words: the same lessons with other names and other numbers of marks.

A small model that sees a page again and again learns it by heart: that the answer stands after "Halbridge", that the
menu is [7]. Here names that belong to one world only are replaced by those of other worlds, everywhere at once, and
marks are numbered anew with gaps, so that what is left to learn is what carries over.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from algorithms.pocket_vlm.pages import Lesson
from webvoyager_gym.types import PageView
from webvoyager_gym.vlm.prompt import Pictures

MOST_MARKS = 99
"""Marks of higher numbers have no token of their own."""
RENUMBERED, RENAMED = 0.5, 0.5
"""Shares of pages whose marks are numbered anew, and whose names are replaced."""
RARE_ON = 0.003
"""A capitalised word is a name if it stands on at most this share of all pages."""
_WORD = re.compile(r"\b[A-Z][a-z]{2,}\b")
_MARK = re.compile(r"\[(\d+)\]")


class Names:
    """The names of all worlds, found by being rare.

    Args:
        pages: the text of each page.
    """

    def __init__(self, pages: Iterable[str]) -> None:
        counts: Counter[str] = Counter()
        total = 0
        for page in pages:
            counts.update(set(_WORD.findall(page)))
            total += 1
        self._known = frozenset(word for word, count in counts.items() if count <= max(1, RARE_ON * total))
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            self._by_letter[word[0]].append(word)

    def others(self, text: str, random: np.random.Generator) -> dict[str, str]:
        """Another name for each in a text. Its first letter stays, so that lists stay in the order of the alphabet."""
        said = set(_WORD.findall(text))
        taken, found = set(said), {}
        for word in sorted(said & self._known):
            choice = self._by_letter[word[0]]
            other = choice[int(random.integers(len(choice)))]
            if other not in taken:
                found[word] = other
                taken.add(other)
        return found


def augmented(lessons: Sequence[Lesson], names: Names, random: np.random.Generator) -> list[Lesson]:
    """Lessons of one page, all changed alike.

    Args:
        lessons: with the same view and pictures.
    """
    view, seen = lessons[0].prompt.view, lessons[0].pictures
    words = names.others(_text(lessons), random) if random.random() < RENAMED else {}
    marks = _numbers(view.outline, random) if random.random() < RENUMBERED else {}
    if not words and not marks:
        return list(lessons)

    def other(text: str) -> str:
        text = _WORD.sub(lambda match: words.get(match[0], match[0]), text) if words else text
        return _MARK.sub(lambda match: f"[{marks.get(int(match[1]), match[1])}]", text) if marks else text

    view = PageView(view.screenshot, (), other(view.outline), view.url, other(view.title), view.scroll)
    seen = Pictures(seen.whole, {marks.get(mark, mark): picture for mark, picture in seen.crops.items()})
    return [
        replace(
            lesson,
            prompt=replace(
                lesson.prompt,
                goal=other(lesson.prompt.goal),
                view=view,
                history=tuple(map(other, lesson.prompt.history)),
                last_error=other(lesson.prompt.last_error),
            ),
            pictures=seen,
            actions=tuple(map(other, lesson.actions)),
        )
        for lesson in lessons
    ]


def page_text(lesson: Lesson) -> str:
    """What a lesson's page says."""
    return f"{lesson.prompt.view.title}\n{lesson.prompt.view.outline}"


def _text(lessons: Sequence[Lesson]) -> str:
    said = (part for each in lessons for part in (each.prompt.goal, *each.prompt.history, *each.actions))
    return "\n".join((page_text(lessons[0]), *said))


def _numbers(outline: str, random: np.random.Generator) -> Mapping[int, int]:
    """A new number for each mark, in the same order."""
    marks = sorted({int(match[1]) for match in re.finditer(r"^\[(\d+)\] ", outline, re.MULTILINE)})
    last = min(MOST_MARKS, int(len(marks) * random.uniform(1, 2)))
    if not marks or last < len(marks):
        return {}
    chosen = np.sort(random.permutation(last)[: len(marks)]) + 1
    return dict(zip(marks, chosen.tolist(), strict=True))
