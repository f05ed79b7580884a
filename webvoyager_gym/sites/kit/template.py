"""Task templates: a family of tasks on one site that differ in their parameters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, Literal, TypeVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit.answers import Expected
from webvoyager_gym.sites.kit.expert import Hand

W = TypeVar("W")
S = TypeVar("S", bound="State")
Params = Mapping[str, Any]
"""A task's parameters: anything JSON can hold."""


class State(ABC):
    """What the server remembers of one episode. A site subclasses it as a (mutable) dataclass."""

    @abstractmethod
    def effects(self) -> dict[str, Any]:
        """What the user has changed that matters (cart, bookings, saved items, …), as plain comparable data.

        Where the user has looked, accepted cookies or closed a dialog is no effect.
        """


class Template(ABC, Generic[W, S]):
    """One family of tasks. Subclasses say how a task is drawn, worded, checked and solved.

    Success is: the answer matches `expected` (if there is one), and the server state's effects equal `effects`, so a
    wrong or additional side effect fails the task. A template without an expected answer is done as soon as the effects
    are right; one with an expected answer is done when the agent answers.
    """

    name: ClassVar[str]
    kind: ClassVar[Literal["look up", "compare", "filter", "plan", "compute", "act"]]
    feasible: ClassVar[bool] = True
    """False for tasks that cannot be done; `expected` is then an `Impossible`."""

    @abstractmethod
    def draw(self, world: W, random: np.random.Generator) -> Params | None:
        """Parameters of one task in this world, or None if this attempt does not work out (another follows)."""

    @abstractmethod
    def goal(self, world: W, params: Params, random: np.random.Generator) -> str:
        """The task in words; `random` picks among several wordings."""

    def prepare(self, world: W, params: Params, state: S) -> None:
        """Change the fresh server state before the episode starts (something in the cart already, say)."""

    def expected(self, world: W, params: Params) -> Expected | None:
        """The right answer; None for a task that asks for none."""
        return None

    def effects(self, world: W, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        """The effects that a successful episode ends with; by default the initial ones, unchanged."""
        return initial

    @abstractmethod
    def expert(self, hand: Hand[W, S]) -> Action | Sequence[Action]:
        """The best next action from any state; several if they are equally good, the plainest first.

        Raises:
            NoExpert: the task can no longer be completed.
            NotThere: an element was expected that is nowhere on the page (the suite then answers with `restart`).
        """
