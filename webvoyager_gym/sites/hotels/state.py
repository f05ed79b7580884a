"""What the hotel site remembers of a visitor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from webvoyager_gym.sites.hotels.stay import Stay
from webvoyager_gym.sites.hotels.world import Account, Booking, World
from webvoyager_gym.sites.kit import State

RATES = {"$": 1.0, "€": 0.9, "£": 0.8}
"""What a US dollar is worth in the currencies that prices can be shown in."""
CURRENCIES = {"$": "US dollar", "€": "Euro", "£": "Pound"}


@dataclass
class HotelsState(State):
    """Bookings, saved hotels, own reviews and settings of one episode.

    Attributes:
        reviews: hotel -> (score, text) of the visitor's own review.
        offer_closed: whether the dialog on the search results was closed.
        notice: a message for the next page shown.
    """

    account: Account
    bookings: list[Booking]
    saved: set[str]
    reviews: dict[str, tuple[int, str]] = field(default_factory=dict)
    offer_closed: bool = False
    notice: str = ""

    @classmethod
    def of(cls, world: World) -> HotelsState:
        """The state at the start of an episode."""
        return cls(world.account, list(world.bookings), set(world.saved), offer_closed=not world.offer)

    def effects(self) -> dict[str, Any]:
        """Settings, saved hotels, bookings that are not cancelled (without their numbers), own reviews."""
        return {
            "account": asdict(self.account),
            "saved": sorted(self.saved),
            "bookings": in_order(facts(booking) for booking in self.bookings if not booking.cancelled),
            "reviews": {hotel: list(review) for hotel, review in sorted(self.reviews.items())},
        }

    def booking(self, ref: str) -> Booking | None:
        """The booking of that number, cancelled ones too, or None."""
        return next((booking for booking in self.bookings if booking.ref == ref), None)

    def book(self, booking: Booking) -> None:
        """Add a booking under a new number."""
        self.bookings.append(replace(booking, ref=f"LK-{9000 + len(self.bookings)}"))

    def replace_booking(self, new: Booking) -> None:
        """Put a booking in the place of the one with the same number."""
        self.bookings = [new if booking.ref == new.ref else booking for booking in self.bookings]

    def take_notice(self) -> str:
        """The message for this page; it is shown once."""
        notice, self.notice = self.notice, ""
        return notice

    def money(self, dollars: int) -> str:
        """A price in the visitor's currency."""
        return f"{self.account.currency}{round(dollars * RATES[self.account.currency]):,}"


def facts(booking: Booking) -> dict[str, Any]:
    """What a booking says, as plain data, without its number."""
    return {
        "hotel": booking.hotel,
        "room": booking.room,
        "checkin": booking.stay.checkin.isoformat(),
        "checkout": booking.stay.checkout.isoformat(),
        "guests": booking.stay.guests,
        "name": booking.name,
        "email": booking.email,
        "arrival": booking.arrival,
        "request": booking.request,
    }


def in_order(bookings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Bookings' facts in the order that effects list them in."""
    return sorted(bookings, key=lambda booking: sorted((key, str(value)) for key, value in booking.items()))


def stay_facts(stay: Stay) -> dict[str, Any]:
    """The part of a booking's facts that a stay decides."""
    return {"checkin": stay.checkin.isoformat(), "checkout": stay.checkout.isoformat(), "guests": stay.guests}
