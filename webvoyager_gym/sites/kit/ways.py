"""Moves that experts of every site make: filling a form, reading a page to its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from webvoyager_gym.actions import FIELD_ROLES, Action
from webvoyager_gym.sites.kit.expert import Hand, NotThere

Next = Action | Sequence[Action]
"""What an expert returns: an action, or several that are equally good."""


def one_of(random: np.random.Generator, *wordings: str) -> str:
    """One of several wordings."""
    return wordings[int(random.integers(len(wordings)))]


def plainest(pending: Sequence[Action]) -> Next:
    """The actions that can be done at once; if there are none, the first, which scrolls there."""
    direct = tuple(action for action in pending if action.kind != "scroll")
    return direct or pending[0]


def fill(hand: Hand[Any, Any], fields: Mapping[str, str | bool], submit: str) -> Next:
    """Bring the form's fields, in any order, to these values, then send it; with Enter if the last one is a text field.

    Args:
        fields: key -> text, label of an option, or state of a check box.
        submit: key of the button that sends the form.

    Raises:
        NotThere: the page has no such field.
    """
    pending: list[Action] = []
    last_is_text = False
    for key, value in fields.items():
        mark = hand.find(key=key)
        if mark is None:
            raise NotThere(f"nothing on {hand.path} is the field {key!r}")
        if isinstance(value, bool):
            if mark.checked != value:
                last_is_text = False
                pending.append(hand.click(key=key))
        elif mark.value.strip() != value:
            last_is_text = mark.role in FIELD_ROLES
            pending.append(hand.type(value, key=key) if last_is_text else hand.select(value, key=key))
    if not pending:
        return hand.click(key=submit)
    if len(pending) == 1 and last_is_text and pending[0].kind == "type":
        only = pending[0]
        return Action("type", only.mark, only.argument, enter=True)
    return plainest(pending)


def answer_when_seen(hand: Hand[Any, Any], *texts: str) -> Action:
    """The answer, once all texts stand in the viewport; before that, what brings them there."""
    top, height, page = hand.view.scroll
    if all(text in hand.view.outline for text in texts):
        return hand.answer()
    if top + height < page - 2:
        return Action("scroll", None, "down")
    consent = hand.find(key="consent")
    if consent is not None and consent.visible:
        return hand.click(key="consent")
    return hand.answer()
