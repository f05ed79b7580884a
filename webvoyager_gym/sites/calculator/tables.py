"""Tasks that are read from the table of all things of a kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.calculator.reach import (
    DeskHand,
    DeskQuestion,
    Wordings,
    open_table,
    see,
)
from webvoyager_gym.sites.calculator.things import KINDS, PROPERTIES, Thing, property_of, value_text
from webvoyager_gym.sites.calculator.world import World
from webvoyager_gym.sites.kit import Expected, Name, Number, Params
from webvoyager_gym.sites.kit.changes import one_of


class TableTask(DeskQuestion):
    """A task that is read from the table of a kind of thing."""

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        known = property_of(params["kind"], params["property"])
        return {**params, "most": known.most, "label": known.label, "kinds": KINDS[params["kind"]]}

    def column(self, random: np.random.Generator) -> dict[str, str]:
        """A kind of thing and a property of it."""
        kind = one_of(random, tuple(KINDS))
        return {"kind": kind, "property": one_of(random, [one for one in PROPERTIES[kind] if one.high]).key}

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
        column = self.column(random)
        rows = self.rows(world, column)
        return {**column, "other": one_of(random, (rows[0], rows[0], rows[1])).name}

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
            "How many of all {kinds} are above {limit} in {label}?",
            "Count the {kinds} whose {label} is above {limit}.",
            "In the table of {kinds}, how many are listed with more than {limit} for {label}?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        column = self.column(random)
        rows = self.rows(world, column)
        known = property_of(column["kind"], column["property"])
        cut = int(random.integers(1, len(rows)))
        high, low = rows[cut - 1].number(known.key), rows[cut].number(known.key)
        limit = round((high + low) / 2, known.decimals)
        if not low < limit < high:
            return None
        number = f"{limit:.{known.decimals}f}" if limit < 3000 else f"{limit:,.{known.decimals}f}"
        return {**column, "limit": f"{number} {known.unit}".strip(), "count": cut}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(params["count"])


TABLES = (Extreme(), Count())
