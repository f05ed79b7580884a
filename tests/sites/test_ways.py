"""The moves that experts of every site make, on pages made up here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Hand, NotThere
from webvoyager_gym.sites.kit.ways import answer_when_seen, fill, read, reveal, scroll_to, set_fields, turn_pages
from webvoyager_gym.sites.kit.worded import first_change
from webvoyager_gym.types import Mark, PageView

DOWN, UP = Action("scroll", None, "down"), Action("scroll", None, "up")


def mark(index: int, key: str, role: str = "button", **more: Any) -> Mark:
    """An element; with index 0 it stands below the viewport."""
    return Mark(index, role, key, (0, 900 if index == 0 else 10, 20, 20), key=key, **more)


def hand(
    *marks: Mark, outline: str = "", scroll: tuple[int, int, int] = (0, 700, 2000), query: str = ""
) -> Hand[Any, Any]:
    """An expert's view of a page with these elements."""
    seen = tuple(one for one in marks if one.visible)
    below = tuple(one for one in marks if not one.visible)
    url = f"http://x.webvoyager.test/list?{query}"
    view = PageView(np.zeros((1, 1, 3), np.uint8), seen, outline, url, "", scroll, below)
    return Hand(view, None, None, {})


NAME = mark(1, "name", "textbox", value="ana")
LIST = mark(2, "size", "combobox", value="Large", options=("Small", "Large"))
BOX = mark(3, "gift", "checkbox", checked=False)
SEND = mark(4, "send")


def test_every_field_that_is_wrong_is_to_be_set() -> None:
    form = hand(NAME, LIST, BOX, SEND)
    wanted: dict[str, str | bool] = {"name": "Ana", "size": "Small", "gift": True}
    steps = (Action("type", 1, "Ana"), Action("select", 2, "Small"), Action("click", 3))
    assert set_fields(form, wanted) == fill(form, wanted, "send") == steps


def test_a_form_that_is_right_is_sent() -> None:
    form = hand(NAME, LIST, BOX, SEND)
    right: dict[str, str | bool] = {"name": "ana", "size": "large", "gift": False}
    assert set_fields(form, right) is None
    assert fill(form, right, "send") == Action("click", 4)


def test_enter_sends_a_form_whose_last_field_is_typed() -> None:
    form = hand(NAME, LIST, BOX, SEND)
    assert fill(form, {"name": "Bo", "size": "Large"}, "send") == Action("type", 1, "Bo", enter=True)
    assert set_fields(form, {"name": "Bo", "size": "Large"}) == (Action("type", 1, "Bo"),)


def test_what_is_in_sight_comes_before_what_has_to_be_scrolled_to() -> None:
    form = hand(mark(0, "street", "textbox"), NAME)
    assert set_fields(form, {"street": "Elm Row", "name": "Bo"}) == (Action("type", 1, "Bo"),)
    assert set_fields(form, {"street": "Elm Row"}) == DOWN


def test_a_password_shows_as_dots() -> None:
    form = hand(mark(1, "password", "textbox", value="••••••"))
    assert set_fields(form, {"password": "secret"}) is None
    assert set_fields(form, {"password": "secrets"}) == (Action("type", 1, "secrets"),)


def test_a_field_that_is_not_there_is_missed() -> None:
    with pytest.raises(NotThere):
        set_fields(hand(NAME), {"town": "Here"})


def test_a_page_is_scrolled_down_until_it_says_the_texts() -> None:
    assert scroll_to(hand(outline="12\n  Results"), "12 results") is None
    assert scroll_to(hand(outline="12 results"), "12 results", "Sort by") == DOWN
    end = (1300, 700, 2000)
    assert scroll_to(hand(mark(1, "consent"), scroll=end), "Sort by") == Action("click", 1)
    assert scroll_to(hand(scroll=end), "Sort by") is None
    assert answer_when_seen(hand(scroll=end), "Sort by") == Action("answer", argument="done")


def test_a_text_is_looked_for_near_its_element() -> None:
    assert read(hand(mark(0, "fold-size"), outline="Size"), "Large", "fold-size") == DOWN
    assert read(hand(mark(1, "fold-size")), "Large", "fold-size") == DOWN
    assert read(hand(mark(1, "fold-size"), scroll=(1300, 700, 2000)), "Large", "fold-size") == UP
    assert read(hand(mark(1, "fold-size"), mark(2, "consent")), "Large", "fold-size") == Action("click", 2)
    assert read(hand(outline="large"), "Large", "fold-size") is None
    with pytest.raises(NotThere):
        read(hand(), "Large", "fold-size")


def test_an_element_is_brought_into_sight() -> None:
    assert reveal(hand(mark(0, "item-3")), key="item-3") == DOWN
    assert reveal(hand(mark(1, "item-3")), key="item-3") is None


def test_pages_are_turned_towards_an_item() -> None:
    pager = mark(1, "previous-page"), mark(2, "next-page")
    assert turn_pages(hand(*pager), "item-9", 8, 4) == Action("click", 2)
    assert turn_pages(hand(*pager, query="page=3"), "item-2", 1, 4) == Action("click", 1)
    assert turn_pages(hand(*pager, mark(3, "item-2")), "item-2", 1, 4) is None


def test_what_is_wrong_goes_before_what_is_missing() -> None:
    assert first_change({"a": 1, "b": 2}, {"a": 1, "c": 3}) == "b"
    assert first_change({"a": 1}, {"a": 2, "c": 3}) == "a"
    assert first_change({"a": 1}, {"a": 1, "c": 3}) == "c"
    assert first_change(["a", "b"], ["c", "b"]) == "a"
    assert first_change(["b"], ["c", "b"]) == "c"
