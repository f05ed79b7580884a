"""Searching the archive: which papers a query finds, and in which order."""

from __future__ import annotations

from dataclasses import dataclass

from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.papers.world import YEARS, Archive, Paper

FIELDS = {"all": "All fields", "title": "Title", "author": "Author", "abstract": "Abstract"}
SORTS = {"match": "Best match", "newest": "Newest first", "oldest": "Oldest first", "cited": "Most cited"}
PAGE_SIZE = 6
_STOP_WORDS = frozenset(
    {"a", "an", "and", "any", "are", "by", "for", "from", "in", "of", "on", "that", "the", "to", "we"}
)


@dataclass(frozen=True, slots=True)
class Query:
    """What the reader asked for; every part may be left out.

    Attributes:
        text, field: words of the search box and where they are looked for; one of them is enough.
        title, author: words of the advanced search; all of them are needed.
        subject: a subject's name.
        first, last: years of submission, both included.
        open_data: only papers with open data.
    """

    text: str = ""
    field: str = "all"
    title: str = ""
    author: str = ""
    subject: str = ""
    first: int = YEARS[0]
    last: int = YEARS[-1]
    open_data: bool = False


def find(archive: Archive, query: Query, sort: str = "match") -> list[Paper]:
    """The papers that fit, in the order of `sort`, a key of SORTS.

    Best match is most words first, then newest first.
    """
    scored = [(_score(archive, paper, query), paper) for paper in archive.papers if _fits(archive, paper, query)]
    found = [(score, paper) for score, paper in scored if score > 0]
    if sort == "match":
        found.sort(key=lambda pair: -pair[0])
    papers = [paper for _, paper in found]
    if sort in ("newest", "oldest"):
        papers.sort(key=lambda paper: paper.submitted, reverse=sort == "newest")
    elif sort == "cited":
        papers.sort(key=lambda paper: paper.cited, reverse=True)
    return papers


def _fits(archive: Archive, paper: Paper, query: Query) -> bool:
    return (
        (not query.subject or paper.subject == query.subject)
        and query.first <= paper.submitted.year <= query.last
        and (paper.open_data or not query.open_data)
        and _words(query.title) <= _words(paper.title)
        and _words(query.author) <= _words(" ".join(archive.names(paper)))
    )


def _score(archive: Archive, paper: Paper, query: Query) -> int:
    """Number of words found, doubled where the whole text stands in the title or is an author's name.

    1 if no word was asked for.
    """
    asked = _words(query.text)
    if not asked:
        return 0 if fold(query.text) else 1
    names = archive.names(paper)
    places = {"title": paper.title, "author": " ".join(names), "abstract": paper.abstract}
    text = " ".join(places.values()) if query.field == "all" else places[query.field]
    found = len(asked & _words(text))
    whole = (query.field in ("all", "title") and fold(query.text) in fold(paper.title)) or (
        query.field in ("all", "author") and fold(query.text) in map(fold, names)
    )
    return 2 * found if whole else found


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split()) - _STOP_WORDS
