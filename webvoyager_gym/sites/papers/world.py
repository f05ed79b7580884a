"""The archive's content: papers, authors, and what the reader has in the library at the start."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from webvoyager_gym.sites.kit import one_of, slug_of
from webvoyager_gym.sites.kit.world import TODAY, check_split, generator, own_name
from webvoyager_gym.sites.papers import words

FIRST_YEAR = 2019
YEARS = tuple(range(FIRST_YEAR, TODAY.year + 1))
FREQUENCIES = ("Daily", "Weekly")
SUBJECTS_A_WORLD = 6
AUTHORS_A_WORLD = 34
DRAWINGS = ("scatter", "curve", "bars", "grid", "rings")


@dataclass(frozen=True, slots=True)
class Author:
    """Someone who writes papers; `id` is the name as a slug."""

    id: str
    name: str
    affiliation: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper, numbered from 1."""

    number: int
    date: datetime.date
    pages: int
    note: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The first figure of a paper as its thumbnail: a kind of plot and eight numbers from 0 to 99."""

    kind: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the archive.

    Attributes:
        id: "yymm.nnnn" of the first version.
        authors: ids, in the order of the title page.
        versions: oldest first, at least one.
        citations: (year, count), from the year of submission on.
        references: ids of older papers that it cites.
        open_data: whether its data can be downloaded.
    """

    id: str
    title: str
    authors: tuple[str, ...]
    subject: str
    abstract: str
    versions: tuple[Version, ...]
    figures: int
    licence: str
    citations: tuple[tuple[int, int], ...]
    references: tuple[str, ...]
    open_data: bool
    drawing: Drawing

    @property
    def submitted(self) -> datetime.date:
        return self.versions[0].date

    @property
    def pages(self) -> int:
        return self.versions[-1].pages

    @property
    def cited(self) -> int:
        """Citations in all."""
        return sum(count for _, count in self.citations)


@dataclass(frozen=True)
class Archive:
    """One world of the site.

    Attributes:
        papers: newest first; no two share a title, a day of submission or a number of citations.
        folders: the reader's folders at the start and the ids of the papers in them.
        alerts: subject and frequency of the reader's alerts at the start.
        following: ids of the authors whom the reader follows at the start.
        spare_folders: names that no folder has yet.
        survey: whether the site asks for a survey on paper pages.
    """

    split: str
    seed: int
    subjects: tuple[str, ...]
    authors: tuple[Author, ...]
    papers: tuple[Paper, ...]
    folders: tuple[tuple[str, tuple[str, ...]], ...]
    alerts: tuple[tuple[str, str], ...]
    following: tuple[str, ...]
    spare_folders: tuple[str, ...]
    survey: bool

    @cached_property
    def paper_by_id(self) -> dict[str, Paper]:
        return {paper.id: paper for paper in self.papers}

    @cached_property
    def author_by_id(self) -> dict[str, Author]:
        return {author.id: author for author in self.authors}

    @cached_property
    def subject_by_slug(self) -> dict[str, str]:
        return {slug_of(subject): subject for subject in self.subjects}

    @cached_property
    def papers_by_author(self) -> dict[str, tuple[Paper, ...]]:
        """Newest first; every author has at least one."""
        return {a.id: tuple(p for p in self.papers if a.id in p.authors) for a in self.authors}

    def names(self, paper: Paper) -> tuple[str, ...]:
        """The names of a paper's authors."""
        return tuple(self.author_by_id[author].name for author in paper.authors)

    def of_subject(self, subject: str) -> tuple[Paper, ...]:
        """Newest first."""
        return tuple(paper for paper in self.papers if paper.subject == subject)


def build_archive(split: str, seed: int) -> Archive:
    """World `seed` of a split: six subjects of eight to ten papers each."""
    check_split(split)
    random = generator("papers", split, seed)
    subjects = tuple(
        sorted(str(name) for name in random.choice(sorted(words.SUBJECTS), SUBJECTS_A_WORLD, replace=False))
    )
    authors = _authors(random, split)
    papers = _papers(random, split, subjects, authors)
    writing = {author for paper in papers for author in paper.authors}
    authors = tuple(author for author in authors if author.id in writing)
    taken: set[str] = set()
    names = [own_name(lambda: _folder(random), split, taken) for _ in range(7)]
    saved = random.permutation(len(papers))
    folders = []
    for name in names[:3]:
        count = int(random.integers(2, 4))
        folders.append((name, tuple(papers[int(i)].id for i in saved[:count])))
        saved = saved[count:]
    alerts = tuple((str(name), _pick(random, FREQUENCIES)) for name in random.choice(subjects, 2, replace=False))
    following = tuple(authors[int(i)].id for i in random.choice(len(authors), 2, replace=False))
    return Archive(
        split,
        seed,
        subjects,
        authors,
        papers,
        tuple(folders),
        alerts,
        following,
        tuple(names[3:]),
        bool(random.random() < 0.3),
    )


def _pick(random: np.random.Generator, of: tuple[str, ...] | list[str]) -> str:
    return str(one_of(random, of))


def _folder(random: np.random.Generator) -> str:
    return f"{_pick(random, words.FOLDER_FIRST)} {_pick(random, words.FOLDER_SECOND)}"


def _authors(random: np.random.Generator, split: str) -> tuple[Author, ...]:
    """Few given and family names, so that many authors share one of the two."""
    given = [str(name) for name in random.choice(words.GIVEN_NAMES, 22, replace=False)]
    family = [str(name) for name in random.choice(words.FAMILY_NAMES, 26, replace=False)]
    taken: set[str] = set()
    places: set[str] = set()
    institutions = [
        own_name(lambda: f"{_pick(random, words.PLACES)} {_pick(random, words.INSTITUTIONS)}", split, places)
        for _ in range(7)
    ]
    authors = []
    for _ in range(AUTHORS_A_WORLD):
        name = own_name(lambda: f"{_pick(random, given)} {_pick(random, family)}", split, taken)
        authors.append(Author(slug_of(name), name, _pick(random, institutions)))
    return tuple(authors)


def _papers(
    random: np.random.Generator, split: str, subjects: tuple[str, ...], authors: tuple[Author, ...]
) -> tuple[Paper, ...]:
    subject_of = [subject for subject in subjects for _ in range(int(random.integers(8, 11)))]
    days = (TODAY - datetime.date(FIRST_YEAR, 1, 1)).days
    # The power makes recent years fuller, as archives are.
    offsets: dict[int, None] = {}
    while len(offsets) < len(subject_of):
        offsets[2 + int((random.random() ** 1.3) * (days - 3))] = None
    dates = sorted((TODAY - datetime.timedelta(days=offset) for offset in offsets), reverse=True)
    order = random.permutation(len(subject_of))
    topics = {subject: _Topics(random, subject) for subject in subjects}
    # A few authors write much, most write little.
    weights = 1.0 / np.arange(1, len(authors) + 1) ** 0.35
    weights /= weights.sum()
    titles: set[str] = set()
    totals: set[int] = set()
    papers: list[Paper] = []
    for number, (date, index) in reversed(list(enumerate(zip(dates, order, strict=True)))):
        subject = subject_of[int(index)]
        topic = topics[subject]
        title = own_name(topic.title, split, titles)
        count = int(random.choice([2, 2, 3, 3]))
        writers = tuple(authors[int(i)].id for i in random.choice(len(authors), count, replace=False, p=weights))
        citations = _citations(random, date.year, totals)
        older = random.permutation(len(papers))[: int(random.integers(2, 5))]
        papers.append(
            Paper(
                id=f"{date:%y%m}.{1000 + number * 37 + int(random.integers(37)):04d}",
                title=title,
                authors=writers,
                subject=subject,
                abstract=topic.abstract(title),
                versions=_versions(random, date),
                figures=int(random.integers(2, 10)),
                licence=_pick(random, words.LICENCES),
                citations=citations,
                references=tuple(papers[int(i)].id for i in older),
                open_data=bool(random.random() < 0.5),
                drawing=Drawing(_pick(random, DRAWINGS), tuple(int(v) for v in random.integers(0, 100, 8))),
            )
        )
    return tuple(reversed(papers))


class _Topics:
    """Titles and abstracts of one subject in one world, from few words, so that titles share them."""

    def __init__(self, random: np.random.Generator, subject: str) -> None:
        self._random = random
        self._objects = [str(name) for name in random.choice(words.SUBJECTS[subject], 4, replace=False)]
        self._qualities = [str(name) for name in random.choice(words.QUALITIES, 6, replace=False)]
        self._studies = [str(name) for name in random.choice(words.STUDIES, 6, replace=False)]
        self._drawn: dict[str, tuple[str, str, str]] = {}

    def title(self) -> str:
        thing, quality, study = drawn = (
            _pick(self._random, self._objects),
            _pick(self._random, self._qualities),
            _pick(self._random, self._studies),
        )
        before = self._random.random() < 0.5
        title = _capitals(f"{quality} {thing} {study}" if before else f"{study} of {quality} {thing}s")
        self._drawn[title] = drawn
        return title

    def abstract(self, title: str) -> str:
        """An abstract that goes with a title drawn before."""
        thing, quality, study = self._drawn[title]
        evidence = _pick(self._random, words.EVIDENCE).format(count=int(self._random.integers(2, 95)) * 10)
        finding = _pick(self._random, words.FINDINGS)
        other = _pick(self._random, [name for name in self._objects if name != thing])
        return (
            f"We take up the {study} of {thing}s that are {quality}. From {evidence} we conclude that {finding}. "
            f"The same approach carries over to any {other}."
        )


def _capitals(title: str) -> str:
    return " ".join(word if word == "of" else word[:1].upper() + word[1:] for word in title.split())


def _versions(random: np.random.Generator, first: datetime.date) -> tuple[Version, ...]:
    versions = [Version(1, first, int(random.integers(6, 31)), "First version")]
    for number in range(2, int(random.choice([1, 2, 3, 4])) + 1):
        date = versions[-1].date + datetime.timedelta(days=int(random.integers(12, 150)))
        if date >= TODAY:
            break
        pages = max(5, versions[-1].pages + int(random.choice([-2, -1, 1, 2, 3, 4])))
        versions.append(Version(number, date, pages, _pick(random, words.REVISIONS)))
    return tuple(versions)


def _citations(random: np.random.Generator, first: int, totals: set[int]) -> tuple[tuple[int, int], ...]:
    """Citations by year from the first year on, with a total that no other paper has."""
    most = int(random.choice([5, 9, 17, 31]))
    while True:
        citations = tuple(
            # The running year is two months old.
            (year, int(random.integers(0, 1 + (most if year < TODAY.year else most // 4))))
            for year in range(first, TODAY.year + 1)
        )
        total = sum(count for _, count in citations)
        if total not in totals:
            totals.add(total)
            return citations
        # The small totals of a young paper may all be taken.
        most += 1
