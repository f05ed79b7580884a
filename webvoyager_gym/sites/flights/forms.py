"""What visitors ask for and type into forms, checked. Nothing here changes the state."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from webvoyager_gym.sites.flights.search import cities_like, city_named
from webvoyager_gym.sites.flights.world import (
    CABINS,
    FIRST_DAY,
    LAST_DAY,
    MOST_BAGS,
    MOST_PASSENGERS,
    City,
    Trip,
    World,
)
from webvoyager_gym.sites.kit import BadRequest, NotHere, Visit
from webvoyager_gym.sites.kit.days import day_text, read_day

TRIPS = {"oneway": "One way", "return": "Return"}
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,64}\.[^@\s.]{2,20}")
Field = Callable[[str], str]


@dataclass(frozen=True)
class Asked:
    """A search as it stands in the address; `first` is the way out that was chosen, when the way back is looked for."""

    origin: City
    target: City
    day: datetime.date | None
    back: datetime.date | None
    cabin: str
    passengers: int
    first: tuple[str, datetime.date] | None = None

    def query(self, **more: str) -> str:
        """The search as a query string, in the way that the search form writes it."""
        fields = {"from": self.origin.name, "to": self.target.name} | self.options()
        return urlencode(fields | more)

    def options(self) -> dict[str, str]:
        """Days, cabin and passengers as query parameters, without those that are as usual."""
        fields = {"day": day_text(self.day)} if self.day else {}
        if self.back:
            fields |= {"trip": "return", "back": day_text(self.back)}
        if self.cabin != "economy":
            fields["cabin"] = self.cabin
        if self.passengers != 1:
            fields["passengers"] = str(self.passengers)
        if self.first:
            fields |= {"out": self.first[0], "outday": self.first[1].isoformat()}
        return fields


@dataclass(frozen=True)
class Problem:
    """What is wrong with a search, and the cities that may be meant by its parameter `name`."""

    text: str
    name: str = ""
    cities: tuple[City, ...] = ()


def read_search(visit: Visit) -> Asked | Problem:
    """The search in the address, or what is wrong with it. Raises BadRequest and NotHere."""
    ends: list[City] = []
    for name, label in (("from", "Where from"), ("to", "Where to")):
        text = visit.arg(name).strip()
        if not text:
            return Problem(f"Please fill in “{label}”.")
        city = city_named(visit.world, text)
        if city is None:
            near = cities_like(visit.world, text)
            return Problem(f"Which airport is “{text}”?" if near else f"We know no airport “{text}”.", name, near)
        ends.append(city)
    if ends[0] == ends[1]:
        return Problem("The two airports are the same.")
    day, problem = _day(visit.arg("day"), "departure")
    if problem:
        return Problem(problem)
    back = None
    if visit.choice("trip", TRIPS, "oneway") == "return" and day is not None:
        back, problem = _day(visit.arg("back"), "return")
        if problem or back is None or back < day:
            return Problem(problem or "Please choose a return day that is not before the departure.")
    return Asked(ends[0], ends[1], day, back, *read_options(visit))


def read_options(visit: Visit) -> tuple[str, int, tuple[str, datetime.date] | None]:
    """Cabin, passengers and way out in the address. Raises BadRequest and NotHere."""
    cabin = visit.choice("cabin", CABINS, "economy")
    passengers = visit.integer("passengers", 1, 1, MOST_PASSENGERS)
    if not visit.arg("out"):
        return cabin, passengers, None
    return cabin, passengers, (known_flight(visit.world, visit.arg("out")), open_day(visit.arg("outday")))


def known_flight(world: World, slug: str) -> str:
    """The slug of a flight that there is. Raises NotHere."""
    if slug not in world.by_slug:
        raise NotHere("There is no flight of that number.")
    return slug


def open_day(text: str) -> datetime.date:
    """A day that can be booked. Raises BadRequest."""
    day, problem = _day(text, "departure")
    if day is None:
        raise BadRequest(problem or "A day is missing.")
    return day


def _day(text: str, what: str) -> tuple[datetime.date | None, str]:
    if not text.strip():
        return None, ""
    day = read_day(text)
    if day is None:
        return None, f"Please write the {what} day like 9 March 2026."
    if not FIRST_DAY <= day <= LAST_DAY:
        return None, f"Flights can be booked from {day_text(FIRST_DAY)} to {day_text(LAST_DAY)}."
    return day, ""


def read_trip(visit: Visit, name: str, email: str) -> Trip:
    """The trip that the form of a flight's page asks for. Raises BadRequest and NotHere."""
    flights = [(known_flight(visit.world, visit.field("flight")), open_day(visit.field("day")))]
    if visit.field("out"):
        flights.insert(0, (known_flight(visit.world, visit.field("out")), open_day(visit.field("outday"))))
    cabin = visit.field_choice("cabin", CABINS, "economy")
    for slug, day in flights:
        flight = visit.world.by_slug[slug]
        if visit.world.full(flight, day):
            raise BadRequest(f"{flight.number} is sold out on {day_text(day)}.")
        if cabin == "business" and not flight.business:
            raise BadRequest(f"{flight.number} has no business class.")
    return Trip("", tuple(flights), cabin, visit.field_integer("passengers", 1, 1, MOST_PASSENGERS), name, email)


def read_bags(visit: Visit) -> int:
    """The number of bags in the form. Raises BadRequest."""
    return visit.field_integer("bags", 0, 0, MOST_BAGS)


def read_seat(visit: Visit, trip: Trip) -> str:
    """The seat that the form's button stands for; the trip's own if it was another button. Raises BadRequest."""
    seat = visit.field("seat", trip.seat)
    if seat in ("", "none"):
        return ""
    if seat != trip.seat and seat not in visit.world.free_seats(*trip.flights[0]):
        raise BadRequest("This seat is taken.")
    return seat


def wrong_traveller(name: str, email: str) -> dict[str, str]:
    """What is wrong with which field."""
    wrong = {}
    if not name or len(name) > 80:
        wrong["name"] = "Please write the traveller's name."
    if not _EMAIL.fullmatch(email):
        wrong["email"] = "Write an e-mail address like ana@post.test."
    return wrong
