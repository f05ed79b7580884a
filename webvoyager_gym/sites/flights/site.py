"""The flight site's pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlencode

from webvoyager_gym.sites.flights import pictures, search
from webvoyager_gym.sites.flights.forms import (
    TRIPS,
    Asked,
    Problem,
    known_flight,
    open_day,
    read_bags,
    read_options,
    read_search,
    read_seat,
    read_trip,
    wrong_traveller,
)
from webvoyager_gym.sites.flights.navigate import PASSENGERS
from webvoyager_gym.sites.flights.state import FlightsState
from webvoyager_gym.sites.flights.tasks import TEMPLATES
from webvoyager_gym.sites.flights.timetable import build_world
from webvoyager_gym.sites.flights.views import (
    STEPS,
    show_alerts,
    show_problem,
    show_step,
    the_draft,
    the_flight,
    the_trip,
    trip_values,
)
from webvoyager_gym.sites.flights.world import (
    CABINS,
    FIRST_DAY,
    OPEN_MONTHS,
    World,
    clock,
    email_of,
    span,
)
from webvoyager_gym.sites.kit import TODAY, BadRequest, NotHere, Redirect, Reply, Site, Template, Visit, page
from webvoyager_gym.sites.kit.days import MONTHS, day_text

TABS = {"details": "Flight details", "fees": "Bags and fees"}


class Flights(Site[World, FlightsState]):
    """Flights between eight cities, to find, compare, book and watch."""

    name = "flights"
    title = "Driftwing"
    templates: ClassVar[tuple[Template[Any, Any], ...]] = TEMPLATES
    closers = ("picker-close",)

    def build_world(self, split: str, seed: int) -> World:
        return build_world(split, seed)

    def new_state(self, world: World) -> FlightsState:
        return FlightsState.of(world)

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "day": day_text,
            "weekday": pictures.day_name,
            "clock": clock,
            "span": span,
            "logo": pictures.logo,
            "line": pictures.line,
            "city_picture": pictures.city_picture,
        }

    def common(self, visit: Visit) -> dict[str, Any]:
        return {
            "notice": visit.state.take_notice(),
            "first_day": FIRST_DAY,
            "kinds": list(TRIPS.items()),
            "cabins": list(CABINS.items()),
            "counts": list(PASSENGERS.items()),
        }

    # ---- finding a flight ------------------------------------------------------------------------------------

    @page("/")
    def home(self, visit: Visit) -> Reply:
        """The first page; the query fills its search form."""
        filled = {name: visit.arg(name) for name in ("to", "day", "back")}
        filled |= {"from": visit.arg("from", visit.world.home.name), "trip": visit.arg("trip", "oneway")}
        filled |= {"cabin": visit.arg("cabin", "economy"), "passengers": visit.arg("passengers", "1")}
        cities = [city for city in visit.world.cities[1:] if visit.world.route(visit.world.home, city)][:4]
        flights = [flight for city in cities for flight in visit.world.route(visit.world.home, city)]
        departures = Counter(flight.departure // 60 for flight in flights)
        hours = [(f"{hour}:00", departures[hour]) for hour in range(min(departures), max(departures) + 1)]
        return visit.render("home.html", filled=filled, cities=cities, sky=pictures.sky(), hours=hours)

    @page("/search")
    def search(self, visit: Visit) -> Reply:
        """The flights of one day, with filters and order in the query; without a day the price graph."""
        asked = read_search(visit)
        if isinstance(asked, Problem):
            return show_problem(visit, asked)
        if asked.day is None:
            return Redirect("/graph?" + asked.query())
        query = search.Query(
            asked.origin,
            asked.target,
            asked.day,
            asked.cabin,
            stops=visit.choice("stops", search.STOPS, "any"),
            airline=visit.choice("airline", ["any", *(a.code for a in visit.world.airlines)], "any"),
            window=visit.choice("window", search.WINDOWS, "any"),
            order=visit.choice("sort", search.ORDERS, "best"),
            page=visit.integer("page", 1, 1, 100),
        )
        results = search.find(visit.world, query)
        return visit.render(
            "search.html",
            asked=asked,
            query=query,
            results=results,
            first=visit.world.by_slug[asked.first[0]] if asked.first else None,
            route=visit.world.route(asked.origin, asked.target),
            options=urlencode(asked.options()),
            stops=list(search.STOPS.items()),
            airlines=[("any", "All airlines"), *((airline.code, airline.name) for airline in visit.world.airlines)],
            windows=[(key, label) for key, (label, _, _) in search.WINDOWS.items()],
            orders=list(search.ORDERS.items()),
        )

    @page("/graph")
    def graph(self, visit: Visit) -> Reply:
        """The lowest fare of every day of a month, as a picture."""
        asked = read_search(visit)
        if isinstance(asked, Problem):
            return show_problem(visit, asked)
        month = visit.integer("month", asked.day.month if asked.day else TODAY.month, OPEN_MONTHS[0], OPEN_MONTHS[-1])
        return visit.render(
            "graph.html",
            asked=asked,
            month=month,
            months={number: MONTHS[number - 1] for number in OPEN_MONTHS},
            year=TODAY.year,
            flown=bool(visit.world.route(asked.origin, asked.target)),
            picture=pictures.price_graph(visit.world, asked.origin, asked.target, month),
        )

    @page("/number")
    def number(self, visit: Visit) -> Reply:
        """The flights whose numbers are or look like the one typed."""
        words = visit.arg("q").strip()
        return visit.render("number.html", words=words, flights=search.flights_numbered(visit.world, words))

    @page("/flight/{flight}")
    def flight(self, visit: Visit, flight: str) -> Reply:
        """A flight of the timetable; with a day also its price."""
        found = the_flight(visit, flight)
        tab = visit.choice("tab", TABS, "details")
        day = open_day(visit.arg("day")) if visit.arg("day") else None
        cabin, passengers, first = read_options(visit)
        back = open_day(visit.arg("back")) if visit.arg("trip") == "return" and visit.arg("back") else None
        asked = Asked(found.origin, found.target, day, back, cabin, passengers, first)
        offered = cabin == "economy" or found.business
        return visit.render(
            "flight.html",
            flight=found,
            asked=asked,
            tab=tab,
            tabs=TABS,
            cabin=CABINS[cabin],
            options=urlencode(asked.options()),
            offered=offered,
            full=day is not None and visit.world.full(found, day),
            fare=visit.world.fare(found, day, cabin) if day else 0,
            saved=(found.slug, day) in visit.state.saved,
        )

    @page("/save", "POST")
    def save(self, visit: Visit) -> Reply:
        visit.state.saved.add((known_flight(visit.world, visit.field("flight")), open_day(visit.field("day"))))
        return visit.go_back()

    @page("/unsave", "POST")
    def unsave(self, visit: Visit) -> Reply:
        visit.state.saved.discard((known_flight(visit.world, visit.field("flight")), open_day(visit.field("day"))))
        return visit.go_back()

    @page("/saved")
    def saved(self, visit: Visit) -> Reply:
        flights = [(the_flight(visit, slug), day) for slug, day in sorted(visit.state.saved, key=lambda item: item[1])]
        return visit.render("saved.html", flights=flights)

    # ---- booking, in three steps -----------------------------------------------------------------------------

    @page("/select", "POST")
    def select(self, visit: Visit) -> Reply:
        """Take a flight: on to the way back, if there is one to choose, else to the booking."""
        visitor = visit.world.people[0]
        trip = read_trip(visit, visitor, email_of(visitor))
        if visit.field("back") and len(trip.flights) == 1:
            slug, day = trip.flights[0]
            flight = the_flight(visit, slug)
            way_back = Asked(
                flight.target,
                flight.origin,
                open_day(visit.field("back")),
                None,
                trip.cabin,
                trip.passengers,
                (slug, day),
            )
            return Redirect("/search?" + way_back.query())
        visit.state.draft = trip
        visit.state.reached = 1
        return Redirect("/book/traveller")

    @page("/book/{step}")
    def booking(self, visit: Visit, step: str) -> Reply:
        """A step of the booking that is being made."""
        if step not in STEPS:
            raise NotHere("A booking has no such step.")
        if visit.state.draft is None:
            return visit.render("nothing.html")
        reached = list(STEPS)[visit.state.reached - 1]
        if list(STEPS).index(step) >= visit.state.reached:
            return Redirect(f"/book/{reached}")
        return show_step(visit, step, visit.state.draft)

    @page("/book/traveller", "POST")
    def set_traveller(self, visit: Visit) -> Reply:
        draft = the_draft(visit)
        name, email = " ".join(visit.field("name").split()), visit.field("email").strip()
        wrong = wrong_traveller(name, email)
        if wrong:
            return show_step(visit, "traveller", replace(draft, name=name, email=email), wrong)
        visit.state.draft = replace(draft, name=name, email=email)
        visit.state.reached = max(2, visit.state.reached)
        return Redirect("/book/extras")

    @page("/book/extras", "POST")
    def set_extras(self, visit: Visit) -> Reply:
        """Bags and seat; a seat's button stays on the page, the other one goes on."""
        draft = the_draft(visit)
        visit.state.draft = replace(draft, bags=read_bags(visit), seat=read_seat(visit, draft))
        if visit.field("seat"):
            return Redirect("/book/extras")
        visit.state.reached = 3
        return Redirect("/book/review")

    @page("/book/review", "POST")
    def confirm(self, visit: Visit) -> Reply:
        draft = the_draft(visit)
        if visit.state.reached < len(STEPS):
            raise BadRequest("This booking is not complete yet.")
        visit.state.book(draft)
        visit.state.draft = None
        visit.state.notice = "Your trip is booked."
        return Redirect("/trips")

    # ---- trips -----------------------------------------------------------------------------------------------

    @page("/trips")
    def trips(self, visit: Visit) -> Reply:
        """All trips, the cancelled ones last."""
        trips = sorted(visit.state.trips, key=lambda trip: (trip.cancelled, trip.flights[0][1]))
        return visit.render("trips.html", trips=[(trip, the_flight(visit, trip.flights[0][0])) for trip in trips])

    @page("/trips/{ref}")
    def trip(self, visit: Visit, ref: str) -> Reply:
        trip = the_trip(visit, ref)
        return visit.render("trip.html", trip=trip, **trip_values(visit, trip))

    @page("/trips/{ref}", "POST")
    def change_trip(self, visit: Visit, ref: str) -> Reply:
        trip = the_trip(visit, ref)
        if trip.cancelled:
            raise BadRequest("This trip is cancelled; restore it first.")
        visit.state.replace_trip(replace(trip, bags=read_bags(visit), seat=read_seat(visit, trip)))
        visit.state.notice = "Your changes are saved."
        return Redirect(f"/trips/{ref}")

    @page("/trips/{ref}/cancel")
    def ask_to_cancel(self, visit: Visit, ref: str) -> Reply:
        trip = the_trip(visit, ref)
        return visit.render("cancel.html", trip=trip, flight=the_flight(visit, trip.flights[0][0]))

    @page("/trips/{ref}/cancel", "POST")
    def cancel(self, visit: Visit, ref: str) -> Reply:
        visit.state.replace_trip(replace(the_trip(visit, ref), cancelled=True))
        visit.state.notice = "Your trip is cancelled."
        return Redirect("/trips")

    @page("/trips/{ref}/restore", "POST")
    def restore(self, visit: Visit, ref: str) -> Reply:
        visit.state.replace_trip(replace(the_trip(visit, ref), cancelled=False))
        visit.state.notice = "Your trip is restored."
        return Redirect("/trips")

    # ---- alerts ----------------------------------------------------------------------------------------------

    @page("/alerts")
    def alerts(self, visit: Visit) -> Reply:
        return show_alerts(visit, {"from": visit.arg("from"), "to": visit.arg("to"), "price": ""})

    @page("/alerts", "POST")
    def add_alert(self, visit: Visit) -> Reply:
        """Watch a route, in place of an earlier alert for it."""
        filled = {name: visit.field(name).strip() for name in ("from", "to", "price")}
        wrong: dict[str, str] = {}
        origin, target = (search.city_named(visit.world, filled[name]) for name in ("from", "to"))
        for name, city in (("from", origin), ("to", target)):
            if city is None:
                wrong[name] = "Write the whole name of a city."
        if origin is not None and origin == target:
            wrong["to"] = "The two cities are the same."
        price = re.fullmatch(r"\$?\s*(\d{1,4})(?:\.00)?", filled["price"])
        if price is None:
            wrong["price"] = "Write a price like 120."
        if wrong or price is None or origin is None or target is None:
            return show_alerts(visit, filled, wrong)
        visit.state.alerts[f"{origin.slug}>{target.slug}"] = int(price[1])
        visit.state.notice = "Your alert is set."
        return Redirect("/alerts")

    @page("/alerts/remove", "POST")
    def remove_alert(self, visit: Visit) -> Reply:
        if visit.state.alerts.pop(visit.field("route"), None) is None:
            raise NotHere("You have no such alert.")
        return Redirect("/alerts")
