"""Small closed-loop steps that experts of every site are made of. Each gives the next action, or None if it is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit.expert import Hand

T = TypeVar("T")
Step = Action | Sequence[Action] | None
"""What to do next: an action, several equally good ones, or nothing."""


def choose(random: np.random.Generator, options: Sequence[T]) -> T:
    """One of the options, each equally likely."""
    return options[int(random.integers(len(options)))]


def reveal(hand: Hand[Any, Any], **what: Any) -> Step:
    """Scroll until the element is within the viewport. Raises NotThere."""
    action = hand.click(**what)
    return action if action.kind == "scroll" else None


def read(hand: Hand[Any, Any], *texts: str) -> Step:
    """Scroll until all the texts are within the viewport, as far as the page has them."""
    if all(text in hand.view.outline for text in texts):
        return None
    top, height, page_height = hand.view.scroll
    if top + height < page_height - 1:
        return Action("scroll", argument="down")
    if hand.there(key="consent"):
        return hand.click(key="consent")
    return Action("scroll", argument="up") if top > 0 else None


def shows(hand: Hand[Any, Any], text: str, **what: Any) -> bool:
    """Whether a field holds exactly that text, case and all."""
    mark = hand.find(**what)
    return mark is not None and mark.value.strip() == text


def fill(hand: Hand[Any, Any], texts: dict[str, str], options: dict[str, str]) -> Step:
    """Fill in a form: texts to type and options to select by the key of their field, in any order."""
    wrong = [hand.type(text, key=key) for key, text in texts.items() if not shows(hand, text, key=key)]
    wrong += [hand.select(option, key=key) for key, option in options.items() if not hand.holds(option, key=key)]
    return tuple(dict.fromkeys(wrong)) or None
