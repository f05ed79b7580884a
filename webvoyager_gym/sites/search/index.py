"""Finding pages: words, exact phrases, words left out, publishers, years and times; and what was meant by a slip."""

from __future__ import annotations

import datetime
import difflib
import functools
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from webvoyager_gym.sites.kit import TODAY
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.search.things import Thing
from webvoyager_gym.sites.search.web import Page

TABS = {"": "All", "images": "Images", "news": "News", "videos": "Videos"}
TIMES = {"": "Any time", "month": "Past month", "year": "Past year"}
WHOLE = 30.0
"""What a page gains in a search that holds its whole title, word for word."""

_DAYS = {"month": 31, "year": 365}
_STYLES = {"news": "news", "videos": "video"}
_STOP = frozenset(
    ("a", "an", "and", "by", "for", "from", "how", "in", "is", "it", "my", "of", "on", "or", "the", "to", "was", "what")
)
_OPERATOR = re.compile(r'"(?P<exact>[^"]+)"|(?<!\S)-(?P<without>\w+)|(?<!\S)site:(?P<site>[\w.-]+)')


@dataclass(frozen=True, slots=True)
class Query:
    """A search. `site` is a publisher's key; `without` are words that no result may hold."""

    words: str = ""
    exact: str = ""
    without: str = ""
    site: str = ""
    year: str = ""
    time: str = ""
    tab: str = ""

    @property
    def said(self) -> str:
        """The search as the box shows it, with its operators."""
        left_out = [f"-{word}" for word in self.without.split()]
        parts = [self.words, f'"{self.exact}"' * bool(self.exact), *left_out, f"site:{self.site}" * bool(self.site)]
        return " ".join(part for part in parts if part)

    def href(self, page: int = 1) -> str:
        """The address of a page of the results."""
        pairs = [("q", self.words), ("exact", self.exact), ("without", self.without), ("site", self.site)]
        pairs += [("year", self.year), ("time", self.time), ("tab", self.tab), ("page", str(page) if page > 1 else "")]
        return "/search?" + urlencode([(name, value) for name, value in pairs if value])

    def on(self, tab: str) -> Query:
        """The same search on another tab."""
        return replace(self, tab=tab)


def read_query(query: Query) -> Query:
    """The search with the operators in its words taken out of these."""
    exact, without, site = query.exact, query.without.split(), query.site
    for match in _OPERATOR.finditer(query.words):
        exact = match["exact"] or exact
        without += [match["without"]] if match["without"] else []
        site = (match["site"] or site).removesuffix(".web")
    words = " ".join(_OPERATOR.sub(" ", query.words).split())
    return replace(query, words=words, exact=" ".join(exact.split()), without=" ".join(without), site=site)


def words_of(text: str) -> list[str]:
    """The words of a text that count in a search."""
    return [word for word in fold(text).split() if word not in _STOP]


class Index:
    """What was read of a world's pages, for searching in them."""

    def __init__(self, things: Sequence[Thing], pages: Sequence[Page]) -> None:
        self._things = [(thing, f" {fold(thing.name)} ") for thing in things]
        labels = {thing.key: [fact.label for fact in thing.facts] for thing in things}
        self._pages = [page for page in pages if page.style != "shop"]
        self._titles = {page.key: frozenset(words_of(page.title)) for page in self._pages}
        self._wholes = {page.key: f" {fold(page.title)} " for page in self._pages}
        self._said = {page.key: f" {fold(' '.join([page.title, page.snippet, *page.text]))} " for page in self._pages}
        self._words = {
            page.key: frozenset(
                words_of(self._said[page.key] + " ".join(labels[page.thing] if page.style == "reference" else ()))
            )
            for page in self._pages
        }
        pages_with = Counter(word for words in self._words.values() for word in words)
        self._weights = {word: math.log(1 + len(self._pages) / count) for word, count in pages_with.items()}
        self._names = sorted({word for thing in things for word in words_of(thing.name)})
        self.find = functools.lru_cache(256)(self._find)
        self.meant = functools.lru_cache(256)(self._meant)

    def _find(self, query: Query) -> tuple[Page, ...]:
        """The pages of a search, the best first; any of its words is enough."""
        words, text = words_of(query.words), f" {fold(query.words)} "
        exact, without = f" {fold(query.exact)} ", fold(query.without).split()
        oldest = TODAY - datetime.timedelta(days=_DAYS.get(query.time, 100_000))
        found = []
        for page in self._pages:
            said = self._said[page.key]
            if (
                (query.tab in _STYLES and page.style != _STYLES[query.tab])
                or (query.site and page.publisher != query.site)
                or (query.year and str(page.day.year) != query.year)
                or page.day < oldest
                or (query.exact and exact not in said)
                or any(f" {word} " in said for word in without)
            ):
                continue
            score = self._score(page, words) + WHOLE * (self._wholes[page.key] in text)
            if score or not words:
                found.append((score, page))
        # Sorting is stable: pages that fit equally well stay in the order of the world.
        return tuple(page for _, page in sorted(found, key=lambda pair: -pair[0]))

    def _score(self, page: Page, words: Sequence[str]) -> float:
        title, body = self._titles[page.key], self._words[page.key]
        hits = [word for word in words if word in body]
        if not hits:
            return 0.0
        strong = sum(self._weights[word] for word in hits if word in title)
        covered = sum(word in title for word in set(hits)) / max(1, len(title))
        return 4 * strong + sum(self._weights[word] for word in hits) + covered

    def about(self, words: str) -> tuple[Thing, ...]:
        """The things whose whole names stand in a text."""
        text = f" {fold(words)} "
        return tuple(thing for thing, name in self._things if name in text)

    def _meant(self, words: str) -> tuple[str, ...]:
        """What may have been meant where a word stands on no page, the likeliest first."""
        text = fold(words).split()
        slips = [word for word in text if word not in _STOP and word not in self._weights and not word.isdigit()]
        if len(slips) != 1:
            return ()
        near = difflib.get_close_matches(slips[0], self._names, 3, 0.7)
        return tuple(" ".join(other if word == slips[0] else word for word in text) for other in near)
