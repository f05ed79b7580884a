"""Ways that experts go: to a hotel, to results, through a form. Each gives the next action, or None when there."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from urllib.parse import urlsplit

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.hotels.search import FACILITY_SLUGS, ORDERS, STARS
from webvoyager_gym.sites.hotels.state import HotelsState
from webvoyager_gym.sites.hotels.stay import Stay
from webvoyager_gym.sites.hotels.world import Hotel, Town, World
from webvoyager_gym.sites.kit import Hand, NotThere
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.kit.days import day_text, read_day
from webvoyager_gym.sites.kit.ways import Next, fill, plainest

HotelsHand = Hand[World, HotelsState]


def guests_label(guests: int) -> str:
    """How the lists of guests call a number."""
    return f"{guests} guest{'s' if guests > 1 else ''}"


def go_to_hotel(hand: HotelsHand, hotel: Hotel) -> Next | None:
    """To the hotel's page, by a link in sight or by its name in the search box."""
    path = f"/hotel/{hotel.slug}"
    if hand.path == path:
        return None
    link = hand.find(href=lambda href: urlsplit(href).path == path)
    searched = hand.path == "/search" and fold(hand.query.get("q", "")) == fold(hotel.name)
    if link is not None and (link.visible or searched):
        return hand.click(key=link.key, href=link.href)
    return hand.type(hotel.name, enter=True, key="search")


def go_to_tab(hand: HotelsHand, hotel: Hotel, tab: str) -> Next | None:
    """To a tab of the hotel's page."""
    way = go_to_hotel(hand, hotel)
    if way is not None:
        return way
    return None if hand.query.get("tab", "rooms") == tab else hand.click(key=f"tab-{tab}")


def go_to_map(hand: HotelsHand, town: Town) -> Next | None:
    """To the town's map, over its list of hotels."""
    if hand.path == f"/map/{town.slug}":
        return None
    if hand.path == "/search" and fold(hand.query.get("q", "")) == fold(town.name):
        return hand.click(key="map")
    return search_town(hand, town)


def go_to_pin(hand: HotelsHand, hotel: Hotel) -> Next | None:
    """To the card that the hotel's pin opens on the map."""
    way = go_to_map(hand, hotel.town)
    if way is not None:
        return way
    return None if hand.query.get("pin") == hotel.slug else hand.click(key=f"pin-{hotel.slug}")


def go_to_hotel_by_pin(hand: HotelsHand, hotel: Hotel) -> Next | None:
    """To the hotel's page for one who knows its pin and not its name."""
    if hand.path == f"/hotel/{hotel.slug}":
        return None
    return go_to_pin(hand, hotel) or hand.click(key=f"hotel-{hotel.slug}")


def search_town(hand: HotelsHand, town: Town) -> Next:
    """Search for a town without dates."""
    link = hand.find(href=lambda href: urlsplit(href).path == "/search" and href == f"/search?q={town.name}")
    typed = hand.type(town.name, enter=True, key="search") if hand.there(key="search") else None
    # The first page's form would send dates typed into it along.
    clean = hand.path != "/" or (
        hand.holds("", key="checkin") and hand.holds("", key="checkout") and hand.holds("2 guests", key="guests")
    )
    ways = [hand.click(key=link.key)] if link is not None and link.visible else []
    if typed is not None and clean:
        ways.append(typed)
    if not ways:
        return hand.click(key="home") if link is None else hand.click(key=link.key)
    return tuple(ways)


def go_to_results(
    hand: HotelsHand,
    town: Town,
    *,
    facilities: Iterable[str] = (),
    stars: int = 0,
    order: str | None = None,
    stay: Stay | None = None,
) -> Next | None:
    """To the first page of the town's hotels with exactly these filters; `order` None is any order."""
    here = hand.path == "/search" and fold(hand.query.get("q", "")) == fold(town.name)
    if not here or not _same_stay(hand, stay):
        return search_town(hand, town) if stay is None else _search_stay(hand, town, stay)
    pending: list[Action] = []
    wanted = set(facilities)
    for slug, facility in FACILITY_SLUGS.items():
        box = hand.find(key=f"with-{slug}")
        if box is None:
            raise NotThere(f"no box for {facility}")
        if box.checked != (facility in wanted):
            pending.append(hand.click(key=f"with-{slug}"))
    if not hand.holds(STARS[stars], key="stars"):
        pending.append(hand.select(STARS[stars], key="stars"))
    if order is not None and not hand.holds(ORDERS[order], key="sort"):
        pending.append(hand.select(ORDERS[order], key="sort"))
    if pending or hand.query.get("page", "1") == "1":
        return plainest(pending)
    return hand.click(key="previous-page")


def _same_stay(hand: HotelsHand, stay: Stay | None) -> bool:
    texts = [hand.query.get(name, "").strip() for name in ("checkin", "checkout")]
    if hand.query.get("guests", "2") != str(stay.guests if stay else 2):
        return False
    if stay is None:
        return not any(texts)
    return [read_day(text) for text in texts] == [stay.checkin, stay.checkout]


def _search_stay(hand: HotelsHand, town: Town, stay: Stay) -> Next:
    if hand.path != "/":
        return hand.click(key="change-search") if hand.there(key="change-search") else hand.click(key="home")
    return fill(hand, {"search": town.name, **stay_fields(stay)}, "search-go")


def stay_fields(stay: Stay) -> dict[str, str]:
    """Fields of a form that a stay fills."""
    return {"checkin": day_text(stay.checkin), "checkout": day_text(stay.checkout), "guests": guests_label(stay.guests)}


def shows_stay(hand: HotelsHand, checkin: datetime.date, checkout: datetime.date) -> bool:
    """Whether the page's address has these dates."""
    return [read_day(hand.query.get(name, "")) for name in ("checkin", "checkout")] == [checkin, checkout]
