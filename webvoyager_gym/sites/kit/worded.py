"""Tasks whose wordings are a table, and whose experts first put the site's state right, part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

import numpy as np

from webvoyager_gym.sites.kit.expert import Hand
from webvoyager_gym.sites.kit.template import Params, State, Template
from webvoyager_gym.sites.kit.ways import Next
from webvoyager_gym.sites.kit.world import one_of

W = TypeVar("W")
S = TypeVar("S", bound=State)
Wordings = Mapping[str, tuple[str, ...]]
Ways = Mapping[str, Callable[..., Next | None]]
"""Part of the effects -> the next step, from the hand, the part as it is and the part as it is wanted."""


class WordedTask(Template[W, S]):
    """A template whose goal is one of a few wordings, by the parameter "fact" where there are several sets.

    Subclasses give `path`, the steps to where the task is as good as done.

    Attributes:
        wordings: set of wordings -> the wordings, with the words that `words` gives in braces.
        ways: as for `settle_parts`.
    """

    wordings: ClassVar[Wordings]
    ways: ClassVar[Ways]

    def words(self, world: W, params: Params) -> Mapping[str, Any]:
        """What the wordings mention."""
        return params

    def goal(self, world: W, params: Params, random: np.random.Generator) -> str:
        wording = one_of(random, self.wordings[params.get("fact", "")])
        return wording.format(**self.words(world, params))

    def settle(self, hand: Hand[W, S]) -> Next | None:
        """The next step towards the wanted effects, or None when they are there."""
        return settle_parts(hand, self.ways)

    def path(self, hand: Hand[W, S]) -> Next | None:
        """The next step towards the answer, or None where it can be read."""
        return None

    def expert(self, hand: Hand[W, S]) -> Next:
        return self.settle(hand) or self.path(hand) or hand.answer()


def settle_parts(hand: Hand[Any, Any], ways: Ways) -> Next | None:
    """The next step towards the wanted effects, one part of them after the other; None when they are there."""
    have = hand.state.effects()
    for part, way in ways.items():
        if have[part] != hand.wanted[part]:
            return way(hand, have[part], hand.wanted[part])
    return None


def first_change(have: Mapping[str, Any] | Sequence[str], want: Mapping[str, Any] | Sequence[str]) -> str:
    """The first key of mappings, or item of sequences, that is not as wanted; one that is there already, if any."""
    if isinstance(have, Mapping) and isinstance(want, Mapping):
        wrong = [key for key in have if key not in want or have[key] != want[key]]
    else:
        wrong = [item for item in have if item not in want]
    return (wrong or [key for key in want if key not in have])[0]
