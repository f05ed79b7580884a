"""How someone who knows the search engine moves about in it. Each move is the next action, or None if one is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Hand
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.kit.ways import fill
from webvoyager_gym.sites.search.index import TIMES, Query, read_query
from webvoyager_gym.sites.search.state import Memory
from webvoyager_gym.sites.search.web import Page, Picture
from webvoyager_gym.sites.search.world import World

SearchHand = Hand[World, Memory]


def current(hand: SearchHand) -> Query | None:
    """The search whose results the page shows, None if it shows none."""
    if hand.path != "/search" or not hand.there(key="tab-all"):
        return None
    names = ("exact", "without", "site", "year", "time", "tab")
    asked = {name: hand.query.get(name, "") for name in names}
    return read_query(Query(words=hand.query.get("q", ""), **asked))


def type_search(hand: SearchHand, words: str) -> Action:
    """Search for words, from any page; a page of somebody else's is left first."""
    if not hand.there(key="search"):
        return hand.click(key="home")
    return hand.type(words, enter=True, key="search")


def show(hand: SearchHand, query: Query, number: int = 1) -> Action | None:
    """Towards a page of the results of exactly this search."""
    now = current(hand)
    if now is None or _folded(replace(now, tab="", time="")) != _folded(replace(query, tab="", time="")):
        advanced = query.exact or query.without or query.site or query.year
        return _search_with(hand, query) if advanced else type_search(hand, query.words)
    if now.tab != query.tab:
        return hand.click(key=f"tab-{query.tab or 'all'}")
    if now.time != query.time:
        return hand.select(TIMES[query.time], key="time")
    at = int(hand.query.get("page", "1"))
    return None if at == number else hand.click(key="next-page" if at < number else "previous-page")


def result_page(hand: SearchHand, query: Query, page: Page) -> int:
    """On which page of a search's results a page of the web stands; what is sponsored stands on the first."""
    found = hand.world.index.find(query)
    return found.index(page) // hand.state.page_size + 1 if page in found else 1


def _search_with(hand: SearchHand, query: Query) -> Action:
    """Fill the form for an advanced search, and send it."""
    if hand.path != "/advanced":
        return hand.click(key="advanced" if hand.there(key="advanced") else "home")
    fields = {
        "any-words": query.words,
        "exact": query.exact,
        "without": query.without,
        "site": hand.world.publisher[query.site].name if query.site else "Any site",
        "year": query.year or "Any year",
    }
    return form(hand, fields, "advanced-go")


def form(hand: SearchHand, fields: Mapping[str, str | bool], submit: str) -> Action:
    """The next action of filling a form and sending it. Raises NotThere."""
    step = fill(hand, fields, submit)
    return step if isinstance(step, Action) else step[0]


def open_page(hand: SearchHand, page: Page, query: Query | None = None) -> Action | None:
    """Towards a page of the web, by the results of a search; by default one for its title."""
    if hand.path == page.href:
        return None
    key = f"page-{page.key}"
    if hand.there(key=key):
        return hand.click(key=key)
    query = query or Query(page.title)
    return show(hand, query, result_page(hand, query, page)) or hand.click(key=key)


def open_picture(hand: SearchHand, picture: Picture) -> Action | None:
    """Towards a picture, by the pictures of what it was taken of."""
    if hand.path == f"/image/{picture.key}":
        return None
    query = Query(hand.world.thing[picture.thing].name, tab="images")
    return show(hand, query) or hand.click(key=f"image-{picture.key}")


def open_item(hand: SearchHand, item: str) -> Action | None:
    """Towards something that can be saved."""
    picture = hand.world.picture.get(item)
    return open_picture(hand, picture) if picture else open_page(hand, hand.world.page[item])


def library(hand: SearchHand, tab: str) -> Action | None:
    """Towards a part of the library."""
    if hand.path == f"/library/{tab}" and "open" not in hand.query and hand.there(key=f"library-{tab}"):
        return None
    for key in (f"library-{tab}", "library", "home"):
        if hand.there(key=key):
            return hand.click(key=key)
    return hand.restart()


def _folded(query: Query) -> Query:
    return replace(query, words=fold(query.words), exact=fold(query.exact), without=fold(query.without))
