"""Task templates about the results of a search: filters, orders, comparisons, and what is not there."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.sites.flights.draws import (
    filters_of,
    flight_said,
    found,
    some_day,
    some_full,
    some_route,
    way_said,
    wish_of,
    wish_params,
)
from webvoyager_gym.sites.flights.navigate import (
    FlightsHand,
    go_to_results,
    go_to_search,
)
from webvoyager_gym.sites.flights.questions import Question, time_of
from webvoyager_gym.sites.flights.search import PAGE_SIZE, STOPS, WINDOWS
from webvoyager_gym.sites.flights.world import Flight, World, clock
from webvoyager_gym.sites.kit import Duration, Expected, Impossible, Name, Number, Params, Template, Time, one_of
from webvoyager_gym.sites.kit.days import day_text
from webvoyager_gym.sites.kit.ways import Next, answer_when_seen


class Filtered(Question):
    """Something about the first flight of a day's results under certain filters."""

    kind = "filter"

    def _filters(self, world: World, random: np.random.Generator) -> dict[str, str]:
        """One or two filters."""
        chosen = {
            "stops": str(random.choice(list(STOPS)[1:3])),
            "airline": one_of(random, world.airlines).code,
            "window": str(random.choice(list(WINDOWS)[1:])),
        }
        keys = random.permutation(3)[: int(random.integers(1, 3))].tolist()
        return {key: chosen[key] for key in sorted(list(chosen)[place] for place in keys)}

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = wish_params(*some_route(world, random), some_day(random), order=self.order)
        filtered = params | self._filters(world, random)
        right, careless = found(world, filtered), found(world, params)
        if not right or right[0] == careless[0] or len(right) == len(careless):
            return None
        return filtered

    order: ClassVar[str]

    def look(self, hand: FlightsHand) -> Next:
        way = go_to_results(hand, wish_of(hand.world, hand.params), filters_of(hand.params))
        return way or answer_when_seen(hand, found(hand.world, hand.params)[0].number)


class CheapestPrice(Filtered):
    """The price of the cheapest flight that fits."""

    name = "cheapest-price"
    order = "cheapest"

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        flight, way = flight_said(world, params), way_said(world, params)
        wordings = (
            f"What is the price of the cheapest {flight} {way}?",
            f"How much is the cheapest {flight} {way}?",
            f"I want to fly {way}. What does the cheapest {flight} cost?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        day = wish_of(world, params).day
        assert day is not None
        return Number(world.fare(found(world, params)[0], day), "$")


class FastestFlight(Filtered):
    """The number of the fastest flight that fits."""

    name = "fastest-flight"
    order = "fastest"

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        flight, way = flight_said(world, params), way_said(world, params)
        wordings = (
            f"What is the number of the fastest {flight} {way}?",
            f"Which is the fastest {flight} {way}? Give its flight number.",
            f"I want to fly {way}. Name the fastest {flight} by its number.",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        flight = found(world, params)[0]
        others = tuple(f.number for f in world.route(flight.origin, flight.target) if f != flight)
        return Name(flight.number, others=others, aliases=(flight.slug,))


class EarliestFlight(Filtered):
    """How long the first flight of the day that fits takes."""

    name = "earliest-duration"
    order = "departure"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = super().draw(world, random)
        return None if params is None or some_full(world, params) else params

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        flight, way = flight_said(world, params), way_said(world, params)
        wordings = (
            f"How long does the earliest {flight} {way} take?",
            f"What is the duration of the earliest {flight} {way}?",
            f"By departure time, find the earliest {flight} {way}. How long is it?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Duration(found(world, params)[0].duration)


class CountFlights(Filtered):
    """How many flights fit."""

    name = "count-flights"
    order = "best"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = wish_params(*some_route(world, random), some_day(random)) | self._filters(world, random)
        return params if len(found(world, params)) > 1 and not some_full(world, params) else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        flights = flight_said(world, params).replace("flight", "flights", 1)
        way = way_said(world, params)
        wordings = (
            f"How many {flights} are there {way}?",
            f"Count the {flights} {way}.",
            f"I want to fly {way}. How many {flights} can I choose from?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Number(len(found(world, params)), "flights")

    def look(self, hand: FlightsHand) -> Next:
        return go_to_results(hand, wish_of(hand.world, hand.params), filters_of(hand.params)) or hand.answer()


class LatestInTime(Question):
    """When to leave at the latest to arrive by a certain time."""

    name = "latest-in-time"
    kind = "plan"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = wish_params(*some_route(world, random), some_day(random), order="departure")
        limit = 60 * int(random.integers(10, 22))
        flights = found(world, params)
        fits = [flight for flight in flights if flight.arrival <= limit]
        if len(fits) < 2 or some_full(world, params) or any(flight.arrival == limit for flight in flights):
            return None
        return params | {"limit": limit} if flights.index(fits[-1]) < PAGE_SIZE else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        wish, limit = wish_of(world, params), clock(params["limit"])
        assert wish.day is not None
        day, origin, target = day_text(wish.day), wish.origin.name, wish.target.name
        wordings = (
            f"I have to be in {target} by {limit} on {day}. When does the latest flight from {origin} leave that "
            "arrives in time?",
            f"On {day}, what is the latest departure from {origin} that reaches {target} by {limit}?",
            f"From {origin} to {target} on {day}: at what time can I leave at the latest to arrive by {limit}?",
        )
        return one_of(random, wordings)

    def _answer(self, world: World, params: Params) -> Flight:
        return [flight for flight in found(world, params) if flight.arrival <= params["limit"]][-1]

    def expected(self, world: World, params: Params) -> Expected:
        return Time(time_of(self._answer(world, params).departure))

    def look(self, hand: FlightsHand) -> Next:
        way = go_to_results(hand, wish_of(hand.world, hand.params), filters_of(hand.params))
        return way or answer_when_seen(hand, self._answer(hand.world, hand.params).number)


class CheaperOfTwo(Question):
    """Which of two flights of a route costs less on a day."""

    name = "cheaper-of-two"
    kind = "compare"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = wish_params(*some_route(world, random), some_day(random), order="cheapest")
        flights = found(world, params)[:5]
        if len(flights) < 3:
            return None
        pair = [flights[place].slug for place in random.permutation(len(flights))[:2].tolist()]
        return params | {"flights": pair}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        first, second = (world.by_slug[slug].number for slug in params["flights"])
        way = way_said(world, params)
        wordings = (
            f"Which flight is cheaper {way}: {first} or {second}?",
            f"I fly {way}. Does {first} or {second} have the lower price?",
            f"Compare the prices of {first} and {second} {way}: which is the cheapest?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        day = wish_of(world, params).day
        assert day is not None
        low, high = sorted((world.by_slug[slug] for slug in params["flights"]), key=lambda f: world.fare(f, day))
        return Name(low.number, others=(high.number, high.slug), aliases=(low.slug,))

    def look(self, hand: FlightsHand) -> Next:
        way = go_to_results(hand, wish_of(hand.world, hand.params), filters_of(hand.params))
        numbers = [hand.world.by_slug[slug].number for slug in hand.params["flights"]]
        return way or answer_when_seen(hand, *numbers)


class NoSuchFlight(Filtered):
    """The price of a flight that does not exist: the filters leave none, or nobody flies the route."""

    name = "no-such-flight"
    feasible = False
    order = "cheapest"
    goal = CheapestPrice.goal

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        origin, target = some_route(world, random)
        if random.random() < 0.3:
            pairs = [(a, b) for a in world.cities for b in world.cities if a != b and not world.route(a, b)]
            if not pairs:
                return None
            origin, target = one_of(random, pairs)
        params = wish_params(origin, target, some_day(random), order="cheapest")
        filtered = params | self._filters(world, random)
        # Nothing at all may fit, sold out or not.
        left = [flight for flight in world.route(origin, target) if _fits(flight, filtered)]
        return None if left else filtered

    def expected(self, world: World, params: Params) -> Expected:
        wish = wish_of(world, params)
        assert wish.day is not None
        flights = world.route(wish.origin, wish.target)
        why = "there are no such flights" if flights else "no flights on this route"
        return Impossible(why, tuple(str(world.fare(flight, wish.day)) for flight in flights))

    def look(self, hand: FlightsHand) -> Next:
        wish = wish_of(hand.world, hand.params)
        way = go_to_search(hand, wish)
        if way is not None:
            return way
        if not hand.world.route(wish.origin, wish.target):
            return hand.answer()
        return go_to_results(hand, wish, filters_of({k: v for k, v in hand.params.items() if k != "order"})) or (
            hand.answer()
        )


def _fits(flight: Flight, params: Params) -> bool:
    _, first, end = WINDOWS[params.get("window", "any")]
    return (
        params.get("stops", "any") in ("any", str(flight.stops))
        and params.get("airline", "any") in ("any", flight.airline.code)
        and first <= flight.departure < end
    )


RESULTS: tuple[Template[Any, Any], ...] = (
    CheapestPrice(),
    FastestFlight(),
    EarliestFlight(),
    CountFlights(),
    LatestInTime(),
    CheaperOfTwo(),
    NoSuchFlight(),
)
