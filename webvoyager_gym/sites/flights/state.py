"""What the flight site remembers of a visitor."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from webvoyager_gym.sites.flights.world import Trip, World
from webvoyager_gym.sites.kit import State


@dataclass
class FlightsState(State):
    """Trips, price alerts and saved flights of one episode.

    Attributes:
        alerts: "origin>target" -> US dollars.
        draft: the booking that is being made; no effect until it is confirmed.
        reached: how many of its steps have been shown.
        notice: a message for the next page shown.
    """

    trips: list[Trip]
    alerts: dict[str, int]
    saved: set[tuple[str, datetime.date]]
    draft: Trip | None = None
    reached: int = 1
    notice: str = ""

    @classmethod
    def of(cls, world: World) -> FlightsState:
        """The state at the start of an episode."""
        return cls(list(world.trips), dict(world.alerts), set(world.saved))

    def effects(self) -> dict[str, Any]:
        """Trips that are not cancelled (without their numbers), alerts, saved flights."""
        return {
            "trips": in_order(facts(trip) for trip in self.trips if not trip.cancelled),
            "alerts": dict(sorted(self.alerts.items())),
            "saved": [[slug, day.isoformat()] for slug, day in sorted(self.saved)],
        }

    def trip(self, ref: str) -> Trip | None:
        """The trip of that number, cancelled ones too, or None."""
        return next((trip for trip in self.trips if trip.ref == ref), None)

    def book(self, trip: Trip) -> None:
        """Add a trip under a new number."""
        self.trips.append(replace(trip, ref=f"DW-{4000 + 7 * len(self.trips)}"))

    def replace_trip(self, new: Trip) -> None:
        """Put a trip in the place of the one with the same number."""
        self.trips = [new if trip.ref == new.ref else trip for trip in self.trips]

    def take_notice(self) -> str:
        """The message for this page; it is shown once."""
        notice, self.notice = self.notice, ""
        return notice


def facts(trip: Trip) -> dict[str, Any]:
    """What a trip says, as plain data, without its number."""
    return {
        "flights": [[slug, day.isoformat()] for slug, day in trip.flights],
        "cabin": trip.cabin,
        "passengers": trip.passengers,
        "name": trip.name,
        "email": trip.email,
        "bags": trip.bags,
        "seat": trip.seat,
    }


def in_order(trips: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Trips' facts in the order that effects list them in."""
    return sorted(trips, key=lambda trip: [str(trip[key]) for key in sorted(trip)])
