"""Task templates that book flights, or find that they cannot be booked."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from webvoyager_gym.sites.flights.acts import Act
from webvoyager_gym.sites.flights.draws import (
    filters_of,
    flight_said,
    found,
    some_day,
    some_route,
    way_said,
    wish_of,
    wish_params,
)
from webvoyager_gym.sites.flights.navigate import Filters, FlightsHand, go_to_search, set_filters
from webvoyager_gym.sites.flights.reach import Sought, day_of, reach
from webvoyager_gym.sites.flights.search import STOPS
from webvoyager_gym.sites.flights.state import facts, in_order
from webvoyager_gym.sites.flights.world import CABINS, LAST_DAY, Trip, World, email_of
from webvoyager_gym.sites.kit import Expected, Impossible, Params, Template, one_of
from webvoyager_gym.sites.kit.days import day_text
from webvoyager_gym.sites.kit.ways import Next, answer_when_seen


def _booked(world: World, initial: dict[str, Any], trip: Trip) -> dict[str, Any]:
    return initial | {"trips": in_order([*initial["trips"], facts(trip)])}


class BookFlight(Act):
    """Book a flight by its number."""

    name = "book-flight"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        cabin = str(random.choice(["economy", "economy", "business"]))
        origin, target = some_route(world, random)
        params = wish_params(origin, target, some_day(random), cabin=cabin, passengers=int(random.choice([1, 1, 2, 3])))
        flights = found(world, params)
        if not flights:
            return None
        return params | {"flight": one_of(random, flights).slug}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        number, way = world.by_slug[params["flight"]].number, way_said(world, params)
        count = params["passengers"]
        people = f"{count} passenger{'s' if count > 1 else ''}"
        cabin = f" in {CABINS[params['cabin']]}" if params["cabin"] != "economy" else ""
        wordings = (
            f"Book {number} {way} for {people}{cabin}.",
            f"Please book flight {number} {way}, {people}{cabin}.",
            f"We are {people}. Book {number} {way}{cabin}." if count > 1 else f"Book me on {number} {way}{cabin}.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        name = world.people[0]
        flights = ((params["flight"], day_of(params["day"])),)
        return _booked(world, initial, Trip("", flights, params["cabin"], params["passengers"], name, email_of(name)))


class BookCheapest(Act):
    """Book the cheapest or the fastest flight that fits, for somebody else."""

    name = "book-best-fit"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = wish_params(
            *some_route(world, random), some_day(random), order=str(random.choice(["cheapest", "fastest"]))
        )
        filtered = params | {"stops": str(random.choice(list(STOPS)[1:3]))}
        right, careless = found(world, filtered), found(world, params)
        if len(right) < 2 or (right[0] == careless[0] and random.random() < 0.8):
            return None
        return filtered | {"name": world.people[int(random.integers(1, len(world.people)))]}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        flight, way, name = f"{params['order']} {flight_said(world, params)}", way_said(world, params), params["name"]
        wordings = (
            f"Book the {flight} {way} for {name}, {email_of(name)}.",
            f"Find the {flight} {way} and book it. Traveller: {name}, {email_of(name)}.",
            f"{name} ({email_of(name)}) needs the {flight} {way}. Please book it.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        name = params["name"]
        flights = ((found(world, params)[0].slug, day_of(params["day"])),)
        return _booked(world, initial, Trip("", flights, "economy", 1, name, email_of(name)))

    def sought(self, hand: FlightsHand) -> Sought | None:
        return found(hand.world, hand.params)[0].slug, filters_of(hand.params)


class BookReturn(Act):
    """Book a way out and a way back."""

    name = "book-return"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        _, target = some_route(world, random)
        if target == world.home or not world.route(world.home, target):
            return None
        day = some_day(random)
        back = min(day + datetime.timedelta(days=int(random.integers(2, 12))), LAST_DAY)
        out = found(world, wish_params(world.home, target, day))[:4]
        home = found(world, wish_params(target, world.home, back))[:4]
        if back <= day or not out or not home:
            return None
        return wish_params(world.home, target, day, back=back.isoformat()) | {
            "flights": [one_of(random, way).slug for way in (out, home)]
        }

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        out, home = (world.by_slug[slug].number for slug in params["flights"])
        city, day, back = world.city_by_slug[params["to"]].name, *(day_text(day_of(params[k])) for k in ("day", "back"))
        wordings = (
            f"Book a return trip to {city}: out on {day} with {out}, back on {back} with {home}.",
            f"Return to {city}, departure {day} on {out}, return {back} on {home}. Please book it.",
            f"Book me {out} to {city} on {day} and {home} back on {back} as a return trip.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        name = world.people[0]
        days = day_of(params["day"]), day_of(params["back"])
        flights = tuple(zip(params["flights"], days, strict=True))
        return _booked(world, initial, Trip("", flights, "economy", 1, name, email_of(name)))


class BookSoldOut(BookFlight):
    """Book a flight that is sold out on the day: it cannot be done."""

    name = "book-sold-out"
    feasible = False

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        origin, target = some_route(world, random)
        params = wish_params(origin, target, some_day(random), cabin="economy", passengers=1)
        full = [flight for flight in world.route(origin, target) if world.full(flight, day_of(params["day"]))]
        return params | {"flight": one_of(random, full).slug} if full else None

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial

    def expected(self, world: World, params: Params) -> Expected:
        return Impossible("sold out")

    def expert(self, hand: FlightsHand) -> Next:
        flight, wish = hand.world.by_slug[hand.params["flight"]], wish_of(hand.world, hand.params)
        way = reach(hand) or go_to_search(hand, wish)
        if way is not None:
            return way
        if flight.number in hand.view.outline:
            return hand.answer()
        return set_filters(hand, Filters(airline=flight.airline.code)) or answer_when_seen(hand, flight.number)


BOOKINGS: tuple[Template[Any, Any], ...] = (
    BookFlight(),
    BookCheapest(),
    BookReturn(),
    BookSoldOut(),
)
