"""From any state of the site to the wanted one: the part of every expert that has side effects or undoes them."""

from __future__ import annotations

import datetime
from typing import Any

from webvoyager_gym.sites.flights.navigate import (
    BAGS,
    Filters,
    FlightsHand,
    Wish,
    go_to_dated_flight,
    go_to_search,
    pick,
    shows,
)
from webvoyager_gym.sites.flights.state import facts
from webvoyager_gym.sites.flights.world import Flight, Trip, World
from webvoyager_gym.sites.kit.days import read_day
from webvoyager_gym.sites.kit.ways import Next, fill, plainest

STEPS = ("traveller", "extras", "review")
Sought = tuple[str, Filters]
"""A flight's slug, and the filters and order that show it."""


def reach(hand: FlightsHand, sought: Sought | None = None) -> Next | None:
    """The next action towards `hand.wanted`, or None if the state's effects are as wanted.

    Args:
        sought: the flight that the goal describes instead of naming it, and how to look for it.
    """
    return _alerts(hand) or _saved(hand, sought) or _trips(hand, sought)


def _filters(sought: Sought | None, flight: Flight) -> Filters | None:
    return sought[1] if sought is not None and sought[0] == flight.slug else None


def day_of(text: str) -> datetime.date:
    """The day of an ISO date."""
    return datetime.date.fromisoformat(text)


def _alerts(hand: FlightsHand) -> Next | None:
    wanted: dict[str, int] = hand.wanted["alerts"]
    now = hand.state.alerts
    for route in sorted(now.keys() - wanted.keys()):
        return hand.click(key=f"remove-{route}") if hand.path == "/alerts" else hand.click(key="alerts")
    for route, price in sorted(wanted.items()):
        if now.get(route) == price:
            continue
        if hand.path != "/alerts":
            return hand.click(key="alerts")
        origin, target = (hand.world.city_by_slug[slug].name for slug in route.split(">"))
        return fill(hand, {"from": origin, "to": target, "price": str(price)}, "add-alert")
    return None


def _saved(hand: FlightsHand, sought: Sought | None) -> Next | None:
    wanted = {(slug, day_of(day)) for slug, day in hand.wanted["saved"]}
    for slug, day in sorted(hand.state.saved - wanted):
        if hand.path == f"/flight/{slug}" and read_day(hand.query.get("day", "")) == day and hand.there(key="unsave"):
            return hand.click(key="unsave")
        return hand.click(key=f"unsave-{slug}-{day}") if hand.path == "/saved" else hand.click(key="saved")
    for slug, day in sorted(wanted - hand.state.saved):
        flight = hand.world.by_slug[slug]
        if hand.path == f"/flight/{slug}" and read_day(hand.query.get("day", "")) == day:
            return hand.click(key="save")
        wish = Wish(flight.origin, flight.target, day)
        return go_to_dated_flight(hand, flight, wish, _filters(sought, flight)) or hand.click(key="save")
    return None


def _trips(hand: FlightsHand, sought: Sought | None) -> Next | None:
    missing: list[dict[str, Any]] = list(hand.wanted["trips"])
    surplus: list[Trip] = []
    for trip in hand.state.trips:
        if trip.cancelled:
            continue
        if facts(trip) in missing:
            missing.remove(facts(trip))
        else:
            surplus.append(trip)
    for trip in surplus:
        for target in missing:
            if _alike(trip, target):
                return _change(hand, trip, target)
    if surplus:
        return _cancel(hand, surplus[0])
    if not missing:
        return None
    target = missing[0]
    for trip in hand.state.trips:
        if trip.cancelled and _alike(trip, target):
            return _go_to_trip(hand, trip) or hand.click(key="restore")
    return _book(hand, target, sought)


def _alike(trip: Trip, target: dict[str, Any]) -> bool:
    """Whether the trip can be turned into the wanted one by its bags and seat."""
    return facts(trip) | {"bags": 0, "seat": ""} == target | {"bags": 0, "seat": ""}


def _go_to_trip(hand: FlightsHand, trip: Trip) -> Next | None:
    if hand.path == f"/trips/{trip.ref}":
        return None
    link = hand.find(key=f"trip-{trip.ref}")
    return hand.click(key=link.key) if link is not None else hand.click(key="trips")


def _change(hand: FlightsHand, trip: Trip, target: dict[str, Any]) -> Next:
    return _go_to_trip(hand, trip) or _extras(hand, trip, target)


def _extras(hand: FlightsHand, trip: Trip, target: dict[str, Any]) -> Next:
    """On a page with bags and seat: choose them, then go on."""
    pending = []
    bags = BAGS[str(target["bags"])]
    if not hand.holds(bags, key="bags"):
        pending.append(hand.select(bags, key="bags"))
    if trip.seat != target["seat"]:
        pending.append(hand.click(key=f"seat-{target['seat']}" if target["seat"] else "no-seat"))
    return plainest(pending) or hand.click(key="save-extras")


def _cancel(hand: FlightsHand, trip: Trip) -> Next:
    if hand.path == f"/trips/{trip.ref}/cancel":
        return hand.click(key="confirm-cancel")
    return _go_to_trip(hand, trip) or hand.click(key="cancel")


def _book(hand: FlightsHand, target: dict[str, Any], sought: Sought | None) -> Next:
    draft = hand.state.draft
    if draft is not None and facts(draft) | {key: target[key] for key in ("name", "email", "bags", "seat")} == target:
        return _finish(hand, draft, target)
    flights = [(hand.world.by_slug[slug], day_of(day)) for slug, day in target["flights"]]
    return _choose(hand, target, flights, sought)


def _choose(
    hand: FlightsHand, target: dict[str, Any], flights: list[tuple[Flight, datetime.date]], sought: Sought | None
) -> Next:
    """Select the flights one after the other."""
    out, day = flights[0]
    back = flights[1][1] if len(flights) > 1 else None
    wish = Wish(out.origin, out.target, day, back, target["cabin"], target["passengers"])
    if back is not None and hand.query.get("out") == out.slug and hand.query.get("outday") == day.isoformat():
        home = flights[1][0]
        there = Wish(home.origin, home.target, back, None, target["cabin"], target["passengers"])
        if shows(hand, home, there):
            return hand.click(key="select")
        if hand.path == "/search" and hand.there(key="sort") and _is_way_back(hand, there):
            return pick(hand, home, _filters(sought, home))
    if shows(hand, out, wish) and not hand.query.get("out"):
        return hand.click(key="select")
    return go_to_search(hand, wish) or pick(hand, out, _filters(sought, out))


def _is_way_back(hand: FlightsHand, wish: Wish) -> bool:
    return (
        hand.query.get("from") == wish.origin.name
        and hand.query.get("to") == wish.target.name
        and read_day(hand.query.get("day", "")) == wish.day
        and hand.query.get("cabin", "economy") == wish.cabin
        and hand.query.get("passengers", "1") == str(wish.passengers)
    )


def _finish(hand: FlightsHand, draft: Trip, target: dict[str, Any]) -> Next:
    """Go through the steps of a booking whose flights are right."""
    if (draft.name, draft.email) != (target["name"], target["email"]):
        due = 0
    elif (draft.bags, draft.seat) != (target["bags"], target["seat"]):
        due = 1
    else:
        due = 2
    step = hand.path.removeprefix("/book/")
    if step not in STEPS or not hand.path.startswith("/book/"):
        return hand.click(key="draft")
    here = STEPS.index(step)
    if here > due:
        return hand.click(key=f"step-{STEPS[due]}")
    if step == "traveller":
        return fill(hand, {"name": target["name"], "email": target["email"]}, "next")
    if step == "extras":
        return _extras(hand, draft, target)
    return hand.click(key="confirm")


def trips_of(world: World) -> list[tuple[Trip, Flight]]:
    """The visitor's trips at the start, with the first flight of each."""
    return [(trip, world.by_slug[trip.flights[0][0]]) for trip in world.trips]
