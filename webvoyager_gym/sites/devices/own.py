"""Acts outside the bag: saved devices, one's store, the trade-in and the newsletter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.devices.reach import DeviceHand, open_line
from webvoyager_gym.sites.devices.task import CreditTask, DeviceAct, Wordings, a_device, model_of, only_in
from webvoyager_gym.sites.devices.world import World
from webvoyager_gym.sites.kit import Params
from webvoyager_gym.sites.kit.changes import Change, one_of, put

HOSTS = ("post.example", "letterbox.example", "mail.example", "inbox.example")
"""Where people have their mail."""


class SaveDevice(DeviceAct):
    """Save a device."""

    name = "save-device"
    wordings: ClassVar[Wordings] = {
        "": ("Save the {name} for later.", "Add the {name} to my saved devices.", "I like the {name}. Save it.")
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = a_device(world, random)
        return None if params["device"] in world.saved else params

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "saved", params["device"], True)


class SaveColoured(SaveDevice):
    """Save the only model of a line in a colour, which is only drawn."""

    name = "save-coloured"
    wordings: ClassVar[Wordings] = {
        "": (
            "Save the only model of the {line} line that comes in {colour}.",
            "One of the {line} {kind} is made in {colour}. Add it to my saved devices.",
            "Find the {line} model with a {colour} finish and save it.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = only_in(world, random)
        return None if params is None or params["device"] in world.saved else params

    def carry_out(self, hand: DeviceHand, change: Change) -> Action:
        model = model_of(hand.world, hand.params)
        # Which one it is only the page of the line tells.
        if change == Change("saved", model.slug, True) and hand.path != model.href:
            return open_line(hand, model.kind) or hand.click(key=f"device-{model.slug}")
        return super().carry_out(hand, change)


class KeepCheapest(DeviceAct):
    """Remove all saved devices but the cheapest or the dearest."""

    name = "keep-cheapest"
    wordings: ClassVar[Wordings] = {
        "cheapest": (
            "Of my saved devices {names}, keep only the cheapest; remove the others.",
            "Remove all of {names} from my saved devices but the one with the lowest price.",
            "Tidy my saved devices ({names}): only the cheapest one may stay.",
        ),
        "dearest": (
            "Of my saved devices {names}, keep only the most expensive; remove the others.",
            "Remove all of {names} from my saved devices but the one with the highest price.",
            "Tidy my saved devices ({names}): only the dearest one may stay.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"fact": one_of(random, tuple(self.wordings))}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"names": ", ".join(world.by_slug[slug].name for slug in world.saved)}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        ranked = sorted(initial["saved"], key=lambda slug: world.by_slug[slug].price)
        return {**initial, "saved": {ranked[0 if params["fact"] == "cheapest" else -1]: True}}


class ChooseStore(DeviceAct):
    """Make a store one's own."""

    name = "my-store"
    wordings: ClassVar[Wordings] = {
        "": ("Make {store} my store.", "Set {store} as my Halden store.", "I live near {store}. Choose it as my store.")
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"store": one_of(random, world.stores).slug}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "choices", "store", params["store"])


class TradeIn(CreditTask, DeviceAct):
    """Use the credit for an old device."""

    name = "use-trade-in"
    wordings: ClassVar[Wordings] = {
        "": (
            "Trade in my {old}, condition “{condition}”: use the credit.",
            "I give you my old {old} ({condition}). Use its trade-in credit.",
            "Set up a trade-in of my {old} in the condition “{condition}” and use the credit.",
        )
    }

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "choices", "trade-in", f"{params['old']}/{params['condition']}")


class Subscribe(DeviceAct):
    """Sign up for the newsletter."""

    name = "newsletter"
    wordings: ClassVar[Wordings] = {
        "": (
            "Sign up for the newsletter with {email}.",
            "I want the Halden newsletter. My e-mail address is {email}.",
            "Subscribe {email} to the newsletter.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        whole, _, _ = world.email.partition("@")
        given, _, family = whole.partition(".")
        return {"email": f"{one_of(random, (whole, given, family))}@{one_of(random, HOSTS)}"}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "choices", "newsletter", params["email"])


OWN = (SaveDevice(), SaveColoured(), KeepCheapest(), ChooseStore(), TradeIn(), Subscribe())
