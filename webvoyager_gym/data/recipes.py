"""The ladder of datasets that this project publishes, from chance to expert, and how each is made.

    random       every proposal equally likely
    mixed        the VLM's first choice, and half of the time any proposal (Best-of-Q, arXiv 2601.22701, section 4)
    greedy-q-1   mixed, and a round by the Q-function that was trained on it, one action in ten drawn by lot
    greedy-q-2   greedy-q-1, and a round by the Q-function that was trained on that; greedy-q-3 likewise
    expert       the proposal that the suite's expert thinks best, the VLM's first choice where none is

Each is made in three sizes, and holds a tenth as many episodes on validation tasks besides, on which what is learnt is
measured; a round of greedy-q has its parent's. `mini` is what comes with the package. From mixed on, a rung is a round
of the method's iteration, as `python -m algorithms.iterate` runs it: both ask `round_recipe`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from webvoyager_gym.errors import not_found

Size = Literal["small", "medium", "large"]

EPISODES: dict[str, int] = {"small": 150, "medium": 600, "large": 6_000}
"""How many episodes a size has, the same number of each of fifteen sites; of `greedy-q`, each round has as many."""

VALIDATION_SHARE = 10
"""So many train episodes for one on a validation task."""

LICENCE = "Apache-2.0"
"""Of the datasets, whose sites, texts and pictures are this project's own."""

ROUNDS = 3
"""Rounds of the ladder that are collected around a Q-function."""

Q = "{q}"
"""Stands in a policy for the agent that chooses by the Q-function, such as best-of-q:PATH."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a dataset is made from the local suite with the pocket VLM.

    Attributes:
        id: of the dataset.
        policy: who chooses, as `load_agent` takes it.
        episodes: how many are collected.
        parent: id of the dataset that they are added to; "" for none.
        validation: how many episodes on validation tasks are collected besides.
        seed: no two recipes that add to each other have the same.
        max_steps: actions after which an episode is broken off.
        screenshots: whether they are recorded.
    """

    id: str
    policy: str
    episodes: int
    parent: str = ""
    validation: int = 0
    seed: int = 0
    max_steps: int = 15
    screenshots: bool = True

    @property
    def needs_q(self) -> bool:
        """Whether it is collected with a Q-function that was trained on its parent."""
        return Q in self.policy


def round_name(number: int) -> str:
    """What a round of the iteration is called."""
    return f"greedy-q-{number}" if number else "mixed"


def round_recipe(number: int, episodes: int, id_of: Callable[[str], str], seed: int = 0) -> Recipe:
    """A round of Best-of-Q's iteration (arXiv 2601.22701, section 4): each adds episodes to those of the rounds before.

    Args:
        number: 0 for the round around the VLM's first choice, k for the one around the Q-function that was trained on
            rounds 0 to k - 1.
        episodes: how many it collects.
        id_of: the dataset's id by the round's name.
        seed: of round 0; the next rounds count on, and so draw other tasks.
    """
    if number == 0:
        held_out = episodes // VALIDATION_SHARE
        return Recipe(id_of(round_name(0)), "epsilon-greedy:0.5:first", episodes, validation=held_out, seed=seed)
    before = id_of(round_name(number - 1))
    return Recipe(id_of(round_name(number)), f"epsilon-greedy:0.1:{Q}", episodes, before, seed=seed + number)


MINI = Recipe("local/mini-v0", "epsilon-greedy:0.3:oracle-of-n", 24, max_steps=8, screenshots=False)


def recipes() -> tuple[Recipe, ...]:
    """All recipes, the bundled dataset's first."""
    return (MINI, *(recipe for rung in zip(*map(_ladder, EPISODES), strict=True) for recipe in rung))


def find_recipe(id: str, size: str = "medium") -> Recipe:
    """The recipe of a rung in a size, or of an id that says its size itself.

    Raises:
        NotFound: there is none; the nearest ids are named.
    """
    known = {recipe.id: recipe for recipe in recipes()}
    of_size = dict(zip((rung.id for rung in _ladder("medium")), _ladder(size), strict=True))
    if id not in known:
        raise not_found("recipe for a dataset", id, known)
    return of_size.get(id, known[id])


def how_to_make(id: str) -> str:
    """The command that makes a dataset of the ladder, in backquotes; the general one for any other."""
    made = any(recipe.id == id for recipe in recipes())
    return f"`webvoyager-gym datasets build {id}`" if made else "`webvoyager-gym collect`"


def ladder_id(name: str, size: str) -> str:
    """The id of a rung in a size."""
    return f"local/{name}-v0" if size == "medium" else f"local/{name}-{size}-v0"


def _ladder(size: str) -> tuple[Recipe, ...]:
    """The rungs in a size, from chance to expert."""
    id_of, episodes = partial(ladder_id, size=size), EPISODES[size]
    return (
        Recipe(id_of("random"), "random", episodes, validation=episodes // VALIDATION_SHARE),
        *(round_recipe(number, episodes, id_of) for number in range(ROUNDS + 1)),
        Recipe(id_of("expert"), "oracle-of-n", episodes, validation=episodes // VALIDATION_SHARE),
    )
