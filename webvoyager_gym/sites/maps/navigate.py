"""Ways that experts go: to a place, a category, a pin, directions. Each gives the next action, or None when there."""

from __future__ import annotations

from collections.abc import Callable

from webvoyager_gym.sites.kit import Hand
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.kit.ways import Next, fill, plainest
from webvoyager_gym.sites.maps.search import ORDERS, RATINGS
from webvoyager_gym.sites.maps.state import MapsState
from webvoyager_gym.sites.maps.world import HEIGHT, WIDTH, Place, World

MapsHand = Hand[World, MapsState]
Way = Callable[[MapsHand, Place], "Next | None"]


def go_to_place(hand: MapsHand, place: Place) -> Next | None:
    """To the place's card, by a link in sight or by its name in the search box."""
    if hand.path == f"/place/{place.slug}":
        return None
    link = hand.find(key=f"place-{place.slug}")
    searched = hand.path == "/search" and fold(hand.query.get("q", "")) == fold(place.name)
    if link is not None and (link.visible or searched):
        return hand.click(key=link.key)
    return hand.type(place.name, enter=True, key="search")


def go_to_tab(hand: MapsHand, place: Place, tab: str) -> Next | None:
    """To a tab of the place's card."""
    way = go_to_place(hand, place)
    if way is not None:
        return way
    return None if hand.query.get("tab", "overview") == tab else hand.click(key=f"tab-{tab}")


def go_to_category(hand: MapsHand, category: str, near: Place | None = None) -> Next | None:
    """To the list of a category, in the whole city or around a place, with any filters."""
    around = near.slug if near else ""
    asked = hand.query.get("q", ""), hand.query.get("category"), hand.query.get("near", "")
    if hand.path == "/search" and asked == ("", category, around):
        return None
    if near is None:
        on_page = hand.path == "/" and hand.there(key=f"category-{category}")
        return hand.click(key=f"category-{category}") if on_page else hand.click(key="home")
    if hand.path == f"/place/{near.slug}/nearby":
        return hand.click(key=f"category-{category}")
    return go_to_tab(hand, near, "overview") or hand.click(key="nearby")


def set_filters(hand: MapsHand, *, order: str | None = None, rating: str = "0", sunday: bool = False) -> Next | None:
    """On the list of a category: exactly these filters; `order` None is any order."""
    pending = []
    labels = {"rating": RATINGS[rating]} | ({"sort": ORDERS[order]} if order else {})
    for key, label in labels.items():
        if not hand.holds(label, key=key):
            pending.append(hand.select(label, key=key))
    box = hand.find(key="sunday")
    if box is not None and bool(box.checked) != sunday:
        pending.append(hand.click(key="sunday"))
    if pending or hand.query.get("page", "1") == "1":
        return plainest(pending)
    return hand.click(key="previous-page")


def see_all(hand: MapsHand) -> Next | None:
    """Zoomed out."""
    return hand.click(key="zoom-out") if hand.query.get("zoom") == "2" else None


def go_to_view(hand: MapsHand, column: int, row: int) -> Next | None:
    """To the first page's map, zoomed in at a part of it."""
    if hand.path != "/" or not (hand.there(key="zoom-in") or hand.there(key="zoom-out")):
        return hand.click(key="home")
    if hand.query.get("zoom") != "2":
        return hand.click(key="zoom-in")
    x, y = int(hand.query.get("column", "1")), int(hand.query.get("row", "1"))
    steps = []
    if x != column:
        steps.append(hand.click(key="pan-east" if column > x else "pan-west"))
    if y != row:
        steps.append(hand.click(key="pan-south" if row > y else "pan-north"))
    return plainest(steps) if steps else None


def corner(world: World, place: Place) -> tuple[int, int]:
    """Column and row of the quarter of the map that the place is in, as the view's."""
    spot = world.spot(place)
    return (0 if spot.x < WIDTH / 2 else 2), (0 if spot.y < HEIGHT / 2 else 2)


def go_to_pin(hand: MapsHand, place: Place) -> Next | None:
    """To a place's card by its pin on the map, for one who does not know its name."""
    if hand.path == f"/place/{place.slug}":
        return None
    key = f"pin-{place.slug}"
    if place.landmark:
        # The cookie banner may cover the pin; then the click says so, and the banner is closed first.
        there = hand.path == "/" and hand.there(key="zoom-in")
        return hand.click(key=key) if there else hand.click(key="home")
    return go_to_view(hand, *corner(hand.world, place)) or hand.click(key=key)


def go_to_route(hand: MapsHand, origin: Place, target: Place) -> Next | None:
    """To the directions from one place to another, in any way of travelling."""
    if hand.path == "/route" and hand.there(key="mode-walk"):
        ends = [fold(hand.query.get(name, "")) for name in ("from", "to")]
        if ends == [fold(origin.name), fold(target.name)]:
            return None
    if hand.path == "/route" and hand.there(key="route-go"):
        return fill(hand, {"from": origin.name, "to": target.name}, "route-go")
    here = hand.path == f"/place/{target.slug}" and hand.there(key="route-here")
    return hand.click(key="route-here" if here else "directions")


def go_by(hand: MapsHand, origin: Place, target: Place, mode: str) -> Next | None:
    """To the directions in one way of travelling."""
    way = go_to_route(hand, origin, target)
    if way is not None:
        return way
    return None if hand.query.get("mode", "walk") == mode else hand.click(key=f"mode-{mode}")
