"""Tasks about what is in the bag already: two things that differ in their colour only, and a third."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.devices.buying import ConfiguredTask, draw_configuration
from webvoyager_gym.sites.devices.names import ENGRAVINGS
from webvoyager_gym.sites.devices.reach import DeviceHand, open_bag, see
from webvoyager_gym.sites.devices.state import MOST, Item, Visitor, configuration
from webvoyager_gym.sites.devices.task import DeviceAct, DeviceQuestion, Wordings
from webvoyager_gym.sites.devices.world import World
from webvoyager_gym.sites.kit import Expected, Number, Params
from webvoyager_gym.sites.kit.changes import drop, one_of, put


class InBag(ConfiguredTask):
    """A task about one of the things in the bag, which its colour tells."""

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        first, third = draw_configuration(world, random), draw_configuration(world, random)
        second = replace(first, finish=int(random.integers(len(first.model.finishes))))
        if first.finish == second.finish or first.model == third.model:
            return None
        if not all(one.available for one in (first, second, third)):
            return None
        keys = [(first, second, third)[int(i)].key for i in random.permutation(3)]
        return {"key": first.key, "bag": {key: int(random.integers(1, 4)) for key in keys}}

    def prepare(self, world: World, params: Params, state: Visitor) -> None:
        state.bag.update({key: Item(quantity) for key, quantity in params["bag"].items()})


class InBagAct(InBag, DeviceAct):
    """An act of this sort."""

    def changed(self, params: Params, initial: dict[str, Any], **to: Any) -> dict[str, Any]:
        """The effects with the thing changed."""
        item = asdict(replace(Item(params["bag"][params["key"]]), **to))
        return put(initial, "bag", params["key"], item)


class BagWithout(InBag, DeviceQuestion):
    """What the bag costs without one of the things in it."""

    name = "bag-without"
    kind = "compute"
    wordings: ClassVar[Wordings] = {
        "": (
            "What would my bag cost in all without the {colour} {name}? Leave it in the bag.",
            "Leaving out the {colour} {name}, what is the total of my bag? Change nothing.",
            "Do not change my bag: what would its total be without the {name} in {colour}?",
        )
    }

    def expected(self, world: World, params: Params) -> Expected:
        rest = {key: quantity for key, quantity in params["bag"].items() if key != params["key"]}
        return Number(sum(configuration(world, key).price * quantity for key, quantity in rest.items()), "$")

    def look(self, hand: DeviceHand) -> Action | None:
        return open_bag(hand) or see(hand, "Total", "update")


class Engrave(InBagAct):
    """Have something engraved."""

    name = "engrave"
    wordings: ClassVar[Wordings] = {
        "": (
            "Have “{engraving}” engraved on the {colour} {name} in my bag.",
            "Engrave the {name} in {colour} that is in my bag with “{engraving}”.",
            "In the bag, set the engraving of the {colour} {name} to “{engraving}”.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = super().draw(world, random)
        return params and {**params, "engraving": one_of(random, ENGRAVINGS)}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return self.changed(params, initial, engraving=params["engraving"])


class ChangeQuantity(InBagAct):
    """Change how many there are."""

    name = "change-quantity"
    wordings: ClassVar[Wordings] = {
        "": (
            "Change the quantity of the {colour} {name} in my bag to {quantity}.",
            "I need {quantity} of the {name} in {colour}. Update my bag.",
            "Set the {colour} {name} in the bag to {quantity} pieces.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params, quantity = super().draw(world, random), int(random.integers(1, MOST + 1))
        return {**params, "quantity": quantity} if params and params["bag"][params["key"]] != quantity else None

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return self.changed(params, initial, quantity=params["quantity"])


class RemoveFromBag(InBagAct):
    """Take a thing out of the bag."""

    name = "remove-from-bag"
    wordings: ClassVar[Wordings] = {
        "": (
            "Remove the {colour} {name} from my bag.",
            "I do not want the {name} in {colour} any more. Take it out of the bag.",
            "Take the {colour} {name} out of my bag and keep the rest.",
        )
    }

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return drop(initial, "bag", params["key"])


class PickUp(InBagAct):
    """Choose the store where the bag is collected."""

    name = "pickup-store"
    wordings: ClassVar[Wordings] = {
        "": (
            "I will collect my bag at the store {store}. Set that as the pickup place.",
            "Change my bag from delivery to pickup at {store}.",
            "Set pickup at the {store} store for what is in my bag.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = super().draw(world, random)
        return params and {**params, "place": one_of(random, world.stores).slug}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"store": world.store_by_slug[params["place"]].name}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "choices", "pickup", params["place"])


IN_BAG = (BagWithout(), Engrave(), ChangeQuantity(), RemoveFromBag(), PickUp())
