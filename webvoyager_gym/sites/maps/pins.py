"""Task templates that only the picture of the map can answer: icons on pins, and where on the map a place is."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.sites.kit import Expected, Params, Template, one_of
from webvoyager_gym.sites.kit.ways import Next, answer_when_seen
from webvoyager_gym.sites.maps.navigate import MapsHand, corner, go_to_category, go_to_pin, see_all, set_filters
from webvoyager_gym.sites.maps.questions import SINGULAR, Question, named, some_category, some_place
from webvoyager_gym.sites.maps.world import HEIGHT, WIDTH, Place, World

CORNERS = {(0, 0): "north-west", (2, 0): "north-east", (0, 2): "south-west", (2, 2): "south-east"}


class LandmarkPin(Question):
    """The name of the place behind an icon on the first map."""

    name = "landmark-pin"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        places = [place for place in world.places if place.landmark]
        return {"place": one_of(random, places).slug}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        category = SINGULAR[world.by_slug[params["place"]].category]
        wordings = (
            f"The first map shows one {category} pin. What is that {category} called?",
            f"Open the place at the {category} pin on the map and tell me its name.",
            f"What is the name of the {category} that has a pin on the map of {world.city}?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return named(world, world.by_slug[params["place"]])

    def look(self, hand: MapsHand) -> Next:
        place = hand.world.by_slug[hand.params["place"]]
        return go_to_pin(hand, place) or answer_when_seen(hand, place.name)


class CornerPin(LandmarkPin):
    """The name of the only place of a kind in a corner of the map, which one has to zoom in to see."""

    name = "corner-pin"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        place = some_place(world, random)
        spot = world.spot(place)
        inside = abs(spot.x - WIDTH / 2) > 30 and abs(spot.y - HEIGHT / 2) > 30
        same = [other for other in world.of(place.category) if corner(world, other) == corner(world, place)]
        return {"place": place.slug} if inside and same == [place] and not place.landmark else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        place = world.by_slug[params["place"]]
        category, where = SINGULAR[place.category], CORNERS[corner(world, place)]
        wordings = (
            f"Zoom in on the {where} of the map. What is the {category} there called?",
            f"Which {category} is in the {where} quarter of the map? Zoom in to see all places.",
            f"Name the only {category} in the {where} of {world.city}, using the map.",
        )
        return one_of(random, wordings)


class Outermost(Question):
    """The northernmost (southernmost, …) place of a category: letters on the map say where each is."""

    name = "outermost"
    kind = "compare"
    ends: ClassVar[dict[str, tuple[int, int]]] = {
        "northernmost": (0, -1), "southernmost": (0, 1), "westernmost": (-1, 0), "easternmost": (1, 0),
    }  # fmt: skip

    def _order(self, world: World, category: str, end: str) -> list[tuple[float, Place]]:
        x, y = self.ends[end]
        spots = ((world.spot(place), place) for place in world.of(category))
        return sorted(((-spot.x * x - spot.y * y, place) for spot, place in spots), key=lambda pair: pair[0])

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        category, end = some_category(random), str(random.choice(list(self.ends)))
        order = self._order(world, category, end)
        return {"category": category, "end": end} if order[1][0] - order[0][0] > 55 else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        category, end = SINGULAR[params["category"]], params["end"]
        wordings = (
            f"Which is the {end} {category} of {world.city}?",
            f"Look at the map: what is the {end} {category} called?",
            f"Show every {category} on the map and name the {end} one.",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return named(world, self._order(world, params["category"], params["end"])[0][1])

    def look(self, hand: MapsHand) -> Next:
        way = go_to_category(hand, hand.params["category"]) or set_filters(hand) or see_all(hand)
        return way or hand.answer()


PINS: tuple[Template[Any, Any], ...] = (LandmarkPin(), CornerPin(), Outermost())
