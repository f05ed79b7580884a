"""The generator of the flight site's worlds: who flies where and when, and what the visitor has booked before."""

from __future__ import annotations

import datetime
import math
import zlib
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from webvoyager_gym.sites.flights import names
from webvoyager_gym.sites.flights.world import (
    FIRST_DAY,
    LAST_DAY,
    Airline,
    City,
    Flight,
    Leg,
    Trip,
    World,
    email_of,
)
from webvoyager_gym.sites.kit import generator, one_of, own_name

CITIES, AIRLINES = 8, 6


def build_world(split: str, seed: int) -> World:
    """The world of a split and seed."""
    random = generator("flights", split, seed)
    cities = _cities(split, random)
    airlines = _airlines(split, random)
    taken: set[str] = set()
    flights: list[Flight] = []
    for a in cities:
        for b in cities:
            # The visitor's own city can be reached from everywhere; some other pairs have no flights at all.
            if a != b and (cities[0] in (a, b) or random.random() > 0.22):
                flights += _route(a, b, cities, airlines, taken, random)
    people: set[str] = set()
    for _ in range(6):
        own_name(lambda: f"{random.choice(names.FIRST_NAMES)} {random.choice(names.LAST_NAMES)}", split, people)
    world = World(
        zlib.crc32(f"{split}-{seed}".encode()), cities, airlines, tuple(flights), tuple(sorted(people)), (), (), ()
    )
    return _with_own_things(world, random)


def _cities(split: str, random: np.random.Generator) -> tuple[City, ...]:
    """Cities of which some share the beginning of their names."""
    taken: set[str] = set()
    ordered: list[str] = []
    few = [str(word) for word in random.permutation(names.CITY_BEGINNINGS)[:12]]
    for _ in range(CITIES):
        ordered.append(own_name(lambda: str(random.choice(few)) + str(random.choice(names.CITY_ENDINGS)), split, taken))
    places = random.permutation(16)[:CITIES].tolist()
    codes: set[str] = set()
    cities = []
    for number in random.permutation(CITIES).tolist():
        name = ordered[number]
        code = next(c for c in _codes(name) if c not in codes)
        codes.add(code)
        x, y = (300 * (places[number] % 4), 300 * (places[number] // 4))
        x, y = x + int(random.integers(-90, 91)), y + int(random.integers(-90, 91))
        cities.append(City(name.casefold(), code, name, x, y, int(random.integers(1 << 30))))
    return tuple(cities)


def _codes(name: str) -> Iterator[str]:
    letters = name.upper()
    for i in range(1, len(letters)):
        for j in range(i + 1, len(letters)):
            yield letters[0] + letters[i] + letters[j]


def _airlines(split: str, random: np.random.Generator) -> tuple[Airline, ...]:
    taken: set[str] = set()
    codes: set[str] = set()
    airlines: list[Airline] = []
    hues = random.permutation(AIRLINES).tolist()
    while len(airlines) < AIRLINES:
        name = own_name(
            lambda: f"{random.choice(names.AIRLINE_BEGINNINGS)} {random.choice(names.AIRLINE_ENDINGS)}", split, taken
        )
        code = next((c for c in (name[0] + name.split()[1][0], *(name[0] + x for x in "QXZKVY")) if c not in codes), "")
        codes.add(code)
        airlines.append(
            Airline(
                code,
                name,
                60 * hues[len(airlines)] + int(random.integers(20)),
                bag_fee=int(random.integers(18, 61)),
                change_fee=int(random.choice([25, 30, 35, 40, 45, 60, 75, 90])),
                pet_fee=int(random.choice([40, 50, 55, 65, 70, 80, 95])),
                legroom=int(random.integers(70, 87)),
            )
        )
    return tuple(airlines)


def _minutes(a: City, b: City) -> int:
    """Flying time, to five minutes."""
    return 5 * round((35 + math.hypot(a.x - b.x, a.y - b.y) / 9) / 5)


def _route(
    a: City,
    b: City,
    cities: tuple[City, ...],
    airlines: tuple[Airline, ...],
    taken: set[str],
    random: np.random.Generator,
) -> list[Flight]:
    """Seven to ten flights from one city to another, all of them with other departures and durations."""
    count = int(random.integers(7, 11))
    starts = 330 + 5 * random.permutation(198)[:count]
    flights: list[Flight] = []
    durations: set[int] = set()
    for number, start in enumerate(starts.tolist()):
        stops = (0, 0, 1, 0, 1, 1, 2, 0, 1, 2)[number]
        others = [city for city in cities if city not in (a, b)]
        via = [others[i] for i in random.permutation(len(others))[:stops].tolist()]
        while True:
            legs, time = [], start
            for origin, target in zip((a, *via), (*via, b), strict=True):
                arrival = time + _minutes(origin, target) + 5 * int(random.integers(0, 5))
                legs.append(Leg(origin, target, time, arrival))
                time = arrival + 5 * int(random.integers(8, 40))
            duration = legs[-1].arrival - start
            if duration not in durations:
                durations.add(duration)
                break
        airline = airlines[int(random.integers(AIRLINES))]
        fare = round((45 + _minutes(a, b) * 0.7) * float(random.uniform(0.8, 1.75)) * (1.1, 0.92, 0.85)[stops])
        flights.append(
            Flight(_number(airline, taken, random), airline, tuple(legs), fare, business=bool(random.random() < 0.6))
        )
    return flights


def _number(airline: Airline, taken: set[str], random: np.random.Generator) -> str:
    """A flight number; few digits are used, so that there are many that look alike."""
    while True:
        number = f"{airline.code} {''.join(str(digit) for digit in random.choice([1, 2, 3, 4, 6, 7, 8], size=3))}"
        if number not in taken:
            taken.add(number)
            return number


def _with_own_things(world: World, random: np.random.Generator) -> World:
    """The world with trips (two of them to one city), alerts and saved flights of the visitor."""
    visitor = world.people[0]
    others = random.permutation(range(1, CITIES)).tolist()
    trips: list[Trip] = []
    for number, place in enumerate((others[0], others[0], others[1], others[2])):
        flight, day = _some(world, world.route(world.home, world.cities[place]), random)
        while any(day == trip.flights[0][1] for trip in trips):
            flight, day = _some(world, world.route(world.home, world.cities[place]), random)
        seats = world.free_seats(flight.slug, day)
        trips.append(
            Trip(
                ref=f"DW-{3100 + 17 * number + int(random.integers(15))}",
                flights=((flight.slug, day),),
                cabin="economy",
                passengers=int(random.integers(1, 4)),
                name=visitor,
                email=email_of(visitor),
                bags=int(random.integers(0, 2)),
                seat=str(random.choice(seats)) if random.random() < 0.6 else "",
            )
        )
    alerts = tuple(
        sorted(
            (f"{world.home.slug}>{world.cities[place].slug}", int(random.integers(5, 20)) * 10) for place in others[2:5]
        )
    )
    saved = {_some(world, world.route(world.home, world.cities[place]), random) for place in others[3:6]}
    return replace(
        world,
        trips=tuple(sorted(trips, key=lambda trip: trip.flights[0][1])),
        alerts=alerts,
        saved=tuple(sorted((flight.slug, day) for flight, day in saved)),
    )


def _some(world: World, flights: tuple[Flight, ...], random: np.random.Generator) -> tuple[Flight, datetime.date]:
    """A random flight on a random day on which it is not sold out."""
    while True:
        flight = one_of(random, flights)
        day = FIRST_DAY + datetime.timedelta(days=int(random.integers((LAST_DAY - FIRST_DAY).days)))
        if not world.full(flight, day):
            return flight, day
