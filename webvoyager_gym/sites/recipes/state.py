"""What the site remembers of a cook in one episode."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from webvoyager_gym.sites.kit import State
from webvoyager_gym.sites.recipes.world import Cookbook

EATING = ("Anything", "Vegetarian", "Vegan")
LONGEST_REVIEW = 200
MOST_ON_LIST = 6


@dataclass
class Kitchen(State):
    """The cook's own things.

    Attributes:
        box: ids of saved recipes.
        shopping: servings of the recipes on the shopping list, by id.
        plan: ids of recipes by day of the week.
        reviews: stars and text by recipe id.
        settings: "eating", "units" and "newsletter" ("yes" or "no").
        asking: whether the newsletter dialog is still up.
    """

    box: dict[str, bool]
    shopping: dict[str, int]
    plan: dict[str, str]
    asking: bool = False
    reviews: dict[str, tuple[int, str]] = field(default_factory=dict)
    settings: dict[str, str] = field(
        default_factory=lambda: {"eating": EATING[0], "units": "metric", "newsletter": "no"}
    )

    def effects(self) -> dict[str, Any]:
        return {
            "box": dict(self.box),
            "shopping": dict(self.shopping),
            "plan": dict(self.plan),
            "reviews": {recipe: [stars, text] for recipe, (stars, text) in self.reviews.items()},
            "settings": dict(self.settings),
        }


def new_kitchen(book: Cookbook) -> Kitchen:
    """The cook's things at the start of an episode."""
    return Kitchen(
        box=dict.fromkeys(book.box, True),
        shopping=dict(book.shopping),
        plan=dict(book.plan),
        asking=book.newsletter,
    )
