"""Tasks that end with an answer: what a paper's page says, which paper leads a list, how many papers a search finds."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Day, Expected, Name, Number, Params, Template
from webvoyager_gym.sites.papers.changes import next_change
from webvoyager_gym.sites.papers.expert import (
    PaperHand,
    look_at,
    look_for,
    open_author,
    open_paper,
    open_subject,
    search,
    search_advanced,
)
from webvoyager_gym.sites.papers.search import SORTS, Query, find
from webvoyager_gym.sites.papers.state import Desk
from webvoyager_gym.sites.papers.words import LICENCES
from webvoyager_gym.sites.papers.world import YEARS, Archive, Paper, slug


def one_of(random: np.random.Generator, items: Sequence[Any]) -> Any:
    """One of the items, all equally likely."""
    return items[int(random.integers(len(items)))]


def titled(archive: Archive, paper: Paper) -> Name:
    """The paper's title as an answer, no other paper's beside it."""
    return Name(paper.title, tuple(other.title for other in archive.papers if other is not paper))


def day(paper_day: Any) -> str:
    """A date as the pages say it."""
    return Day(paper_day).text


class Question(Template[Archive, Desk]):
    """A task that asks something and wants nothing changed."""

    def expert(self, hand: PaperHand) -> Action | Sequence[Action]:
        return next_change(hand) or self.look(hand) or hand.answer()

    @abstractmethod
    def look(self, hand: PaperHand) -> Action | None:
        """The next action towards the place where the answer can be read; None when it can be."""


class PaperDetail(Question):
    """A fact of a paper's first tab."""

    name = "paper-detail"
    kind = "look up"

    _WORDINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "pages": (
            "How many pages does “{title}” have?",
            "What is the length in pages of the paper “{title}”?",
            "Find “{title}” and tell me its number of pages.",
        ),
        "figures": (
            "How many figures are in “{title}”?",
            "Look up the number of figures of the paper “{title}”.",
            "Count of figures in “{title}”, please.",
        ),
        "licence": (
            "Under which licence is “{title}” available?",
            "What licence does the paper “{title}” have?",
            "Find out the licence of “{title}”.",
        ),
        "submitted": (
            "When was “{title}” submitted?",
            "On which date was the paper “{title}” submitted?",
            "Find the day “{title}” was submitted.",
        ),
    }

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        return {"paper": one_of(random, world.papers).id, "fact": one_of(random, list(self._WORDINGS))}

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        wording: str = one_of(random, self._WORDINGS[params["fact"]])
        return wording.format(title=world.paper_by_id[params["paper"]].title)

    def expected(self, world: Archive, params: Params) -> Expected:
        paper = world.paper_by_id[params["paper"]]
        if params["fact"] == "licence":
            return Name(paper.licence, tuple(licence for licence in LICENCES if licence != paper.licence))
        if params["fact"] == "submitted":
            return Day(paper.submitted)
        return Number(paper.pages, "pages") if params["fact"] == "pages" else Number(paper.figures, "figures")

    def look(self, hand: PaperHand) -> Action | None:
        paper = hand.world.paper_by_id[hand.params["paper"]]
        length = f"{paper.pages} pages, {paper.figures} figures"
        said = {"licence": paper.licence, "submitted": day(paper.submitted)}.get(hand.params["fact"], length)
        return open_paper(hand, paper) or look_for(hand, said)


class VersionHistory(Question):
    """The date or the length of one version of a paper that has several."""

    name = "version-history"
    kind = "look up"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        paper: Paper = one_of(random, world.papers)
        if len(paper.versions) < 2:
            return None
        fact = one_of(random, ("date", "pages"))
        # The length of the newest version stands on the first tab already.
        number = int(random.integers(1, len(paper.versions) + (1 if fact == "date" else 0)))
        return {"paper": paper.id, "version": number, "fact": fact}

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        title, number = world.paper_by_id[params["paper"]].title, params["version"]
        if params["fact"] == "date":
            return str(
                one_of(
                    random,
                    (
                        f"When was version {number} of “{title}” posted?",
                        f"Give the date on which version {number} of the paper “{title}” was posted.",
                        f"Look in the versions of “{title}”: on which day was version {number} posted?",
                    ),
                )
            )
        return str(
            one_of(
                random,
                (
                    f"How many pages did version {number} of “{title}” have?",
                    f"Find the length in pages of version {number} of “{title}”.",
                    f"Look in the versions of “{title}”: how many pages has version {number}?",
                ),
            )
        )

    def expected(self, world: Archive, params: Params) -> Expected:
        version = world.paper_by_id[params["paper"]].versions[params["version"] - 1]
        return Day(version.date) if params["fact"] == "date" else Number(version.pages, "pages")

    def look(self, hand: PaperHand) -> Action | None:
        paper = hand.world.paper_by_id[hand.params["paper"]]
        return open_paper(hand, paper, "versions") or look_for(hand, f"Version {hand.params['version']}")


class CitationPeak(Question):
    """The year with the most citations, which only the chart's picture tells."""

    name = "citation-peak"
    kind = "look up"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        paper: Paper = one_of(random, world.papers)
        if len(paper.citations) < 3:
            return None
        second, first = sorted(count for _, count in paper.citations)[-2:]
        return {"paper": paper.id} if first >= 1.2 * second + 2 else None

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        title = world.paper_by_id[params["paper"]].title
        return str(
            one_of(
                random,
                (
                    f"In which year did “{title}” get the most citations?",
                    f"Look at the metrics of “{title}”: which year had the most citations?",
                    f"Which year is the highest bar in the citations by year of “{title}”?",
                ),
            )
        )

    def expected(self, world: Archive, params: Params) -> Expected:
        citations = world.paper_by_id[params["paper"]].citations
        return Number(max(citations, key=lambda pair: pair[1])[0])

    def look(self, hand: PaperHand) -> Action | None:
        paper = hand.world.paper_by_id[hand.params["paper"]]
        return open_paper(hand, paper, "metrics") or look_for(hand, "Citations by year")


class CitedPaper(Question):
    """Which paper of a given year another one cites."""

    name = "cited-paper"
    kind = "look up"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        paper: Paper = one_of(random, world.papers)
        references = [world.paper_by_id[reference] for reference in paper.references]
        years = [reference.submitted.year for reference in references]
        single = [r.id for r in references if years.count(r.submitted.year) == 1]
        if len(references) < 2 or not single:
            return None
        return {"paper": paper.id, "reference": one_of(random, single)}

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        title = world.paper_by_id[params["paper"]].title
        year = world.paper_by_id[params["reference"]].submitted.year
        return str(
            one_of(
                random,
                (
                    f"Which paper from {year} does “{title}” cite?",
                    f"Find the title of the {year} paper among the references of “{title}”.",
                    f"“{title}” has one reference from {year}. What is its title?",
                ),
            )
        )

    def expected(self, world: Archive, params: Params) -> Expected:
        paper, reference = world.paper_by_id[params["paper"]], world.paper_by_id[params["reference"]]
        # An answer may well name the citing paper too.
        others = tuple(other.title for other in world.papers if other.id not in (paper.id, reference.id))
        return Name(reference.title, others)

    def look(self, hand: PaperHand) -> Action | None:
        paper = hand.world.paper_by_id[hand.params["paper"]]
        reference = hand.world.paper_by_id[hand.params["reference"]]
        return open_paper(hand, paper, "references") or look_at(hand, reference)


class Affiliation(Question):
    """Where an author of a paper works."""

    name = "affiliation"
    kind = "look up"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        return {"paper": one_of(random, world.papers).id, "place": one_of(random, ("first", "last"))}

    def _author(self, world: Archive, params: Params) -> str:
        authors = world.paper_by_id[params["paper"]].authors
        return authors[0] if params["place"] == "first" else authors[-1]

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        title, place = world.paper_by_id[params["paper"]].title, params["place"]
        return str(
            one_of(
                random,
                (
                    f"Where does the {place} author of “{title}” work?",
                    f"Which institution does the {place} author of “{title}” belong to?",
                    f"Open the page of the {place} author of “{title}” and name their institution.",
                ),
            )
        )

    def expected(self, world: Archive, params: Params) -> Expected:
        affiliation = world.author_by_id[self._author(world, params)].affiliation
        return Name(affiliation, tuple({a.affiliation for a in world.authors} - {affiliation}))

    def look(self, hand: PaperHand) -> Action | None:
        author = hand.world.author_by_id[self._author(hand.world, hand.params)]
        if hand.path == f"/author/{author.id}" or hand.there(key=f"author-{author.id}"):
            return open_author(hand, author) or look_for(hand, author.affiliation)
        return open_paper(hand, hand.world.paper_by_id[hand.params["paper"]]) or open_author(hand, author)


class SubjectRanking(Question):
    """The first or second paper of a subject in an order that has to be chosen."""

    name = "subject-ranking"
    kind = "compare"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        subject, sort, rank = (
            one_of(random, world.subjects),
            one_of(random, ("cited", "oldest")),
            int(random.integers(1, 3)),
        )
        newest = find(world, Query(subject=subject), "newest")
        answer = find(world, Query(subject=subject), sort)[rank - 1]
        # The default order must not give the answer away.
        return None if newest[rank - 1] is answer else {"subject": subject, "sort": sort, "rank": rank}

    def _paper(self, world: Archive, params: Params) -> Paper:
        return find(world, Query(subject=params["subject"]), params["sort"])[params["rank"] - 1]

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        rank = "" if params["rank"] == 1 else "second "
        order = f"{rank}most cited" if params["sort"] == "cited" else f"{rank}oldest"
        subject = params["subject"]
        return str(
            one_of(
                random,
                (
                    f"What is the {order} paper in {subject}?",
                    f"Find the {order} {subject} paper and give its title.",
                    f"Which paper in the subject {subject} is the {order} one?",
                    f"Browse {subject} and tell me the title of the {order} paper.",
                ),
            )
        )

    def expected(self, world: Archive, params: Params) -> Expected:
        return titled(world, self._paper(world, params))

    def look(self, hand: PaperHand) -> Action | None:
        sort = hand.params["sort"]
        return open_subject(hand, hand.params["subject"], sort, SORTS[sort]) or look_at(
            hand, self._paper(hand.world, hand.params)
        )


class AuthorRanking(Question):
    """The most or least cited of an author's papers."""

    name = "author-ranking"
    kind = "compare"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        author = one_of(random, world.authors)
        if not 3 <= len(world.papers_by_author[author.id]) <= 6:
            return None
        return {"author": author.id, "most": bool(random.integers(2))}

    def _paper(self, world: Archive, params: Params) -> Paper:
        papers = sorted(world.papers_by_author[params["author"]], key=lambda paper: paper.cited)
        return papers[-1] if params["most"] else papers[0]

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        name, order = world.author_by_id[params["author"]].name, "most" if params["most"] else "fewest"
        return str(
            one_of(
                random,
                (
                    f"Which paper by {name} has the {order} citations?",
                    f"Open the page of {name} and find the paper with the {order} citations.",
                    f"Of all papers by {name}, which one has the {order} citations?",
                ),
            )
        )

    def expected(self, world: Archive, params: Params) -> Expected:
        return titled(world, self._paper(world, params))

    def look(self, hand: PaperHand) -> Action | None:
        return open_author(hand, hand.world.author_by_id[hand.params["author"]]) or look_at(
            hand, self._paper(hand.world, hand.params)
        )


class CountPapers(Question):
    """How many papers an advanced search finds."""

    name = "count-papers"
    kind = "filter"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        first = int(random.integers(YEARS[0] + 1, YEARS[-1] - 1))
        last = int(random.integers(first, min(first + 3, YEARS[-1])))
        who = (
            {"author": one_of(random, world.authors).name}
            if random.integers(2)
            else {"subject": one_of(random, world.subjects)}
        )
        params = {**who, "first": first, "last": last, "open_data": bool(random.integers(3) == 0)}
        return params if 1 <= len(find(world, self._query(params))) <= 9 else None

    def _query(self, params: Params) -> Query:
        return Query(
            author=params.get("author", ""),
            subject=params.get("subject", ""),
            first=params["first"],
            last=params["last"],
            open_data=params["open_data"],
        )

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        who = f"by {params['author']}" if "author" in params else f"in {params['subject']}"
        papers = "papers with open data" if params["open_data"] else "papers"
        when = f"in {params['first']}"
        if params["last"] != params["first"]:
            when = f"from {params['first']} to {params['last']}"
        return str(
            one_of(
                random,
                (
                    f"How many {papers} {who} were submitted {when}?",
                    f"Use the advanced search: how many {papers} {who} are there {when}?",
                    f"Count the {papers} {who} submitted {when}.",
                ),
            )
        )

    def expected(self, world: Archive, params: Params) -> Expected:
        return Number(len(find(world, self._query(params))))

    def look(self, hand: PaperHand) -> Action | None:
        query = self._query(hand.params)
        count = len(find(hand.world, query))
        return search_advanced(hand, query) or look_for(hand, f"{count} paper{'' if count == 1 else 's'} found")


class AuthorInSubject(Question):
    """The one paper of an author in a subject, among the author's papers in others."""

    name = "author-in-subject"
    kind = "filter"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        author = one_of(random, world.authors)
        papers = world.papers_by_author[author.id]
        subjects = [paper.subject for paper in papers]
        single = [paper.id for paper in papers if subjects.count(paper.subject) == 1]
        return {"author": author.id, "paper": one_of(random, single)} if len(papers) >= 3 and single else None

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        name, subject = world.author_by_id[params["author"]].name, world.paper_by_id[params["paper"]].subject
        return str(
            one_of(
                random,
                (
                    f"Which paper by {name} is in {subject}?",
                    f"Find the title of the only {subject} paper by {name}.",
                    f"Search for the author {name}: what is their paper in {subject} called?",
                ),
            )
        )

    def expected(self, world: Archive, params: Params) -> Expected:
        return titled(world, world.paper_by_id[params["paper"]])

    def look(self, hand: PaperHand) -> Action | None:
        author, paper = hand.world.author_by_id[hand.params["author"]], hand.world.paper_by_id[hand.params["paper"]]
        if (
            hand.path == "/search"
            and hand.query.get("subject") == slug(paper.subject)
            and hand.there(key=f"paper-{paper.id}")
        ):
            return look_at(hand, paper)
        return search(hand, author.name, "author") or hand.click(key=f"facet-{slug(paper.subject)}")


QUESTIONS = (
    PaperDetail(),
    VersionHistory(),
    CitationPeak(),
    CitedPaper(),
    Affiliation(),
    SubjectRanking(),
    AuthorRanking(),
    CountPapers(),
    AuthorInSubject(),
)
