"""Tasks about things of the world: a fact, two things side by side, a whole table, or what only a drawing shows."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.calculator import names
from webvoyager_gym.sites.calculator.asking import rounded
from webvoyager_gym.sites.calculator.engine.units import BY_NAME, convert, fits
from webvoyager_gym.sites.calculator.reach import (
    DeskHand,
    DeskQuestion,
    Wordings,
    ask,
    open_tab,
    open_table,
    see,
    see_picture,
)
from webvoyager_gym.sites.calculator.things import KINDS, PROPERTIES, Property, Thing, property_of, value_text
from webvoyager_gym.sites.calculator.world import World
from webvoyager_gym.sites.kit import Expected, Impossible, Name, Number, Params
from webvoyager_gym.sites.kit.changes import one_of
from webvoyager_gym.sites.kit.days import MONTHS


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


class TableTask(DeskQuestion):
    """A task that is read from the table of a kind of thing."""

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        known = property_of(params["kind"], params["property"])
        return {**params, "most": known.most, "label": known.label, "kinds": KINDS[params["kind"]]}

    def rows(self, world: World, params: Params) -> list[Thing]:
        """Things whose property is known, the greatest first."""
        known = [thing for thing in world.of(params["kind"]) if thing.values[params["property"]] is not None]
        return sorted(known, key=lambda thing: -thing.number(params["property"]))

    def look(self, hand: DeskHand) -> Action | None:
        kind = hand.params["kind"]
        known, first = property_of(kind, hand.params["property"]), PROPERTIES[kind][0]
        step = open_table(hand, kind, known.label.capitalize(), known.key, first.key)
        last = hand.world.of(kind)[-1]
        return step or see(hand, value_text(last, known), "by")


class Extreme(TableTask):
    """Which of all things of a kind has most of something, one of them left aside."""

    name = "table-extreme"
    kind = "compare"
    wordings: ClassVar[Wordings] = {
        "": (
            "Leaving {other} aside, which of all {kinds} has {most}?",
            "Look at the table of {kinds}: apart from {other}, which one has {most}?",
            "Among all {kinds} but {other}, find the one with {most}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        kind = one_of(random, tuple(KINDS))
        known = one_of(random, [one for one in PROPERTIES[kind] if one.high])
        rows = self.rows(world, {"kind": kind, "property": known.key})
        return {"kind": kind, "property": known.key, "other": one_of(random, (rows[0], rows[0], rows[1])).name}

    def expected(self, world: World, params: Params) -> Expected:
        left = [thing.name for thing in self.rows(world, params) if thing.name != params["other"]]
        every = tuple(thing.name for thing in world.of(params["kind"]) if thing.name != left[0])
        return Name(left[0], every)


class Count(TableTask):
    """How many things of a kind have more than so much of something."""

    name = "table-count"
    kind = "filter"
    wordings: ClassVar[Wordings] = {
        "": (
            "How many of all {kinds} are known to have a {label} above {limit}?",
            "Count the {kinds} whose {label} is more than {limit}.",
            "In the table of {kinds}, how many have a {label} greater than {limit}?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        kind = one_of(random, tuple(KINDS))
        known = one_of(random, [one for one in PROPERTIES[kind] if one.high])
        rows = self.rows(world, {"kind": kind, "property": known.key})
        cut = int(random.integers(1, len(rows)))
        high, low = rows[cut - 1].number(known.key), rows[cut].number(known.key)
        limit = round((high + low) / 2, known.decimals)
        if not low < limit < high:
            return None
        number = f"{limit:.{known.decimals}f}" if limit < 3000 else f"{limit:,.{known.decimals}f}"
        return {"kind": kind, "property": known.key, "limit": f"{number} {known.unit}".strip(), "count": cut}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(params["count"])


class Drawn(DeskQuestion):
    """A task about a drawing on a tab of a planet's or a country's answer."""

    heading: ClassVar[str]
    tab: ClassVar[str]
    of: ClassVar[str]

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"name": one_of(random, world.of(self.of)).name, "fact": one_of(random, tuple(self.wordings))}

    def look(self, hand: DeskHand) -> Action | None:
        step = ask(hand, hand.params["name"], self.of)
        return step or open_tab(hand, self.tab) or see_picture(hand, self.heading)


class WarmingHour(Drawn):
    """The hour at which a planet's curve of temperature crosses zero, which only the drawing shows."""

    name = "curve-crossing"
    kind = "look up"
    heading = "Surface temperature in °C by local hour"
    tab = "temperature"
    of = "planet"
    wordings: ClassVar[Wordings] = {
        "thaw": (
            "At which local hour does the surface temperature of the planet {name} rise above 0 °C?",
            "Look at the chart of the planet {name}: at what hour does its temperature climb past zero?",
            "When the planet {name} warms up, at which local hour does its curve cross zero?",
        ),
        "freeze": (
            "At which local hour does the surface temperature of the planet {name} fall below 0 °C?",
            "Look at the chart of the planet {name}: at what hour does its temperature sink past zero?",
            "When the planet {name} cools down, at which local hour does its curve cross zero?",
        ),
    }

    def expected(self, world: World, params: Params) -> Expected:
        thing = world.thing("planet", params["name"])
        return Number(thing.thaw if params["fact"] == "thaw" else thing.freeze)


class RainyMonth(Drawn):
    """The wettest or driest month of a country, which only the bars show."""

    name = "rainy-month"
    kind = "compare"
    heading = "Rainfall by month"
    tab = "rainfall"
    of = "country"
    wordings: ClassVar[Wordings] = {
        "most": (
            "In which month does {name} get the most rain?",
            "Look at the chart of the rainfall in {name}: which month is the wettest?",
            "Name the month with the most rainfall in {name}.",
        ),
        "least": (
            "In which month does {name} get the least rain?",
            "Look at the chart of the rainfall in {name}: which month is the driest?",
            "Name the month with the least rainfall in {name}.",
        ),
    }

    def expected(self, world: World, params: Params) -> Expected:
        months = world.thing("country", params["name"]).months
        index = months.index((max if params["fact"] == "most" else min)(months))
        return Name(MONTHS[index], tuple(name for name in MONTHS if name != MONTHS[index]))


class LandUse(Drawn):
    """What most or least of a country is used for, which only the pie shows."""

    name = "land-use"
    kind = "compare"
    heading = "Use of the land"
    tab = "land-use"
    of = "country"
    wordings: ClassVar[Wordings] = {
        "most": (
            "What covers the largest part of {name}: forest, farmland, towns, lakes or desert?",
            "In the chart of the land of {name}, which use has the largest slice?",
            "Which use of the land is the most common in {name}?",
        ),
        "least": (
            "What covers the smallest part of {name}: forest, farmland, towns, lakes or desert?",
            "In the chart of the land of {name}, which use has the smallest slice?",
            "Which use of the land is the least common in {name}?",
        ),
    }

    def expected(self, world: World, params: Params) -> Expected:
        land = world.thing("country", params["name"]).land
        index = land.index((max if params["fact"] == "most" else min)(land))
        return Name(names.LAND[index], tuple(name for name in names.LAND if name != names.LAND[index]))


class PlotZero(DeskQuestion):
    """Where a drawn cubic crosses zero; the site does not solve such equations."""

    name = "plot-zero"
    kind = "look up"
    wordings: ClassVar[Wordings] = {
        "largest": (
            "Plot {text}. What is the largest x at which the curve crosses zero?",
            "Draw the curve of {text}: where does it cross zero furthest to the right?",
            "Plot {text} and read off the largest x with the value zero.",
        ),
        "smallest": (
            "Plot {text}. What is the smallest x at which the curve crosses zero?",
            "Draw the curve of {text}: where does it cross zero furthest to the left?",
            "Plot {text} and read off the smallest x with the value zero.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        p, q, r = sorted(int(root) for root in random.permutation(np.arange(-5, 6))[:3])
        if min(q - p, r - q) < 2 or 0 in (p, q, r):
            return None
        parts = (-(p + q + r), p * q + p * r + q * r, -p * q * r)
        if 0 in parts:
            return None
        terms = [
            f"{'+' if part > 0 else '-'} {abs(part)}{name}" for part, name in zip(parts, ("x^2", "x", ""), strict=True)
        ]
        fact = one_of(random, tuple(self.wordings))
        return {"text": " ".join(["x^3", *terms]), "fact": fact, "found": r if fact == "largest" else p}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(params["found"])

    def look(self, hand: DeskHand) -> Action | None:
        return ask(hand, f"plot {hand.params['text']}") or see_picture(hand, "Plot")


LOOKING = (
    Fact(), AmbiguousFact(), OtherUnit(), NoData(), Greater(), Difference(), Extreme(), Count(), WarmingHour(),
    RainyMonth(), LandUse(), PlotZero(),
)  # fmt: skip
