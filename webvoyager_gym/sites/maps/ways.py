"""Task templates about distances and ways between places."""

from __future__ import annotations

from typing import Any

import numpy as np

from webvoyager_gym.sites.kit import Duration, Expected, Impossible, Name, Number, Params, Template, one_of
from webvoyager_gym.sites.kit.ways import Next, answer_when_seen
from webvoyager_gym.sites.maps.navigate import MapsHand, go_by, go_to_category, go_to_route, set_filters
from webvoyager_gym.sites.maps.questions import SINGULAR, Question, named, some_category, some_place
from webvoyager_gym.sites.maps.routes import MODES, Route, route, walk_metres
from webvoyager_gym.sites.maps.search import Query, find_all
from webvoyager_gym.sites.maps.world import Place, World

SPOKEN = {"walk": "on foot", "cycle": "by bicycle", "transit": "by transit"}


def ends_of(world: World, params: Params) -> tuple[Place, Place]:
    """The two places that parameters name."""
    return world.by_slug[params["from"]], world.by_slug[params["to"]]


def way_of(world: World, params: Params) -> Route:
    """The way that parameters name."""
    found = route(world, *ends_of(world, params), params["mode"])
    assert found is not None
    return found


class WayQuestion(Question):
    """Something about the way from one place to another."""

    def _ends(self, world: World, random: np.random.Generator) -> dict[str, Any]:
        first, second = (world.places[place].slug for place in random.permutation(len(world.places))[:2].tolist())
        return {"from": first, "to": second}

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = self._ends(world, random) | {"mode": str(random.choice(list(MODES)))}
        return params if route(world, *ends_of(world, params), params["mode"]) else None

    def look(self, hand: MapsHand) -> Next:
        way = go_by(hand, *ends_of(hand.world, hand.params), hand.params["mode"])
        return way or answer_when_seen(hand, "Arrive")


class RouteTime(WayQuestion):
    """How long a way takes."""

    name = "route-time"
    kind = "plan"

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        a, b = (place.name for place in ends_of(world, params))
        how = SPOKEN[params["mode"]]
        wordings = (
            f"How long does it take {how} from {a} to {b}?",
            f"Get directions from {a} to {b}: how many minutes is it {how}?",
            f"I am at {a}. In how much time can I be at {b} {how}?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Duration(way_of(world, params).minutes)

    def look(self, hand: MapsHand) -> Next:
        way = go_to_route(hand, *ends_of(hand.world, hand.params))
        return way or answer_when_seen(hand, f"{way_of(hand.world, hand.params).minutes} min")


class RouteDistance(WayQuestion):
    """How long a way is in metres."""

    name = "route-distance"
    kind = "plan"

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        a, b = (place.name for place in ends_of(world, params))
        how = SPOKEN[params["mode"]]
        wordings = (
            f"How many metres is it {how} from {a} to {b}?",
            f"What is the distance {how} from {a} to {b}, in m?",
            f"Get directions from {a} to {b} {how}. What is the distance in metres?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Number(way_of(world, params).metres, "m")


class LeaveTram(WayQuestion):
    """The stop at which to get off the tram."""

    name = "leave-tram"
    kind = "plan"

    def _stop(self, world: World, params: Params) -> str:
        stops = [step.leave for step in way_of(world, params).steps if step.line]
        return stops[0] if len(stops) == 1 else ""

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = self._ends(world, random) | {"mode": "transit"}
        if route(world, *ends_of(world, params), "transit") is None:
            return None
        return params if self._stop(world, params) else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        a, b = (place.name for place in ends_of(world, params))
        wordings = (
            f"I go by transit from {a} to {b}. At which stop do I leave the tram?",
            f"Where does one get off the tram on the way from {a} to {b}?",
            f"Get transit directions from {a} to {b}. To which stop does the tram take me?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        stop = self._stop(world, params)
        return Name(stop, others=tuple(other for other in world.stops.values() if other != stop))


class TimeSaved(WayQuestion):
    """How much quicker one way of travelling is than another."""

    name = "time-saved"
    kind = "compute"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = self._ends(world, random) | {"mode": str(random.choice(["cycle", "transit"]))}
        quick = route(world, *ends_of(world, params), params["mode"])
        return params if quick and self._saved(world, params) > 1 else None

    def _saved(self, world: World, params: Params) -> int:
        slow = route(world, *ends_of(world, params), "walk")
        assert slow is not None
        return slow.minutes - way_of(world, params).minutes

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        a, b = (place.name for place in ends_of(world, params))
        how = "cycling" if params["mode"] == "cycle" else "transit"
        wordings = (
            f"How many minutes does {how} save compared with walking from {a} to {b}?",
            f"From {a} to {b}: by how many minutes is {how} quicker than walking?",
            f"Compute how much time I gain by {how} instead of walking from {a} to {b}.",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Duration(self._saved(world, params))

    def look(self, hand: MapsHand) -> Next:
        return go_to_route(hand, *ends_of(hand.world, hand.params)) or hand.answer()


class NoTransit(WayQuestion):
    """How long transit takes where there is none."""

    name = "no-transit"
    feasible = False
    kind = "plan"
    goal = RouteTime.goal

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = self._ends(world, random) | {"mode": "transit"}
        return None if route(world, *ends_of(world, params), "transit") else params

    def expected(self, world: World, params: Params) -> Expected:
        return Impossible("no transit connection", ("Tram 1", "Tram 2"))

    def look(self, hand: MapsHand) -> Next:
        return go_by(hand, *ends_of(hand.world, hand.params), "transit") or hand.answer()


class Nearest(Question):
    """The place of a category that is nearest to another place on foot."""

    name = "nearest-place"
    kind = "compare"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        near, category = some_place(world, random), some_category(random)
        query = Query(category=category, near=near)
        order = sorted(find_all(world, query), key=lambda place: walk_metres(world, near, place))
        clear = walk_metres(world, near, order[0]) < walk_metres(world, near, order[1])
        return {"near": near.slug, "category": category} if clear and order[0] != find_all(world, query)[0] else None

    def answer(self, world: World, params: Params) -> Place:
        """The nearest place."""
        query = Query(category=params["category"], near=world.by_slug[params["near"]], order="distance")
        return find_all(world, query)[0]

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        category, near = SINGULAR[params["category"]], world.by_slug[params["near"]].name
        wordings = (
            f"Which {category} has the shortest walk from {near}?",
            f"I am at {near}. Which {category} is nearest on foot?",
            f"Find the nearest {category} to {near} by walking distance.",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return named(world, self.answer(world, params))

    def look(self, hand: MapsHand) -> Next:
        way = go_to_category(hand, hand.params["category"], hand.world.by_slug[hand.params["near"]])
        return way or set_filters(hand, order="distance") or hand.answer()


class NearerOfTwo(Nearest):
    """Which of two places of a category is nearer to another place on foot."""

    name = "nearer-of-two"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        near, category = some_place(world, random), some_category(random)
        places = [place for place in world.of(category) if place != near]
        pair = [places[place] for place in random.permutation(len(places))[:2].tolist()]
        if walk_metres(world, near, pair[0]) == walk_metres(world, near, pair[1]):
            return None
        return {"near": near.slug, "category": category, "pair": [place.slug for place in pair]}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        category, near = SINGULAR[params["category"]], world.by_slug[params["near"]].name
        first, second = (world.by_slug[slug].name for slug in params["pair"])
        wordings = (
            f"Which {category} is the shorter walk from {near}: {first} or {second}?",
            f"I am at {near}. Is the {category} {first} or {second} nearer on foot?",
            f"Compare the walks from {near} to the {category} {first} and to {second}: which is shorter?",
        )
        return one_of(random, wordings)

    def answer(self, world: World, params: Params) -> Place:
        near = world.by_slug[params["near"]]
        return min((world.by_slug[slug] for slug in params["pair"]), key=lambda place: walk_metres(world, near, place))

    def look(self, hand: MapsHand) -> Next:
        way = go_to_category(hand, hand.params["category"], hand.world.by_slug[hand.params["near"]])
        names = [hand.world.by_slug[slug].name for slug in hand.params["pair"]]
        if way is None and not all(name in hand.view.outline for name in names):
            way = set_filters(hand)
        return way or answer_when_seen(hand, *names)


WAYS: tuple[Template[Any, Any], ...] = (
    RouteTime(),
    RouteDistance(),
    LeaveTram(),
    TimeSaved(),
    NoTransit(),
    Nearest(),
    NearerOfTwo(),
)
