"""What the task templates of the hub share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from webvoyager_gym.sites.kit import Name, Params, one_of
from webvoyager_gym.sites.kit.worded import WordedTask
from webvoyager_gym.sites.models.search import Query, find
from webvoyager_gym.sites.models.state import HubState
from webvoyager_gym.sites.models.walk import WAYS, HubHand
from webvoyager_gym.sites.models.world import Item, World


class HubTask(WordedTask[World, HubState]):
    """A task on the hub."""

    ways = WAYS


def item_of(hand: HubHand) -> Item:
    """The item that the task is about."""
    return hand.world.by_key[hand.params["item"]]


def name_of(item: Item, world: World) -> Name:
    """An item's name as an answer, with or without its owner."""
    return Name(item.key, tuple(other.name for other in world.items if other != item), (item.name,))


EXTREMES: dict[str, Callable[[Item], int]] = {
    "downloads": lambda item: item.downloads,
    "likes": lambda item: item.likes,
    "updated": lambda item: item.updated.toordinal(),
}


def draw_extreme(world: World, random: np.random.Generator) -> dict[str, Any] | None:
    """A superlative among the models of a task, half the time of a library as well, of all sizes."""
    sort = one_of(random, tuple(EXTREMES))
    task = one_of(random, world.tasks)
    library = one_of(random, world.models).library if random.random() < 0.5 else ""
    found = find(world, Query("model", "", task, library, size="all", sort=sort))
    return {"sort": sort, "task": task, "library": library, "item": found[0].key} if len(found) >= 2 else None


def extreme_query(params: Params) -> Query:
    """The results that a superlative is read from."""
    return Query("model", "", params["task"], params["library"], size="all", sort=params["sort"])


def extreme_text(params: Params) -> str:
    """The superlative in words: "the JAX model for Translation with the most likes"."""
    which = {"downloads": "with the most downloads", "likes": "with the most likes", "updated": "updated most recently"}
    return f"the {params['library']} model for {params['task']} {which[params['sort']]}".replace("  ", " ")
