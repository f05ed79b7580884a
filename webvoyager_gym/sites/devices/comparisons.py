"""Tasks about several models of a line side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.devices.kinds import KINDS, SPECS
from webvoyager_gym.sites.devices.lines import named
from webvoyager_gym.sites.devices.reach import DeviceHand, open_comparison, open_device, see
from webvoyager_gym.sites.devices.task import DeviceAct, DeviceQuestion, Wordings
from webvoyager_gym.sites.devices.world import Model, World
from webvoyager_gym.sites.kit import Expected, Number, Params
from webvoyager_gym.sites.kit.changes import Change, one_of, put


def some_models(world: World, random: np.random.Generator, count: int) -> dict[str, Any]:
    """Some models of one line and a fact that they can be compared by."""
    kind = one_of(random, tuple(KINDS))
    line = world.line(kind)
    picked = [line[int(i)].slug for i in random.permutation(len(line))[:count]]
    facts = [fact for fact in KINDS[kind].specs if fact != "battery"]
    return {"models": picked, "spec": one_of(random, facts)}


def models_of(world: World, params: Params) -> list[Model]:
    """The models that a task compares."""
    return [world.by_slug[slug] for slug in params["models"]]


def listed(names: list[str]) -> str:
    """Names with commas and "and"."""
    return f"{', '.join(names[:-1])} and {names[-1]}"


def see_spec(hand: DeviceHand, models: list[Model]) -> Action | None:
    """The task's fact of these models side by side."""
    text = f"{models[-1].specs[hand.params['spec']]} {SPECS[hand.params['spec']][1]}"
    return open_comparison(hand, models) or see(hand, text, "third")


class CompareTwo(DeviceQuestion):
    """Which of two or three models has more or less of something."""

    name = "which-has-more"
    kind = "compare"
    wordings: ClassVar[Wordings] = {
        "": (
            "Which {extreme}: {names}?",
            "Compare {names}. Which one {extreme}?",
            "Of {names}, which model {extreme}?",
        )
    }
    _EXTREMES: ClassVar[dict[str, tuple[str, str]]] = {
        "memory": ("has the most memory", "has the least memory"),
        "charging": ("charges at the most watts", "charges at the fewest watts"),
        "weight": ("weighs most", "weighs least"),
        "water": ("is water resistant deepest", "is water resistant least deep"),
        "driver": ("has the largest driver", "has the smallest driver"),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {**some_models(world, random, int(random.integers(2, 4))), "least": bool(random.integers(2))}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        names = listed([model.name for model in models_of(world, params)])
        return {"names": names, "extreme": self._EXTREMES[params["spec"]][params["least"]]}

    def right(self, world: World, params: Params) -> Model:
        """The model that is asked for."""
        ranked = sorted(models_of(world, params), key=lambda model: model.specs[params["spec"]])
        return ranked[0 if params["least"] else -1]

    def expected(self, world: World, params: Params) -> Expected:
        return named(self.right(world, params), world)

    def look(self, hand: DeviceHand) -> Action | None:
        return see_spec(hand, models_of(hand.world, hand.params))


class Difference(DeviceQuestion):
    """By how much two models differ."""

    name = "difference"
    kind = "compute"
    wordings: ClassVar[Wordings] = {
        "": (
            "By how many {unit} do {names} differ in {spec}?",
            "Compare {names}: what is the difference in {spec}, in {unit}?",
            "How many {unit} of {spec} lie between {names}?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = some_models(world, random, 2)
        return params if self._between(world, params) > 1 else None

    def _between(self, world: World, params: Params) -> int:
        first, second = (model.specs[params["spec"]] for model in models_of(world, params))
        return abs(first - second)

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        name, unit = SPECS[params["spec"]]
        names = listed([model.name for model in models_of(world, params)])
        spelled = {"g": "grams", "W": "watts", "m": "metres"}.get(unit, unit)
        return {"names": names, "spec": "charging power" if unit == "W" else name.lower(), "unit": spelled}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(self._between(world, params), SPECS[params["spec"]][1])

    def look(self, hand: DeviceHand) -> Action | None:
        return see_spec(hand, models_of(hand.world, hand.params))


class SaveComparison(DeviceAct):
    """Compare three models and save the comparison."""

    name = "save-comparison"
    wordings: ClassVar[Wordings] = {
        "": (
            "Compare {names} and save the comparison.",
            "Save a comparison of {names}.",
            "Put {names} side by side, then save this comparison.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return some_models(world, random, 3)

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"names": listed([model.name for model in models_of(world, params)])}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "comparisons", models_of(world, params)[0].kind, sorted(params["models"]))


class SaveExtreme(DeviceAct):
    """Save that one of three models which has most or least of something."""

    name = "save-compared"
    wordings: ClassVar[Wordings] = {
        "": (
            "Compare {names} and save the one that {extreme}.",
            "Which of {names} {extreme}? Save that device.",
            "Save one of {names}: the one that {extreme}.",
        )
    }
    _asked = CompareTwo()

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = {**some_models(world, random, 3), "least": bool(random.integers(2))}
        return None if self._asked.right(world, params).slug in world.saved else params

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return self._asked.words(world, params)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "saved", self._asked.right(world, params).slug, True)

    def carry_out(self, hand: DeviceHand, change: Change) -> Action:
        model = self._asked.right(hand.world, hand.params)
        # Which one it is only the comparison tells.
        if change == Change("saved", model.slug, True) and hand.path != model.href:
            step = open_comparison(hand, models_of(hand.world, hand.params)) or open_device(hand, model)
            return step or super().carry_out(hand, change)
        return super().carry_out(hand, change)


COMPARISONS = (CompareTwo(), Difference(), SaveComparison(), SaveExtreme())
