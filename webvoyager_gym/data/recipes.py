"""The ladder of datasets that this project publishes, from chance to expert, and how each is made.

    random       every proposal equally likely
    mixed        the VLM's first choice, and half of the time any proposal (Best-of-Q, arXiv 2601.22701, section 4)
    greedy-q-1   mixed, and a round by the Q-function that was trained on it, one action in ten drawn by lot
    greedy-q-2   greedy-q-1, and a round by the Q-function that was trained on that; greedy-q-3 likewise
    expert       the proposal that the suite's expert thinks best, the VLM's first choice where none is

Each is made in three sizes. `mini` is what comes with the package.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from webvoyager_gym.errors import not_found

Size = Literal["small", "medium", "large"]

EPISODES: dict[str, int] = {"small": 150, "medium": 1_500, "large": 15_000}
"""How many episodes a size has, the same number of each of fifteen sites; of `greedy-q`, each round has as many."""

LICENCE = "Apache-2.0"
"""Of the datasets, whose sites, texts and pictures are this project's own."""

Q = "{q}"
"""Stands in a policy for the Q-function's file."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a dataset is made from the local suite with the pocket VLM.

    Attributes:
        id: of the dataset.
        policy: who chooses, as `load_agent` takes it.
        episodes: how many are collected.
        parent: id of the dataset that they are added to; "" for none.
        seed: no two recipes that add to each other have the same.
        max_steps: actions after which an episode is broken off.
        screenshots: whether they are recorded.
    """

    id: str
    policy: str
    episodes: int
    parent: str = ""
    seed: int = 0
    max_steps: int = 15
    screenshots: bool = True

    @property
    def needs_q(self) -> bool:
        """Whether it is collected with a Q-function that was trained on its parent."""
        return Q in self.policy


_RUNGS: dict[str, tuple[str, str, int]] = {
    "random": ("random", "", 0),
    "mixed": ("epsilon-greedy:0.5:first", "", 0),
    "greedy-q-1": (f"epsilon-greedy:0.1:best-of-q:{Q}", "mixed", 1),
    "greedy-q-2": (f"epsilon-greedy:0.1:best-of-q:{Q}", "greedy-q-1", 2),
    "greedy-q-3": (f"epsilon-greedy:0.1:best-of-q:{Q}", "greedy-q-2", 3),
    "expert": ("oracle-of-n", "", 0),
}
"""Policy, parent and seed by name."""

MINI = Recipe("local/mini-v0", "epsilon-greedy:0.3:oracle-of-n", 24, max_steps=8, screenshots=False)


def recipes() -> tuple[Recipe, ...]:
    """All recipes, the bundled dataset's first."""
    return (MINI, *(_recipe(name, size) for name in _RUNGS for size in EPISODES))


def find_recipe(id: str, size: str = "medium") -> Recipe:
    """The recipe of a rung in a size, or of an id that says its size itself.

    Raises:
        NotFound: there is none; the nearest ids are named.
    """
    known = {recipe.id: recipe for recipe in recipes()}
    sized = {_id(name, "medium"): _id(name, size) for name in _RUNGS}
    wanted = sized.get(id, id)
    if wanted not in known:
        raise not_found("recipe for a dataset", id, known)
    return known[wanted]


def _id(name: str, size: str) -> str:
    return f"local/{name}-v0" if size == "medium" else f"local/{name}-{size}-v0"


def _recipe(name: str, size: str) -> Recipe:
    policy, parent, seed = _RUNGS[name]
    return Recipe(_id(name, size), policy, EPISODES[size], _id(parent, size) if parent else "", seed)
