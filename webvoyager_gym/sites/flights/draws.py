"""What several task templates draw and word alike: routes, days, filters."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import numpy as np

from webvoyager_gym.sites.flights.navigate import Filters, Wish
from webvoyager_gym.sites.flights.reach import day_of
from webvoyager_gym.sites.flights.search import Query, find_all
from webvoyager_gym.sites.flights.world import FIRST_DAY, Airline, City, Flight, World
from webvoyager_gym.sites.kit import one_of
from webvoyager_gym.sites.kit.days import day_text

STOPS_SAID = {"any": "", "0": "nonstop ", "1": "1 stop ", "2": "2 stops "}
WINDOWS_SAID = {"any": "", "morning": " leaving before 12:00", "afternoon": " leaving 12:00 to 18:00",
                "evening": " leaving after 18:00"}  # fmt: skip


def some_flight(world: World, random: np.random.Generator) -> Flight:
    """A random flight."""
    return one_of(random, world.flights)


def some_route(world: World, random: np.random.Generator) -> tuple[City, City]:
    """Two cities with flights between them; the first is often the visitor's own."""
    flight = some_flight(world, random)
    if random.random() < 0.5:
        away = [city for city in world.cities[1:] if world.route(world.home, city)]
        return world.home, one_of(random, away)
    return flight.origin, flight.target


def some_day(random: np.random.Generator) -> datetime.date:
    """A random day that can be booked, in the next seven weeks or so."""
    return FIRST_DAY + datetime.timedelta(days=int(random.integers(1, 80)))


def wish_params(origin: City, target: City, day: datetime.date | None, **more: Any) -> dict[str, Any]:
    """Parameters that name a search."""
    return {"from": origin.slug, "to": target.slug} | ({"day": day.isoformat()} if day else {}) | more


def wish_of(world: World, params: Mapping[str, Any]) -> Wish:
    """The search that parameters name."""
    return Wish(
        world.city_by_slug[params["from"]],
        world.city_by_slug[params["to"]],
        day_of(params["day"]) if "day" in params else None,
        day_of(params["back"]) if "back" in params else None,
        params.get("cabin", "economy"),
        params.get("passengers", 1),
    )


def filters_of(params: Mapping[str, Any]) -> Filters:
    """The filters that parameters name."""
    return Filters(
        params.get("stops", "any"), params.get("airline", "any"), params.get("window", "any"), params.get("order")
    )


def found(world: World, params: Mapping[str, Any]) -> tuple[Flight, ...]:
    """What the search and filters of the parameters find, all pages, without what is sold out."""
    wish, filters = wish_of(world, params), filters_of(params)
    assert wish.day is not None
    query = Query(
        wish.origin, wish.target, wish.day, wish.cabin, filters.stops, filters.airline, filters.window,
        filters.order or "best",
    )  # fmt: skip
    return tuple(flight for flight in find_all(world, query) if not world.full(flight, wish.day))


def some_full(world: World, params: Mapping[str, Any]) -> bool:
    """Whether one of the route's flights is sold out on the day."""
    wish = wish_of(world, params)
    assert wish.day is not None
    return any(world.full(flight, wish.day) for flight in world.route(wish.origin, wish.target))


def airline_of(world: World, code: str) -> Airline:
    """The airline of that code."""
    return next(airline for airline in world.airlines if airline.code == code)


def flight_said(world: World, params: Mapping[str, Any]) -> str:
    """The kind of flight that the filters leave: "nonstop Gull Air flight leaving after 18:00"."""
    airline = f"{airline_of(world, params['airline']).name} " if params.get("airline", "any") != "any" else ""
    stops = STOPS_SAID[params.get("stops", "any")]
    return f"{stops}{airline}flight{WINDOWS_SAID[params.get('window', 'any')]}"


def way_said(world: World, params: Mapping[str, Any]) -> str:
    """The route and day: "from Farnova to Garesso on 9 April 2026"."""
    wish = wish_of(world, params)
    day = f" on {day_text(wish.day)}" if wish.day else ""
    return f"from {wish.origin.name} to {wish.target.name}{day}"
