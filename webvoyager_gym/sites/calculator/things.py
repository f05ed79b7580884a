"""What there is in the invented world and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

KINDS = {"planet": "planets", "element": "elements", "food": "foods", "country": "countries"}
"""Kinds of thing and their plural; in an ambiguous case the first of them is assumed."""


@dataclass(frozen=True, slots=True)
class Property:
    """Something that is known of things of a kind.

    Attributes:
        key: what it is called in addresses.
        label: what the page calls it.
        unit: name of a unit of measure, or whatever stands after the number.
        decimals: of its values.
        low, high: what values lie between; both 0 for words.
        words: other ways to ask for it.
        most: how the thing with the greatest value is described.
    """

    key: str
    label: str
    unit: str = ""
    decimals: int = 0
    low: float = 0
    high: float = 0
    words: tuple[str, ...] = ()
    most: str = ""


def _p(key: str, label: str, unit: str, decimals: int, low: float, high: float, most: str, *words: str) -> Property:
    return Property(key, label, unit, decimals, low, high, words, most)


PROPERTIES: dict[str, tuple[Property, ...]] = {
    "planet": (
        _p("radius", "radius", "kilometres", 0, 1800, 68000, "the largest radius"),
        _p("density", "density", "g/cm³", 2, 0.7, 7.9, "the highest density", "dense"),
        _p("gravity", "surface gravity", "m/s²", 2, 1.2, 26.0, "the strongest surface gravity", "gravity"),
        _p("moons", "number of moons", "moons", 0, 2, 60, "the most moons", "moons"),
        _p("distance", "distance from its star", "million km", 1, 40, 4800, "the longest way to its star", "distance"),
        _p("year", "length of year", "days", 0, 70, 9800, "the longest year", "year length", "year"),
        _p("temperature", "mean temperature", "°C", 0, -210, 440, "the highest mean temperature", "temperature"),
        _p("discovered", "year of discovery", "", 0, 1610, 1995, "the latest discovery", "discovered", "discovery"),
    ),
    "element": (
        _p("number", "atomic number", "", 0, 119, 190, "the highest atomic number"),
        _p("density", "density", "g/cm³", 2, 0.6, 21.9, "the highest density", "dense"),
        _p("radius", "radius", "pm", 0, 52, 280, "the largest radius", "atomic radius"),
        _p("melting", "melting point", "°C", 0, -90, 3300, "the highest melting point", "melt", "melts"),
        _p("boiling", "boiling point", "°C", 0, 3400, 5900, "the highest boiling point", "boil", "boils"),
        _p("hardness", "hardness", "Mohs", 1, 0.4, 9.6, "the greatest hardness", "hard"),
        _p("discovered", "year of discovery", "", 0, 1740, 2003, "the latest discovery", "discovered", "discovery"),
    ),
    "food": (
        _p("energy", "energy", "kilocalories", 0, 38, 610, "the most energy", "calories", "kilocalories", "kcal"),
        _p("protein", "protein", "grams", 1, 0.4, 34.0, "the most protein"),
        _p("fat", "fat", "grams", 1, 0.2, 48.0, "the most fat"),
        _p("sugar", "sugar", "grams", 1, 0.3, 52.0, "the most sugar"),
        _p("fibre", "fibre", "grams", 1, 0.2, 18.0, "the most fibre", "fiber"),
        _p("salt", "salt", "milligrams", 0, 4, 980, "the most salt"),
    ),
    "country": (
        _p("population", "population", "people", 0, 410_000, 92_000_000, "the largest population", "people"),
        _p("area", "area", "square kilometres", 0, 9_000, 1_900_000, "the largest area"),
        _p("mountain", "highest mountain", "metres", 0, 240, 6900, "the highest mountain", "mountain"),
        _p("coast", "length of coast", "kilometres", 0, 60, 9400, "the longest coast", "coastline", "coast"),
        _p("founded", "year of foundation", "", 0, 790, 1940, "the latest year of foundation", "founded", "foundation"),
        Property("capital", "capital", words=("capital city",)),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Thing:
    """A planet, element, food or country.

    Attributes:
        kind: a key of KINDS.
        name: what it is called; a planet and an element may share a name.
        values: number or word by property; None where nothing is known.
        months: a country's rainfall month by month; nothing else has one.
        land: a country's shares of land, in the order of names.LAND.
        thaw, freeze: local hours at which a planet's surface gets warmer and colder than zero degrees.
    """

    kind: str
    name: str
    values: Mapping[str, float | str | None]
    months: tuple[int, ...] = ()
    land: tuple[int, ...] = ()
    thaw: int = 0
    freeze: int = 0

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.name.casefold().replace(' ', '-')}"

    def number(self, key: str) -> float:
        """The value of a property that is known and a number."""
        value = self.values[key]
        if not isinstance(value, int | float):
            raise ValueError(f"{self.name} has no number for {key}")
        return value


def property_of(kind: str, key: str) -> Property:
    """A property of a kind by its key. Raises StopIteration."""
    return next(one for one in PROPERTIES[kind] if one.key == key)


def value_text(thing: Thing, known: Property) -> str:
    """A property's value with its unit as the site writes it."""
    value = thing.values[known.key]
    if value is None:
        return "no data available"
    if isinstance(value, str):
        return value
    plain = not known.unit and known.high < 3000
    number = f"{value:.{known.decimals}f}" if plain else f"{value:,.{known.decimals}f}"
    return f"{number} {known.unit}".strip()
