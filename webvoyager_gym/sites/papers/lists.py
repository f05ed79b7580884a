"""Tasks that ask for a place in a list of papers, or for the size of one."""

from __future__ import annotations

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Expected, Number, Params, one_of, slug_of
from webvoyager_gym.sites.kit.ways import Next
from webvoyager_gym.sites.papers.expert import (
    PaperHand,
    look_at,
    look_for,
    open_author,
    open_subject,
    search,
    search_advanced,
)
from webvoyager_gym.sites.papers.search import SORTS, Query, find
from webvoyager_gym.sites.papers.tasks import Question, titled
from webvoyager_gym.sites.papers.world import YEARS, Archive, Paper


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
        wordings = (
            f"What is the {order} paper in {subject}?",
            f"Find the {order} {subject} paper and give its title.",
            f"Which paper in the subject {subject} is the {order} one?",
            f"Browse {subject} and tell me the title of the {order} paper.",
        )
        return one_of(random, wordings)

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
        wordings = (
            f"Which paper by {name} has the {order} citations?",
            f"Open the page of {name} and find the paper with the {order} citations.",
            f"Of all papers by {name}, which one has the {order} citations?",
        )
        return one_of(random, wordings)

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
        wordings = (
            f"How many {papers} {who} were submitted {when}?",
            f"Use the advanced search: how many {papers} {who} are there {when}?",
            f"Count the {papers} {who} submitted {when}.",
        )
        return one_of(random, wordings)

    def expected(self, world: Archive, params: Params) -> Expected:
        return Number(len(find(world, self._query(params))))

    def look(self, hand: PaperHand) -> Next | None:
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
        wordings = (
            f"Which paper by {name} is in {subject}?",
            f"Find the title of the only {subject} paper by {name}.",
            f"Search for the author {name}: what is their paper in {subject} called?",
        )
        return one_of(random, wordings)

    def expected(self, world: Archive, params: Params) -> Expected:
        return titled(world, world.paper_by_id[params["paper"]])

    def look(self, hand: PaperHand) -> Action | None:
        author, paper = hand.world.author_by_id[hand.params["author"]], hand.world.paper_by_id[hand.params["paper"]]
        if (
            hand.path == "/search"
            and hand.query.get("subject") == slug_of(paper.subject)
            and hand.there(key=f"paper-{paper.id}")
        ):
            return look_at(hand, paper)
        return search(hand, author.name, "author") or hand.click(key=f"facet-{slug_of(paper.subject)}")


LISTS = (SubjectRanking(), AuthorRanking(), CountPapers(), AuthorInSubject())
