"""Tasks about things of the world: one fact, or two things side by side."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.calculator.asking import rounded
from webvoyager_gym.sites.calculator.engine.units import BY_NAME, convert, fits
from webvoyager_gym.sites.calculator.reach import (
    DeskHand,
    DeskQuestion,
    Wordings,
    ask,
    open_tab,
    see,
)
from webvoyager_gym.sites.calculator.things import KINDS, PROPERTIES, Property, Thing, property_of
from webvoyager_gym.sites.calculator.world import World
from webvoyager_gym.sites.kit import Expected, Impossible, Name, Number, Params
from webvoyager_gym.sites.kit.changes import one_of


def known_of(thing: Thing) -> list[Property]:
    """Properties of a thing that are known numbers."""
    return [known for known in PROPERTIES[thing.kind] if isinstance(thing.values[known.key], int | float)]


def alone(world: World) -> list[Thing]:
    """Things whose name is no other thing's."""
    return [thing for thing in world.things if thing.name not in world.shared]


class ThingTask(DeskQuestion):
    """A task about one property of one thing."""

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return self.about(one_of(random, alone(world)), random)

    def about(self, thing: Thing, random: np.random.Generator) -> Params:
        """Parameters with one of the thing's known properties."""
        known = one_of(random, [one for one in PROPERTIES[thing.kind] if thing.values[one.key] is not None])
        return {"kind": thing.kind, "name": thing.name, "property": known.key}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, "label": property_of(params["kind"], params["property"]).label}

    def expected(self, world: World, params: Params) -> Expected:
        thing = world.thing(params["kind"], params["name"])
        known = property_of(thing.kind, params["property"])
        value = thing.values[known.key]
        if isinstance(value, str):
            others = tuple(str(other.values[known.key]) for other in world.of(thing.kind) if other.name != thing.name)
            return Name(value, others)
        return Number(thing.number(known.key), known.unit, decimals=known.decimals)

    def look(self, hand: DeskHand) -> Action | None:
        params = hand.params
        step = ask(hand, f"{params['name']} {self.words(hand.world, params)['label']}", params["kind"])
        return step or open_tab(hand) or see(hand, "Input")


class Fact(ThingTask):
    """A property of a thing, whatever it is."""

    name = "fact"
    kind = "look up"
    wordings: ClassVar[Wordings] = {
        "": (
            "What is the {label} of {name}?",
            "Look up {name}: what is its {label}?",
            "Find the {label} of the {kind} {name}.",
        )
    }


class AmbiguousFact(Fact):
    """A property of an element that shares its name with a planet, which the site takes it for."""

    name = "ambiguous-fact"
    wordings: ClassVar[Wordings] = {
        "": (
            "What is the {label} of the {kind} {name}?",
            "Look up the {label} of {name}, the {kind}.",
            "Find the {label} of {name}. I mean the {kind}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        name = one_of(random, world.shared)
        kind = one_of(random, ("element", "element", "element", "planet"))
        both = [known.key for known in known_of(world.thing("planet", name))]
        keys = [known.key for known in known_of(world.thing("element", name)) if known.key in both]
        return {"kind": kind, "name": name, "property": one_of(random, keys)} if keys else None


class OtherUnit(ThingTask):
    """A property of a thing in a unit that has to be chosen."""

    name = "other-unit"
    kind = "compute"
    wordings: ClassVar[Wordings] = {
        "": (
            "What is the {label} of the {kind} {name} in {unit}? Round to {decimals} decimal.",
            "Give the {label} of {name} ({kind}) in {unit}, to {decimals} decimal place.",
            "Find the {label} of the {kind} {name}. Answer in {unit}, rounded to {decimals} decimal.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = self.about(one_of(random, alone(world)), random)
        unit = BY_NAME.get(property_of(params["kind"], params["property"]).unit)
        if unit is None:
            return None
        other = one_of(random, fits(world.units, unit.dimension))
        found = self._found(world, {**params, "unit": other.name})
        return {**params, "unit": other.name, "decimals": 1} if other != unit and 5 <= abs(found) <= 10**8 else None

    def _found(self, world: World, params: Params) -> float:
        thing = world.thing(params["kind"], params["name"])
        unit = BY_NAME[property_of(thing.kind, params["property"]).unit]
        other = next(one for one in world.units if one.name == params["unit"])
        return float(convert(Fraction(str(thing.number(params["property"]))), unit, other))

    def expected(self, world: World, params: Params) -> Expected:
        return rounded(self._found(world, params), params["decimals"])

    def look(self, hand: DeskHand) -> Action | None:
        step = super().look(hand)
        unit = hand.params["unit"]
        return step or (None if hand.query.get("unit") == unit else hand.select(unit, key="unit"))


class NoData(Fact):
    """A property that is not known of a thing."""

    name = "no-data"
    feasible = False

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        thing = one_of(random, alone(world))
        unknown = [known.key for known in PROPERTIES[thing.kind] if thing.values[known.key] is None]
        return {"kind": thing.kind, "name": thing.name, "property": one_of(random, unknown)} if unknown else None

    def expected(self, world: World, params: Params) -> Expected:
        return Impossible("no data available")

    def look(self, hand: DeskHand) -> Action | None:
        return super().look(hand) or see(hand, "No data available")


class Pair(DeskQuestion):
    """Two things of a kind and a property of both."""

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        kind = one_of(random, tuple(KINDS))
        pool = world.of(kind)
        first, second = (pool[int(i)] for i in random.permutation(len(pool))[:2])
        second_knows = [known.key for known in known_of(second)]
        keys = [known.key for known in known_of(first) if known.key in second_knows]
        key = one_of(random, keys)
        return {"kind": kind, "first": first.name, "second": second.name, "property": key}

    def pair(self, world: World, params: Params) -> tuple[Thing, Thing]:
        """Both things."""
        return world.thing(params["kind"], params["first"]), world.thing(params["kind"], params["second"])

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        known = property_of(params["kind"], params["property"])
        return {**params, "label": known.label, "most": known.most, "kinds": KINDS[params["kind"]]}

    def look(self, hand: DeskHand) -> Action | None:
        words = self.words(hand.world, hand.params)
        return ask(hand, f"{words['first']} and {words['second']} {words['label']}", words["kind"])


class Greater(Pair):
    """Which of two things has more of something."""

    name = "greater-of-two"
    kind = "compare"
    wordings: ClassVar[Wordings] = {
        "": (
            "Which of the {kinds} {first} and {second} has {most}?",
            "Compare the {kinds} {first} and {second}: which one has {most}?",
            "Of {first} and {second} ({kinds}), which has {most}?",
        )
    }

    def expected(self, world: World, params: Params) -> Expected:
        less, more = sorted(self.pair(world, params), key=lambda thing: thing.number(params["property"]))
        return Name(more.name, (less.name,))


class Difference(Pair):
    """By how much two things differ."""

    name = "difference"
    kind = "compute"
    wordings: ClassVar[Wordings] = {
        "": (
            "What is the difference in {label} between the {kinds} {first} and {second}?",
            "By how much do the {kinds} {first} and {second} differ in {label}?",
            "Compare {first} and {second} ({kinds}). How large is the difference in {label}?",
        )
    }

    def expected(self, world: World, params: Params) -> Expected:
        known = property_of(params["kind"], params["property"])
        first, second = (thing.number(known.key) for thing in self.pair(world, params))
        gap = round(abs(first - second), known.decimals)
        return Number(gap, known.unit, tolerance=10.0 ** -(known.decimals + 3), decimals=known.decimals)


LOOKING = (Fact(), AmbiguousFact(), OtherUnit(), NoData(), Greater(), Difference())
