"""Tasks in the configurator: what a configuration costs, and putting one in the bag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.devices.names import ENGRAVINGS
from webvoyager_gym.sites.devices.reach import DeviceHand, configure, see
from webvoyager_gym.sites.devices.state import STEPS, Configuration, Item, configuration
from webvoyager_gym.sites.devices.task import DeviceAct, DeviceQuestion, DeviceTask, Wordings, model_of
from webvoyager_gym.sites.devices.world import World
from webvoyager_gym.sites.kit import Expected, Impossible, Number, Params
from webvoyager_gym.sites.kit.changes import one_of, put


def draw_configuration(world: World, random: np.random.Generator) -> Configuration:
    """Any configuration, to be had or not."""
    model = one_of(random, world.models)
    counts = (model.sizes, model.finishes, model.storages, model.care)
    return Configuration(model, *(int(random.integers(len(among))) for among in counts))


class ConfiguredTask(DeviceTask):
    """A task about a configuration: its name, its colour and the chosen options, the size only where there are two."""

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        chosen = configuration(world, params["key"])
        size, storage, care = chosen.choices
        labels = [size.label] if len(chosen.model.sizes) > 1 else []
        return {
            **params,
            "name": chosen.model.name,
            "colour": chosen.model.finishes[chosen.finish],
            "options": ", ".join([*labels, storage.label, care.label]),
            "storage": ", ".join([*labels, storage.label]),
        }


def any_finish(hand: DeviceHand, storage: int | None = None) -> int:
    """A finish that can be had with a storage: the one that is chosen already, if it can."""
    model = model_of(hand.world, hand.params)
    order = [int(hand.query.get("finish", "0")), *range(len(model.finishes))]
    return next(finish for finish in order if (finish, storage) not in model.sold_out)


class ConfiguredPrice(ConfiguredTask, DeviceQuestion):
    """What a configuration costs, whatever its finish."""

    name = "configured-price"
    kind = "compute"
    wordings: ClassVar[Wordings] = {
        "": (
            "What does the {name} cost with these options: {options}? Any finish will do.",
            "How much is the {name} in any finish with {options}?",
            "Give the total price of the {name} with {options}; the finish does not matter.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        chosen = draw_configuration(world, random)
        finishes = range(len(chosen.model.finishes))
        if all((finish, chosen.storage) in chosen.model.sold_out for finish in finishes):
            return None
        return {"device": chosen.model.slug, "key": chosen.key}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(configuration(world, params["key"]).price, "$")

    def look(self, hand: DeviceHand) -> Action | None:
        chosen = configuration(hand.world, hand.params["key"])
        places = {step: getattr(chosen, step) for step in STEPS} | {"finish": any_finish(hand, chosen.storage)}
        return configure(hand, chosen.model, places) or see(hand, f"${chosen.price:,}", "change-finish")


class NotOffered(DeviceQuestion):
    """The price with a storage that the device does not come with."""

    name = "not-offered"
    kind = "look up"
    feasible = False
    wordings: ClassVar[Wordings] = {
        "": (
            "What does the {name} cost with {choice}?",
            "Find the price of the {name}, {choice}, without a care plan.",
            "How much do I pay for the {name} if I choose {choice}?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        model = one_of(random, world.models)
        return {"device": model.slug, "choice": one_of(random, model.about.missing)}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"name": model_of(world, params).name, "choice": params["choice"]}

    def expected(self, world: World, params: Params) -> Expected:
        return Impossible(f"{params['choice']} is not offered")

    def look(self, hand: DeviceHand) -> Action | None:
        model = model_of(hand.world, hand.params)
        places = {"size": int(hand.query.get("size", "0")), "finish": any_finish(hand)}
        return configure(hand, model, places) or see(hand, model.storages[-1].label, "change-finish")


class SoldOut(ConfiguredTask, DeviceQuestion):
    """Put a configuration in the bag that is sold out."""

    name = "buy-sold-out"
    kind = "act"
    feasible = False
    wordings: ClassVar[Wordings] = {
        "": (
            "Put the {name} in {colour} in my bag: {storage}, no care plan.",
            "Add the {colour} {name} with {storage} to the bag, without care.",
            "I would like the {name} in {colour}, {storage}, no care plan. Put it in the bag.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        chosen = draw_configuration(world, random)
        return None if chosen.available else {"device": chosen.model.slug, "key": chosen.key}

    def expected(self, world: World, params: Params) -> Expected:
        return Impossible("sold out")

    def look(self, hand: DeviceHand) -> Action | None:
        chosen = configuration(hand.world, hand.params["key"])
        places = {"size": chosen.size, "finish": chosen.finish}
        return configure(hand, chosen.model, places) or see(hand, "Sold out", "change-finish")


class Buy(ConfiguredTask, DeviceAct):
    """Put a configuration in the bag; its finish is only a coloured disc."""

    name = "buy"
    wordings: ClassVar[Wordings] = {
        "": (
            "Put the {name} in {colour} in my bag: {options}.",
            "Add the {colour} {name} to the bag with these options: {options}.",
            "I would like the {name} in {colour}, {options}. Put it in the bag.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        chosen = draw_configuration(world, random)
        return {"device": chosen.model.slug, "key": chosen.key} if chosen.available else None

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "bag", params["key"], asdict(Item(engraving=params.get("engraving", ""))))


class BuyEngraved(Buy):
    """Put a configuration in the bag, and have something engraved on it."""

    name = "buy-engraved"
    wordings: ClassVar[Wordings] = {
        "": (
            "Put the {name} in {colour} in my bag: {options}, engraved “{engraving}”.",
            "Add the {colour} {name} to the bag with {options}. Engrave it with “{engraving}”.",
            "I would like the {name} in {colour}, {options}, with the engraving “{engraving}” in my bag.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = super().draw(world, random)
        return params and {**params, "engraving": one_of(random, ENGRAVINGS)}


CONFIGURATIONS = (ConfiguredPrice(), NotOffered(), SoldOut(), Buy(), BuyEngraved())
