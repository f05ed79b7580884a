"""What the task templates of the code host share."""

from __future__ import annotations

from webvoyager_gym.sites.code.settle import WAYS
from webvoyager_gym.sites.code.state import CodeState
from webvoyager_gym.sites.code.walk import CodeHand
from webvoyager_gym.sites.code.world import Repository, World
from webvoyager_gym.sites.kit import Name
from webvoyager_gym.sites.kit.ways import Next, sign_in
from webvoyager_gym.sites.kit.worded import WordedTask


class CodeTask(WordedTask[World, CodeState]):
    """A task on the code host."""

    ways = WAYS

    def settle(self, hand: CodeHand) -> Next | None:
        """Nothing can be changed by someone who is not signed in."""
        if hand.state.effects() == hand.wanted:
            return None
        return sign_in(hand) or super().settle(hand)


def name_of(repository: Repository, world: World) -> Name:
    """A repository's name as an answer; without its owner where only one has that name."""
    others = tuple(other.key for other in world.repositories if other.name != repository.name)
    namesakes = [other for other in world.repositories if other.name == repository.name]
    return Name(repository.key, others, (repository.name,) if len(namesakes) == 1 else ())
