"""Search among the flights of a world: places, days, filters, order, pages."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from webvoyager_gym.sites.flights.world import City, Flight, World
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.kit.paging import Part, cut

PAGE_SIZE = 6
ORDERS = {"best": "Best", "cheapest": "Cheapest", "fastest": "Fastest", "departure": "Departure time"}
STOPS = {"any": "Any stops", "0": "Nonstop", "1": "1 stop", "2": "2 stops"}
WINDOWS = {
    "any": ("Any time", 0, 1440),
    "morning": ("Before 12:00", 0, 720),
    "afternoon": ("12:00 to 18:00", 720, 1080),
    "evening": ("After 18:00", 1080, 1440),
}
"""Departure window -> its label, first minute and the minute after its last."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a visitor looks for on one route and day; `airline` is a code or "any"."""

    origin: City
    target: City
    day: datetime.date
    cabin: str = "economy"
    stops: str = "any"
    airline: str = "any"
    window: str = "any"
    order: str = "best"
    page: int = 1


def city_named(world: World, text: str) -> City | None:
    """The city of that name or code, case and accents aside."""
    words = fold(text)
    return next((city for city in world.cities if words in (fold(city.name), fold(city.code))), None)


def cities_like(world: World, text: str) -> tuple[City, ...]:
    """The cities whose names begin as the text does."""
    start = fold(text)[:3]
    return tuple(city for city in world.cities if start and fold(city.name).startswith(start))


def find_all(world: World, query: Query) -> tuple[Flight, ...]:
    """Everything found, in order, sold-out flights last."""
    _, first, end = WINDOWS[query.window]
    found = [
        flight
        for flight in world.route(query.origin, query.target)
        if query.stops in ("any", str(flight.stops))
        and query.airline in ("any", flight.airline.code)
        and first <= flight.departure < end
        and (query.cabin == "economy" or flight.business)
    ]

    def key(flight: Flight) -> float:
        price = world.fare(flight, query.day, query.cabin)
        if query.order == "cheapest":
            return price
        if query.order == "fastest":
            return flight.duration
        if query.order == "departure":
            return flight.departure
        return price + 0.4 * flight.duration + 25 * abs(flight.departure - 780) / 60

    return tuple(sorted(found, key=lambda flight: (world.full(flight, query.day), key(flight))))


def find(world: World, query: Query) -> Part[Flight]:
    """One page of what was found; a page beyond the last is the last."""
    return cut(find_all(world, query), query.page, PAGE_SIZE)


def flights_numbered(world: World, text: str) -> tuple[Flight, ...]:
    """The flight of that number first, then those whose numbers look like it; at most six."""
    asked = fold(text).replace(" ", "")
    digits = sorted(c for c in asked if c.isdigit())
    if not asked:
        return ()

    def likeness(flight: Flight) -> int:
        number = flight.slug[2:]
        return (
            8 * (flight.slug == asked)
            + 4 * (number == asked[-3:])
            + 2 * (sorted(number) == digits)
            + (flight.slug[:2] == asked[:2])
        )

    near = sorted((flight for flight in world.flights if likeness(flight)), key=lambda f: (-likeness(f), f.number))
    return tuple(near[:PAGE_SIZE])
