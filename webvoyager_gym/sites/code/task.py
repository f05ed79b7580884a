"""What the task templates of the code host share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.sites.code.settle import settle
from webvoyager_gym.sites.code.state import CodeState
from webvoyager_gym.sites.code.walk import CodeHand
from webvoyager_gym.sites.code.world import Repository, World
from webvoyager_gym.sites.kit import Name, Params, Template, one_of
from webvoyager_gym.sites.kit.ways import Next

Wordings = Mapping[str, tuple[str, ...]]


class CodeTask(Template[World, CodeState]):
    """A template whose goal is one of a few wordings, by the parameter "fact" where there are several sets.

    Subclasses give `path`: the steps to where the task is as good as done; answering follows.
    """

    wordings: ClassVar[Wordings]

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        """What the wordings mention."""
        return params

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        wording = one_of(random, self.wordings[params.get("fact", "")])
        return wording.format(**self.words(world, params))

    def path(self, hand: CodeHand) -> Next | None:
        """The next step towards the answer, or None where it can be read."""
        return None

    def expert(self, hand: CodeHand) -> Next:
        return settle(hand) or self.path(hand) or hand.answer()


def name_of(repository: Repository, world: World) -> Name:
    """A repository's name as an answer; without its owner where only one has that name."""
    others = tuple(other.key for other in world.repositories if other.name != repository.name)
    namesakes = [other for other in world.repositories if other.name == repository.name]
    return Name(repository.key, others, (repository.name,) if len(namesakes) == 1 else ())
