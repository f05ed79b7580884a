"""Tasks whose answer is in a drawing alone: curves, bars and slices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.calculator import names
from webvoyager_gym.sites.calculator.reach import (
    DeskHand,
    DeskQuestion,
    Wordings,
    ask,
    open_tab,
    see_picture,
)
from webvoyager_gym.sites.calculator.world import World
from webvoyager_gym.sites.kit import Expected, Name, Number, Params
from webvoyager_gym.sites.kit.changes import one_of
from webvoyager_gym.sites.kit.days import MONTHS


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


def _extreme(sizes: Sequence[int], called: Sequence[str], fact: str) -> Name:
    """The name of what there is "most" or "least" of."""
    index = sizes.index((max if fact == "most" else min)(sizes))
    return Name(called[index], tuple(name for name in called if name != called[index]))


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
        return _extreme(world.thing("country", params["name"]).months, MONTHS, params["fact"])


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
        return _extreme(world.thing("country", params["name"]).land, names.LAND, params["fact"])


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


DRAWINGS = (WarmingHour(), RainyMonth(), LandUse(), PlotZero())
