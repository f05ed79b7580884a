"""Questions about which model of a line it is; the page of the line answers them."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.devices.kinds import KINDS
from webvoyager_gym.sites.devices.reach import DeviceHand, open_line, see
from webvoyager_gym.sites.devices.task import DeviceQuestion, Wordings, model_of, only_in
from webvoyager_gym.sites.devices.world import Model, World
from webvoyager_gym.sites.kit import Expected, Name, Params
from webvoyager_gym.sites.kit.changes import one_of


def named(model: Model, world: World) -> Name:
    """A model as an answer, not to be mixed up with any other."""
    return Name(model.name, tuple(other.name for other in world.models if other != model))


class LineQuestion(DeviceQuestion):
    """A question about which model of a line it is."""

    def right(self, world: World, params: Params) -> Model:
        """The model that is asked for."""
        return model_of(world, params)

    def expected(self, world: World, params: Params) -> Expected:
        return named(self.right(world, params), world)

    def look(self, hand: DeviceHand) -> Action | None:
        last = hand.world.line(hand.params["kind"])[-1]
        return open_line(hand, hand.params["kind"]) or see(hand, last.name, f"device-{last.slug}")


class FinishOwner(LineQuestion):
    """The only model of a line in a colour, which is only drawn."""

    name = "finish-owner"
    kind = "filter"
    wordings: ClassVar[Wordings] = {
        "": (
            "Which of the {kind} in the {line} line comes in {colour}?",
            "I would like {line} in {colour}. Which model comes in it?",
            "Only one model of the line {line} is made in {colour}. Which one?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return only_in(world, random)


class LongestBattery(LineQuestion):
    """The model of a line with the longest or shortest battery life."""

    name = "longest-battery"
    kind: ClassVar[Literal["compare", "filter"]] = "compare"
    wordings: ClassVar[Wordings] = {
        "longest": (
            "Which of the {line} {kind} has the longest battery life?",
            "In the line {line}, which model's battery lasts longest?",
            "Find the {line} model with the most hours of battery.",
        ),
        "shortest": (
            "Which of the {line} {kind} has the shortest battery life?",
            "In the line {line}, which model's battery is empty first?",
            "Find the {line} model with the fewest hours of battery.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"kind": one_of(random, tuple(KINDS)), "fact": one_of(random, tuple(self.wordings))}

    def right(self, world: World, params: Params) -> Model:
        ranked = sorted(world.line(params["kind"]), key=lambda model: model.specs["battery"])
        return ranked[-1 if params["fact"] == "longest" else 0]


class UnderBudget(LineQuestion):
    """The most expensive model of a line below a price."""

    name = "under-budget"
    kind = "filter"
    wordings: ClassVar[Wordings] = {
        "": (
            "Which is the most expensive of the {line} {kind} that starts below ${limit}?",
            "I can spend less than ${limit}. Which is the dearest {line} model I can afford?",
            "Of the {line} {kind} with a price from under ${limit}, which one costs most?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        kind = one_of(random, tuple(KINDS))
        cheapest, *rest = sorted(model.price for model in world.line(kind))
        limit = int(random.integers(rest[0] // 10, rest[-1] // 10 + 1)) * 10
        return {"kind": kind, "limit": limit} if cheapest < limit else None

    def right(self, world: World, params: Params) -> Model:
        fitting = [model for model in world.line(params["kind"]) if model.price < params["limit"]]
        return max(fitting, key=lambda model: model.price)


LINES = (FinishOwner(), LongestBattery(), UnderBudget())
