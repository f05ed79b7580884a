"""Task templates that end with an answer and leave the site as it was."""

from __future__ import annotations

import datetime
from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.sites.flights.draws import (
    found,
    some_day,
    some_flight,
    some_route,
    way_said,
    wish_of,
    wish_params,
)
from webvoyager_gym.sites.flights.navigate import (
    FlightsHand,
    go_to_dated_flight,
    go_to_number,
    go_to_search,
)
from webvoyager_gym.sites.flights.reach import reach, trips_of
from webvoyager_gym.sites.flights.search import PAGE_SIZE
from webvoyager_gym.sites.flights.state import FlightsState
from webvoyager_gym.sites.flights.world import OPEN_MONTHS, World, clock, month_days
from webvoyager_gym.sites.kit import TODAY, Day, Duration, Expected, Number, Params, Template, Time, one_of
from webvoyager_gym.sites.kit.days import MONTHS, day_text
from webvoyager_gym.sites.kit.ways import Next, answer_when_seen


def time_of(minutes: int) -> datetime.time:
    """The time of day of minutes from midnight, whatever day it is."""
    return datetime.time(minutes // 60 % 24, minutes % 60)


class Question(Template[World, FlightsState]):
    """A template whose expert first undoes stray side effects and then looks."""

    @abstractmethod
    def look(self, hand: FlightsHand) -> Next:
        """The next action towards the answer, or the answer."""

    def expert(self, hand: FlightsHand) -> Next:
        return reach(hand) or self.look(hand)


class FlightTime(Question):
    """When a flight, known by its number, leaves or arrives."""

    name = "flight-time"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"flight": some_flight(world, random).slug, "end": str(random.choice(["departure", "arrival"]))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        flight = world.by_slug[params["flight"]]
        if params["end"] == "departure":
            wordings = (
                f"What time does flight {flight.number} leave {flight.origin.name}?",
                f"Look up flight {flight.number}: when does it depart?",
                f"Find the departure time of {flight.number}.",
            )
            return one_of(random, wordings)
        wordings = (
            f"What time does flight {flight.number} arrive in {flight.target.name}?",
            f"Look up flight {flight.number}: when does it reach {flight.target.name}?",
            f"Find the arrival time of {flight.number} in {flight.target.name}.",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Time(time_of(getattr(world.by_slug[params["flight"]], params["end"])))

    def look(self, hand: FlightsHand) -> Next:
        flight = hand.world.by_slug[hand.params["flight"]]
        shown = clock(getattr(flight, hand.params["end"]))
        return go_to_number(hand, flight) or answer_when_seen(hand, shown)


class Layover(Question):
    """How long a change of plane takes: the difference of two times."""

    name = "layover"
    kind = "compute"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        flight = some_flight(world, random)
        if not flight.layovers:
            return None
        return {"flight": flight.slug, "stop": int(random.integers(len(flight.layovers)))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        flight = world.by_slug[params["flight"]]
        city = flight.layovers[params["stop"]][0].name
        wordings = (
            f"How long is the change of plane in {city} on flight {flight.number}?",
            f"Flight {flight.number} changes planes in {city}. How much time is there between arrival and departure?",
            f"How long do passengers of {flight.number} wait in {city}?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Duration(world.by_slug[params["flight"]].layovers[params["stop"]][1])

    def look(self, hand: FlightsHand) -> Next:
        flight = hand.world.by_slug[hand.params["flight"]]
        stop = hand.params["stop"]
        times = clock(flight.legs[stop].arrival), clock(flight.legs[stop + 1].departure)
        return go_to_number(hand, flight) or answer_when_seen(hand, *times)


class FlightFee(Question):
    """A fee or the legroom of a flight, on the second tab of its page."""

    name = "flight-fee"
    kind = "look up"
    asked: ClassVar[dict[str, tuple[str, str]]] = {
        "bag_fee": ("a checked bag cost", "Checked bag"),
        "change_fee": ("a change cost (change fee)", "Change fee"),
        "pet_fee": ("a pet in the cabin cost", "Pet in the cabin"),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"flight": some_flight(world, random).slug, "what": str(random.choice([*self.asked, "legroom"]))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        number = world.by_slug[params["flight"]].number
        if params["what"] == "legroom":
            wordings = (
                f"How many cm of legroom does flight {number} have?",
                f"Find the legroom on {number} in cm.",
                f"What is the legroom on flight {number}?",
            )
            return one_of(random, wordings)
        spoken, label = self.asked[params["what"]]
        wordings = (
            f"How much does {spoken} on flight {number}?",
            f"Look up “{label}” for flight {number}: how many dollars is it?",
            f"What does {spoken} on {number}?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        value = getattr(world.by_slug[params["flight"]].airline, params["what"])
        return Number(value, "cm" if params["what"] == "legroom" else "$")

    def look(self, hand: FlightsHand) -> Next:
        flight = hand.world.by_slug[hand.params["flight"]]
        return go_to_number(hand, flight, "fees") or answer_when_seen(hand, "Legroom")


class CheapestDay(Question):
    """The cheapest day of a month: only the bars of the price graph say it."""

    name = "cheapest-day"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        origin, target = some_route(world, random)
        month = int(random.choice(OPEN_MONTHS))
        lows = sorted(low for day in month_days(month) if (low := world.lowest(origin, target, day)))
        return wish_params(origin, target, None, month=month) if lows[0] < 0.93 * lows[1] else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        way, month = way_said(world, params), f"{MONTHS[params['month'] - 1]} {TODAY.year}"
        wordings = (
            f"On which day of {month} is it cheapest to fly {way}?",
            f"Use the price graph: which date in {month} has the lowest price {way}?",
            f"Find the cheapest day in {month} for a flight {way}.",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        wish = wish_of(world, params)
        lows = {day: world.lowest(wish.origin, wish.target, day) for day in month_days(params["month"])}
        return Day(min((day for day, low in lows.items() if low), key=lambda day: lows[day]))

    def look(self, hand: FlightsHand) -> Next:
        wish, month = wish_of(hand.world, hand.params), hand.params["month"]
        asks = (hand.query.get("from"), hand.query.get("to")) == (wish.origin.name, wish.target.name)
        if asks and hand.path == "/search" and hand.there(key="graph") and not hand.query.get("out"):
            return hand.click(key="graph")
        way = go_to_search(hand, wish)
        if way is not None:
            return way
        tab = hand.find(key=f"month-{month}")
        if tab is not None and tab.checked:
            return answer_when_seen(hand, f"{MONTHS[month - 1]} {TODAY.year}")
        return hand.click(key=f"month-{month}")


class TotalWithBags(Question):
    """What several passengers with bags pay in all: prices from two places to be multiplied and added."""

    name = "total-with-bags"
    kind = "compute"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        origin, target = some_route(world, random)
        params = wish_params(origin, target, some_day(random))
        flights = found(world, params)[:PAGE_SIZE]
        if not flights:
            return None
        flight = one_of(random, flights)
        return params | {
            "flight": flight.slug,
            "people": int(random.integers(2, 4)),
            "bags": int(random.integers(1, 3)),
        }

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        number, way, people = world.by_slug[params["flight"]].number, way_said(world, params), params["people"]
        bags = f"{params['bags']} checked bag{'s' if params['bags'] > 1 else ''}"
        wordings = (
            f"What do {people} passengers with {bags} in all pay for {number} {way}?",
            f"Compute the total for {people} passengers and {bags} on {number} {way}.",
            f"{people} of us take {number} {way} with {bags} altogether. How much is that in total?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        flight, day = world.by_slug[params["flight"]], wish_of(world, params).day
        assert day is not None
        return Number(params["people"] * world.fare(flight, day) + params["bags"] * flight.airline.bag_fee, "$")

    def look(self, hand: FlightsHand) -> Next:
        flight, wish = hand.world.by_slug[hand.params["flight"]], wish_of(hand.world, hand.params)
        way = go_to_dated_flight(hand, flight, wish)
        if way is not None:
            return way
        if hand.query.get("tab", "details") != "fees":
            return hand.click(key="tab-fees")
        return answer_when_seen(hand, "Checked bag")


class TripTotal(Question):
    """What one of the visitor's trips costs in all; two of them go to one city."""

    name = "trip-total"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"trip": one_of(random, world.trips).ref}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        trip, flight = next((trip, f) for trip, f in trips_of(world) if trip.ref == params["trip"])
        city, day = flight.target.name, day_text(trip.flights[0][1])
        wordings = (
            f"What is the total of my trip to {city} on {day}?",
            f"How much does my trip to {city} on {day} cost in total?",
            f"Open my trips: how much am I paying for {city} on {day}?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Number(world.total(next(trip for trip in world.trips if trip.ref == params["trip"])), "$")

    def look(self, hand: FlightsHand) -> Next:
        ref = hand.params["trip"]
        if hand.path == f"/trips/{ref}":
            return answer_when_seen(hand, "Total")
        return hand.click(key=f"trip-{ref}") if hand.path == "/trips" else hand.click(key="trips")


QUESTIONS: tuple[Template[Any, Any], ...] = (
    FlightTime(),
    Layover(),
    FlightFee(),
    CheapestDay(),
    TotalWithBags(),
    TripTotal(),
)
