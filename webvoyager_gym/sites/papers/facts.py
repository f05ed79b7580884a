"""Tasks that ask what the pages of one paper or of its author say."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Day, Expected, Name, Number, Params, one_of
from webvoyager_gym.sites.papers.expert import PaperHand, look_at, look_for, open_author, open_paper
from webvoyager_gym.sites.papers.tasks import Question
from webvoyager_gym.sites.papers.words import LICENCES
from webvoyager_gym.sites.papers.world import Archive


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
        wording = one_of(random, self._WORDINGS[params["fact"]])
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
        said = {"licence": paper.licence, "submitted": Day(paper.submitted).text}.get(hand.params["fact"], length)
        return open_paper(hand, paper) or look_for(hand, said)


class VersionHistory(Question):
    """The date or the length of one version of a paper that has several."""

    name = "version-history"
    kind = "look up"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        paper = one_of(random, world.papers)
        if len(paper.versions) < 2:
            return None
        fact = one_of(random, ("date", "pages"))
        # The length of the newest version stands on the first tab already.
        number = int(random.integers(1, len(paper.versions) + (1 if fact == "date" else 0)))
        return {"paper": paper.id, "version": number, "fact": fact}

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        title, number = world.paper_by_id[params["paper"]].title, params["version"]
        if params["fact"] == "date":
            wordings = (
                f"When was version {number} of “{title}” posted?",
                f"Give the date on which version {number} of the paper “{title}” was posted.",
                f"Look in the versions of “{title}”: on which day was version {number} posted?",
            )
            return one_of(random, wordings)
        wordings = (
            f"How many pages did version {number} of “{title}” have?",
            f"Find the length in pages of version {number} of “{title}”.",
            f"Look in the versions of “{title}”: how many pages has version {number}?",
        )
        return one_of(random, wordings)

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
        paper = one_of(random, world.papers)
        if len(paper.citations) < 3:
            return None
        second, first = sorted(count for _, count in paper.citations)[-2:]
        return {"paper": paper.id} if first >= 1.2 * second + 2 else None

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        title = world.paper_by_id[params["paper"]].title
        wordings = (
            f"In which year did “{title}” get the most citations?",
            f"Look at the metrics of “{title}”: which year had the most citations?",
            f"Which year is the highest bar in the citations by year of “{title}”?",
        )
        return one_of(random, wordings)

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
        paper = one_of(random, world.papers)
        references = [world.paper_by_id[reference] for reference in paper.references]
        years = [reference.submitted.year for reference in references]
        single = [r.id for r in references if years.count(r.submitted.year) == 1]
        if len(references) < 2 or not single:
            return None
        return {"paper": paper.id, "reference": one_of(random, single)}

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        title = world.paper_by_id[params["paper"]].title
        year = world.paper_by_id[params["reference"]].submitted.year
        wordings = (
            f"Which paper from {year} does “{title}” cite?",
            f"Find the title of the {year} paper among the references of “{title}”.",
            f"“{title}” has one reference from {year}. What is its title?",
        )
        return one_of(random, wordings)

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
        wordings = (
            f"Where does the {place} author of “{title}” work?",
            f"Which institution does the {place} author of “{title}” belong to?",
            f"Open the page of the {place} author of “{title}” and name their institution.",
        )
        return one_of(random, wordings)

    def expected(self, world: Archive, params: Params) -> Expected:
        affiliation = world.author_by_id[self._author(world, params)].affiliation
        return Name(affiliation, tuple(sorted({a.affiliation for a in world.authors} - {affiliation})))

    def look(self, hand: PaperHand) -> Action | None:
        author = hand.world.author_by_id[self._author(hand.world, hand.params)]
        if hand.path == f"/author/{author.id}" or hand.there(key=f"author-{author.id}"):
            return open_author(hand, author) or look_for(hand, author.affiliation)
        return open_paper(hand, hand.world.paper_by_id[hand.params["paper"]]) or open_author(hand, author)


FACTS = (PaperDetail(), VersionHistory(), CitationPeak(), CitedPaper(), Affiliation())
