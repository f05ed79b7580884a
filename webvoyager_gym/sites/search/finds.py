"""Questions whose difficulty is to find the right page: by phrase, publisher or time, or one before a wall."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Expected, Impossible, Name, Number, Params
from webvoyager_gym.sites.kit.changes import one_of, read
from webvoyager_gym.sites.search.index import Query
from webvoyager_gym.sites.search.reach import SearchHand, open_page, result_page, show
from webvoyager_gym.sites.search.settle import SearchQuestion
from webvoyager_gym.sites.search.web import FILMED, KEPT, OPEN, REPORTED, SECRET, Page
from webvoyager_gym.sites.search.world import World

REPORTS = {
    "company": "people does {} want to hire",
    "club": "seats will the new stand of {} have",
    "town": "new homes did the council of {} agree on",
    "event": "visitors do the makers of {} expect",
}
"""What the news give a number of, by the kind of thing."""

PER_PAGE = 5
"""Results on a page, before anybody changes the settings."""

LONGEST_COUNT = 18
"""Most results that a question asks about."""


class ExactPhrase(SearchQuestion):
    """Which page holds a phrase, among others that hold its words."""

    kind: ClassVar[Literal["filter"]] = "filter"
    name: ClassVar[str] = "exact-phrase"
    wordings: ClassVar[tuple[str, ...]] = (
        'What is the title of the page with the exact phrase "{phrase}"?',
        'One page has the exact phrase "{phrase}". Give its title.',
        'Find the page that says "{phrase}" in exactly these words. What is it called?',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"phrase": one_of(random, world.phrases)}

    def expected(self, world: World, params: Params) -> Expected:
        page = page_with(world, params["phrase"])
        others = [page_with(world, phrase).title for phrase in world.phrases if phrase != params["phrase"]]
        return Name(page.title, tuple(others))

    def look(self, hand: SearchHand) -> Action | None:
        page = page_with(hand.world, hand.params["phrase"])
        return show(hand, Query(exact=hand.params["phrase"])) or read(hand, page.title, f"page-{page.key}")


class NoSuchPhrase(ExactPhrase):
    """A phrase that no page holds, though several hold its words."""

    name: ClassVar[str] = "no-such-phrase"
    feasible: ClassVar[bool] = False

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"phrase": one_of(random, world.unsaid)}

    def expected(self, world: World, params: Params) -> Expected:
        others = [page_with(world, phrase).title for phrase in world.phrases]
        return Impossible("no page with this phrase was found, there are no results", tuple(others))

    def look(self, hand: SearchHand) -> Action | None:
        return show(hand, Query(exact=hand.params["phrase"]))


class CountPages(SearchQuestion):
    """How many pages a publisher, or a year, has with a name in them."""

    kind: ClassVar[Literal["filter"]] = "filter"
    name: ClassVar[str] = "count-pages"
    wordings: ClassVar[tuple[str, ...]] = (
        'How many pages of {publisher} have the exact phrase "{phrase}", but not the word "{without}"?',
        'With the advanced search: how many results has {publisher} for the phrase "{phrase}" without "{without}"?',
        'Count the results of {publisher} with the exact phrase "{phrase}" and without the word "{without}".',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        thing = one_of(random, world.of_kind(*REPORTED, *FILMED))
        phrase = one_of(random, thing.name.split())
        publisher = one_of(random, [one for one in world.publishers if one.style in ("news", "reference", "video")])
        without = one_of(random, [word for word in thing.name.split() if word != phrase] or ["news"])
        query = Query(exact=phrase, site=publisher.key, without=without)
        found = len(world.index.find(query))
        looser = (Query(exact=phrase, site=publisher.key), Query(exact=phrase, without=without))
        if not 1 < found < LONGEST_COUNT or found in [len(world.index.find(other)) for other in looser]:
            return None
        return {"publisher": publisher.name, "site": publisher.key, "phrase": phrase, "without": without}

    def query(self, params: Params) -> Query:
        """The search that finds the pages."""
        return Query(exact=params["phrase"], site=params["site"], without=params["without"])

    def expected(self, world: World, params: Params) -> Expected:
        return Number(len(world.index.find(self.query(params))))

    def look(self, hand: SearchHand) -> Action | None:
        return show(hand, self.query(hand.params))


class FindByAge(SearchQuestion):
    """The oldest or newest of more results than one page of them shows; it stands on the last page."""

    kind: ClassVar[Literal["compare"]] = "compare"
    name: ClassVar[str] = "find-by-age"
    wordings: ClassVar[tuple[str, ...]] = (
        'Which is the {most} page with the exact phrase "{phrase}"? Give its title.',
        'Of all results for the exact phrase "{phrase}", which is the {most}? Give the title.',
        'Search for exactly "{phrase}" and give the title of the {most} result. Look at all pages of results.',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        name = one_of(random, world.things).name
        phrase = one_of(random, (name, *name.split()))
        found = world.index.find(Query(exact=phrase))
        if not PER_PAGE < len(found) <= LONGEST_COUNT:
            return None
        most = one_of(random, ("oldest", "newest"))
        page = (min if most == "oldest" else max)(found, key=lambda page: page.day)
        unclear = sum(page.title in other.title or page.day == other.day for other in found) > 1
        if unclear or found.index(page) // PER_PAGE != (len(found) - 1) // PER_PAGE:
            return None
        return {"phrase": phrase, "most": most, "page": page.key}

    def expected(self, world: World, params: Params) -> Expected:
        page = world.page[params["page"]]
        found = world.index.find(Query(exact=params["phrase"]))
        return Name(page.title, tuple(other.title for other in found if other.title not in page.title))

    def look(self, hand: SearchHand) -> Action | None:
        query, page = Query(exact=hand.params["phrase"]), hand.world.page[hand.params["page"]]
        step = show(hand, query, result_page(hand, query, page))
        return step or read(hand, page.title, f"page-{page.key}")


class RecentNews(SearchQuestion):
    """A number from the newest of several reports on the same matter."""

    kind: ClassVar[Literal["filter"]] = "filter"
    name: ClassVar[str] = "recent-news"
    wordings: ClassVar[tuple[str, ...]] = (
        "According to news of the past month, how many {what}?",
        "How many {what}? Take the news of the past month, not older ones.",
        "Read the news of the past month: how many {what}?",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"thing": one_of(random, world.of_kind(*REPORTED)).key}

    def words(self, world: World, params: Params) -> Params:
        thing = world.thing[params["thing"]]
        return {"what": REPORTS[thing.kind].format(thing.name)}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(newest(world, params["thing"]).number)

    def look(self, hand: SearchHand) -> Action | None:
        page, name = newest(hand.world, hand.params["thing"]), hand.world.thing[hand.params["thing"]].name
        return open_page(hand, page, Query(name, tab="news", time="month")) or read(hand, f"{page.number:,}", "save")


class OpenSource(SearchQuestion):
    """A number that the first result keeps behind a wall and another page tells."""

    kind: ClassVar[Literal["look up"]] = "look up"
    name: ClassVar[str] = "open-source"
    wordings: ClassVar[tuple[str, ...]] = (
        "What is the {label} of {name}?",
        "Find a page that tells the {label} of {name}, and give the number.",
        "I need the {label} of {name} as a number. Any page will do.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        thing = one_of(random, world.of_kind(*KEPT))
        return {"thing": thing.key, "name": thing.name, "label": OPEN[thing.kind][0]}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(_told(world, params).number)

    def look(self, hand: SearchHand) -> Action | None:
        page = _told(hand.world, hand.params)
        query = Query(f"{hand.params['name']} {hand.params['label']}")
        return open_page(hand, page, query) or read(hand, f"{page.number:,}", "save")


class Blocked(SearchQuestion):
    """A number that stands only behind the wall, which nobody gets past."""

    kind: ClassVar[Literal["look up"]] = "look up"
    name: ClassVar[str] = "blocked"
    feasible: ClassVar[bool] = False
    wordings: ClassVar[tuple[str, ...]] = (
        "What is the {label} of {name} according to {vault}?",
        "Read the {label} of {name} on the page of {vault}.",
        "{vault} has a page with the {label} of {name}. Which number does it give?",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        thing = one_of(random, world.of_kind(*KEPT))
        label = one_of(random, SECRET[thing.kind])
        return {"thing": thing.key, "name": thing.name, "label": label, "vault": world.of_style("vault").name}

    def expected(self, world: World, params: Params) -> Expected:
        return Impossible("the page is blocked by a check and cannot be read")

    def look(self, hand: SearchHand) -> Action | None:
        page = hand.world.pages_about(hand.world.thing[hand.params["thing"]], "vault")[0]
        return open_page(hand, page, Query(f"{hand.params['name']} {hand.params['label']}"))


def page_with(world: World, phrase: str) -> Page:
    """The page that holds a phrase."""
    return world.index.find(Query(exact=phrase))[0]


def newest(world: World, thing: str) -> Page:
    """The newest report about a thing."""
    return max(world.pages_about(world.thing[thing], "news"), key=lambda page: page.day)


def _told(world: World, params: Params) -> Page:
    return next(page for page in world.pages_about(world.thing[params["thing"]], "blog") if page.number)


FINDS = (ExactPhrase(), NoSuchPhrase(), CountPages(), FindByAge(), RecentNews(), OpenSource(), Blocked())
