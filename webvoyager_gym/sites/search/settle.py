"""From any state of the user's things to the wanted one, a change at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Params
from webvoyager_gym.sites.kit.changes import Act, Change, Errand, Question, one_of
from webvoyager_gym.sites.search import boxes
from webvoyager_gym.sites.search.index import Query
from webvoyager_gym.sites.search.names import slug
from webvoyager_gym.sites.search.reach import SearchHand, form, library, open_item, open_page, show
from webvoyager_gym.sites.search.state import BETWEEN, Memory
from webvoyager_gym.sites.search.world import World


def carry_out(hand: SearchHand, change: Change) -> Action:
    """The next action of a change."""
    return _WAYS[change.part](hand, change.key, change.value)


def _collections(hand: SearchHand, key: str, value: bool | None) -> Action:
    if value is None:
        if hand.path == "/library/collections" and hand.query.get("open") == key:
            return hand.click(key="delete-collection")
        return library(hand, "collections") or hand.click(key=f"open-{key}")
    name = _collection_name(hand, key)
    first = next((pair.partition(BETWEEN)[2] for pair in hand.wanted["saved"] if pair.startswith(key + BETWEEN)), "")
    if not first:
        return library(hand, "collections") or hand.type(name, enter=True, key="new-collection")
    # Saving something to a new collection makes it.
    return _save(hand, first, {"new-name": name})


def _saved(hand: SearchHand, key: str, value: bool | None) -> Action:
    collection, _, item = key.partition(BETWEEN)
    if value is None:
        if hand.path == "/library/collections" and hand.query.get("open") == collection:
            return hand.click(key=f"remove-{item}")
        return library(hand, "collections") or hand.click(key=f"open-{collection}")
    return _save(hand, item, {"collection": _collection_name(hand, collection), "new-name": ""})


def _save(hand: SearchHand, item: str, fields: dict[str, str]) -> Action:
    if hand.path == "/save" and hand.query.get("item") == item:
        return form(hand, fields, "confirm")
    return open_item(hand, item) or hand.click(key="save")


def _collection_name(hand: SearchHand, key: str) -> str:
    known = [*(name for name, _ in hand.world.collections), *hand.world.spare, *hand.state.collections.values()]
    return next(name for name in known if slug(name) == key)


def _settings(hand: SearchHand, _: str, __: str) -> Action:
    if hand.path != "/settings":
        return hand.click(key="settings" if hand.there(key="settings") else "home")
    return form(hand, hand.wanted["settings"], "save-settings")


def _alerts(hand: SearchHand, key: str, value: str | None) -> Action:
    step = library(hand, "alerts")
    if step is not None or value is None:
        return step or hand.click(key=f"delete-alert-{key}")
    texts = (hand.params.get("query", ""), *(query for query, _ in hand.world.alerts))
    text = next((text for text in texts if slug(text) == key), key.replace("-", " "))
    return form(hand, {"frequency": value, "alert-query": text}, "create-alert")


def _forgotten(hand: SearchHand, key: str, _: bool | None) -> Action:
    return library(hand, "history") or hand.click(key=f"history-{key}")


def _pins(hand: SearchHand, key: str, value: bool | None) -> Action:
    page = hand.world.page[key]
    if value is None and hand.path != page.href:
        return library(hand, "pinned") or hand.click(key=f"unpin-{key}")
    return open_page(hand, page) or hand.click(key="pin")


def _feedback(hand: SearchHand, key: str, value: str | None) -> Action:
    if hand.path == "/feedback" and boxes.box_key(hand.world, hand.query.get("q", "")) == key:
        if value is None:
            return hand.click(key="withdraw")
        return form(hand, {f"reason-{slug(value)}": True}, "send-feedback")
    return show(hand, Query(box_words(hand.world, key))) or hand.click(key="feedback")


def box_words(world: World, key: str) -> str:
    """A search that shows an answer box."""
    if key == "converter":
        return f"1 {world.rates[0][0]} in {world.rates[1][0]}"
    return f"weather {world.thing[key.removeprefix('weather-')].name}"


def _following(hand: SearchHand, key: str, value: bool | None) -> Action:
    button = f"follow-{key}"
    if hand.there(key=button):
        return hand.click(key=button)
    if value is None:
        return library(hand, "following") or hand.click(key=f"unfollow-{key}")
    return show(hand, Query(hand.world.thing[key].name)) or hand.click(key=button)


_WAYS: dict[str, Callable[..., Action]] = {
    "collections": _collections, "saved": _saved, "settings": _settings, "alerts": _alerts, "forgotten": _forgotten,
    "pins": _pins, "feedback": _feedback, "following": _following,
}  # fmt: skip


class _Worded(Errand[World, Memory]):
    """A task whose goal is one of a few wordings, filled with `words`."""

    wordings: ClassVar[tuple[str, ...]]

    def words(self, world: World, params: Params) -> Params:
        """What the wordings mention."""
        return params

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self.wordings).format(**self.words(world, params))

    def carry_out(self, hand: SearchHand, change: Change) -> Action:
        return carry_out(hand, change)


class SearchQuestion(_Worded, Question[World, Memory]):
    """A question on this site."""


class SearchAct(_Worded, Act[World, Memory]):
    """An act on this site."""
