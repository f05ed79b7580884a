"""Moves that experts of every site make: filling a form, signing in, looking for what the page says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from webvoyager_gym.actions import FIELD_ROLES, Action
from webvoyager_gym.sites.kit.expert import Hand, NotThere

Next = Action | Sequence[Action]
"""What an expert returns: an action, or several that are equally good."""


def plainest(pending: Sequence[Action]) -> Next | None:
    """The actions that can be done at once; if there are none, the first, which scrolls there; None if none is left."""
    direct = tuple(action for action in pending if action.kind != "scroll")
    return direct or next(iter(pending), None)


def set_fields(hand: Hand[Any, Any], fields: Mapping[str, str | bool]) -> Next | None:
    """Bring the form's fields, in any order, to these values; None when they have them.

    Args:
        fields: key -> text, label of an option, or state of a check box or radio button.

    Raises:
        NotThere: the page has no such field.
    """
    return plainest(_wrong_fields(hand, fields))


def fill(hand: Hand[Any, Any], fields: Mapping[str, str | bool], submit: str) -> Next:
    """Bring the form's fields to these values, then send it; with Enter if the last one is a text field.

    Args:
        fields: as for `set_fields`.
        submit: key of the button that sends the form.

    Raises:
        NotThere: the page has no such field.
    """
    pending = _wrong_fields(hand, fields)
    if len(pending) == 1 and pending[0].kind == "type":
        return Action("type", pending[0].mark, pending[0].argument, enter=True)
    return plainest(pending) or hand.click(key=submit)


def _wrong_fields(hand: Hand[Any, Any], fields: Mapping[str, str | bool]) -> list[Action]:
    """What brings each field that has another value to its own."""
    pending = []
    for key, value in fields.items():
        mark = hand.find(key=key)
        if mark is None:
            raise NotThere(f"nothing on {hand.path} is the field {key!r}")
        if isinstance(value, bool):
            if bool(mark.checked) != value:
                pending.append(hand.click(key=key))
        elif mark.role in FIELD_ROLES:
            # The server keeps the case of a text, so it matters; a password shows as dots.
            if mark.value.strip() not in (value, "•" * len(value)):
                pending.append(hand.type(value, key=key))
        elif not hand.holds(value, key=key):
            pending.append(hand.select(value, key=key))
    return pending


def sign_in(hand: Hand[Any, Any]) -> Next | None:
    """Sign in, if that is still to be done, on a site whose world has `user` and `password`."""
    if hand.state.signed_in:
        return None
    if hand.path != "/login":
        return hand.click(key="sign-in")
    fields = {"username": hand.world.user, "password": hand.world.password}
    return set_fields(hand, fields) or hand.click(key="enter")


def turn_pages(hand: Hand[Any, Any], key: str, index: int, size: int) -> Action | None:
    """Towards the page of a list, with so many items each, that has the element of the key, which is item `index`."""
    if hand.there(key=key):
        return None
    number = int(hand.query.get("page") or 1)
    return hand.click(key="next-page" if number < index // size + 1 else "previous-page")


def says(hand: Hand[Any, Any], *texts: str) -> bool:
    """Whether all the texts stand in the viewport, whatever their case and spacing."""
    said = " ".join(hand.view.outline.split()).casefold()
    return all(text.casefold() in said for text in texts)


def reveal(hand: Hand[Any, Any], **what: Any) -> Action | None:
    """Scroll until the element is within the viewport. Raises NotThere."""
    action = hand.click(**what)
    return action if action.kind == "scroll" else None


def read(hand: Hand[Any, Any], text: str, near: str) -> Action | None:
    """Scroll until the viewport says the text, which stands just below the element of the key `near`.

    Raises:
        NotThere: there is no such element.
    """
    if says(hand, text):
        return None
    top, height, whole = hand.view.scroll
    further = Action("scroll", None, "down" if top + height < whole else "up")
    return reveal(hand, key=near) or _uncover(hand) or further


def scroll_to(hand: Hand[Any, Any], *texts: str) -> Action | None:
    """Scroll down until the viewport says all the texts, or the page ends."""
    if says(hand, *texts):
        return None
    top, height, whole = hand.view.scroll
    return Action("scroll", None, "down") if top + height < whole - 2 else _uncover(hand)


def answer_when_seen(hand: Hand[Any, Any], *texts: str) -> Action:
    """The answer, once all texts stand in the viewport; before that, what brings them there."""
    return scroll_to(hand, *texts) or hand.answer()


def _uncover(hand: Hand[Any, Any]) -> Action | None:
    """Close the cookie banner, which may cover the text at the bottom."""
    banner = hand.find(key="consent")
    return Action("click", banner.index) if banner is not None and banner.visible else None
