"""The world that facts are known of: planets, elements, foods, countries, old units; all of it from a seed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from webvoyager_gym.sites.calculator import names
from webvoyager_gym.sites.calculator.engine.syntax import WORDS
from webvoyager_gym.sites.calculator.engine.units import UNITS, Unit, dictionary
from webvoyager_gym.sites.calculator.things import KINDS, PROPERTIES, Property, Thing
from webvoyager_gym.sites.kit import generator, own_name
from webvoyager_gym.sites.kit.changes import one_of

PER_KIND = 7
FRESH = 8
SHARED = 3
"""So many names are both a planet's and an element's."""
COLOURS = {"red": "#c53030", "yellow": "#ecc94b", "green": "#38a169", "blue": "#3182ce", "purple": "#805ad5"}
SHARING = ("Only me", "People I invite", "Anyone with the link")


@dataclass(frozen=True, slots=True)
class Entry:
    """A saved result: the notebook it is in, its name, and the input with what an ambiguous name is taken for."""

    notebook: str
    name: str
    text: str
    kind: str = ""


@dataclass(frozen=True)
class World:
    """One world.

    Attributes:
        things: all of them, sorted by kind and name.
        old_units: units of measure that only this world has.
        notebooks: names of the visitor's notebooks at the start, with the colour of each.
        entries: what is in them.
        fresh_notebooks, fresh_entries: names for what is new.
        examples: inputs to try, by topic.
    """

    things: tuple[Thing, ...]
    old_units: tuple[Unit, ...]
    notebooks: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    fresh_notebooks: tuple[str, ...]
    fresh_entries: tuple[str, ...]
    examples: tuple[tuple[str, tuple[str, ...]], ...]

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Units that everybody knows and the world's own."""
        return (*UNITS, *self.old_units)

    @cached_property
    def unit_names(self) -> dict[str, Unit]:
        return dictionary(self.units)

    def of(self, kind: str) -> tuple[Thing, ...]:
        """All things of a kind."""
        return tuple(thing for thing in self.things if thing.kind == kind)

    def thing(self, kind: str, name: str) -> Thing:
        """A thing by kind and name. Raises StopIteration."""
        return next(thing for thing in self.things if (thing.kind, thing.name) == (kind, name))

    @cached_property
    def vocabulary(self) -> dict[str, str]:
        """All words that an input may hold, in lower case and as they are written."""
        labels = [word for kind in KINDS for known in PROPERTIES[kind] for word in known.label.split()]
        called = [word for thing in self.things for word in thing.name.split()]
        return {word.casefold(): word for word in (*WORDS, *labels, *called, *self.unit_names)}

    @cached_property
    def by_name(self) -> dict[str, tuple[Thing, ...]]:
        """Things by their name in lower case, planets before elements."""
        found: dict[str, tuple[Thing, ...]] = {}
        for kind in KINDS:
            for thing in self.of(kind):
                name = thing.name.casefold()
                found[name] = (*found.get(name, ()), thing)
        return found

    @cached_property
    def shared(self) -> tuple[str, ...]:
        """Names that are a planet's and an element's."""
        return tuple(found[0].name for found in self.by_name.values() if len(found) > 1)


def build_world(split: str, seed: int) -> World:
    """The world of a split and seed; equal arguments give equal worlds, and no name is in two splits."""
    random = generator("calculator", split, seed)
    taken: set[str] = set()

    def named(*parts: Sequence[str], space: str = "") -> str:
        return own_name(lambda: space.join(one_of(random, part) for part in parts), split, taken)

    planets = [named(names.PLANET_FIRST, names.PLANET_LAST) for _ in range(PER_KIND)]
    elements = planets[:SHARED] + [named(names.ELEMENT_FIRST, names.ELEMENT_LAST) for _ in range(PER_KIND - SHARED)]
    foods = [named(names.FOOD_FIRST, names.FOOD_LAST, space=" ") for _ in range(PER_KIND)]
    countries = [named(names.COUNTRY_FIRST, names.COUNTRY_LAST) for _ in range(PER_KIND)]
    towns = [named(names.COUNTRY_FIRST, names.TOWN_LAST) for _ in range(PER_KIND)]
    things: list[Thing] = []
    for kind, called in zip(KINDS, (planets, elements, foods, countries), strict=True):
        things += _things(random, kind, sorted(called), towns)
    units = tuple(
        Unit(f"{named(names.UNIT_FIRST, names.UNIT_LAST)}s", dimension, Fraction(int(random.integers(15, 900)), 100))
        for dimension in ("length", "length", "weight", "volume")
    )
    units = tuple(Unit(unit.name, unit.dimension, unit.size, also=(unit.name[:-1],)) for unit in units)
    books = [named(names.LABEL_FIRST, names.NOTEBOOK_LAST, space=" ") for _ in range(3 + FRESH)]
    labels = [named(names.LABEL_FIRST, names.ENTRY_LAST, space=" ") for _ in range(7 + FRESH)]
    return World(
        things=tuple(things),
        old_units=units,
        notebooks=tuple((name, one_of(random, tuple(COLOURS))) for name in books[:3]),
        entries=_entries(random, things, labels[:7]),
        fresh_notebooks=tuple(books[3:]),
        fresh_entries=tuple(labels[7:]),
        examples=_examples(random, things, units),
    )


def _things(random: np.random.Generator, kind: str, called: Sequence[str], towns: Sequence[str]) -> list[Thing]:
    columns = {known.key: _column(random, known, len(called)) for known in PROPERTIES[kind] if known.high}
    gaps = random.permutation(len(called))[:3]
    numbers = list(columns)
    made = []
    for index, name in enumerate(called):
        values: dict[str, float | str | None] = {key: column[index] for key, column in columns.items()}
        if kind == "country":
            values["capital"] = towns[index]
        if index in gaps:
            values[numbers[1 + int(random.integers(len(numbers) - 1))]] = None
        thaw = int(random.integers(3, 10))
        made.append(
            Thing(
                kind,
                name,
                values,
                months=_apart(random, 12, 22, 180) if kind == "country" else (),
                land=_apart(random, len(names.LAND), 10, 60) if kind == "country" else (),
                thaw=thaw if kind == "planet" else 0,
                freeze=thaw + int(random.integers(6, 13)) if kind == "planet" else 0,
            )
        )
    return made


def _column(random: np.random.Generator, known: Property, count: int) -> list[float]:
    """Values of a property for so many things, no two alike."""
    found: list[float] = []
    while len(found) < count:
        if known.low > 0 and known.high / known.low > 20:
            value = math.exp(random.uniform(math.log(known.low), math.log(known.high)))
        else:
            value = float(random.uniform(known.low, known.high))
        if known.decimals == 0 and value > 2500:
            size = 10 ** max(0, math.floor(math.log10(value)) - 2)
            value = round(value / size) * size
        value = round(value, known.decimals) if known.decimals else round(value)
        if value not in found:
            found.append(value)
    return found


def _apart(random: np.random.Generator, count: int, low: int, high: int) -> tuple[int, ...]:
    """Sizes to be told apart in a drawing: the greatest and the least stand out."""
    inner = random.uniform(low * 1.7, high * 0.72, count - 2)
    sizes = [low, high, *(int(size) for size in inner)]
    return tuple(sizes[i] for i in random.permutation(count))


def _entries(random: np.random.Generator, things: Sequence[Thing], called: Sequence[str]) -> tuple[Entry, ...]:
    made = []
    for index, name in enumerate(called):
        if index % 3 == 2:
            thing = one_of(random, [one for one in things if one.kind in ("food", "country")])
            known = one_of(random, [one for one in PROPERTIES[thing.kind] if thing.values[one.key] is not None])
            text, kind = f"{thing.name} {known.label}", thing.kind
        else:
            a, b, c = (int(number) for number in random.integers(12, 400, 3))
            text, kind = f"{a} × {b} {one_of(random, '+-')} {c}", ""
        made.append(Entry(f"n{index % 3 + 1}", name, text, kind))
    return tuple(made)


def _examples(
    random: np.random.Generator, things: Sequence[Thing], units: Sequence[Unit]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    def some(low: int, high: int) -> int:
        return int(random.integers(low, high))

    def facts(kind: str) -> tuple[str, ...]:
        pool = [thing.name for thing in things if thing.kind == kind]
        a, b, c, d = (pool[i] for i in random.permutation(len(pool))[:4])
        labels = [known.label for known in PROPERTIES[kind]]
        first, second, third = (labels[i] for i in random.permutation(len(labels))[:3])
        return (f"{a} {first}", f"{b} {second}", f"{c} and {d} {third}", a)

    maths = (
        f"{some(20, 900)} × {some(20, 90)} - {some(10, 99)}", f"square root of {some(20, 999)}",
        f"gcd of {some(20, 400) * 6} and {some(20, 400) * 6}", f"plot x^2 - {some(2, 25)}",
    )  # fmt: skip
    money = (
        f"{some(2, 30)}% of {some(20, 900)}", f"{some(100, 900)} + {some(5, 25)}%", f"{some(40, 900)} ÷ {some(3, 9)}",
        f"mean of {some(5, 60)}, {some(5, 60)}, {some(5, 60)}",
    )  # fmt: skip
    measures = (
        f"{some(3, 90)} miles in kilometres", f"{some(3, 90)} {units[0].name} in metres",
        f"{some(3, 90)} pounds in kilograms", f"{some(-20, 90)} °C in °F",
    )  # fmt: skip
    dates = (
        f"{some(20, 900)} days after {some(1, 29)} May 2026", f"days until {some(1, 29)} October 2026",
        f"weekday of {some(1, 29)} June {some(1950, 2020)}", f"{some(3, 30)} weeks before {some(1, 29)} July 2026",
    )  # fmt: skip
    parts = {"maths": maths, "units": measures, "money": money, "dates": dates}
    return (*parts.items(), *((kind, facts(kind)) for kind in KINDS))
