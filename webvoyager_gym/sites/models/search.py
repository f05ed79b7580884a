"""Finding models and data sets: words, facets, order and pages. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from webvoyager_gym.sites.models.world import Item, World

PAGE_SIZE = 6
SORTS = {"": "Best match", "downloads": "Most downloads", "likes": "Most likes", "updated": "Recently updated"}
SIZES = {"": "Up to 15B", "small": "Up to 3B", "all": "All sizes"}
"""How large a model may be; the first, which hides the largest ones, is what a fresh search starts with."""
_LARGEST = {"": 15.0, "small": 3.5, "all": 1e9}


@dataclass(frozen=True, slots=True)
class Query:
    """A search with its facets, among the models or among the data sets."""

    kind: str = "model"
    words: str = ""
    task: str = ""
    library: str = ""
    licence: str = ""
    size: str = ""
    sort: str = ""

    @property
    def path(self) -> str:
        return f"/{self.kind}s"

    def href(self, page: int = 1) -> str:
        """The address of a page of the results."""
        pairs = [("q", self.words), ("task", self.task), ("library", self.library), ("licence", self.licence)]
        pairs += [("size", self.size), ("sort", self.sort), ("page", str(page) if page > 1 else "")]
        return f"{self.path}?" + urlencode([(name, value) for name, value in pairs if value])


def words_of(text: str) -> list[str]:
    """Folded words; numbers keep their point."""
    return re.findall(r"[a-z]+|\d+(?:\.\d+)?b?", text.casefold().replace("-", " "))


def passes(item: Item, query: Query) -> bool:
    """Whether an item passes the query's facets."""
    return (
        item.kind == query.kind
        and query.task in ("", item.task)
        and query.library in ("", item.library)
        and query.licence in ("", item.licence)
        and (item.kind == "dataset" or item.parameters <= _LARGEST[query.size])
    )


def find(world: World, query: Query) -> list[Item]:
    """Everything a query finds, in its order; an item that has any of the words is found."""
    words = words_of(query.words)
    scored = [
        (sum(word in words_of(f"{item.owner} {item.name} {item.task}") for word in words), item)
        for item in world.items
        if passes(item, query)
    ]
    # Sorting is stable, so equally good matches stay in the order of the world.
    found = [item for hits, item in sorted(scored, key=lambda pair: -pair[0]) if hits or not words]
    if query.sort == "updated":
        found.sort(key=lambda item: item.updated, reverse=True)
    elif query.sort:
        found.sort(key=lambda item: int(getattr(item, query.sort)), reverse=True)
    return found


def all_sizes(query: Query) -> Query:
    """The same query among models of all sizes."""
    return replace(query, size="all")
