"""Experts that set the site's state right: for sites on which every effect can be undone through the pages.

Such a site gives its effects as a dictionary of parts, each a dictionary of keys and values, so what is left to do is
the difference between the effects there are and those wanted, and one function that carries out a change serves all
tasks of the site, from any state.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit.expert import Hand
from webvoyager_gym.sites.kit.template import State, Template
from webvoyager_gym.sites.kit.ways import Next, read
from webvoyager_gym.sites.kit.world import one_of

W = TypeVar("W")
S = TypeVar("S", bound=State)

__all__ = ["Act", "Change", "Errand", "Question", "changes", "drop", "one_of", "put", "read", "unfold"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the effects: the part, the key in it, and the value it gets; None takes the key away."""

    part: str
    key: str
    value: Any


def changes(have: Mapping[str, Mapping[str, Any]], want: Mapping[str, Mapping[str, Any]]) -> list[Change]:
    """What leads from one set of effects to another, what has to go first."""
    gone = [Change(part, key, None) for part, kept in have.items() for key in kept if key not in want[part]]
    new = [
        Change(part, key, value)
        for part, kept in want.items()
        for key, value in kept.items()
        if key not in have[part] or have[part][key] != value
    ]
    return gone + new


def put(effects: Mapping[str, Any], part: str, key: str, value: Any) -> dict[str, Any]:
    """The effects with a value at a key of a part."""
    return {**effects, part: {**effects[part], key: value}}


def drop(effects: Mapping[str, Any], part: str, key: str) -> dict[str, Any]:
    """The effects without a key of a part."""
    return {**effects, part: {name: value for name, value in effects[part].items() if name != key}}


class Errand(Template[W, S]):
    """A task whose expert first puts right what is not as it should be."""

    @abstractmethod
    def carry_out(self, hand: Hand[W, S], change: Change) -> Next:
        """The next action of a change. Raises NotThere."""

    def put_right(self, hand: Hand[W, S]) -> Next | None:
        """The next action towards the wanted effects; None when they are there."""
        left = changes(hand.state.effects(), hand.wanted)
        return self.carry_out(hand, left[0]) if left else None


class Question(Errand[W, S]):
    """A task that asks something and wants nothing changed."""

    def expert(self, hand: Hand[W, S]) -> Next:
        return self.put_right(hand) or self.look(hand) or hand.answer()

    @abstractmethod
    def look(self, hand: Hand[W, S]) -> Next | None:
        """The next action towards the place where the answer can be read; None when it can be."""


class Act(Errand[W, S]):
    """A task that is done as soon as the state is as wanted."""

    kind = "act"

    def expert(self, hand: Hand[W, S]) -> Next:
        return self.put_right(hand) or hand.answer("done")


def unfold(hand: Hand[Any, Any], key: str, text: str) -> Action | None:
    """Open a section of an accordion and scroll to the text in it; None when it can be read. Raises NotThere."""
    summary = hand.find(key=f"fold-{key}")
    if summary is not None and summary.name.startswith("Show"):
        return hand.click(key=f"fold-{key}")
    return read(hand, text, f"fold-{key}")
