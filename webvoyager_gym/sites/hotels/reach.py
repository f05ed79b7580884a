"""From any state of the site to the wanted one: the part of every expert that has side effects or undoes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from webvoyager_gym.sites.hotels.navigate import HotelsHand, go_to_hotel, go_to_tab, guests_label
from webvoyager_gym.sites.hotels.state import CURRENCIES, facts
from webvoyager_gym.sites.hotels.world import Booking, Hotel
from webvoyager_gym.sites.kit.days import day_text, read_day
from webvoyager_gym.sites.kit.ways import Next, fill

Way = Callable[[HotelsHand, Hotel], "Next | None"]


def reach(hand: HotelsHand, way: Way = go_to_hotel) -> Next | None:
    """The next action towards `hand.wanted`, or None if the state's effects are as wanted.

    Args:
        way: how to get to the page of a hotel that is to be saved.
    """
    return _account(hand) or _bookings(hand) or _reviews(hand) or _saved(hand, way)


def _account(hand: HotelsHand) -> Next | None:
    wanted = hand.wanted["account"]
    if hand.state.effects()["account"] == wanted:
        return None
    if hand.path != "/settings":
        return hand.click(key="settings")
    fields = {key: wanted[key] for key in ("name", "email", "phone", "newsletter")}
    return fill(hand, fields | {"currency": CURRENCIES[wanted["currency"]]}, "save-settings")


def _saved(hand: HotelsHand, way: Way) -> Next | None:
    wanted = set(hand.wanted["saved"])
    for slug in sorted(hand.state.saved - wanted):
        if hand.path == f"/hotel/{slug}":
            return hand.click(key="unsave")
        return hand.click(key=f"unsave-{slug}") if hand.path == "/saved" else hand.click(key="saved")
    for slug in sorted(wanted - hand.state.saved):
        return way(hand, hand.world.by_slug[slug]) or hand.click(key="save")
    return None


def _reviews(hand: HotelsHand) -> Next | None:
    wanted: dict[str, list[Any]] = hand.wanted["reviews"]
    now: dict[str, list[Any]] = hand.state.effects()["reviews"]
    for slug in sorted({*wanted, *now}):
        if wanted.get(slug) == now.get(slug):
            continue
        there = go_to_tab(hand, hand.world.by_slug[slug], "reviews")
        if there is not None:
            return there
        if slug in now:
            return hand.click(key="delete-review")
        score, text = wanted[slug]
        return fill(hand, {"score": str(score), "review-text": text}, "post-review")
    return None


def _bookings(hand: HotelsHand) -> Next | None:
    missing: list[dict[str, Any]] = list(hand.wanted["bookings"])
    surplus: list[Booking] = []
    for booking in hand.state.bookings:
        if booking.cancelled:
            continue
        if facts(booking) in missing:
            missing.remove(facts(booking))
        else:
            surplus.append(booking)
    for booking in surplus:
        for target in missing:
            if _same_room(booking, target):
                return _change(hand, booking, target)
    if surplus:
        return _cancel(hand, surplus[0])
    if not missing:
        return None
    target = missing[0]
    cancelled = [booking for booking in hand.state.bookings if booking.cancelled and _same_room(booking, target)]
    if cancelled:
        exact = [booking for booking in cancelled if facts(booking) == target]
        return _restore(hand, (exact or cancelled)[0])
    return _book(hand, target)


def _same_room(booking: Booking, target: dict[str, Any]) -> bool:
    return (booking.hotel, booking.room) == (target["hotel"], target["room"])


def _go_to_booking(hand: HotelsHand, booking: Booking) -> Next | None:
    if hand.path == f"/bookings/{booking.ref}":
        return None
    if hand.there(href=f"/bookings/{booking.ref}"):
        return hand.click(href=f"/bookings/{booking.ref}")
    return hand.click(key="bookings")


def _change(hand: HotelsHand, booking: Booking, target: dict[str, Any]) -> Next:
    return _go_to_booking(hand, booking) or fill(hand, _fields(target), "confirm")


def _cancel(hand: HotelsHand, booking: Booking) -> Next:
    if hand.path == f"/bookings/{booking.ref}/cancel":
        return hand.click(key="confirm-cancel")
    return _go_to_booking(hand, booking) or hand.click(key="cancel")


def _restore(hand: HotelsHand, booking: Booking) -> Next:
    return _go_to_booking(hand, booking) or hand.click(key="restore")


def _book(hand: HotelsHand, target: dict[str, Any]) -> Next:
    if hand.path == f"/book/{target['hotel']}/{target['room']}":
        return fill(hand, _fields(target), "confirm")
    there = go_to_tab(hand, hand.world.by_slug[target["hotel"]], "rooms")
    return there or hand.click(key=f"room-{target['room']}")


def _fields(target: dict[str, Any]) -> dict[str, str | bool]:
    days = {key: read_day(target[key]) for key in ("checkin", "checkout")}
    fields: dict[str, str | bool] = {key: day_text(day) for key, day in days.items() if day is not None}
    return fields | {
        "guests": guests_label(target["guests"]),
        "name": target["name"],
        "email": target["email"],
        "arrival": target["arrival"],
        "request": target["request"],
    }
