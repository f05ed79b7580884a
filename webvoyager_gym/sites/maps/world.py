"""Worlds of the map site: a city's streets as a graph, its tram lines, its places, and what the visitor keeps."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

WIDTH, HEIGHT = 660, 700
"""The map's size in its own units; METRES metres each."""
METRES = 5
COLUMNS, ROWS = 7, 7
CATEGORIES = {
    "cafe": "Café", "restaurant": "Restaurant", "museum": "Museum", "library": "Library", "pharmacy": "Pharmacy",
    "park": "Park", "hotel": "Hotel", "cinema": "Cinema",
}  # fmt: skip
PLURALS = {
    "cafe": "cafés", "restaurant": "restaurants", "museum": "museums", "library": "libraries", "pharmacy": "pharmacies",
    "park": "parks", "hotel": "hotels", "cinema": "cinemas",
}  # fmt: skip
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Node:
    """A crossing; x and y are in the map's units."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A piece of street between two nodes; on a path nobody cycles."""

    a: int
    b: int
    street: str
    metres: int
    path: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A tram line and the nodes where it stops, in order."""

    name: str
    colour: str
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """What a visitor wrote; `score` is from 1 to 5."""

    author: str
    score: int
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map.

    Attributes:
        node: the crossing where it stands; no two places share one.
        rating: from 2.0 to 5.0, no two in a category are the same.
        hours: opening and closing in minutes for each day from Monday on, None where it is closed.
        landmark: whether the map shows it before one zooms in.
    """

    slug: str
    name: str
    category: str
    node: int
    address: str
    phone: str
    rating: float
    hours: tuple[tuple[int, int] | None, ...]
    reviews: tuple[Review, ...]
    landmark: bool
    art: int

    @property
    def street(self) -> str:
        return self.address.split(" ", 1)[1]

    @property
    def closed(self) -> tuple[str, ...]:
        """The days on which it is closed."""
        return tuple(day for day, hours in zip(WEEK, self.hours, strict=True) if hours is None)


@dataclass(frozen=True)
class World:
    """What the site is about.

    Attributes:
        river: the row of crossings that the river flows below; `bridges` are the columns where one can cross it.
        stops: node -> name of the tram stop there.
        starred, lists, labels: what the visitor keeps at the start.
    """

    city: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    river: int
    bridges: tuple[int, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    stops: dict[int, str]
    places: tuple[Place, ...]
    people: tuple[str, ...]
    starred: tuple[str, ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()

    @cached_property
    def by_slug(self) -> dict[str, Place]:
        return {place.slug: place for place in self.places}

    @cached_property
    def around(self) -> tuple[tuple[Edge, ...], ...]:
        """The edges at every node."""
        return tuple(tuple(edge for edge in self.edges if node in (edge.a, edge.b)) for node in range(len(self.nodes)))

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """What has been computed or drawn once (routes, the map)."""
        return {}

    def of(self, category: str) -> tuple[Place, ...]:
        """The places of a category."""
        return tuple(place for place in self.places if place.category == category)

    def spot(self, place: Place) -> Node:
        """Where the place is."""
        return self.nodes[place.node]


def clock(minutes: int) -> str:
    """A time of day: "09:30"."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def time_of(minutes: int) -> datetime.time:
    """A time of day."""
    return datetime.time(minutes // 60, minutes % 60)


def hours_text(hours: tuple[int, int] | None) -> str:
    """Opening hours of a day: "09:00 to 18:00" or "Closed"."""
    return f"{clock(hours[0])} to {clock(hours[1])}" if hours else "Closed"
