"""The flight site without a browser: its timetable and fares, its search, its pages over HTTP, its tasks."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from tests.sites.visiting import Visitor
from webvoyager_gym.sites.flights.search import Query, cities_like, city_named, find, find_all, flights_numbered
from webvoyager_gym.sites.flights.timetable import build_world
from webvoyager_gym.sites.flights.world import (
    FIRST_DAY,
    LAST_DAY,
    OPEN_MONTHS,
    SEAT_FEE,
    World,
    clock,
    month_days,
    span,
)
from webvoyager_gym.sites.kit import Impossible
from webvoyager_gym.sites.kit.days import day_text
from webvoyager_gym.sites.kit.world import split_of
from webvoyager_gym.tasks.local import LocalTask, open_session

SITE = "flights"
DAY = datetime.date(2026, 4, 9)


@pytest.fixture(scope="module")
def world() -> World:
    return build_world("train", 0)


# ---- worlds ------------------------------------------------------------------------------------------------------


def test_a_world_is_the_same_every_time_and_of_its_split() -> None:
    assert build_world("test", 3) == build_world("test", 3)
    for split in ("train", "validation", "test"):
        for seed in range(5):
            world = build_world(split, seed)
            names = {*(c.name for c in world.cities), *(a.name for a in world.airlines), *world.people}
            assert {split_of(name) for name in names} == {split}


def test_the_timetable_makes_sense(world: World) -> None:
    assert len(world.by_slug) == len(world.flights)
    for flight in world.flights:
        for before, after in zip(flight.legs, flight.legs[1:], strict=False):
            assert before.target == after.origin
            assert after.departure - before.arrival >= 40
        assert flight.duration == sum(leg.arrival - leg.departure for leg in flight.legs) + sum(
            minutes for _, minutes in flight.layovers
        )
    for route in world.routes.values():
        for cabin in ("economy", "business"):
            assert len({world.fare(flight, DAY, cabin) for flight in route}) == len(route)
        assert len({flight.departure for flight in route}) == len({flight.duration for flight in route}) == len(route)
    assert all(world.route(world.home, city) and world.route(city, world.home) for city in world.cities[1:])
    assert len(world.routes) < 56


def test_each_month_has_one_cheapest_day(world: World) -> None:
    origin, target = world.flights[0].origin, world.flights[0].target
    for month in OPEN_MONTHS:
        lows = {day.day: world.lowest(origin, target, day) for day in month_days(month)}
        assert min(lows, key=lambda day: lows[day]) == world.deal(origin, target, month)


def test_times_and_spans() -> None:
    assert (clock(485), clock(1480), span(59), span(150)) == ("08:05", "00:40 +1", "59 min", "2 h 30 min")


# ---- search ------------------------------------------------------------------------------------------------------


def test_places_by_name_code_and_beginning(world: World) -> None:
    for city in world.cities:
        assert city_named(world, city.name.upper()) == city_named(world, city.code.lower()) == city
        assert city in cities_like(world, city.name[:4])
    assert city_named(world, "") is None
    assert cities_like(world, "") == ()


def test_filters_and_orders(world: World) -> None:
    (origin, target), route = next(iter(world.routes.items()))
    query = Query(world.city_by_slug[origin], world.city_by_slug[target], DAY)
    for order, key in (
        ("cheapest", lambda f: world.fare(f, DAY)),
        ("fastest", lambda f: f.duration),
        ("departure", lambda f: f.departure),
    ):
        found = find_all(world, replace(query, order=order))
        assert set(found) == set(route)
        free = [flight for flight in found if not world.full(flight, DAY)]
        assert list(found[: len(free)]) == sorted(free, key=key)
    assert all(flight.stops == 0 for flight in find_all(world, replace(query, stops="0")))
    assert all(flight.departure < 720 for flight in find_all(world, replace(query, window="morning")))
    assert all(flight.business for flight in find_all(world, replace(query, cabin="business")))
    pages = [find(world, replace(query, page=page)) for page in (1, 2, 9)]
    assert {*pages[0].shown, *pages[1].shown} == set(route)
    assert pages[1] == pages[2]


def test_a_number_finds_its_flight_first_and_look_alikes_after_it(world: World) -> None:
    for flight in world.flights[::20]:
        found = flights_numbered(world, flight.number)
        assert found[0] == flights_numbered(world, flight.slug)[0] == flight
        assert len(found) > 1
    assert flights_numbered(world, "") == ()


# ---- pages over HTTP ---------------------------------------------------------------------------------------------


def test_a_trip_is_booked_changed_cancelled_and_restored(visitor: Visitor) -> None:
    world = visitor.world
    flight = next(flight for flight in world.flights if not world.full(flight, DAY))
    before = visitor.state.effects()
    place = visitor.post("/select", flight=flight.slug, day=DAY.isoformat(), passengers="2")
    assert place == "/book/traveller"
    assert visitor.post("/book/traveller", name="A Guest", email="a@post.test") == "/book/extras"
    seat = world.free_seats(flight.slug, DAY)[0]
    assert visitor.post("/book/extras", bags="1", seat=seat) == "/book/extras"
    assert visitor.post("/book/extras", bags="1") == "/book/review"
    total = 2 * world.fare(flight, DAY) + flight.airline.bag_fee + SEAT_FEE
    assert f"${total}" in visitor.get("/book/review")
    assert visitor.state.effects() == before
    visitor.post("/book/review")
    trip = visitor.state.trips[-1]
    assert (trip.flights, trip.passengers, trip.bags, trip.seat, trip.name) == (
        ((flight.slug, DAY),), 2, 1, seat, "A Guest",
    )  # fmt: skip
    visitor.post(f"/trips/{trip.ref}", bags="2", seat="none")
    assert (visitor.state.trips[-1].bags, visitor.state.trips[-1].seat) == (2, "")
    after = visitor.state.effects()
    visitor.post(f"/trips/{trip.ref}/cancel")
    assert visitor.state.effects() == before
    visitor.post(f"/trips/{trip.ref}/restore")
    assert visitor.state.effects() == after


def test_a_return_trip_takes_a_flight_each_way(visitor: Visitor) -> None:
    world, back = visitor.world, DAY + datetime.timedelta(days=4)
    out = next(f for f in world.route(world.home, world.cities[1]) if not world.full(f, DAY))
    home = next(f for f in world.route(world.cities[1], world.home) if not world.full(f, back))
    place = visitor.post("/select", flight=out.slug, day=DAY.isoformat(), back=back.isoformat())
    assert "Now choose your way back" in visitor.get(place)
    both = {"flight": home.slug, "day": back.isoformat(), "out": out.slug, "outday": DAY.isoformat()}
    assert visitor.post("/select", **both) == "/book/traveller"
    assert visitor.state.draft is not None
    assert visitor.state.draft.flights == ((out.slug, DAY), (home.slug, back))


def test_what_is_sold_out_cannot_be_booked(visitor: Visitor) -> None:
    world = visitor.world
    flight, day = next((flight, day) for flight in world.flights for day in month_days(4) if world.full(flight, day))
    assert visitor.request("POST", "/select", {"flight": flight.slug, "day": day.isoformat()})[0] == 400
    page = visitor.get(f"/flight/{flight.slug}?day={day_text(day)}")
    assert "Sold out" in page
    assert "Select flight" not in page


def test_searches_that_need_another_word(visitor: Visitor) -> None:
    world = visitor.world
    assert "Which airport" in visitor.get(
        f"/search?from={world.home.name[:3]}q&to={world.cities[1].name}&day=9 April 2026"
    )
    assert "We know no airport" in visitor.get(f"/search?from={world.home.name}&to=Zzz")
    assert "the same" in visitor.get(f"/search?from={world.home.name}&to={world.home.code}")
    pair = f"/search?from={world.home.name}&to={world.cities[1].name}"
    assert "Please write the departure day" in visitor.get(f"{pair}&day=soon")
    assert "can be booked" in visitor.get(f"{pair}&day={day_text(LAST_DAY + datetime.timedelta(days=1))}")
    assert "return day" in visitor.get(f"{pair}&day={day_text(FIRST_DAY)}&trip=return")
    status, place = visitor.request("GET", pair)
    assert status == 303
    assert place.startswith("/graph?")


def test_a_route_without_flights_says_so(visitor: Visitor) -> None:
    world = visitor.world
    a, b = next((a, b) for a in world.cities for b in world.cities if a != b and not world.route(a, b))
    assert "No airline flies" in visitor.get(f"/search?from={a.code}&to={b.code}&day=9 April 2026")


def test_alerts_and_saved_flights(visitor: Visitor) -> None:
    world, before = visitor.world, visitor.state.effects()
    a, b = world.cities[1], world.home
    visitor.post("/alerts", **{"from": a.name, "to": b.code, "price": "$120"})
    assert visitor.state.alerts[f"{a.slug}>{b.slug}"] == 120
    for form in ({"from": a.name, "to": a.name, "price": "9"}, {"from": "x", "to": "", "price": "cheap"}):
        assert visitor.request("POST", "/alerts", form)[0] == 200
    visitor.post("/alerts/remove", route=f"{a.slug}>{b.slug}")
    kept = {"flight": world.flights[0].slug, "day": DAY.isoformat()}
    assert visitor.post("/save", **kept, back="//evil.test/") == "/"
    visitor.post("/unsave", **kept, back="/saved")
    assert visitor.state.effects() == before


def test_what_only_the_picture_shows_is_no_words_of_the_page(visitor: Visitor) -> None:
    ref = next(trip.ref for trip in visitor.state.trips)
    page = visitor.get(f"/trips/{ref}")
    seat = visitor.world.free_seats(*visitor.state.trips[0].flights[0])[-1]
    assert f'data-key="seat-{seat}"></button>' in page
    assert f"{seat}</text>" in page


# ---- tasks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_sold_out_and_missing_flights_have_to_be_called_so(seed: int) -> None:
    for template, right in (("book-sold-out", "It is sold out."), ("no-such-flight", "There are no such flights.")):
        session = open_session(LocalTask("flights", template, "test", 16 * seed))
        assert isinstance(session.expected, Impossible)
        assert session.judge(right).success
        for wrong in ("done", "$120", "", *(f"No such flight, take ${price}" for price in session.expected.others)):
            assert not session.judge(wrong).success
        session.forget()


def test_a_seat_too_many_fails_a_task() -> None:
    session = open_session(LocalTask("flights", "trip-total", "train", 5))
    state = session.episode.state
    assert session.expected is not None
    assert session.judge(session.expected.text).success
    trip = state.trips[0]
    state.replace_trip(replace(trip, seat="" if trip.seat else "11A"))
    assert not session.judge(session.expected.text).success
    session.forget()
