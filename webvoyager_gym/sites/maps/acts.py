"""Task templates that change something on the site: stars, lists, labels."""

from __future__ import annotations

from typing import Any

import numpy as np

from webvoyager_gym.sites.kit import Params, Template, one_of
from webvoyager_gym.sites.kit.ways import Next
from webvoyager_gym.sites.maps.names import LABELS, NEW_LISTS
from webvoyager_gym.sites.maps.navigate import MapsHand, corner, go_to_category, go_to_pin, go_to_place, set_filters
from webvoyager_gym.sites.maps.pins import CORNERS, CornerPin, LandmarkPin
from webvoyager_gym.sites.maps.questions import SINGULAR, some_place
from webvoyager_gym.sites.maps.reach import reach
from webvoyager_gym.sites.maps.state import MapsState
from webvoyager_gym.sites.maps.ways import Nearest
from webvoyager_gym.sites.maps.world import Place, World


class Act(Template[World, MapsState]):
    """A template whose expert brings the site to the wanted state."""

    kind = "act"

    def way(self, hand: MapsHand, place: Place) -> Next | None:
        """To the card of a place that is to be starred."""
        return go_to_place(hand, place)

    def expert(self, hand: MapsHand) -> Next:
        return reach(hand, self.way) or hand.answer()


def _name(world: World, params: Params) -> str:
    return world.by_slug[params["place"]].name


class StarPlace(Act):
    """Star a place by its name."""

    name = "star-place"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        place = some_place(world, random).slug
        return None if place in world.starred else {"place": place}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        name = _name(world, params)
        return one_of(random, (f"Star {name}.", f"Find {name} and star it.", f"Add a star to {name} in {world.city}."))

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"starred": sorted({*initial["starred"], params["place"]})}


class StarPin(StarPlace):
    """Star the place behind an icon on the map."""

    name = "star-pin"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        kind = LandmarkPin() if random.random() < 0.5 else CornerPin()
        params = kind.draw(world, random)
        return params if params is not None and params["place"] not in world.starred else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        place = world.by_slug[params["place"]]
        category = SINGULAR[place.category]
        if not place.landmark:
            where = CORNERS[corner(world, place)]
            wordings = (
                f"Star the only {category} in the {where} of the map. Zoom in to see all places.",
                f"Zoom in on the {where} of the map and star the {category} there.",
                f"Add a star to the {category} in the {where} quarter of the map.",
            )
            return one_of(random, wordings)
        wordings = (
            f"Star the place at the {category} pin of the first map.",
            f"The map shows one {category} pin. Star that {category}.",
            f"Open the {category} that has a pin on the map of {world.city} and star it.",
        )
        return one_of(random, wordings)

    def way(self, hand: MapsHand, place: Place) -> Next | None:
        return (go_to_pin if place.slug == hand.params.get("place") else go_to_place)(hand, place)


class StarNearest(StarPlace):
    """Star the place of a category that is nearest to another place."""

    name = "star-nearest"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = Nearest().draw(world, random)
        if params is None:
            return None
        place = Nearest().answer(world, params).slug
        return None if place in world.starred else {**params, "place": place}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        category, near = SINGULAR[params["category"]], world.by_slug[params["near"]].name
        wordings = (
            f"Star the {category} with the shortest walk from {near}.",
            f"Find the nearest {category} to {near} by walking distance and star it.",
            f"I am at {near}. Star the {category} that is nearest on foot.",
        )
        return one_of(random, wordings)

    def way(self, hand: MapsHand, place: Place) -> Next | None:
        if hand.path == f"/place/{place.slug}":
            return None
        if place.slug != hand.params.get("place"):
            return go_to_place(hand, place)
        way = go_to_category(hand, hand.params["category"], hand.world.by_slug[hand.params["near"]])
        return way or set_filters(hand, order="distance") or hand.click(key=f"place-{place.slug}")


class Unstar(Act):
    """Take the star off a place."""

    name = "unstar-place"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"place": one_of(random, world.starred)}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        name = _name(world, params)
        wordings = (
            f"Remove {name} from my starred places.",
            f"Take the star off {name}.",
            f"I no longer want {name} to be starred.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"starred": [slug for slug in initial["starred"] if slug != params["place"]]}


class KeepPlace(Act):
    """Save a place to one of the lists."""

    name = "keep-place"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        name, kept = one_of(random, world.lists)
        place = some_place(world, random).slug
        return None if place in kept else {"place": place, "list": name}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        name, kept = _name(world, params), params["list"]
        wordings = (
            f"Save {name} to my list {kept}.",
            f"Add {name} to the list “{kept}”.",
            f"Find {name} and put it on my {kept} list.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        lists = dict(initial["lists"])
        lists[params["list"]] = sorted([*lists.get(params["list"], []), params["place"]])
        return initial | {"lists": dict(sorted(lists.items()))}


class NewList(KeepPlace):
    """Create a list and save a place to it."""

    name = "new-list"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"place": some_place(world, random).slug, "list": str(random.choice(NEW_LISTS))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        name, kept = _name(world, params), params["list"]
        wordings = (
            f"Create a list called “{kept}” and save {name} to it.",
            f"Make a new list “{kept}”, then add {name} to it.",
            f"I want a new list named “{kept}” with {name} on it.",
        )
        return one_of(random, wordings)


class DropPlace(Act):
    """Remove a place from a list."""

    name = "drop-place"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        name, kept = one_of(random, world.lists)
        return {"place": one_of(random, kept), "list": name}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        name, kept = _name(world, params), params["list"]
        wordings = (
            f"Remove {name} from my list {kept}.",
            f"Take {name} off the list “{kept}”.",
            f"{name} should no longer be on my {kept} list. Remove it.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        lists = dict(initial["lists"])
        lists[params["list"]] = [slug for slug in lists[params["list"]] if slug != params["place"]]
        return initial | {"lists": lists}


class LabelPlace(Act):
    """Give a place a label."""

    name = "label-place"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        place, text = some_place(world, random).slug, str(random.choice(LABELS))
        return None if dict(world.labels).get(place) == text else {"place": place, "label": text}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        name, text = _name(world, params), params["label"]
        wordings = (
            f"Label {name} as “{text}”.",
            f"Give {name} the label “{text}”.",
            f"Find {name} and save the label “{text}” for it.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"labels": dict(sorted((initial["labels"] | {params["place"]: params["label"]}).items()))}


ACTS: tuple[Template[Any, Any], ...] = (
    StarPlace(),
    StarPin(),
    StarNearest(),
    Unstar(),
    KeepPlace(),
    NewList(),
    DropPlace(),
    LabelPlace(),
)
