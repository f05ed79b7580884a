"""Units of measure as answers name them: enough to tell kilometres from miles."""

from __future__ import annotations

import re

_NAMES = {
    "mm": "mm millimetre millimeter",
    "cm": "cm centimetre centimeter",
    "m": "m metre meter",
    "km": "km kilometre kilometer",
    "inch": "inch inches",
    "foot": "ft foot feet",
    "mile": "mi mile",
    "mg": "mg milligram",
    "g": "g gram gramme",
    "kg": "kg kilo kilogram",
    "ounce": "oz ounce",
    "pound": "lb lbs pound",
    "second": "s sec second",
    "minute": "min minute",
    "hour": "h hr hour",
    "day": "day",
    "week": "week",
    "month": "month",
    "year": "year",
    "ml": "ml millilitre milliliter",
    "litre": "l litre liter",
    "cup": "cup",
    "tablespoon": "tbsp tablespoon",
    "teaspoon": "tsp teaspoon",
    "degree": "degree",
    "celsius": "°c c celsius",
    "fahrenheit": "°f f fahrenheit",
    "kcal": "kcal calorie kilocalorie",
    "kb": "kb kilobyte",
    "mb": "mb megabyte",
    "gb": "gb gigabyte",
    "tb": "tb terabyte",
    "watt": "w watt",
    "kilowatt": "kw kilowatt",
}
_UNITS = {name: unit for unit, names in _NAMES.items() for name in names.split()}
_UNITS |= {f"{name}s": unit for name, unit in _UNITS.items() if len(name) > 2 or name in ("hr", "kg", "km")}
_WORD = re.compile(r"[\s-]?(?:degrees?\s)?(°\s?[cf]|[a-z]+)(?![a-z])")
_SCALES = ("celsius", "fahrenheit")


def unit_of(text: str) -> str:
    """The unit of measure with which a text begins, under one name for each unit; "" if it is none that is known."""
    match = _WORD.match(text.casefold())
    return _UNITS.get(match[1].replace(" ", ""), "") if match else ""


def fits(said: str, unit: str) -> bool:
    """Whether what follows a number may follow it where that unit is asked for: the unit, or words that are no unit."""
    found, asked = unit_of(said), unit_of(unit) or unit_of(unit.rpartition(" ")[2])
    vague = (found == "degree" and asked in _SCALES) or (asked == "degree" and found in _SCALES)
    return not unit or not found or found == asked or vague
