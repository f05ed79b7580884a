"""Search among the places of a city: words of names and streets, categories, filters, order, pages."""

from __future__ import annotations

from dataclasses import dataclass

from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.kit.paging import Part, cut
from webvoyager_gym.sites.maps.routes import walk_metres
from webvoyager_gym.sites.maps.world import Place, World

PAGE_SIZE = 5
LETTERS = "ABCDE"
ORDERS = {"match": "Relevance", "rating": "Best rating", "distance": "Distance"}
RATINGS = {"0": "Any rating", "3.5": "3.5 and up", "4": "4.0 and up"}


@dataclass(frozen=True, slots=True)
class Query:
    """What a visitor looks for. `near` is a place; only with it one can order by the distance on foot."""

    words: str = ""
    category: str = ""
    near: Place | None = None
    rating: str = "0"
    sunday: bool = False
    order: str = "match"
    page: int = 1


def place_named(world: World, text: str) -> Place | None:
    """The place of that name, case and accents aside."""
    return next((place for place in world.places if fold(place.name) == fold(text)), None)


def find_all(world: World, query: Query) -> tuple[Place, ...]:
    """Everything found, in order, all pages; any word of a name or a street will do."""
    words = set(fold(query.words).split())

    def hits(place: Place) -> float:
        return len(words & set(fold(place.name).split())) + 0.4 * len(words & set(fold(place.street).split()))

    found = [
        place
        for place in world.places
        if (not words or hits(place))
        and query.category in ("", place.category)
        and place.rating >= float(query.rating)
        and not (query.sunday and place.hours[6] is None)
        and place != query.near
    ]
    if query.order == "rating":
        found.sort(key=lambda place: -place.rating)
    elif query.order == "distance" and query.near is not None:
        near = query.near
        found.sort(key=lambda place: walk_metres(world, near, place))
    else:
        found.sort(key=lambda place: (fold(place.name) != fold(query.words), -hits(place), place.art))
    return tuple(found)


def find(world: World, query: Query) -> Part[Place]:
    """One page of what was found; a page beyond the last is the last."""
    return cut(find_all(world, query), query.page, PAGE_SIZE)
