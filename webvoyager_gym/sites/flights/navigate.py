"""Ways that experts go: to results, to a flight, through a booking. Each gives the next action, or None when there."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from webvoyager_gym.sites.flights.search import ORDERS, STOPS, WINDOWS, city_named
from webvoyager_gym.sites.flights.state import FlightsState
from webvoyager_gym.sites.flights.world import CABINS, MOST_BAGS, MOST_PASSENGERS, City, Flight, World
from webvoyager_gym.sites.kit import Hand, NotThere
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.kit.days import day_text, read_day
from webvoyager_gym.sites.kit.ways import Next, fill, plainest

FlightsHand = Hand[World, FlightsState]

PASSENGERS = {str(n): f"{n} passenger{'s' if n > 1 else ''}" for n in range(1, MOST_PASSENGERS + 1)}
BAGS = {str(n): f"{n} bag{'s' if n > 1 else ''}" if n else "No bags" for n in range(MOST_BAGS + 1)}


@dataclass(frozen=True, slots=True)
class Wish:
    """What to search for; `back` makes it a return trip."""

    origin: City
    target: City
    day: datetime.date | None = None
    back: datetime.date | None = None
    cabin: str = "economy"
    passengers: int = 1


@dataclass(frozen=True, slots=True)
class Filters:
    """How the results are to be filtered and ordered; None for what does not matter."""

    stops: str = "any"
    airline: str = "any"
    window: str = "any"
    order: str | None = None


def go_to_search(hand: FlightsHand, wish: Wish) -> Next | None:
    """To the results of a search (without a day the price graph), with any filters."""
    if hand.path in ("/search", "/graph") and (hand.path == "/graph") == (wish.day is None) and _asks(hand, wish):
        return None
    if hand.path != "/":
        return hand.click(key="change-search") if hand.there(key="change-search") else hand.click(key="home")
    kind = "Return" if wish.back else "One way"
    fields = {
        "trip": kind,
        "passengers": PASSENGERS[str(wish.passengers)],
        "cabin": CABINS[wish.cabin],
        "from": wish.origin.name,
        "to": wish.target.name,
        "day": day_text(wish.day) if wish.day else "",
    }
    if wish.back and hand.holds(kind, key="trip"):
        fields["back"] = day_text(wish.back)
    same = [key for key in ("from", "to") if _is(hand, key, wish)]
    for key in same:
        del fields[key]
    if wish.back and "back" not in fields:
        return hand.select(kind, key="trip")
    return fill(hand, fields, "search-go")


def _is(hand: FlightsHand, key: str, wish: Wish) -> bool:
    """Whether the field names the right city, in any way that the site understands."""
    mark = hand.find(key=key)
    city = city_named(hand.world, mark.value) if mark is not None else None
    return city is not None and city == (wish.origin if key == "from" else wish.target)


def _asks(hand: FlightsHand, wish: Wish) -> bool:
    query = hand.query
    # A page that says what is wrong with the search has neither lists nor months.
    return (
        city_named(hand.world, query.get("from", "")) == wish.origin
        and city_named(hand.world, query.get("to", "")) == wish.target
        and (wish.day is None or read_day(query.get("day", "")) == wish.day)
        and hand.there(key="month-4" if hand.path == "/graph" else "sort")
        and (query.get("trip") == "return") == (wish.back is not None)
        and (wish.back is None or read_day(query.get("back", "")) == wish.back)
        and query.get("cabin", "economy") == wish.cabin
        and (hand.path == "/graph" or query.get("passengers", "1") == str(wish.passengers))
        and not query.get("out")
    )


def set_filters(hand: FlightsHand, filters: Filters) -> Next | None:
    """On a page of results: exactly these filters, from the first page on."""
    airlines = {airline.code: airline.name for airline in hand.world.airlines} | {"any": "All airlines"}
    labels = {
        "stops": STOPS[filters.stops],
        "airline": airlines[filters.airline],
        "window": WINDOWS[filters.window][0],
    }
    if filters.order is not None:
        labels["sort"] = ORDERS[filters.order]
    pending = []
    for key, label in labels.items():
        if not hand.there(key=key):
            raise NotThere(f"no list {key} on {hand.path}")
        if not hand.holds(label, key=key):
            pending.append(hand.select(label, key=key))
    if pending or hand.query.get("page", "1") == "1":
        return plainest(pending)
    return hand.click(key="previous-page")


def go_to_results(hand: FlightsHand, wish: Wish, filters: Filters) -> Next | None:
    """To the first page of exactly these results."""
    return go_to_search(hand, wish) or set_filters(hand, filters)


def shows(hand: FlightsHand, flight: Flight, wish: Wish) -> bool:
    """Whether the page is the flight's, with the wished day, cabin and passengers."""
    return (
        hand.path == f"/flight/{flight.slug}"
        and read_day(hand.query.get("day", "")) == wish.day
        and hand.query.get("cabin", "economy") == wish.cabin
        and hand.query.get("passengers", "1") == str(wish.passengers)
        and (hand.query.get("trip") == "return") == (wish.back is not None)
        and (wish.back is None or read_day(hand.query.get("back", "")) == wish.back)
    )


def go_to_dated_flight(hand: FlightsHand, flight: Flight, wish: Wish, filters: Filters | None = None) -> Next | None:
    """To the flight's page with its price on a day, over the results; filtered by airline if nothing else is given."""
    if shows(hand, flight, wish) and not hand.query.get("out"):
        return None
    return go_to_search(hand, wish) or pick(hand, flight, filters)


def pick(hand: FlightsHand, flight: Flight, filters: Filters | None = None) -> Next:
    """On a page of results with the right search: open the flight."""
    key = f"flight-{flight.slug}"
    mark = hand.find(key=key)
    if filters is None:
        if mark is not None and mark.visible:
            return hand.click(key=key)
        filters = Filters(airline=flight.airline.code)
    way = set_filters(hand, filters)
    if way is not None:
        return way
    return hand.click(key=key) if mark is not None else hand.click(key="next-page")


def go_to_number(hand: FlightsHand, flight: Flight, tab: str = "details") -> Next | None:
    """To the page of a flight that is known by its number, by the box in the header."""
    if hand.path == f"/flight/{flight.slug}":
        return None if hand.query.get("tab", "details") == tab else hand.click(key=f"tab-{tab}")
    link = hand.find(key=f"flight-{flight.slug}")
    if link is not None and link.visible and hand.path == "/number":
        return hand.click(key=link.key)
    if hand.path == "/number" and fold(hand.query.get("q", "")) == fold(flight.number):
        return hand.click(key=f"flight-{flight.slug}")
    return hand.type(flight.number, enter=True, key="search")
