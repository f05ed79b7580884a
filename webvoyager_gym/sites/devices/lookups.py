"""Questions that are answered on the page of a device, a store or on the trade-in page."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.devices.kinds import SPECS
from webvoyager_gym.sites.devices.reach import (
    DeviceHand,
    open_device,
    open_offer,
    open_store,
    see,
    shut_menu,
)
from webvoyager_gym.sites.devices.task import CreditTask, DeviceQuestion, Wordings, a_device, model_of
from webvoyager_gym.sites.devices.world import DAYS, World
from webvoyager_gym.sites.kit import Expected, Name, Number, Params, Time
from webvoyager_gym.sites.kit.changes import one_of, unfold


class PickupToday(DeviceQuestion):
    """The only store that has a device today; which it is comes after the page."""

    name = "pickup-today"
    kind = "plan"
    wordings: ClassVar[Wordings] = {
        "": (
            "I want to pick up the {name} today. Which store has it?",
            "Which Halden store has the {name} for pickup today?",
            "Find the store where the {name} can be collected today.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = a_device(world, random)
        return params if len(model_of(world, params).stores_today) == 1 else None

    def expected(self, world: World, params: Params) -> Expected:
        right = world.store_by_slug[model_of(world, params).stores_today[0]]
        return Name(right.name, tuple(store.name for store in world.stores if store != right))

    def look(self, hand: DeviceHand) -> Action | None:
        step = open_device(hand, model_of(hand.world, hand.params), "delivery")
        return step or see(hand, hand.world.stores[-1].name, "tab-delivery")


class FinishCount(DeviceQuestion):
    """How many finishes a device comes in, which is only drawn."""

    name = "finish-count"
    kind = "look up"
    wordings: ClassVar[Wordings] = {
        "": (
            "How many finishes does the {name} come in?",
            "Count the finishes of the {name}.",
            "In how many finishes can I have the {name}?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return a_device(world, random)

    def expected(self, world: World, params: Params) -> Expected:
        return Number(len(model_of(world, params).finishes), "finishes")

    def look(self, hand: DeviceHand) -> Action | None:
        model = model_of(hand.world, hand.params)
        return open_device(hand, model) or see(hand, model.tagline, "buy")


class FoldedFact(DeviceQuestion):
    """A fact that stands behind a tab, in a section that is shut."""

    name = "folded-fact"
    kind = "look up"
    wordings: ClassVar[Wordings] = {
        "weight": ("How many grams does the {name} weigh?", "What is the weight of the {name} in grams?"),
        "water": (
            "How deep is the {name} water resistant, in metres?",
            "Give the water resistance of the {name} in metres.",
        ),
        "driver": ("How large is the driver of the {name}, in mm?", "What driver, in mm, do the {name} have?"),
        "memory": ("How many GB of memory does the {name} have?", "Look up the memory of the {name} in GB."),
        "charging": ("At how many watts does the {name} charge?", "With how many W can the {name} be charged?"),
        "standard": (
            "How many working days does standard delivery of the {name} take?",
            "In how many working days does free standard delivery bring the {name}?",
        ),
        "express": (
            "What does express delivery of the {name} cost?",
            "How much is it to have the {name} delivered on the next day?",
        ),
    }
    _FOLDS: ClassVar[dict[str, tuple[str, str]]] = {
        "weight": ("specs", "body"), "water": ("specs", "body"), "driver": ("specs", "body"),
        "memory": ("specs", "inside"), "charging": ("specs", "power"),
        "standard": ("delivery", "standard"), "express": ("delivery", "express"),
    }  # fmt: skip

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params, fact = a_device(world, random), one_of(random, tuple(self.wordings))
        known = fact in model_of(world, params).specs or fact in ("standard", "express")
        return {**params, "fact": fact} if known else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        lead = one_of(random, ("", "", "Look into the details: ", "Please check: "))
        text = super().goal(world, params, random)
        return lead + (text[0].lower() + text[1:] if lead else text)

    def expected(self, world: World, params: Params) -> Expected:
        model, fact = model_of(world, params), params["fact"]
        if fact in SPECS:
            return Number(model.specs[fact], SPECS[fact][1])
        return Number(model.standard, "working days") if fact == "standard" else Number(model.express, "$")

    def look(self, hand: DeviceHand) -> Action | None:
        model, fact = model_of(hand.world, hand.params), hand.params["fact"]
        tab, fold = self._FOLDS[fact]
        said = {"standard": f"{model.standard} working days", "express": f"${model.express}"}.get(fact)
        text = said or f"{model.specs[fact]} {SPECS[fact][1]}"
        return open_device(hand, model, tab) or shut_menu(hand) or unfold(hand, fold, text)


class InTheBox(DeviceQuestion):
    """What comes with a device, behind a tab; the charger may be weaker than what the device can take."""

    name = "in-the-box"
    kind = "look up"
    wordings: ClassVar[Wordings] = {
        "cable": (
            "How many metres long is the cable in the box of the {name}?",
            "What is the length, in metres, of the cable that comes with the {name}?",
            "Look in the box of the {name}: how long is the cable, in metres?",
        ),
        "charger": (
            "How many watts has the charger in the box of the {name}?",
            "What charger, in W, comes with the {name}?",
            "Look in the box of the {name}: how many W does its charger give?",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {**a_device(world, random), "fact": one_of(random, tuple(self.wordings))}

    def expected(self, world: World, params: Params) -> Expected:
        model = model_of(world, params)
        return Number(model.charger, "W") if params["fact"] == "charger" else Number(model.cable, "m", decimals=1)

    def look(self, hand: DeviceHand) -> Action | None:
        model = model_of(hand.world, hand.params)
        text = f"{model.charger} W" if hand.params["fact"] == "charger" else f"{model.cable} m"
        return open_device(hand, model, "box") or see(hand, text, "tab-box")


class TradeValue(CreditTask, DeviceQuestion):
    """What an old device is worth in a condition."""

    name = "trade-value"
    kind = "look up"
    wordings: ClassVar[Wordings] = {
        "": (
            "What is the trade-in credit for the old {old} in the condition “{condition}”?",
            "How much do I get for my old {old}? Its condition is “{condition}”.",
            "Look up what Halden pays for my {old} (condition: {condition}).",
        )
    }

    def expected(self, world: World, params: Params) -> Expected:
        return Number(world.old_by_slug[params["old"]].credit(params["condition"]), "$")

    def look(self, hand: DeviceHand) -> Action | None:
        old, condition = hand.world.old_by_slug[hand.params["old"]], hand.params["condition"]
        return open_offer(hand, old, condition) or see(hand, f"${old.credit(condition):,} credit", "condition")


class StoreHours(DeviceQuestion):
    """When a store opens or closes."""

    name = "store-hours"
    kind = "look up"
    wordings: ClassVar[Wordings] = {
        "opens": (
            "When does the store {store} open on {day}?",
            "At what time can I be at the store {store} on {day} at the earliest?",
            "Find the opening time of the {store} store, {day}.",
        ),
        "closes": (
            "When does the store {store} close on {day}?",
            "Until what time is the store {store} open on {day}?",
            "Find the closing time of the {store} store, {day}.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {
            "store": one_of(random, world.stores).slug,
            "day": one_of(random, DAYS),
            "fact": one_of(random, tuple(self.wordings)),
        }

    def expected(self, world: World, params: Params) -> Expected:
        hours = world.store_by_slug[params["store"]].hours[DAYS.index(params["day"])]
        return Time(hours[params["fact"] == "closes"])

    def look(self, hand: DeviceHand) -> Action | None:
        return open_store(hand, hand.params["store"]) or see(hand, hand.params["day"], "crumb-1")


LOOKUPS = (
    PickupToday(),
    FinishCount(),
    FoldedFact(),
    InTheBox(),
    TradeValue(),
    StoreHours(),
)
