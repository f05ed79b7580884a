"""Searching the recipes: which ones fit, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.recipes.world import Cookbook, Recipe

SORTS = {"popular": "Most rated", "best": "Best rated", "quick": "Quickest"}
LIMITS = {"30": "Up to 30 min", "60": "Up to 60 min"}
PAGE_SIZE = 5


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to.

    Attributes:
        diets: names of diets, all of which a recipe has to suit.
        limit: longest time in minutes; 0 for any.
        level: "" for any.
    """

    diets: tuple[str, ...] = ()
    limit: int = 0
    level: str = ""

    def fit(self, recipe: Recipe) -> bool:
        """Whether the recipe is let through."""
        return (
            set(self.diets) <= set(recipe.diets)
            and (not self.limit or recipe.minutes <= self.limit)
            and self.level in ("", recipe.level)
        )


def search(book: Cookbook, text: str) -> list[Recipe]:
    """The recipes that share a word with the text, most words first; all of them if it is blank.

    Words are looked for in title, category, ingredients and the cook's name.
    """
    asked = set(fold(text).split())
    if not asked:
        return [] if text.strip() else list(book.recipes)
    scored = [(_score(recipe, asked, fold(text)), recipe) for recipe in book.recipes]
    return [recipe for score, recipe in sorted(scored, key=lambda pair: -pair[0]) if score]


def _score(recipe: Recipe, asked: set[str], text: str) -> int:
    title = set(fold(recipe.title).split())
    rest = " ".join([recipe.category, recipe.cook_name, *(part.ingredient.name for part in recipe.parts)])
    return 3 * len(asked & title) + len(asked & set(fold(rest).split())) + 9 * (fold(recipe.title) == text)


def arrange(recipes: Sequence[Recipe], sort: str) -> list[Recipe]:
    """The recipes in an order, a key of SORTS; in the order they came if it is ""."""
    orders = {
        "popular": lambda recipe: -recipe.ratings,
        "best": lambda recipe: (-recipe.rating, -recipe.ratings),
        "quick": lambda recipe: (recipe.minutes, -recipe.ratings),
    }
    return sorted(recipes, key=orders[sort]) if sort else list(recipes)
