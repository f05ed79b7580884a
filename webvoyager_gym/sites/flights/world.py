"""Worlds of the flight site: cities, airlines, a timetable, fares for every day, and the visitor's own trips."""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from webvoyager_gym.sites.kit import TODAY

FIRST_DAY = TODAY + datetime.timedelta(days=1)
LAST_DAY = datetime.date(2026, 5, 31)
OPEN_MONTHS = (3, 4, 5)
CABINS = {"economy": "Economy", "business": "Business"}
MOST_PASSENGERS, MOST_BAGS = 4, 2
SEAT_FEE = 12
"""US dollars for choosing a seat."""
SEAT_ROWS, SEAT_LETTERS = (11, 12, 14, 15), "ABCD"


@dataclass(frozen=True, slots=True)
class City:
    """A city and its airport. `code` has three letters; x and y are kilometres; `art` is a seed for its picture."""

    slug: str
    code: str
    name: str
    x: int
    y: int
    art: int


@dataclass(frozen=True, slots=True)
class Airline:
    """An airline and its fees in US dollars. `code` has two letters; `hue` colours its logo."""

    code: str
    name: str
    hue: int
    bag_fee: int
    change_fee: int
    pet_fee: int
    legroom: int


@dataclass(frozen=True, slots=True)
class Leg:
    """A hop without a stop; times are minutes from midnight of the day on which the flight starts."""

    origin: City
    target: City
    departure: int
    arrival: int


@dataclass(frozen=True, slots=True)
class Flight:
    """A flight of the daily timetable. `fare` is its usual price in US dollars in economy."""

    number: str
    airline: Airline
    legs: tuple[Leg, ...]
    fare: int
    business: bool

    @property
    def slug(self) -> str:
        return self.number.replace(" ", "").casefold()

    @property
    def origin(self) -> City:
        return self.legs[0].origin

    @property
    def target(self) -> City:
        return self.legs[-1].target

    @property
    def stops(self) -> int:
        return len(self.legs) - 1

    @property
    def departure(self) -> int:
        return self.legs[0].departure

    @property
    def arrival(self) -> int:
        return self.legs[-1].arrival

    @property
    def duration(self) -> int:
        """Minutes from the first departure to the last arrival."""
        return self.arrival - self.departure

    @property
    def layovers(self) -> tuple[tuple[City, int], ...]:
        """The cities stopped in, with the minutes spent there."""
        return tuple((a.target, b.departure - a.arrival) for a, b in zip(self.legs, self.legs[1:], strict=False))


@dataclass(frozen=True, slots=True)
class Trip:
    """A booking.

    Attributes:
        ref: its number; "" before it is booked.
        flights: flight and day of each direction, one or two.
        cabin: a key of CABINS.
        bags: checked bags in all, for each direction.
        seat: such as "12C", on the first flight; "" if none was chosen.
    """

    ref: str
    flights: tuple[tuple[str, datetime.date], ...]
    cabin: str
    passengers: int
    name: str
    email: str
    bags: int = 0
    seat: str = ""
    cancelled: bool = False


@dataclass(frozen=True)
class World:
    """What the site is about. `home` is the visitor's own city; `people` begins with the visitor.

    Attributes:
        seed: what all day-to-day chance (fares, full flights, taken seats) depends on.
        alerts: "slug of origin>slug of target" -> price in US dollars.
        saved: flights on days that the visitor keeps.
    """

    seed: int
    cities: tuple[City, ...]
    airlines: tuple[Airline, ...]
    flights: tuple[Flight, ...]
    people: tuple[str, ...]
    trips: tuple[Trip, ...]
    alerts: tuple[tuple[str, int], ...]
    saved: tuple[tuple[str, datetime.date], ...]

    @property
    def home(self) -> City:
        return self.cities[0]

    @cached_property
    def city_by_slug(self) -> dict[str, City]:
        return {city.slug: city for city in self.cities}

    @cached_property
    def by_slug(self) -> dict[str, Flight]:
        return {flight.slug: flight for flight in self.flights}

    @cached_property
    def routes(self) -> dict[tuple[str, str], tuple[Flight, ...]]:
        """The flights of each pair of city slugs that has any."""
        found: dict[tuple[str, str], list[Flight]] = {}
        for flight in self.flights:
            found.setdefault((flight.origin.slug, flight.target.slug), []).append(flight)
        return {route: tuple(flights) for route, flights in found.items()}

    @cached_property
    def _lows(self) -> dict[tuple[str, str, datetime.date], int]:
        """What `lowest` has found so far."""
        return {}

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        """Flight -> its place among the flights of its route, and how many there are."""
        return {f.slug: (place, len(route)) for route in self.routes.values() for place, f in enumerate(route)}

    def route(self, origin: City, target: City) -> tuple[Flight, ...]:
        """The flights from one city to another, maybe none."""
        return self.routes.get((origin.slug, target.slug), ())

    def chance(self, *parts: object) -> float:
        """A number from 0 to 1 that depends on nothing but the world and the parts."""
        bits = zlib.crc32("/".join(map(str, (self.seed, *parts))).encode())
        # Checksums of texts that differ in one place differ in a fixed way; MurmurHash3's last step mixes them.
        for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
            bits = (bits ^ bits >> shift) * factor % 2**32
        return bits / 2**32

    def deal(self, origin: City, target: City, month: int) -> int:
        """The day of the month on which fares between two cities are lowest."""
        return 3 + int(self.chance("deal", origin.slug, target.slug, month) * 27)

    def fare(self, flight: Flight, day: datetime.date, cabin: str = "economy") -> int:
        """US dollars for one passenger; no two flights of a route cost the same on a day."""
        origin, target = flight.origin, flight.target
        wave = 0.88 + 0.34 * self.chance("day", origin.slug, target.slug, day)
        if day.day == self.deal(origin, target, day.month):
            wave = 0.66
        own = 0.94 + 0.12 * self.chance(flight.slug, day)
        price = round(flight.fare * wave * own * (1 if cabin == "economy" else 2.1))
        # The place in the route's list decides the price's remainder, so that equal prices cannot happen.
        place, count = self._places[flight.slug]
        return price + (place - price) % count

    def full(self, flight: Flight, day: datetime.date) -> bool:
        """Whether the flight is sold out on that day."""
        return self.chance("full", flight.slug, day) < 0.09

    def lowest(self, origin: City, target: City, day: datetime.date) -> int:
        """The lowest fare of a day in economy among flights that are not sold out; 0 if there is none."""
        key = origin.slug, target.slug, day
        if key not in self._lows:
            fares = [self.fare(flight, day) for flight in self.route(origin, target) if not self.full(flight, day)]
            self._lows[key] = min(fares, default=0)
        return self._lows[key]

    def free_seats(self, flight: str, day: datetime.date) -> tuple[str, ...]:
        """The seats that can be chosen."""
        seats = [f"{row}{letter}" for row in SEAT_ROWS for letter in SEAT_LETTERS]
        order = sorted(seats, key=lambda seat: self.chance("seat", flight, day, seat))
        return tuple(seat for seat in seats if seat in order[:9])

    def total(self, trip: Trip) -> int:
        """US dollars for a whole trip with its bags and seat."""
        fares = sum(self.fare(self.by_slug[slug], day, trip.cabin) for slug, day in trip.flights)
        bags = sum(self.by_slug[slug].airline.bag_fee for slug, _ in trip.flights)
        return fares * trip.passengers + bags * trip.bags + (SEAT_FEE if trip.seat else 0)


def clock(minutes: int) -> str:
    """A time of day: "08:05"; beyond midnight "00:40 +1"."""
    days, rest = divmod(minutes, 1440)
    return f"{rest // 60:02}:{rest % 60:02}" + (f" +{days}" if days else "")


def span(minutes: int) -> str:
    """A length of time: "3 h 25 min"."""
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def month_days(month: int) -> Iterator[datetime.date]:
    """The days of a month that can be booked."""
    day = max(FIRST_DAY, datetime.date(TODAY.year, month, 1))
    while day.month == month:
        yield day
        day += datetime.timedelta(days=1)


def email_of(name: str) -> str:
    """A person's e-mail address."""
    return f"{name.split()[0].casefold()}@post.test"
