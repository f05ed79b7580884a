"""What visitors type into forms, checked: bookings, settings, reviews. Nothing here changes the state."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from webvoyager_gym.sites.hotels.state import CURRENCIES
from webvoyager_gym.sites.hotels.stay import USUAL, Stay
from webvoyager_gym.sites.hotels.world import ARRIVALS, Account, Booking, Hotel, Room
from webvoyager_gym.sites.kit import BadRequest
from webvoyager_gym.sites.kit.days import day_text, read_day

LONGEST_TEXT = 300
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,64}\.[^@\s.]{2,20}")
_PHONE = re.compile(r"\+?[\d ()-]{5,20}")

Field = Callable[[str], str]
"""Gives the text of a form's field, "" if it was not sent."""


@dataclass(frozen=True)
class Filled:
    """A form as it stands on the page: what its fields hold, and what is wrong with which of them."""

    values: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)


def new_booking_form(room: Room, stay: Stay | None, account: Account) -> Filled:
    """The form for a new booking, with the visitor's own name and the dates searched for or the usual ones."""
    checkin, checkout = (stay.checkin, stay.checkout) if stay else USUAL
    guests = min(stay.guests if stay else 2, room.sleeps)
    return Filled(
        {
            "checkin": day_text(checkin),
            "checkout": day_text(checkout),
            "guests": str(guests),
            "name": account.name,
            "email": account.email,
            "arrival": ARRIVALS[0],
            "request": "",
        }
    )


def booking_form(booking: Booking) -> Filled:
    """The form with what a booking says."""
    return Filled(
        {
            "checkin": day_text(booking.stay.checkin),
            "checkout": day_text(booking.stay.checkout),
            "guests": str(booking.stay.guests),
            "name": booking.name,
            "email": booking.email,
            "arrival": booking.arrival,
            "request": booking.request,
        }
    )


def read_booking(text: Field, hotel: Hotel, room: Room) -> Booking | Filled:
    """The booking that a form says, without a number; or the form with what is wrong with it.

    Raises:
        BadRequest: a choice that the form does not offer.
    """
    values = {
        name: text(name).strip() for name in ("checkin", "checkout", "guests", "name", "email", "arrival", "request")
    }
    if values["guests"] not in [str(number) for number in range(1, room.sleeps + 1)]:
        raise BadRequest(f"The {room.name} takes 1 to {room.sleeps} guests.")
    if values["arrival"] not in ARRIVALS:
        raise BadRequest(f"The arrival time has to be one of: {', '.join(ARRIVALS)}.")
    wrong = _wrong_person(values)
    if len(values["request"]) > LONGEST_TEXT:
        wrong["request"] = f"Please write at most {LONGEST_TEXT} characters."
    start, end = read_day(values["checkin"]), read_day(values["checkout"])
    if start is None:
        wrong["checkin"] = "Write the day like 9 March 2026."
    if end is None:
        wrong["checkout"] = "Write the day like 9 March 2026."
    if start is None or end is None:
        return Filled(values, wrong)
    stay = Stay(start, end, int(values["guests"]))
    full = hotel.first_full_day(stay)
    if problem := stay.problem():
        wrong["checkout"] = problem
    elif full is not None:
        wrong["checkin"] = f"Fully booked on {day_text(full)}."
    if wrong:
        return Filled(values, wrong)
    return Booking(
        "", hotel.slug, room.slug, stay, values["name"], values["email"], values["arrival"], values["request"]
    )


def account_form(account: Account) -> Filled:
    """The settings form; its check box is on when `newsletter` holds "1"."""
    return Filled(
        {
            "name": account.name,
            "email": account.email,
            "phone": account.phone,
            "currency": account.currency,
            "newsletter": "1" if account.newsletter else "",
        }
    )


def read_account(text: Field, account: Account) -> Account | Filled:
    """The settings that a form says, or the form with what is wrong with it. Raises BadRequest."""
    values = {name: text(name).strip() for name in ("name", "email", "phone", "currency", "newsletter")}
    if values["currency"] not in CURRENCIES:
        raise BadRequest(f"The currency has to be one of: {', '.join(CURRENCIES.values())}.")
    wrong = _wrong_person(values)
    if not _PHONE.fullmatch(values["phone"]):
        wrong["phone"] = "Write a phone number like 555-0123."
    if wrong:
        return Filled(values, wrong)
    return replace(
        account,
        name=values["name"],
        email=values["email"],
        phone=values["phone"],
        currency=values["currency"],
        newsletter=bool(values["newsletter"]),
    )


def read_review(text: Field) -> tuple[int, str] | str:
    """Score and text of a review, or a sentence that says what is wrong. Raises BadRequest."""
    score, words = text("score").strip(), " ".join(text("text").split())
    if not score:
        return "Please choose a score."
    if score not in [str(number) for number in range(1, 11)]:
        raise BadRequest("The score has to be a whole number from 1 to 10.")
    if not words or len(words) > LONGEST_TEXT:
        return f"Please write a review of at most {LONGEST_TEXT} characters."
    return int(score), words


def _wrong_person(values: dict[str, str]) -> dict[str, str]:
    wrong = {}
    if not values["name"] or len(values["name"]) > 80:
        wrong["name"] = "Please write the guest's name."
    if not _EMAIL.fullmatch(values["email"]):
        wrong["email"] = "Write an e-mail address like ana@mail.test."
    return wrong
