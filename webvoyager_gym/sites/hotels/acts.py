"""Task templates that change something on the site: saved hotels, bookings, settings, reviews."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from webvoyager_gym.sites.hotels.draws import room_of, some_hotel, some_room, stay_of, stay_params
from webvoyager_gym.sites.hotels.names import COMPLAINT, PRAISE
from webvoyager_gym.sites.hotels.navigate import HotelsHand, go_to_hotel, go_to_hotel_by_pin
from webvoyager_gym.sites.hotels.reach import Way, reach
from webvoyager_gym.sites.hotels.state import CURRENCIES, HotelsState, facts, in_order, stay_facts
from webvoyager_gym.sites.hotels.stay import USUAL, Stay
from webvoyager_gym.sites.hotels.world import ARRIVALS, Account, Booking, World, email_of, free_stay
from webvoyager_gym.sites.kit import Params, Template, one_of
from webvoyager_gym.sites.kit.days import day_text
from webvoyager_gym.sites.kit.ways import Next


class Act(Template[World, HotelsState]):
    """A template whose expert brings the site to the wanted state."""

    kind = "act"
    way: Way = staticmethod(go_to_hotel)

    def expert(self, hand: HotelsHand) -> Next:
        return reach(hand, self.way) or hand.answer()


class SaveHotel(Act):
    """Save a hotel by its name."""

    name = "save-hotel"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        hotel = some_hotel(world, random)
        return None if hotel.slug in world.saved else {"hotel": hotel.slug}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        hotel = world.by_slug[params["hotel"]]
        wordings = (
            f"Save {hotel.name} for later.",
            f"Add {hotel.name} in {hotel.town.name} to my saved hotels.",
            f"Find {hotel.name} and save the hotel.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"saved": sorted({*initial["saved"], params["hotel"]})}


class SavePin(SaveHotel):
    """Save the hotel at a pin of the map: only the picture shows the pins' colours."""

    name = "save-pin"
    way: Way = staticmethod(go_to_hotel_by_pin)

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        hotel = world.by_slug[params["hotel"]]
        wordings = (
            f"Save the hotel at the {hotel.pin} pin on the map of {hotel.town.name}.",
            f"On the map of {hotel.town.name} there is a {hotel.pin} pin. Save that hotel.",
            f"Add the hotel with the {hotel.pin} pin in {hotel.town.name} to my saved hotels, using the map.",
        )
        return one_of(random, wordings)


class UnsaveHotel(Act):
    """Remove one of the saved hotels."""

    name = "unsave-hotel"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"hotel": one_of(random, world.saved)}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        name = world.by_slug[params["hotel"]].name
        wordings = (
            f"Remove {name} from my saved hotels.",
            f"I no longer want {name} among the saved hotels; remove it.",
            f"Take {name} off my saved hotels.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"saved": [slug for slug in initial["saved"] if slug != params["hotel"]]}


class BookStay(Act):
    """Book a room on given dates for the visitor."""

    name = "book-stay"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        hotel = some_hotel(world, random)
        room = some_room(hotel, random)
        stay = free_stay(hotel, int(random.integers(1, room.sleeps + 1)), int(random.integers(1, 6)), random)
        if stay is None or any(booking.hotel == hotel.slug for booking in world.bookings):
            return None
        return {"hotel": hotel.slug, "room": room.slug, **stay_params(stay)}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        hotel, room = room_of(world, params)
        stay = stay_of(params)
        checkin, checkout = day_text(stay.checkin), day_text(stay.checkout)
        guests = f"{stay.guests} guest{'s' if stay.guests > 1 else ''}"
        wordings = (
            f"Book the {room.name} at {hotel.name} from {checkin} to {checkout} for {guests}.",
            f"Reserve a {room.name} for {guests} at {hotel.name}, check-in {checkin}, check-out {checkout}.",
            f"We are {guests}: book {hotel.name}, {room.name}, {checkin} to {checkout}.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        account = Account(**initial["account"])
        booking = Booking(
            "", params["hotel"], params["room"], stay_of(params), account.name, account.email, ARRIVALS[0]
        )
        return initial | {"bookings": in_order([*initial["bookings"], facts(booking)])}


class BookForGuest(Act):
    """Book a room for somebody else on the dates that the form suggests."""

    name = "book-for-guest"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        hotel = some_hotel(world, random)
        room = some_room(hotel, random)
        stay = Stay(*USUAL, min(2, room.sleeps))
        if hotel.first_full_day(stay) or any(booking.hotel == hotel.slug for booking in world.bookings):
            return None
        guest = world.people[int(random.integers(1, len(world.people)))]
        arrival = str(random.choice(ARRIVALS[1:]))
        return {"hotel": hotel.slug, "room": room.slug, "guest": guest, "arrival": arrival, **stay_params(stay)}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        hotel, room = room_of(world, params)
        guest, email, arrival = params["guest"], email_of(params["guest"]), params["arrival"]
        wordings = (
            f"Book the {room.name} at {hotel.name} on the suggested dates for {guest}, {email}, arrival {arrival}.",
            f"Reserve a {room.name} at {hotel.name}. Guest name {guest}, e-mail {email}, arrival {arrival}.",
            f"For {guest} ({email}) book {hotel.name}, {room.name}, arriving {arrival}. Keep the suggested dates.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        guest = params["guest"]
        booking = Booking(
            "", params["hotel"], params["room"], stay_of(params), guest, email_of(guest), params["arrival"]
        )
        return initial | {"bookings": in_order([*initial["bookings"], facts(booking)])}


def _is(fact: Mapping[str, Any], params: Params) -> bool:
    return bool(fact["hotel"] == params["hotel"] and fact["checkin"] == params["checkin"])


class CancelBooking(Act):
    """Cancel one of the bookings, of which two are in one hotel."""

    name = "cancel-booking"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        booking = one_of(random, world.bookings)
        return {"hotel": booking.hotel, "checkin": booking.stay.checkin.isoformat()}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        booking = next(booking for booking in world.bookings if _is(facts(booking), params))
        hotel, day = world.by_slug[booking.hotel].name, day_text(booking.stay.checkin)
        wordings = (
            f"Cancel my booking at {hotel} with check-in on {day}.",
            f"I cannot go to {hotel} on {day}. Cancel that booking.",
            f"Please cancel the stay at {hotel} that starts {day}.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"bookings": [fact for fact in initial["bookings"] if not _is(fact, params)]}


class ChangeBooking(Act):
    """Change the guests, the arrival time or the dates of a booking."""

    name = "change-booking"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        booking = one_of(random, world.bookings)
        hotel, room = room_of(world, {"hotel": booking.hotel, "room": booking.room})
        changes: dict[str, Any]
        match int(random.integers(3)):
            case 0:
                others = [number for number in range(1, room.sleeps + 1) if number != booking.stay.guests]
                changes = {"guests": int(random.choice(others))} if others else {}
            case 1:
                changes = {"arrival": str(random.choice([time for time in ARRIVALS if time != booking.arrival]))}
            case _:
                stay = free_stay(hotel, booking.stay.guests, booking.stay.nights, random)
                taken = [other.stay.checkin for other in world.bookings]
                changes = stay_facts(stay) if stay is not None and stay.checkin not in taken else {}
        return (
            {"hotel": booking.hotel, "checkin": booking.stay.checkin.isoformat(), "changes": changes}
            if changes
            else None
        )

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        booking = next(booking for booking in world.bookings if _is(facts(booking), params))
        changes, hotel, day = params["changes"], world.by_slug[booking.hotel].name, day_text(booking.stay.checkin)
        if "checkin" in changes:
            new = stay_of(changes)
            what = f"to {day_text(new.checkin)} until {day_text(new.checkout)}"
            wordings = (
                f"Move my booking at {hotel} from {day} {what}.",
                f"My stay at {hotel} that starts {day} should move {what}.",
                f"Change the dates of the {hotel} booking of {day} {what}.",
            )
            return one_of(random, wordings)
        if "guests" in changes:
            what = f"{changes['guests']} guest{'s' if changes['guests'] > 1 else ''}"
        else:
            what = f"arrival time {changes['arrival']}"
        wordings = (
            f"Change my booking at {hotel} on {day} to {what}.",
            f"Set {what} for the stay at {hotel} that starts {day}.",
            f"My booking at {hotel} from {day} needs {what}; please change it.",
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        changed = (fact | params["changes"] if _is(fact, params) else fact for fact in initial["bookings"])
        return initial | {"bookings": in_order(changed)}


class ChangeSettings(Act):
    """Change one or two of the settings."""

    name = "change-settings"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        new = {
            "phone": f"555-{int(random.integers(1000, 10000))}",
            "email": email_of(world.people[int(random.integers(1, len(world.people)))]),
            "currency": str(random.choice(["€", "£"])),
            "newsletter": False,
        }
        keys = random.permutation(len(new))[: int(random.integers(1, 3))].tolist()
        return {"changes": {key: new[key] for key in sorted(list(new)[place] for place in keys)}}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        changes = params["changes"]
        says = {
            "phone": f"change my phone to {changes.get('phone')}",
            "email": f"change my e-mail to {changes.get('email')}",
            "currency": f"set the currency to {CURRENCIES.get(changes.get('currency', ''))}",
            "newsletter": "switch the newsletter off",
        }
        what = " and ".join(says[key] for key in changes)
        return one_of(
            random, (f"In the settings, {what}.", f"Please {what}.", f"{what[0].upper()}{what[1:]} in my settings.")
        )

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"account": initial["account"] | params["changes"]}


class WriteReview(Act):
    """Post a review with a score."""

    name = "write-review"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        text = f"{random.choice(PRAISE)}, {random.choice(COMPLAINT)}"
        return {"hotel": some_hotel(world, random).slug, "score": int(random.integers(1, 11)), "text": text}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        hotel, score, text = world.by_slug[params["hotel"]].name, params["score"], params["text"]
        wordings = (
            f'Review {hotel} with score {score}: "{text}".',
            f'Post a review of {hotel} that says "{text}" and give it a {score}.',
            f'Rate {hotel} {score} and write "{text}" as your review.',
        )
        return one_of(random, wordings)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        reviews = initial["reviews"] | {params["hotel"]: [params["score"], params["text"]]}
        return initial | {"reviews": dict(sorted(reviews.items()))}


ACTS: tuple[Template[Any, Any], ...] = (
    SaveHotel(),
    SavePin(),
    UnsaveHotel(),
    BookStay(),
    BookForGuest(),
    CancelBooking(),
    ChangeBooking(),
    ChangeSettings(),
    WriteReview(),
)
