"""The hotel site without a browser: its worlds, its search, its pages over HTTP, and the checks of its tasks."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
import pytest

from tests.sites.visiting import ServedSite, Visitor, words
from webvoyager_gym.sites import load_site
from webvoyager_gym.sites.hotels.search import PAGE_SIZE, Query, find, find_all
from webvoyager_gym.sites.hotels.stay import LAST_DAY, Stay, read_stay
from webvoyager_gym.sites.hotels.world import PIN_COLOURS, Account, World, build_world, free_stay
from webvoyager_gym.sites.kit.days import day_text, read_day
from webvoyager_gym.sites.kit.world import TODAY, split_of
from webvoyager_gym.tasks.local import LocalTask, open_session

SITE = "hotels"


@pytest.fixture(scope="module")
def world() -> World:
    return build_world("train", 0)


# ---- worlds and dates --------------------------------------------------------------------------------------------


def names_of(world: World) -> set[str]:
    return {*(hotel.name for hotel in world.hotels), *(town.name for town in world.towns), *world.people}


def test_splits_share_no_names() -> None:
    for split in ("train", "validation", "test"):
        for seed in range(5):
            assert {split_of(name) for name in names_of(build_world(split, seed))} == {split}


def test_a_world_is_fit_for_its_tasks(world: World) -> None:
    assert len(world.hotels) == 40
    for town in world.towns:
        hotels = world.hotels_in(town)
        for values in (
            [h.price for h in hotels],
            [h.score for h in hotels],
            [h.distance for h in hotels],
            [h.pin for h in hotels],
        ):
            assert len(set(values)) == len(hotels)
        assert {hotel.pin for hotel in hotels} <= set(PIN_COLOURS)
    assert len({booking.hotel for booking in world.bookings}) == 2
    assert all(world.by_slug[booking.hotel].first_full_day(booking.stay) is None for booking in world.bookings)


@pytest.mark.parametrize("text", ["2026-03-09", "9 March 2026", "9 mar 2026", " March 9, 2026 ", "9th March 2026"])
def test_dates_are_read_as_people_write_them(text: str) -> None:
    assert read_day(text) == datetime.date(2026, 3, 9)


@pytest.mark.parametrize("text", ["", "9", "09/03/2026", "31 February 2026", "9 Mayday 2026", "2026-13-01", "9 March"])
def test_other_dates_are_not(text: str) -> None:
    assert read_day(text) is None


def test_every_day_that_the_site_writes_it_also_reads() -> None:
    day = TODAY
    while day <= LAST_DAY:
        assert read_day(day_text(day)) == day
        day += datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("checkin", "checkout", "problem"),
    [
        ("9 March 2026", "9 March 2026", "after check-in"),
        ("1 March 2026", "4 March 2026", "in the past"),
        ("9 March 2026", "30 March 2026", "at most 14 nights"),
        ("28 May 2026", "1 June 2026", "until 31 May"),
        ("soon", "9 March 2026", "check-in day"),
        ("9 March 2026", "", "check-out day"),
    ],
)
def test_a_wrong_stay_is_explained(checkin: str, checkout: str, problem: str) -> None:
    stay, said = read_stay(checkin, checkout, 2)
    assert stay is None
    assert problem in said


# ---- search ------------------------------------------------------------------------------------------------------


def test_a_towns_name_gives_the_town_and_nothing_else(world: World) -> None:
    for town in world.towns:
        assert set(find_all(world, Query(words=town.name.upper()))) == set(world.hotels_in(town))


def test_a_hotels_name_comes_first_and_its_near_misses_after_it(world: World) -> None:
    for hotel in world.hotels:
        found = find_all(world, Query(words=hotel.name))
        assert found[0] == hotel
        assert len(found) > 1
        assert all(set(hotel.name.split()) & {*other.name.split(), *other.district.split()} for other in found)


def test_filters_and_orders(world: World) -> None:
    town = world.towns[0]
    pool = find_all(world, Query(words=town.name, facilities=frozenset(["Pool"]), order="price"))
    assert set(pool) == {hotel for hotel in world.hotels_in(town) if "Pool" in hotel.facilities}
    assert [hotel.price for hotel in pool] == sorted(hotel.price for hotel in pool)
    scores = [hotel.score for hotel in find_all(world, Query(order="score"))]
    assert scores == sorted(scores, reverse=True)
    assert {hotel.stars for hotel in find_all(world, Query(stars=4))} == {4}
    assert all(max(room.sleeps for room in hotel.rooms) == 4 for hotel in find_all(world, Query(guests=4)))


def test_full_hotels_are_left_out(world: World) -> None:
    hotel = world.hotels[0]
    day = min(hotel.full)
    over, after = Stay(day, day + datetime.timedelta(days=1)), Stay(day - datetime.timedelta(days=1), day)
    assert hotel not in find_all(world, Query(stay=over))
    # The night of the day of departure is not slept there.
    assert (hotel in find_all(world, Query(stay=after))) == (after.checkin not in hotel.full)


def test_pages_hold_everything_once(world: World) -> None:
    first = find(world, Query())
    pages = [find(world, Query(page=number)) for number in range(1, first.pages + 1)]
    assert [hotel for page in pages for hotel in page.shown] == list(world.hotels)
    assert all(len(page.shown) == PAGE_SIZE for page in pages[:-1])
    assert find(world, Query(page=99)).number == first.pages


# ---- pages over HTTP ---------------------------------------------------------------------------------------------


def booking_form(visitor: Visitor, hotel: str, room: str, **changes: str) -> dict[str, str]:
    place = visitor.world.by_slug[hotel]
    stay = free_stay(place, 1, 2, np.random.default_rng(0))
    assert stay is not None
    dates = {"checkin": day_text(stay.checkin), "checkout": day_text(stay.checkout)}
    return {
        **dates,
        "guests": "1",
        "name": "A Guest",
        "email": "a@mail.test",
        "arrival": "18:00 to 20:00",
        "request": "",
    } | changes


def test_a_booking_is_made_changed_cancelled_and_restored(visitor: Visitor) -> None:
    hotel = visitor.world.hotels[5].slug
    before = visitor.state.effects()
    assert visitor.post(f"/book/{hotel}/double", **booking_form(visitor, hotel, "double")) == "/bookings"
    booking = visitor.state.bookings[-1]
    assert (booking.hotel, booking.room, booking.name) == (hotel, "double", "A Guest")
    assert visitor.world.by_slug[hotel].name in visitor.get("/bookings")
    visitor.post(f"/bookings/{booking.ref}", **booking_form(visitor, hotel, "double", guests="2"))
    assert visitor.state.bookings[-1].stay.guests == 2
    after = visitor.state.effects()
    visitor.post(f"/bookings/{booking.ref}/cancel")
    assert visitor.state.effects() == before
    visitor.post(f"/bookings/{booking.ref}/restore")
    assert visitor.state.effects() == after


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"checkin": "tomorrow"}, "Write the day like 9 March 2026."),
        ({"checkout": "2 March 2026"}, "Check-out has to be after check-in."),
        ({"name": " "}, "Please write the guest&#39;s name."),
        ({"email": "nobody"}, "Write an e-mail address"),
        ({"request": "x" * 301}, "at most 300 characters"),
    ],
)
def test_a_wrong_booking_form_is_shown_again(visitor: Visitor, changes: dict[str, str], problem: str) -> None:
    hotel = visitor.world.hotels[5].slug
    before = visitor.state.effects()
    form = booking_form(visitor, hotel, "double", **changes)
    status, text = visitor.request("POST", f"/book/{hotel}/double", form)
    assert status == 200
    assert problem in text
    assert f'value="{form["arrival"]}"' in text or f"<option selected>{form['arrival']}" in text
    assert visitor.state.effects() == before


def test_a_full_day_cannot_be_booked(visitor: Visitor) -> None:
    hotel = visitor.world.hotels[5]
    day = max(hotel.full)
    dates = {"checkin": day.isoformat(), "checkout": day_text(day + datetime.timedelta(days=1))}
    _, text = visitor.request(
        "POST", f"/book/{hotel.slug}/double", booking_form(visitor, hotel.slug, "double", **dates)
    )
    assert f"Fully booked on {day_text(day)}." in text


def test_totals_hold_the_city_tax(visitor: Visitor) -> None:
    hotel = visitor.world.hotels[5]
    stay = free_stay(hotel, 2, 3, np.random.default_rng(1))
    assert stay is not None
    text = visitor.get(f"/hotel/{hotel.slug}?" + urlencode({"checkin": stay.checkin, "checkout": stay.checkout}))
    for room in hotel.rooms:
        assert f"${3 * room.price + hotel.city_tax}" in text


def test_saving_reviewing_and_settings(visitor: Visitor) -> None:
    hotel = next(hotel.slug for hotel in visitor.world.hotels if hotel.slug not in visitor.state.saved)
    before = visitor.state.effects()
    assert visitor.post(f"/hotel/{hotel}/save", back=f"/hotel/{hotel}?tab=reviews") == f"/hotel/{hotel}?tab=reviews"
    assert hotel in visitor.state.effects()["saved"]
    visitor.post(f"/hotel/{hotel}/unsave", back="/saved")
    visitor.post(f"/hotel/{hotel}/review", score="8", text="  Quiet   & clean ")
    assert visitor.state.effects()["reviews"] == {hotel: [8, "Quiet & clean"]}
    assert "Quiet &amp; clean" in visitor.get(f"/hotel/{hotel}?tab=reviews")
    visitor.post(f"/hotel/{hotel}/review/delete")
    assert visitor.state.effects() == before
    account = visitor.state.account
    form = {"name": account.name, "email": account.email, "phone": account.phone, "currency": "€", "newsletter": "1"}
    visitor.post("/settings", **form)
    assert visitor.state.account == replace(account, currency="€")
    place = visitor.world.by_slug[hotel]
    assert f"€{round(place.rooms[0].price * 0.9)}" in visitor.get(f"/hotel/{hotel}")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/hotel/no-such-hotel", 404),
        ("GET", "/map/no-such-town", 404),
        ("GET", "/book/no-such-hotel/double", 404),
        ("GET", "/bookings/LK-0", 404),
        ("POST", "/hotel/no-such-hotel/save", 404),
        ("GET", "/search?sort=magic", 400),
        ("GET", "/search?with=dragons", 400),
        ("GET", "/search?stars=1", 400),
        ("GET", "/search?page=0", 400),
        ("GET", "/search?guests=many", 400),
        ("POST", "/search", 400),
        ("POST", "/settings", 400),
        ("GET", "/hotel/{hotel}?tab=secrets", 400),
        ("GET", "/hotel/{hotel}?tab=calendar&month=9", 400),
        ("POST", "/book/{hotel}/double", 400),
        ("GET", "/book/{hotel}/throne", 404),
        ("GET", "/map/{town}?pin=nobody", 404),
    ],
)
def test_malformed_requests(visitor: Visitor, method: str, path: str, status: int) -> None:
    place = visitor.world.hotels[0]
    before = visitor.state.effects()
    assert visitor.request(method, path.format(hotel=place.slug, town=place.town.slug))[0] == status
    assert visitor.state.effects() == before


def test_typed_text_is_escaped(visitor: Visitor) -> None:
    for path in ("/search?q=<b>x</b>", "/?q=<b>x</b>", "/search?checkin=<b>x</b>"):
        assert "<b>x</b>" not in visitor.get(path)
    assert visitor.post(f"/hotel/{visitor.world.hotels[0].slug}/save", back="//evil.test/") == "/"


def test_looks_change_no_text(web: ServedSite, world: World) -> None:
    hotel = world.hotels[0]
    paths = ("/", f"/search?q={hotel.town.name}", f"/hotel/{hotel.slug}", "/bookings")

    def seen(look: int) -> list[str]:
        visitor = web.visitor(world, look)
        return [words(visitor.get(path)) for path in paths]

    assert all(seen(look) == seen(0) for look in range(1, 5))


def test_visitors_do_not_see_each_other(web: ServedSite, world: World) -> None:
    visitors = [web.visitor(world) for _ in range(8)]
    hotels = [hotel for hotel in world.hotels if hotel.slug not in world.saved][:8]

    def visit(number: int) -> None:
        for _ in range(5):
            visitors[number].post(f"/hotel/{hotels[number].slug}/save", back="/saved")
            visitors[number].get("/saved")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, range(8)))
    for number, visitor in enumerate(visitors):
        assert visitor.state.saved == {*world.saved, hotels[number].slug}
        page = visitor.get("/saved")
        assert [hotel.name in page for hotel in hotels] == [other == number for other in range(8)]


# ---- tasks -------------------------------------------------------------------------------------------------------


QUESTIONS = [template.name for template in load_site(SITE).templates if template.kind != "act"]


@pytest.mark.parametrize("template", QUESTIONS)
def test_an_answer_from_a_changed_site_fails(template: str) -> None:
    session = open_session(LocalTask("hotels", template, "train", 3))
    assert session.expected is not None
    right = session.expected.text
    session.episode.state.account = Account(**session.wanted["account"])
    assert session.judge(right).success
    session.episode.state.saved.clear()
    assert not session.judge(right).success


@pytest.mark.parametrize(
    ("template", "right", "wrong"),
    [
        ("review-score", "{} out of 10", "{} or 9 or 3"),
        ("free-hotels", "There are {}.", "{} of 9 hotels"),
        ("full-day", "It is full on {}", "{} or 30 May 2026"),
        ("pin-hotel", "the {}", "not {}, {other}"),
    ],
)
def test_answers_in_other_words(template: str, right: str, wrong: str) -> None:
    session = open_session(LocalTask("hotels", template, "train", 16))
    assert session.expected is not None
    answer = session.expected.text
    other = next(hotel.name for hotel in session.episode.world.hotels if hotel.name != answer)
    assert session.expected.matches(right.format(answer))
    assert not session.expected.matches(wrong.format(answer, other=other))


def test_a_saved_hotel_too_many_fails_an_act() -> None:
    session = open_session(LocalTask("hotels", "save-hotel", "train", 3))
    state, world = session.episode.state, session.episode.world
    stray = next(hotel.slug for hotel in world.hotels if hotel.slug not in session.wanted["saved"])
    state.saved |= {session.params["hotel"], stray}
    assert not session.judge(None).success
    state.saved.discard(stray)
    assert session.judge(None).success
