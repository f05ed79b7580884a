"""How someone who knows the hub moves about in it: each step gives the next action, or None if there is none left.

`WAYS` bring the hub's state from anything to what a task wants, undoing what nobody asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from webvoyager_gym.sites.kit import Hand
from webvoyager_gym.sites.kit.ways import Next, plainest, set_fields, turn_pages
from webvoyager_gym.sites.kit.worded import Ways, first_change
from webvoyager_gym.sites.models.search import PAGE_SIZE, SIZES, SORTS, Query, find, words_of
from webvoyager_gym.sites.models.state import HubState
from webvoyager_gym.sites.models.world import Item, World

HubHand = Hand[World, HubState]


def on(hand: HubHand, item: Item) -> bool:
    """Whether the page is one of the item's."""
    return hand.path == item.href or hand.path.startswith(f"{item.href}/")


def current_query(hand: HubHand) -> Query | None:
    """The search whose results the page shows, or None."""
    if hand.path not in ("/models", "/datasets") or not hand.there(key="sort"):
        return None
    facets = {name: hand.query.get(name, "") for name in ("task", "library", "licence", "size", "sort")}
    return Query(kind=hand.path[1:-1], words=hand.query.get("q", ""), **facets)


def show(hand: HubHand, query: Query) -> Next | None:
    """Towards the results of a query with exactly its facets and order."""
    current = current_query(hand)
    if current is None or current.kind != query.kind or words_of(current.words) != words_of(query.words):
        return _search(hand, query)
    changes = []
    for name, wanted, unset in (
        ("task", query.task, "Any task"),
        ("library", query.library, "Any library"),
        ("licence", query.licence, "Any licence"),
    ):
        if getattr(current, name) != wanted:
            changes.append(hand.select(wanted or unset, key=name))
    if current.size != query.size:
        changes.append(hand.select(SIZES[query.size], key="size"))
    if current.sort != query.sort:
        changes.append(hand.select(SORTS[query.sort], key="sort"))
    return plainest(changes)


def _search(hand: HubHand, query: Query) -> Next | None:
    link = "models" if query.kind == "model" else "datasets"
    if not query.words:
        tile = f"task-{query.task}"
        return hand.click(key=tile if query.kind == "model" and hand.there(key=tile) else link)
    box = hand.find(key="search")
    if box is not None and box.name != f"Search {'models' if query.kind == 'model' else 'data sets'}":
        return hand.click(key=link)
    return hand.type(query.words, enter=True, key="search")


def turn_to(hand: HubHand, query: Query, item: Item) -> Next | None:
    """Towards the page of the query's results, which are already shown, that holds the item."""
    return turn_pages(hand, f"item-{item.key}", find(hand.world, query).index(item), PAGE_SIZE)


def go_to(hand: HubHand, item: Item, tab: str = "card") -> Next | None:
    """Towards a tab of an item's page; a model that the size facet hides is found among all sizes."""
    if on(hand, item):
        there = hand.path == (item.href if tab == "card" else f"{item.href}/{tab}")
        return None if there else hand.click(key=f"tab-{tab}")
    if hand.there(key=f"item-{item.key}"):
        return hand.click(key=f"item-{item.key}")
    size = "all" if item.parameters > 15 else ""
    current = current_query(hand)
    query = Query(item.kind, item.name, size=size)
    if current is not None and current.kind == item.kind and words_of(current.words) == words_of(item.name):
        return show(hand, query) or turn_to(hand, query, item)
    return _search(hand, query)


def _likes(hand: HubHand, have: Sequence[str], want: Sequence[str]) -> Next | None:
    key = first_change(have, want)
    item = hand.world.by_key[key]
    if not on(hand, item):
        return go_to(hand, item)
    return hand.click(key="unlike" if key in have else "like")


def _collections(hand: HubHand, have: Mapping[str, Sequence[str]], want: Mapping[str, Sequence[str]]) -> Next | None:
    name, key = next((name, key) for name in want for key in sorted({*want[name]} ^ {*have[name]}))
    return go_to(hand, hand.world.by_key[key]) or hand.click(key=f"collect-{name}")


def _threads(hand: HubHand, have: Mapping[str, Sequence[str]], want: Mapping[str, Sequence[str]]) -> Next | None:
    key = first_change(have, want)
    step = go_to(hand, hand.world.by_key[key], "discussions")
    if step is not None or key in have:
        return step or hand.click(key="delete-thread")
    title, message = want[key]
    return set_fields(hand, {"title": title, "message": message}) or hand.click(key="post-thread")


def _access(hand: HubHand, have: Mapping[str, Any], want: Mapping[str, Any]) -> Next | None:
    key = first_change(have, want)
    step = go_to(hand, hand.world.by_key[key], "files")
    if step is not None or key in have:
        return step or hand.click(key="withdraw")
    form = want[key]
    fields = {"full-name": form["name"], "country": form["country"], "use": form["use"], "terms": True}
    return set_fields(hand, fields) or hand.click(key="ask")


WAYS: Ways = {
    "likes": _likes,
    "collections": _collections,
    "threads": _threads,
    "access": _access,
}
