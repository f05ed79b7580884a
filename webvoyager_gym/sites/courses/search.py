"""Finding courses: words, filters, order and pages. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from webvoyager_gym.sites.courses.world import Course, World

PAGE_SIZE = 6
SORTS = {"": "Best match", "rating": "Highest rated", "learners": "Most learners", "short": "Fewest hours"}
DURATIONS = {"": "Any length", "short": "Up to 4 weeks", "middle": "5 to 8 weeks", "long": "9 weeks or more"}
_WEEKS = {"": range(1000), "short": range(5), "middle": range(5, 9), "long": range(9, 1000)}
RATINGS = {"": "Any rating", "40": "4.0 and up", "45": "4.5 and up"}


@dataclass(frozen=True, slots=True)
class Query:
    """A search with its filters."""

    words: str = ""
    levels: tuple[str, ...] = ()
    duration: str = ""
    rating: str = ""
    sort: str = ""

    def href(self, page: int = 1) -> str:
        """The address of a page of the results."""
        pairs = [("q", self.words), *(("level", level) for level in self.levels), ("duration", self.duration)]
        pairs += [("rating", self.rating), ("sort", self.sort), ("page", str(page) if page > 1 else "")]
        return "/courses?" + urlencode([(name, value) for name, value in pairs if value])


def words_of(text: str) -> list[str]:
    """Folded words without those that nearly every title has."""
    return [word for word in re.findall(r"[a-z0-9]+", text.casefold()) if word not in ("in", "at", "by", "and", "for")]


def passes(course: Course, query: Query) -> bool:
    """Whether a course passes the query's filters."""
    return (
        (not query.levels or course.level in query.levels)
        and course.weeks in _WEEKS[query.duration]
        and course.rating >= int(query.rating or 0)
    )


def find(world: World, query: Query) -> list[Course]:
    """Everything a query finds, in its order; a course that has any of the words is found."""
    words = words_of(query.words)
    scored = [
        (sum(word in words_of(f"{course.title} {course.teacher}") for word in words), course)
        for course in world.courses
        if passes(course, query)
    ]
    # Sorting is stable, so equally good matches stay in the order of the world.
    found = [course for hits, course in sorted(scored, key=lambda pair: -pair[0]) if hits or not words]
    if query.sort == "short":
        found.sort(key=lambda course: course.hours)
    elif query.sort:
        found.sort(key=lambda course: int(getattr(course, query.sort)), reverse=True)
    return found
