"""Finding repositories and issues: words, filters, order and pages. Pure functions."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from webvoyager_gym.sites.code.world import Repository, World
from webvoyager_gym.sites.kit import TODAY

PAGE_SIZE, ISSUES_A_PAGE = 6, 5
SORTS = {"": "Best match", "stars": "Most stars", "few": "Fewest stars", "updated": "Recently updated"}
STARS = {"": "Any", "100": "100 or more", "1000": "1,000 or more", "5000": "5,000 or more"}
UPDATED = {"": "Any time", "7": "Last 7 days", "30": "Last 30 days", "365": "Last 12 months"}


@dataclass(frozen=True, slots=True)
class Query:
    """A search with its filters."""

    words: str = ""
    language: str = ""
    stars: str = ""
    updated: str = ""
    forks: bool = False
    sort: str = ""

    def href(self, page: int = 1) -> str:
        """The address of a page of the results."""
        pairs = [("q", self.words), ("language", self.language), ("stars", self.stars), ("updated", self.updated)]
        pairs += [("forks", "1" * self.forks), ("sort", self.sort), ("page", str(page) if page > 1 else "")]
        return "/search?" + urlencode([(name, value) for name, value in pairs if value])


def words_of(text: str) -> list[str]:
    """Folded words, plurals as their singular."""
    words = re.findall(r"[a-z0-9]+", text.casefold())
    return [word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in words]


def score(repository: Repository, words: Sequence[str]) -> int:
    """How well words fit: those of the name count more than those of the description."""
    strong, weak = set(words_of(repository.key)), set(words_of(f"{repository.description} {repository.topic}"))
    return sum(3 if word in strong else word in weak for word in words)


def passes(repository: Repository, query: Query) -> bool:
    """Whether a repository passes the query's filters."""
    oldest = TODAY - datetime.timedelta(days=int(query.updated or 100_000))
    return (
        (query.forks or not repository.parent)
        and query.language in ("", repository.language)
        and repository.stars >= int(query.stars or 0)
        and repository.updated >= oldest
    )


def find(world: World, query: Query) -> list[Repository]:
    """Everything a query finds, in its order; a repository that has any of the words is found."""
    words = words_of(query.words)
    scored = [(score(repository, words), repository) for repository in world.repositories if passes(repository, query)]
    # Sorting is stable, so equally good matches stay in the order of the world.
    found = [repository for hits, repository in sorted(scored, key=lambda pair: -pair[0]) if hits or not words]
    if query.sort == "updated":
        found.sort(key=lambda repository: repository.updated, reverse=True)
    elif query.sort:
        found.sort(key=lambda repository: repository.stars, reverse=query.sort == "stars")
    return found
