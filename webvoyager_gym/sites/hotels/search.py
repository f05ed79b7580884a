"""Search among the hotels of a world: words, filters, order, pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from webvoyager_gym.sites.hotels.stay import Stay
from webvoyager_gym.sites.hotels.world import FACILITIES, Hotel, Town, World
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.kit.days import day_text
from webvoyager_gym.sites.kit.paging import Part, cut

PAGE_SIZE = 6
ORDERS = {"picks": "Our picks", "price": "Lowest price", "score": "Best score", "distance": "Nearest centre"}
STARS = {0: "Any stars", 2: "2 stars", 3: "3 stars", 4: "4 stars", 5: "5 stars"}
FACILITY_SLUGS = {facility.split()[0].casefold(): facility for facility in FACILITIES}


@dataclass(frozen=True, slots=True)
class Query:
    """What a visitor searches for.

    Attributes:
        words: a town's name gives that town's hotels; others give every hotel that has one of them, best match first.
        stay: dates and guests; hotels without a free room are left out.
        facilities: names that all have to be there.
        stars: exactly so many; 0 for any.
        order: a key of ORDERS.
        page: from 1.
    """

    words: str = ""
    stay: Stay | None = None
    guests: int = 2
    facilities: frozenset[str] = field(default_factory=frozenset)
    stars: int = 0
    order: str = "picks"
    page: int = 1


def town_named(world: World, words: str) -> Town | None:
    """The town of that name, case and accents aside."""
    return next((town for town in world.towns if fold(town.name) == fold(words)), None)


def find_all(world: World, query: Query) -> tuple[Hotel, ...]:
    """Everything found, in order, all pages."""
    town = town_named(world, query.words)
    words = set(fold(query.words).split())

    def hits(hotel: Hotel) -> int:
        return len(words & set(fold(f"{hotel.name} {hotel.town.name} {hotel.district}").split()))

    found = [
        hotel
        for hotel in world.hotels
        if (hotel.town == town if town else (not words or hits(hotel)))
        and query.facilities <= set(hotel.facilities)
        and query.stars in (0, hotel.stars)
        and max(room.sleeps for room in hotel.rooms) >= query.guests
        and (query.stay is None or hotel.first_full_day(query.stay) is None)
    ]
    if query.order == "price":
        found.sort(key=lambda hotel: hotel.price)
    elif query.order == "score":
        found.sort(key=lambda hotel: -hotel.score)
    elif query.order == "distance":
        found.sort(key=lambda hotel: hotel.distance)
    elif not town and words:
        found.sort(key=lambda hotel: (fold(hotel.name) != fold(query.words), -hits(hotel)))
    return tuple(found)


def find(world: World, query: Query) -> Part[Hotel]:
    """One page of what was found; a page beyond the last is the last."""
    return cut(find_all(world, query), query.page, PAGE_SIZE)


def stay_query(stay: Stay | None, guests: int) -> str:
    """Dates and guests as a query string for links; "" without dates and with the usual two guests."""
    fields: dict[str, str] = {}
    if stay is not None:
        fields |= {"checkin": day_text(stay.checkin), "checkout": day_text(stay.checkout)}
    if stay is not None or guests != 2:
        fields["guests"] = str(guests)
    return urlencode(fields)
