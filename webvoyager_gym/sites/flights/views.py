"""What the pages of the flight site have in common: how they are shown, and what they look up."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from webvoyager_gym.sites.flights import pictures
from webvoyager_gym.sites.flights.forms import Problem, known_flight
from webvoyager_gym.sites.flights.navigate import BAGS
from webvoyager_gym.sites.flights.world import CABINS, SEAT_FEE, SEAT_LETTERS, SEAT_ROWS, Flight, Trip
from webvoyager_gym.sites.kit import BadRequest, NotHere, Visit

STEPS = {"traveller": "Traveller", "extras": "Bags and seat", "review": "Review"}


def show_problem(visit: Visit, problem: Problem) -> str:
    links = [
        (city, visit.path + "?" + urlencode(visit.query | {problem.name: [city.name]}, doseq=True))
        for city in problem.cities
    ]
    return visit.render("problem.html", problem=problem, links=links, again="/?" + urlencode(visit.query, doseq=True))


def show_step(visit: Visit, step: str, draft: Trip, wrong: dict[str, str] | None = None) -> str:
    return visit.render(
        "book.html",
        step=step,
        steps=STEPS,
        trip=draft,
        wrong=wrong or {},
        **trip_values(visit, draft),
    )


def trip_values(visit: Visit, trip: Trip) -> dict[str, Any]:
    """What the pages that show a trip need to know of it."""
    free = visit.world.free_seats(*trip.flights[0])
    seats = [f"{row}{letter}" for row in SEAT_ROWS for letter in SEAT_LETTERS]
    states = {seat: "chosen" if seat == trip.seat else "free" if seat in free else "taken" for seat in seats}
    return {
        "flights": [(the_flight(visit, slug), day) for slug, day in trip.flights],
        "cabin": CABINS[trip.cabin],
        "bags": list(BAGS.items()),
        "seats": [(seat, state, pictures.seat_picture(seat, state)) for seat, state in states.items()],
        "seat_fee": SEAT_FEE,
        "total": visit.world.total(trip),
    }


def show_alerts(visit: Visit, filled: dict[str, str], wrong: dict[str, str] | None = None) -> str:
    cities = visit.world.city_by_slug
    alerts = [
        (route, *(cities[slug].name for slug in route.split(">")), price)
        for route, price in sorted(visit.state.alerts.items())
    ]
    return visit.render("alerts.html", alerts=alerts, filled=filled, wrong=wrong or {})


def the_flight(visit: Visit, slug: str) -> Flight:
    flight: Flight = visit.world.by_slug[known_flight(visit.world, slug)]
    return flight


def the_draft(visit: Visit) -> Trip:
    draft: Trip | None = visit.state.draft
    if draft is None:
        raise BadRequest("No flight is chosen yet.")
    return draft


def the_trip(visit: Visit, ref: str) -> Trip:
    trip: Trip | None = visit.state.trip(ref)
    if trip is None:
        raise NotHere("You have no trip of that number.")
    return trip
