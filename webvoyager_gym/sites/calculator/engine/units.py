"""Units of measure, what they are called, and how to get from one to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from webvoyager_gym.sites.calculator.engine.arithmetic import Quantity
from webvoyager_gym.sites.calculator.engine.tokens import Token


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure.

    Attributes:
        name: as it is written after a number.
        dimension: what it measures.
        size: its size in the dimension's first unit.
        zero: what is added after multiplying, for temperatures.
        also: other names and signs.
    """

    name: str
    dimension: str
    size: Fraction
    zero: Fraction = Fraction(0)
    also: tuple[str, ...] = ()

    @property
    def single(self) -> str:
        """Its name after the number one."""
        return self.also[0] if self.also and not self.zero and "°" not in self.name else self.name


def _unit(dimension: str, name: str, size: str, *also: str, zero: str = "0") -> Unit:
    return Unit(name, dimension, Fraction(size), Fraction(zero), also)


UNITS = (
    _unit("length", "metres", "1", "metre", "meter", "meters", "m"),
    _unit("length", "kilometres", "1000", "kilometre", "kilometer", "kilometers", "km"),
    _unit("length", "centimetres", "0.01", "centimetre", "centimeter", "centimeters", "cm"),
    _unit("length", "millimetres", "0.001", "millimetre", "millimeter", "millimeters", "mm"),
    _unit("length", "miles", "1609.344", "mile", "mi"),
    _unit("length", "yards", "0.9144", "yard", "yd"),
    _unit("length", "feet", "0.3048", "foot", "ft"),
    _unit("length", "inches", "0.0254", "inch", "in"),
    _unit("weight", "kilograms", "1", "kilogram", "kg", "kilo", "kilos"),
    _unit("weight", "grams", "0.001", "gram", "g"),
    _unit("weight", "milligrams", "0.000001", "milligram", "mg"),
    _unit("weight", "tonnes", "1000", "tonne", "t"),
    _unit("weight", "pounds", "0.45359237", "pound", "lb", "lbs"),
    _unit("weight", "ounces", "0.028349523125", "ounce", "oz"),
    _unit("weight", "stones", "6.35029318", "stone", "st"),
    _unit("volume", "litres", "1", "litre", "liter", "liters", "l"),
    _unit("volume", "millilitres", "0.001", "millilitre", "milliliter", "milliliters", "ml"),
    _unit("volume", "gallons", "3.785411784", "gallon", "gal"),
    _unit("volume", "pints", "0.473176473", "pint", "pt"),
    _unit("volume", "cups", "0.2365882365", "cup"),
    _unit("volume", "tablespoons", "0.01478676478125", "tablespoon", "tbsp"),
    _unit("area", "square metres", "1", "square metre", "square meter", "square meters", "m^2"),
    _unit("area", "square kilometres", "1000000", "square kilometre", "square kilometers", "km^2"),
    _unit("area", "hectares", "10000", "hectare", "ha"),
    _unit("area", "acres", "4046.8564224", "acre"),
    _unit("area", "square miles", "2589988.110336", "square mile"),
    _unit("speed", "metres per second", "1", "meters per second", "m/s"),
    _unit("speed", "kilometres per hour", "5/18", "kilometers per hour", "km/h", "kmh"),
    _unit("speed", "miles per hour", "0.44704", "mph"),
    _unit("speed", "knots", "463/900", "knot", "kn"),
    _unit("time", "seconds", "1", "second", "sec", "s"),
    _unit("time", "minutes", "60", "minute", "min"),
    _unit("time", "hours", "3600", "hour", "h"),
    _unit("time", "days", "86400", "day", "d"),
    _unit("time", "weeks", "604800", "week"),
    _unit("energy", "kilojoules", "1", "kilojoule", "kj"),
    _unit("energy", "kilocalories", "4.184", "kilocalorie", "kcal", "calories"),
    _unit("energy", "kilowatt hours", "3600", "kilowatt hour", "kwh"),
    _unit("temperature", "°C", "1", "degrees celsius", "celsius", "c"),
    _unit("temperature", "°F", "5/9", "degrees fahrenheit", "fahrenheit", "f", zero="-160/9"),
    _unit("temperature", "kelvin", "1", "kelvins", "k", zero="-273.15"),
)
DIMENSIONS = tuple(dict.fromkeys(unit.dimension for unit in UNITS))
BY_NAME = {unit.name: unit for unit in UNITS}
IMPERIAL = {
    "kilometres": "miles", "metres": "feet", "centimetres": "inches", "kilograms": "pounds", "grams": "ounces",
    "litres": "gallons", "square kilometres": "square miles", "kilometres per hour": "miles per hour", "°C": "°F",
}  # fmt: skip
"""What those who prefer imperial units are shown instead."""


def fits(units: Sequence[Unit], dimension: str) -> tuple[Unit, ...]:
    """The units of a dimension."""
    return tuple(unit for unit in units if unit.dimension == dimension)


def convert(amount: Quantity, unit: Unit, other: Unit) -> Quantity:
    """The same amount in another unit of the same dimension."""
    return (amount * unit.size + unit.zero - other.zero) / other.size


def _joined(name: str) -> str:
    return name.casefold().replace(" ", "")


def dictionary(units: Sequence[Unit]) -> dict[str, Unit]:
    """Units by all their names, without spaces."""
    return {_joined(name): unit for unit in units for name in (unit.name, *unit.also)}


_MOST_PIECES = 4
"""Tokens in the longest name of a unit."""


def unit_at_end(pieces: Sequence[Token], known: Mapping[str, Unit]) -> tuple[Unit, int] | None:
    """The unit that the tokens end in, and how many tokens it takes."""
    for length in range(min(_MOST_PIECES, len(pieces)), 0, -1):
        unit = known.get("".join(piece.text for piece in pieces[-length:]))
        if unit is not None:
            return unit, length
    return None


def unit_at_start(pieces: Sequence[Token], known: Mapping[str, Unit]) -> tuple[Unit, int] | None:
    """The unit that the tokens begin with, and how many tokens it takes."""
    for length in range(min(_MOST_PIECES, len(pieces)), 0, -1):
        unit = known.get("".join(piece.text for piece in pieces[:length]))
        if unit is not None:
            return unit, length
    return None
