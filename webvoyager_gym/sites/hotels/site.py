"""The hotel site's pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from webvoyager_gym.sites.hotels import pictures
from webvoyager_gym.sites.hotels.forms import (
    Filled,
    account_form,
    booking_form,
    new_booking_form,
    read_account,
    read_booking,
    read_review,
)
from webvoyager_gym.sites.hotels.search import FACILITY_SLUGS, ORDERS, STARS, Query, find, stay_query, town_named
from webvoyager_gym.sites.hotels.state import CURRENCIES, HotelsState
from webvoyager_gym.sites.hotels.stay import OPEN_MONTHS, Stay, read_stay
from webvoyager_gym.sites.hotels.tasks import TEMPLATES
from webvoyager_gym.sites.hotels.world import ARRIVALS, Booking, Hotel, Room, World, build_world
from webvoyager_gym.sites.kit import TODAY, BadRequest, NotHere, Redirect, Reply, Site, Template, Visit, page
from webvoyager_gym.sites.kit.days import MONTHS, day_text

TABS = {"rooms": "Rooms", "facilities": "Facilities", "reviews": "Reviews", "calendar": "Calendar"}
MOST_GUESTS = 4


class Hotels(Site[World, HotelsState]):
    """Hotels in a few towns, to find, compare, save, book and review."""

    name = "hotels"
    title = "Larkstay"
    templates: ClassVar[tuple[Template[Any, Any], ...]] = TEMPLATES
    closers = ("close-offer", "picker-close")

    def build_world(self, split: str, seed: int) -> World:
        return build_world(split, seed)

    def new_state(self, world: World) -> HotelsState:
        return HotelsState.of(world)

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "day": day_text,
            "hotel_picture": pictures.hotel_picture,
            "town_picture": pictures.town_picture,
            "pin_picture": pictures.pin_picture,
        }

    def common(self, visit: Visit) -> dict[str, Any]:
        return {
            "notice": visit.state.take_notice(),
            "money": visit.state.money,
            "most_guests": MOST_GUESTS,
            "today": TODAY,
        }

    # ---- finding a hotel -------------------------------------------------------------------------------------

    @page("/")
    def home(self, visit: Visit) -> Reply:
        """The first page; the query fills its search form."""
        guests = visit.integer("guests", 2, 1, MOST_GUESTS)
        return visit.render(
            "home.html", guests=guests, filled={name: visit.arg(name) for name in ("q", "checkin", "checkout")}
        )

    @page("/search")
    def search(self, visit: Visit) -> Reply:
        """What was found, with filters and order in the query."""
        stay, guests, problem = _stay(visit)
        facilities = visit.choices("with", FACILITY_SLUGS)
        query = Query(
            words=visit.arg("q").strip(),
            stay=stay,
            guests=guests,
            facilities=frozenset(FACILITY_SLUGS[slug] for slug in facilities),
            stars=int(visit.choice("stars", [str(number) for number in STARS], "0")),
            order=visit.choice("sort", ORDERS, "picks"),
            page=visit.integer("page", 1, 1, 100),
        )
        return visit.render(
            "search.html",
            query=query,
            results=find(visit.world, query),
            town=town_named(visit.world, query.words),
            problem=problem,
            guests=guests,
            stay=stay,
            facilities=FACILITY_SLUGS,
            chosen=facilities,
            orders=list(ORDERS.items()),
            stars=[(str(number), label) for number, label in STARS.items()],
            stay_query=stay_query(stay, guests),
            offer=not visit.state.offer_closed,
        )

    @page("/offer", "POST")
    def close_offer(self, visit: Visit) -> Reply:
        visit.state.offer_closed = True
        return visit.go_back()

    @page("/map/{town}")
    def map(self, visit: Visit, town: str) -> Reply:
        """A town's map; `pin` names the hotel whose card is shown."""
        place = visit.world.town_by_slug.get(town)
        if place is None:
            raise NotHere("We have no map of such a town.")
        hotels = visit.world.hotels_in(place)
        chosen = visit.arg("pin")
        if chosen and chosen not in [hotel.slug for hotel in hotels]:
            raise NotHere("There is no such hotel on this map.")
        pins = list(zip(hotels, pictures.pin_places(place, len(hotels)), strict=True))
        return visit.render(
            "map.html",
            town=place,
            picture=pictures.town_map(place),
            width=pictures.MAP_WIDTH,
            height=pictures.MAP_HEIGHT,
            pins=pins,
            chosen=visit.world.by_slug.get(chosen),
        )

    # ---- a hotel ---------------------------------------------------------------------------------------------

    @page("/hotel/{hotel}")
    def hotel(self, visit: Visit, hotel: str) -> Reply:
        """A hotel, one of four tabs at a time."""
        place = _hotel(visit, hotel)
        tab = visit.choice("tab", TABS, "rooms")
        month = visit.integer("month", TODAY.month, OPEN_MONTHS[0], OPEN_MONTHS[-1])
        stay, guests, problem = _stay(visit)
        full = place.first_full_day(stay) if stay else None
        return visit.render(
            "hotel.html",
            hotel=place,
            tab=tab,
            tabs=TABS,
            stay=stay,
            guests=guests,
            problem=problem or (f"Fully booked on {day_text(full)}." if full else ""),
            filled={name: visit.arg(name) for name in ("checkin", "checkout")},
            stay_query=stay_query(stay, guests),
            saved=place.slug in visit.state.saved,
            review=visit.state.reviews.get(place.slug),
            picture=pictures.month_picture(place, TODAY.year, month),
            months={number: MONTHS[number - 1] for number in OPEN_MONTHS},
            month=month,
            year=TODAY.year,
        )

    @page("/hotel/{hotel}/save", "POST")
    def save(self, visit: Visit, hotel: str) -> Reply:
        visit.state.saved.add(_hotel(visit, hotel).slug)
        return visit.go_back()

    @page("/hotel/{hotel}/unsave", "POST")
    def unsave(self, visit: Visit, hotel: str) -> Reply:
        visit.state.saved.discard(_hotel(visit, hotel).slug)
        return visit.go_back()

    @page("/saved")
    def saved(self, visit: Visit) -> Reply:
        """The saved hotels."""
        return visit.render(
            "saved.html", hotels=[hotel for hotel in visit.world.hotels if hotel.slug in visit.state.saved]
        )

    @page("/hotel/{hotel}/review", "POST")
    def post_review(self, visit: Visit, hotel: str) -> Reply:
        """Post the visitor's review of the hotel, in place of an earlier one."""
        place = _hotel(visit, hotel)
        review = read_review(visit.field)
        if isinstance(review, str):
            visit.state.notice = review
        else:
            visit.state.reviews[place.slug] = review
        return Redirect(f"/hotel/{place.slug}?tab=reviews")

    @page("/hotel/{hotel}/review/delete", "POST")
    def delete_review(self, visit: Visit, hotel: str) -> Reply:
        place = _hotel(visit, hotel)
        visit.state.reviews.pop(place.slug, None)
        return Redirect(f"/hotel/{place.slug}?tab=reviews")

    # ---- bookings --------------------------------------------------------------------------------------------

    @page("/book/{hotel}/{room}")
    def booking_page(self, visit: Visit, hotel: str, room: str) -> Reply:
        """The form for a new booking."""
        place, chosen = _room(visit, hotel, room)
        stay, _, _ = _stay(visit)
        return _show_booking_form(visit, place, chosen, new_booking_form(chosen, stay, visit.state.account))

    @page("/book/{hotel}/{room}", "POST")
    def book(self, visit: Visit, hotel: str, room: str) -> Reply:
        place, chosen = _room(visit, hotel, room)
        booking = read_booking(visit.field, place, chosen)
        if isinstance(booking, Filled):
            return _show_booking_form(visit, place, chosen, booking)
        visit.state.book(booking)
        visit.state.notice = f"Booked: {place.name}."
        return Redirect("/bookings")

    @page("/bookings")
    def bookings(self, visit: Visit) -> Reply:
        """All bookings, the cancelled ones last."""
        bookings = sorted(visit.state.bookings, key=lambda booking: (booking.cancelled, booking.stay.checkin))
        return visit.render("bookings.html", bookings=[(booking, *_place(visit, booking)) for booking in bookings])

    @page("/bookings/{ref}")
    def booking(self, visit: Visit, ref: str) -> Reply:
        """One booking, with a form to change it."""
        booking = _booking(visit, ref)
        return _show_booking_form(visit, *_place(visit, booking), booking_form(booking), booking)

    @page("/bookings/{ref}", "POST")
    def change_booking(self, visit: Visit, ref: str) -> Reply:
        old = _booking(visit, ref)
        place, room = _place(visit, old)
        if old.cancelled:
            raise BadRequest("This booking is cancelled; restore it first.")
        new = read_booking(visit.field, place, room)
        if isinstance(new, Filled):
            return _show_booking_form(visit, place, room, new, old)
        visit.state.replace_booking(replace(new, ref=old.ref))
        visit.state.notice = "Your changes are saved."
        return Redirect("/bookings")

    @page("/bookings/{ref}/cancel")
    def ask_to_cancel(self, visit: Visit, ref: str) -> Reply:
        """Asks whether the booking is really to be cancelled."""
        booking = _booking(visit, ref)
        hotel, room = _place(visit, booking)
        return visit.render("cancel.html", booking=booking, hotel=hotel, room=room)

    @page("/bookings/{ref}/cancel", "POST")
    def cancel(self, visit: Visit, ref: str) -> Reply:
        visit.state.replace_booking(replace(_booking(visit, ref), cancelled=True))
        visit.state.notice = "Your booking is cancelled."
        return Redirect("/bookings")

    @page("/bookings/{ref}/restore", "POST")
    def restore(self, visit: Visit, ref: str) -> Reply:
        visit.state.replace_booking(replace(_booking(visit, ref), cancelled=False))
        visit.state.notice = "Your booking is restored."
        return Redirect("/bookings")

    # ---- settings --------------------------------------------------------------------------------------------

    @page("/settings")
    def settings(self, visit: Visit) -> Reply:
        return visit.render(
            "settings.html", filled=account_form(visit.state.account), currencies=list(CURRENCIES.items())
        )

    @page("/settings", "POST")
    def change_settings(self, visit: Visit) -> Reply:
        account = read_account(visit.field, visit.state.account)
        if isinstance(account, Filled):
            return visit.render("settings.html", filled=account, currencies=list(CURRENCIES.items()))
        visit.state.account = account
        visit.state.notice = "Your settings are saved."
        return Redirect("/settings")


def _show_booking_form(visit: Visit, hotel: Hotel, room: Room, filled: Filled, booking: Booking | None = None) -> str:
    return visit.render("book.html", hotel=hotel, room=room, filled=filled, booking=booking, arrivals=ARRIVALS)


def _stay(visit: Visit) -> tuple[Stay | None, int, str]:
    """The stay in the query, the number of guests, and what is wrong with the dates."""
    guests = visit.integer("guests", 2, 1, MOST_GUESTS)
    stay, problem = read_stay(visit.arg("checkin"), visit.arg("checkout"), guests)
    return stay, guests, problem


def _hotel(visit: Visit, slug: str) -> Hotel:
    hotel: Hotel | None = visit.world.by_slug.get(slug)
    if hotel is None:
        raise NotHere("We know no such hotel.")
    return hotel


def _room(visit: Visit, hotel: str, room: str) -> tuple[Hotel, Room]:
    place = _hotel(visit, hotel)
    found = place.room(room)
    if found is None:
        raise NotHere(f"{place.name} has no such room.")
    return place, found


def _booking(visit: Visit, ref: str) -> Booking:
    booking: Booking | None = visit.state.booking(ref)
    if booking is None:
        raise NotHere("You have no booking of that number.")
    return booking


def _place(visit: Visit, booking: Booking) -> tuple[Hotel, Room]:
    return _room(visit, booking.hotel, booking.room)
