"""Tasks that ask about the cook's own things: shopping list, meal plan and recipe box."""

from __future__ import annotations

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Expected, Impossible, Name, Number, Params, one_of
from webvoyager_gym.sites.recipes.measures import amount
from webvoyager_gym.sites.recipes.reach import CookHand, CookQuestion, open_recipe, see
from webvoyager_gym.sites.recipes.state import Kitchen
from webvoyager_gym.sites.recipes.world import LEVELS, Cookbook, Part, Recipe


class ShoppingTotal(CookQuestion):
    """How much of an ingredient the whole shopping list comes to."""

    name = "shopping-total"
    kind = "compute"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        recipe = one_of(random, world.recipes)
        item = one_of(random, recipe.parts).ingredient
        sharing = [r for r in world.recipes if item in (part.ingredient for part in r.parts)]
        others = [r for r in world.recipes if r not in sharing]
        if len(sharing) < 2:
            return None
        chosen = [sharing[int(i)] for i in random.choice(len(sharing), 2, replace=False)] + [one_of(random, others)]
        order = [chosen[int(i)] for i in random.permutation(3)]
        return {"item": item.name, "list": {r.id: int(random.integers(2, 9)) for r in order}}

    def prepare(self, world: Cookbook, params: Params, state: Kitchen) -> None:
        state.shopping = dict(params["list"])

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        item = params["item"]
        kind = self._parts(world, params)[0][1].ingredient.kind
        what = {"g": f"grams of {item}", "": item}.get(kind, f"{kind} of {item}")
        wordings = (
            f"How many {what} are on my shopping list in all?",
            f"Add up the {item} on my shopping list: how many {what} altogether?",
            f"I am going shopping. How many {what} must I buy for everything on my list?",
        )
        return one_of(random, wordings)

    def expected(self, world: Cookbook, params: Params) -> Expected:
        parts = self._parts(world, params)
        total = sum(amount(recipe, part, params["list"][recipe.id], "metric") for recipe, part in parts)
        kind = parts[0][1].ingredient.kind
        return Number(total, kind, 1 if kind in ("g", "ml") else 0.02, 0 if total == int(total) else 2)

    def _parts(self, world: Cookbook, params: Params) -> list[tuple[Recipe, Part]]:
        recipes = [world.by_id[recipe] for recipe in params["list"]]
        return [(r, part) for r in recipes for part in r.parts if part.ingredient.name == params["item"]]

    def look(self, hand: CookHand) -> Action | None:
        if hand.path != "/shopping":
            return hand.click(key="shopping")
        recipe = self._parts(hand.world, hand.params)[-1][0]
        return see(hand, hand.params["item"], f"unshop-{recipe.id}")


class PlannedDish(CookQuestion):
    """A fact about what is planned for a day."""

    name = "planned-dish"
    kind = "plan"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        day, recipe = one_of(random, world.plan)
        return {"day": day, "recipe": recipe, "fact": one_of(random, ("minutes", "level"))}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        day = params["day"]
        if params["fact"] == "level":
            wordings = (
                f"What level is the dish in my meal plan for {day}?",
                f"Is what I planned for {day} easy, medium or hard?",
                f"Check my meal plan: which level has {day}'s dish?",
            )
            return one_of(random, wordings)
        wordings = (
            f"How many minutes do prep and cooking of {day}'s planned dish take together?",
            f"Look at my meal plan. How many minutes, prep and cook, does the dish for {day} take?",
            f"Prep and cook time in minutes of what is planned for {day}?",
        )
        return one_of(random, wordings)

    def expected(self, world: Cookbook, params: Params) -> Expected:
        recipe = world.by_id[params["recipe"]]
        if params["fact"] == "minutes":
            return Number(recipe.minutes, "minutes")
        return Name(recipe.level, tuple(level for level in LEVELS if level != recipe.level))

    def look(self, hand: CookHand) -> Action | None:
        recipe = hand.world.by_id[hand.params["recipe"]]
        if hand.path not in ("/plan", f"/recipe/{recipe.id}"):
            return hand.click(key="plan")
        return open_recipe(hand, recipe) or see(hand, f"Cook {recipe.cook} min", "review")


class NotInBox(CookQuestion):
    """Remove a recipe from the box that is not in it."""

    name = "not-in-box"
    kind = "act"
    feasible = False

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        recipe = one_of(random, world.recipes)
        return None if recipe.id in world.box else {"recipe": recipe.id}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        title = world.by_id[params["recipe"]].title
        wordings = (
            f"Remove {title} from my recipe box.",
            f"Take {title} out of the recipe box.",
            f"I no longer like {title}; delete it from my recipe box.",
        )
        return one_of(random, wordings)

    def expected(self, world: Cookbook, params: Params) -> Expected:
        return Impossible("there is no such recipe in the box")

    def look(self, hand: CookHand) -> Action | None:
        if hand.path != "/box":
            return hand.click(key="box")
        return hand.click(key="previous-page") if hand.query.get("page", "1") != "1" else None


OWN = (
    ShoppingTotal(),
    PlannedDish(),
    NotInBox(),
)
