"""Amounts as the pages give them: metric or in cups, for any number of servings."""

from __future__ import annotations

from webvoyager_gym.sites.recipes.world import Part, Recipe

UNITS = ("metric", "cups")


def amount(recipe: Recipe, part: Part, servings: int, units: str) -> float:
    """The amount that a page shows: whole g or ml, or a number of cups, spoons or pieces with two decimals."""
    scaled = part.amount * servings / recipe.servings
    if part.ingredient.kind not in ("g", "ml"):
        return round(scaled, 2)
    # The small number makes halves round up, as cooks do.
    return int(scaled + 0.5 + 1e-9) if units == "metric" else round(scaled / part.ingredient.cup, 2)


def unit(part: Part, units: str) -> str:
    """The word behind the amount; "" for things that are counted."""
    return "cups" if units == "cups" and part.ingredient.kind in ("g", "ml") else part.ingredient.kind


def line(recipe: Recipe, part: Part, servings: int, units: str) -> str:
    """An ingredient as a recipe lists it, such as "150 g rice", "0.75 cups rice" or "3 onions"."""
    return " ".join(
        filter(None, [f"{amount(recipe, part, servings, units):g}", unit(part, units), part.ingredient.name])
    )


def degrees(celsius: int, units: str) -> str:
    """The oven's heat, in Fahrenheit where amounts are in cups."""
    return f"{celsius} °C" if units == "metric" else f"{fahrenheit(celsius)} °F"


def fahrenheit(celsius: int) -> int:
    """Degrees Fahrenheit, rounded."""
    return round(celsius * 9 / 5 + 32)
