"""Tasks that change settings, alerts, the history, pins, feedback or followed topics, and nothing else."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Params
from webvoyager_gym.sites.kit.changes import Change, one_of, put
from webvoyager_gym.sites.search import boxes
from webvoyager_gym.sites.search.facts import HOPS, PHRASES, open_reference
from webvoyager_gym.sites.search.index import Query
from webvoyager_gym.sites.search.names import slug
from webvoyager_gym.sites.search.reach import SearchHand, open_page, show
from webvoyager_gym.sites.search.settle import SearchAct
from webvoyager_gym.sites.search.state import FREQUENCIES, SETTINGS
from webvoyager_gym.sites.search.things import Thing
from webvoyager_gym.sites.search.web import REPORTED, Page
from webvoyager_gym.sites.search.world import World


class Settings(SearchAct):
    """Change several preferences."""

    name: ClassVar[str] = "settings"
    wordings: ClassVar[tuple[str, ...]] = (
        "In my search settings, choose {first} and {second}.",
        "Change the settings: {first}, {second}.",
        "Set my preferences to {first} and {second}, and save them.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        keys = [list(SETTINGS)[int(i)] for i in random.permutation(len(SETTINGS))[: int(random.integers(2, 4))]]
        return {"chosen": {key: one_of(random, SETTINGS[key][1][1:]) for key in keys}}

    def words(self, world: World, params: Params) -> Params:
        said = [
            f"{SETTINGS[key][0].lower().replace('safes', 'SafeS')} {value}" for key, value in params["chosen"].items()
        ]
        return {"first": ", ".join(said[:-1]), "second": said[-1]}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "settings": {**initial["settings"], **params["chosen"]}}


class Alert(SearchAct):
    """Turn an alert on for a search."""

    name: ClassVar[str] = "alert"
    wordings: ClassVar[tuple[str, ...]] = (
        'Create an alert for "{query}", {often}.',
        'Set up a search alert about "{query}" that comes {often}.',
        'Alert me {often} about "{query}".',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        thing = one_of(random, world.things)
        query = f"{thing.name} {one_of(random, ('news', 'photos', 'dates', 'rumours'))}"
        return {"query": query, "frequency": one_of(random, FREQUENCIES)}

    def words(self, world: World, params: Params) -> Params:
        return {**params, "often": params["frequency"].lower()}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "alerts", slug(params["query"]), params["frequency"])


class AlertHop(Alert):
    """Turn an alert on for whom or what a fact of another thing leads to."""

    name: ClassVar[str] = "alert-hop"
    wordings: ClassVar[tuple[str, ...]] = (
        "Find out the {hop} of {name} and create an alert for that name, {often}.",
        "Create a search alert for the name of the {hop} of {name}, {often}.",
        "Alert me {often} about the {hop} of {name}: use just the name.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        start = one_of(random, world.things)
        known = [query for query, _ in world.alerts]
        hops = [fact for fact in start.facts if fact.label in HOPS and fact.value not in known]
        if not hops:
            return None
        hop = one_of(random, hops)
        words = {"start": start.key, "label": hop.label, "name": start.name}
        return {**words, "query": hop.value, "frequency": one_of(random, FREQUENCIES)}

    def words(self, world: World, params: Params) -> Params:
        hop = PHRASES[world.thing[params["start"]].kind, params["label"]]
        return {**super().words(world, params), "hop": hop}

    def carry_out(self, hand: SearchHand, change: Change) -> Action:
        start = hand.world.thing[hand.params["start"]]
        if change.key == slug(hand.params["query"]) and not hand.path.startswith("/library"):
            step = open_reference(hand, start)
            if step is not None:
                return step
        return super().carry_out(hand, change)


class ChangeAlert(Alert):
    """Change how often one of the alerts comes."""

    name: ClassVar[str] = "change-alert"
    wordings: ClassVar[tuple[str, ...]] = (
        'Change my alert for "{query}": it should come {often}.',
        'I want the alert for "{query}" {often} from now on.',
        'Let my search alert about "{query}" come {often}.',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        query, frequency = one_of(random, world.alerts)
        return {"query": query, "frequency": one_of(random, [one for one in FREQUENCIES if one != frequency])}


class Forget(SearchAct):
    """Remove one of several alike searches from the history."""

    name: ClassVar[str] = "forget"
    wordings: ClassVar[tuple[str, ...]] = (
        'Remove the search "{query}" from my history.',
        'Nobody should see that I searched for "{query}". Remove it from the history.',
        'Take "{query}" out of my search history.',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"query": one_of(random, world.asked)[0]}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "forgotten", slug(params["query"]), True)


class PinByAge(SearchAct):
    """Pin the newest or oldest report about something."""

    name: ClassVar[str] = "pin-by-age"
    wordings: ClassVar[tuple[str, ...]] = (
        "Pin the {most} news article about {name}.",
        "Find the {most} page in the news about {name} and pin it.",
        "Of the news about {name}, pin the {most} article.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        thing = one_of(random, world.of_kind(*REPORTED))
        return {"thing": thing.key, "name": thing.name, "most": one_of(random, ("newest", "oldest"))}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "pins", _by_age(world, params).key, True)

    def carry_out(self, hand: SearchHand, change: Change) -> Action:
        page = _by_age(hand.world, hand.params)
        if change == Change("pins", page.key, True):
            return open_page(hand, page, Query(hand.params["name"], tab="news")) or hand.click(key="pin")
        return super().carry_out(hand, change)


class BoxFeedback(SearchAct):
    """Say what is wrong with the weather of a town."""

    name: ClassVar[str] = "box-feedback"
    wordings: ClassVar[tuple[str, ...]] = (
        'Search for the weather in {name} and give the feedback "{reason}" on the answer.',
        'Send feedback on the weather answer for {name}: "{reason}".',
        'The weather that you show for {name} is not right. Send the feedback "{reason}".',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        town = one_of(random, world.forecasts).town
        return {"box": f"weather-{town}", "name": world.thing[town].name, "reason": one_of(random, boxes.REASONS)}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "feedback", params["box"], params["reason"])


class Follow(SearchAct):
    """Follow a thing that has a panel."""

    name: ClassVar[str] = "follow"
    wordings: ClassVar[tuple[str, ...]] = (
        "Follow the topic {name}.",
        "I want to follow {name} as a topic.",
        "Search for {name} and follow it.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        thing = one_of(random, _followable(world))
        return {"thing": thing.key, "name": thing.name}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "following", params["thing"], True)


class FollowHop(Follow):
    """Follow the person or town that a fact of another thing leads to."""

    name: ClassVar[str] = "follow-hop"
    wordings: ClassVar[tuple[str, ...]] = (
        "Find out the {hop} of {name} and follow that {goal} as a topic.",
        "Follow the {hop} of {name}.",
        "I would like to follow the {hop} of {name}. Find out which {goal} it is.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        start = one_of(random, world.things)
        wanted = {thing.key for thing in _followable(world)}
        hops = [fact for fact in start.facts if fact.label in HOPS and fact.to in wanted]
        if not hops:
            return None
        hop = one_of(random, hops)
        return {"start": start.key, "label": hop.label, "thing": hop.to, "name": start.name}

    def words(self, world: World, params: Params) -> Params:
        hop = PHRASES[world.thing[params["start"]].kind, params["label"]]
        return {**params, "hop": hop, "goal": world.thing[params["thing"]].kind}

    def carry_out(self, hand: SearchHand, change: Change) -> Action:
        start, thing = (hand.world.thing[hand.params[key]] for key in ("start", "thing"))
        if change != Change("following", thing.key, True):
            return super().carry_out(hand, change)
        known = {hand.world.reference(start).href, hand.world.reference(thing).href}
        if hand.path in known or show(hand, Query(thing.name)) is None:
            return super().carry_out(hand, change)
        step = open_reference(hand, start)
        assert step is not None
        return step


def _followable(world: World) -> list[Thing]:
    """Things that are neither followed nor a click away from the first page."""
    return [thing for thing in world.things if thing.panel and thing.key not in (*world.following, *world.trending)]


def _by_age(world: World, params: Params) -> Page:
    pages = world.pages_about(world.thing[params["thing"]], "news")
    return (max if params["most"] == "newest" else min)(pages, key=lambda page: page.day)


ACTS = (
    Settings(), Alert(), AlertHop(), ChangeAlert(), Forget(), PinByAge(), BoxFeedback(), Follow(), FollowHop(),
)  # fmt: skip
