"""Task templates that change something on the site: trips, saved flights, alerts."""

from __future__ import annotations

from typing import Any

import numpy as np

from webvoyager_gym.sites.flights.draws import (
    filters_of,
    found,
    some_day,
    some_route,
    way_said,
    wish_params,
)
from webvoyager_gym.sites.flights.navigate import FlightsHand
from webvoyager_gym.sites.flights.reach import Sought, day_of, reach, trips_of
from webvoyager_gym.sites.flights.state import FlightsState, facts, in_order
from webvoyager_gym.sites.flights.world import Flight, Trip, World
from webvoyager_gym.sites.kit import Params, Template, one_of
from webvoyager_gym.sites.kit.days import day_text
from webvoyager_gym.sites.kit.ways import Next


class Act(Template[World, FlightsState]):
    """A template whose expert brings the site to the wanted state."""

    kind = "act"

    def expert(self, hand: FlightsHand) -> Next:
        return reach(hand, self.sought(hand)) or hand.answer()

    def sought(self, hand: FlightsHand) -> Sought | None:
        """The flight that the goal describes instead of naming it, and how to look for it."""
        return None


class OwnTrip(Act):
    """Something about one of the visitor's trips, of which two go to one city."""

    def _trip(self, world: World, params: Params) -> tuple[Trip, Flight]:
        return next((trip, flight) for trip, flight in trips_of(world) if trip.ref == params["trip"])

    def _said(self, world: World, params: Params) -> str:
        trip, flight = self._trip(world, params)
        return f"{flight.target.name} on {day_text(trip.flights[0][1])}"

    def _changed(self, world: World, params: Params, initial: dict[str, Any], **changes: Any) -> dict[str, Any]:
        old = facts(self._trip(world, params)[0])
        return initial | {"trips": in_order(fact | changes if fact == old else fact for fact in initial["trips"])}


class ChangeBags(OwnTrip):
    """Change the number of bags."""

    name = "change-bags"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        trip = one_of(random, world.trips)
        others = [bags for bags in (0, 1, 2) if bags != trip.bags]
        return {"trip": trip.ref, "bags": int(random.choice(others))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        trip, count = self._said(world, params), params["bags"]
        bags = f"{count} checked bag{'s' if count > 1 else ''}" if count else "no checked bags"
        wordings = (
            f"Change my trip to {trip} to {bags}.",
            f"I will travel to {trip} with {bags}. Update the trip.",
            f"Set {bags} for my trip to {trip}.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return self._changed(world, params, initial, bags=params["bags"])


class ChooseSeat(OwnTrip):
    """Choose a seat: only the picture shows the seats' numbers."""

    name = "choose-seat"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        trip = one_of(random, world.trips)
        seat = str(random.choice(world.free_seats(*trip.flights[0])))
        return {"trip": trip.ref, "seat": seat} if seat != trip.seat else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        trip, seat = self._said(world, params), params["seat"]
        wordings = (
            f"Choose seat {seat} for my trip to {trip}.",
            f"I want to sit in {seat} on my trip to {trip}.",
            f"Take seat {seat} on the flight of my trip to {trip}.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return self._changed(world, params, initial, seat=params["seat"])


class CancelTrip(OwnTrip):
    """Cancel a trip."""

    name = "cancel-trip"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"trip": one_of(random, world.trips).ref}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        trip = self._said(world, params)
        wordings = (
            f"Cancel my trip to {trip}.",
            f"I cannot travel to {trip}; cancel that trip.",
            f"Please cancel the trip to {trip}.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        old = facts(self._trip(world, params)[0])
        return initial | {"trips": [fact for fact in initial["trips"] if fact != old]}


class SaveFlight(Act):
    """Save the cheapest or the fastest flight of a day."""

    name = "save-flight"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        order = str(random.choice(["cheapest", "fastest"]))
        params = wish_params(*some_route(world, random), some_day(random), order=order)
        flights = found(world, params)
        if not flights or flights[0] == found(world, params | {"order": "best"})[0]:
            return None
        return params if (flights[0].slug, day_of(params["day"])) not in world.saved else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        order, way = params["order"], way_said(world, params)
        wordings = (
            f"Save the {order} flight {way}.",
            f"Find the {order} flight {way} and save it for later.",
            f"Add the {order} flight {way} to my saved flights.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"saved": sorted([*initial["saved"], [found(world, params)[0].slug, params["day"]]])}

    def sought(self, hand: FlightsHand) -> Sought | None:
        return found(hand.world, hand.params)[0].slug, filters_of(hand.params)


class UnsaveFlight(Act):
    """Remove one of the saved flights."""

    name = "unsave-flight"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        slug, day = one_of(random, world.saved)
        return {"flight": slug, "day": day.isoformat()}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        flight, day = world.by_slug[params["flight"]], day_text(day_of(params["day"]))
        wordings = (
            f"Remove {flight.number} on {day} from my saved flights.",
            f"I no longer want {flight.number} to {flight.target.name} among my saved flights; remove it.",
            f"Take the flight to {flight.target.name} on {day} off my saved flights.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"saved": [kept for kept in initial["saved"] if kept != [params["flight"], params["day"]]]}


class SetAlert(Act):
    """Set a price alert for a route, or change the price of one."""

    name = "set-alert"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        origin, target = some_route(world, random)
        price = int(random.integers(6, 40)) * 5
        return {"from": origin.slug, "to": target.slug, "price": price}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        way, price = way_said(world, params), f"${params['price']}"
        wordings = (
            f"Create a price alert for flights {way} below {price}.",
            f"Alert me when a flight {way} costs less than {price}.",
            f"I want a price alert {way}: price below {price}.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        alerts = initial["alerts"] | {f"{params['from']}>{params['to']}": params["price"]}
        return initial | {"alerts": dict(sorted(alerts.items()))}


class RemoveAlert(Act):
    """Remove one of the alerts, all of which begin in the visitor's own city."""

    name = "remove-alert"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        route, _ = one_of(random, world.alerts)
        origin, target = route.split(">")
        return {"from": origin, "to": target}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        way = way_said(world, params)
        wordings = (
            f"Remove the price alert {way}.",
            f"I need no price alert {way} any more. Remove it.",
            f"Delete my alert for flights {way}.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        gone = f"{params['from']}>{params['to']}"
        return initial | {"alerts": {route: price for route, price in initial["alerts"].items() if route != gone}}


ACTS: tuple[Template[Any, Any], ...] = (
    ChangeBags(),
    ChooseSeat(),
    CancelTrip(),
    SaveFlight(),
    UnsaveFlight(),
    SetAlert(),
    RemoveAlert(),
)
