"""From any state of the site to the wanted one: the part of every expert that has side effects or undoes them."""

from __future__ import annotations

from webvoyager_gym.sites.kit.ways import Next, fill
from webvoyager_gym.sites.maps.navigate import MapsHand, Way, go_to_place, go_to_tab


def reach(hand: MapsHand, way: Way = go_to_place) -> Next | None:
    """The next action towards `hand.wanted`, or None if the state's effects are as wanted.

    Args:
        way: how to get to the card of a place that is to be starred.
    """
    return _labels(hand) or _lists(hand) or _places(hand) or _stars(hand, way)


def _labels(hand: MapsHand) -> Next | None:
    wanted: dict[str, str] = hand.wanted["labels"]
    for slug in sorted({*wanted, *hand.state.labels}):
        text = wanted.get(slug, "")
        if hand.state.labels.get(slug, "") != text:
            there = go_to_tab(hand, hand.world.by_slug[slug], "overview")
            return there or fill(hand, {"label": text}, "save-label")
    return None


def _go_to_list(hand: MapsHand, name: str) -> Next | None:
    """To a list; "" is the list of starred places."""
    if hand.path == "/saved" and hand.there(key="list-"):
        return None if hand.query.get("list", "") == name else hand.click(key=f"list-{name}")
    return hand.click(key="saved")


def _lists(hand: MapsHand) -> Next | None:
    """The right lists, whatever is in them."""
    wanted: dict[str, list[str]] = hand.wanted["lists"]
    for name in sorted(hand.state.lists.keys() - wanted.keys()):
        return _go_to_list(hand, name) or hand.click(key="delete-list")
    for name in sorted(wanted.keys() - hand.state.lists.keys()):
        return _go_to_list(hand, "") or fill(hand, {"list-name": name}, "add-list")
    return None


def _places(hand: MapsHand) -> Next | None:
    """The right places in every list."""
    wanted: dict[str, list[str]] = hand.wanted["lists"]
    for name, places in sorted(hand.state.lists.items()):
        for slug in sorted(places - set(wanted[name])):
            if hand.path == f"/place/{slug}" and hand.there(key=f"drop-{name}"):
                return hand.click(key=f"drop-{name}")
            return _go_to_list(hand, name) or hand.click(key=f"remove-{slug}")
        for slug in sorted(set(wanted[name]) - places):
            there = go_to_tab(hand, hand.world.by_slug[slug], "overview")
            return there or fill(hand, {"list": name}, "keep")
    return None


def _stars(hand: MapsHand, way: Way) -> Next | None:
    wanted = set(hand.wanted["starred"])
    for slug in sorted(hand.state.starred - wanted):
        if hand.path == f"/place/{slug}":
            return hand.click(key="unstar")
        return _go_to_list(hand, "") or hand.click(key=f"remove-{slug}")
    for slug in sorted(wanted - hand.state.starred):
        return way(hand, hand.world.by_slug[slug]) or hand.click(key="star")
    return None
