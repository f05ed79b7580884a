"""Tasks that ask what the page of one recipe says or shows."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Expected, Name, Number, Params, one_of
from webvoyager_gym.sites.recipes.measures import amount, degrees, fahrenheit, line, unit
from webvoyager_gym.sites.recipes.reach import CookHand, CookQuestion, open_recipe, see, see_fold, show
from webvoyager_gym.sites.recipes.words import TOOLS
from webvoyager_gym.sites.recipes.world import LEVELS, MOST_SERVINGS, NUTRIENTS, Cookbook, Recipe


class AboutRecipe(CookQuestion):
    """What these tasks share: parameters with a recipe, and wordings that name it as {title}."""

    def recipe(self, world: Cookbook, params: Params) -> Recipe:
        """The task's recipe."""
        return world.by_id[params["recipe"]]


class RecipeFact(AboutRecipe):
    """A fact from the top of the page, or how long the dish keeps."""

    name = "recipe-fact"
    kind = "look up"

    _WORDINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "prep": (
            "How many minutes of preparation does {title} need?",
            "What is the prep time of {title} in minutes?",
            "Look up {title}: how many minutes does the prep take?",
        ),
        "cook": (
            "For how many minutes does {title} cook?",
            "What is the cook time of {title}, in minutes?",
            "Find {title} and tell me its cook time in minutes.",
        ),
        "level": (
            "Is {title} easy, medium or hard to make?",
            "What level is the recipe {title}?",
            "Find the level of difficulty of {title}.",
        ),
        "by": (
            "Who is the cook behind {title}?",
            "By whom is the recipe {title}?",
            "Find {title} and give the name of its cook.",
        ),
        "fridge": (
            "How many days does {title} keep in the fridge?",
            "For how many days can I store {title} in the fridge?",
            "Find out how long {title} keeps in the fridge, in days.",
        ),
    }

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        return {"recipe": one_of(random, world.recipes).id, "fact": one_of(random, list(self._WORDINGS))}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self._WORDINGS[params["fact"]]).format(title=self.recipe(world, params).title)

    def expected(self, world: Cookbook, params: Params) -> Expected:
        recipe = self.recipe(world, params)
        if params["fact"] == "level":
            return Name(recipe.level, tuple(level for level in LEVELS if level != recipe.level))
        if params["fact"] == "by":
            return Name(
                recipe.cook_name, tuple(sorted({other.cook_name for other in world.recipes} - {recipe.cook_name}))
            )
        minutes = {"prep": recipe.prep, "cook": recipe.cook}
        return Number(minutes.get(params["fact"], recipe.fridge), "minutes" if params["fact"] in minutes else "days")

    def look(self, hand: CookHand) -> Action | None:
        recipe = self.recipe(hand.world, hand.params)
        step = open_recipe(hand, recipe)
        if step is not None:
            return step
        if hand.params["fact"] == "fridge":
            return see_fold(hand, "equipment", "in the fridge")
        said = {"prep": f"Prep {recipe.prep} min", "cook": f"Cook {recipe.cook} min", "level": f"Level {recipe.level}"}
        return see(hand, said.get(hand.params["fact"], f"by {recipe.cook_name}"), "review")


class Nutrient(AboutRecipe):
    """What one serving holds, or the whole dish."""

    name = "nutrition"
    kind = "look up"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        return {"recipe": one_of(random, world.recipes).id, "nutrient": one_of(random, list(NUTRIENTS))}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        title, nutrient = self.recipe(world, params).title, params["nutrient"].lower()
        unit_name = NUTRIENTS[params["nutrient"]]
        what = "kcal" if nutrient == "calories" else f"{unit_name} of {nutrient}"
        wordings = (
            f"How many {what} does a serving of {title} have?",
            f"Look in the nutrition of {title}: how many {what} per serving?",
            f"I count what I eat. Find the {nutrient} per serving of {title}.",
        )
        return one_of(random, wordings)

    def expected(self, world: Cookbook, params: Params) -> Expected:
        return Number(self.recipe(world, params).nutrient(params["nutrient"]), NUTRIENTS[params["nutrient"]])

    def look(self, hand: CookHand) -> Action | None:
        recipe, nutrient = self.recipe(hand.world, hand.params), hand.params["nutrient"]
        said = f"{nutrient} {recipe.nutrient(nutrient)} {NUTRIENTS[nutrient]}"
        return open_recipe(hand, recipe) or see_fold(hand, "nutrition", said)


class WholeDish(AboutRecipe):
    """A nutrient of all servings that the recipe is for."""

    name = "whole-dish"
    kind = "compute"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        return {"recipe": one_of(random, world.recipes).id, "nutrient": one_of(random, ("Calories", "Protein", "Fat"))}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        title, nutrient = self.recipe(world, params).title, params["nutrient"].lower()
        what = "kcal" if nutrient == "calories" else f"grams of {nutrient}"
        wordings = (
            f"How many {what} do all servings of {title} have together, as the recipe is given?",
            f"If I eat the whole of {title}, made for the servings it is given for, how many {what} is that?",
            f"Work out the total {what} of {title}: all servings of the recipe together.",
        )
        return one_of(random, wordings)

    def expected(self, world: Cookbook, params: Params) -> Expected:
        recipe = self.recipe(world, params)
        return Number(recipe.nutrient(params["nutrient"]) * recipe.servings, NUTRIENTS[params["nutrient"]])

    def look(self, hand: CookHand) -> Action | None:
        recipe, nutrient = self.recipe(hand.world, hand.params), hand.params["nutrient"]
        said = f"{nutrient} {recipe.nutrient(nutrient)} {NUTRIENTS[nutrient]}"
        return show(hand, recipe, recipe.servings) or see_fold(hand, "nutrition", said)


class ScaledAmount(AboutRecipe):
    """The amount of an ingredient for another number of servings, in either system."""

    name = "scaled-amount"
    kind = "compute"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        recipe = one_of(random, world.recipes)
        servings = recipe.servings + one_of(random, (-3, -2, -1, 1, 2, 3, 4))
        if not 1 <= servings <= MOST_SERVINGS:
            return None
        units = one_of(random, ("metric", "cups"))
        measured = [n for n, part in enumerate(recipe.parts) if units == "metric" or part.ingredient.cup]
        return {"recipe": recipe.id, "part": one_of(random, measured), "servings": servings, "units": units}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        recipe, servings = self.recipe(world, params), params["servings"]
        part = recipe.parts[params["part"]]
        measure = {"g": "grams of ", "ml": "ml of ", "cups": "cups of "}.get(unit(part, params["units"]), "")
        measure = measure or (f"{part.ingredient.kind} of " if part.ingredient.kind else "")
        people = "one person" if servings == 1 else f"{servings} people"
        wordings = (
            f"How many {measure}{part.ingredient.name} do I need for {recipe.title} if I cook it for {people}?",
            f"I make {recipe.title} for {people}. How many {measure}{part.ingredient.name} does it take?",
            f"Scale {recipe.title} to {servings} serving{'s' * (servings > 1)}:"
            f" how many {measure}{part.ingredient.name}?",
        )
        return one_of(random, wordings)

    def expected(self, world: Cookbook, params: Params) -> Expected:
        recipe = self.recipe(world, params)
        part = recipe.parts[params["part"]]
        value, word = amount(recipe, part, params["servings"], params["units"]), unit(part, params["units"])
        whole = value == int(value)
        # Whole g and ml are shown rounded.
        return Number(value, word, 0.6 if word in ("g", "ml") else 0.02, 0 if whole else 2)

    def look(self, hand: CookHand) -> Action | None:
        recipe, servings, units = self.recipe(hand.world, hand.params), hand.params["servings"], hand.params["units"]
        said = line(recipe, recipe.parts[hand.params["part"]], servings, units)
        return show(hand, recipe, servings, units) or see(hand, said, f"units-{units}")


class InCups(ScaledAmount):
    """The amount of an ingredient in cups, for the servings that the recipe is given for."""

    name = "in-cups"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        recipe = one_of(random, world.recipes)
        measured = [n for n, part in enumerate(recipe.parts) if part.ingredient.cup]
        return {"recipe": recipe.id, "part": one_of(random, measured), "servings": recipe.servings, "units": "cups"}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        recipe = self.recipe(world, params)
        what = recipe.parts[params["part"]].ingredient.name
        wordings = (
            f"How many cups of {what} are in {recipe.title}, as given?",
            f"I have no scales. How many cups of {what} does {recipe.title} take as given?",
            f"Show the amounts of {recipe.title} in cups: how many cups of {what}?",
        )
        return one_of(random, wordings)


class OvenHeat(AboutRecipe):
    """The oven's heat in degrees Fahrenheit, from the method."""

    name = "oven-heat"
    kind = "compute"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        recipe = one_of(random, [recipe for recipe in world.recipes if recipe.oven])
        return {"recipe": recipe.id, "units": one_of(random, ("metric", "cups"))}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        title = self.recipe(world, params).title
        scale = "Celsius" if params["units"] == "metric" else "Fahrenheit"
        wordings = (
            f"How hot, in degrees {scale}, should the oven be for {title}?",
            f"My oven shows {scale}. What do I set it to for {title}?",
            f"Look in the method of {title}: at how many degrees {scale} is it baked?",
        )
        return one_of(random, wordings)

    def expected(self, world: Cookbook, params: Params) -> Expected:
        oven = self.recipe(world, params).oven
        return Number(oven, "°C") if params["units"] == "metric" else Number(fahrenheit(oven), "°F", 1)

    def look(self, hand: CookHand) -> Action | None:
        recipe, units = self.recipe(hand.world, hand.params), hand.params["units"]
        shown = int(hand.query.get("servings", recipe.servings)) if hand.path == f"/recipe/{recipe.id}" else 0
        return show(hand, recipe, shown, units) or see_fold(hand, "method", degrees(recipe.oven, units))


class Equipment(AboutRecipe):
    """Which of two tools is needed."""

    name = "equipment"
    kind = "look up"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        recipe = one_of(random, world.recipes)
        needed = one_of(random, recipe.tools)
        other = one_of(random, [tool for tool in TOOLS if tool not in recipe.tools])
        pair = (needed, other) if random.random() < 0.5 else (other, needed)
        return {"recipe": recipe.id, "tool": needed, "pair": pair}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        title, (a, b) = self.recipe(world, params).title, params["pair"]
        wordings = (
            f"Which do I need for {title}, a {a} or a {b}?",
            f"Is a {a} or a {b} part of the equipment for {title}?",
            f"I have a {a} and a {b}. Which of them does {title} call for?",
        )
        return one_of(random, wordings)

    def expected(self, world: Cookbook, params: Params) -> Expected:
        recipe = self.recipe(world, params)
        return Name(params["tool"], tuple(tool for tool in TOOLS if tool not in recipe.tools))

    def look(self, hand: CookHand) -> Action | None:
        recipe = self.recipe(hand.world, hand.params)
        return open_recipe(hand, recipe) or see_fold(hand, "equipment", recipe.tools[-1])


class Chillies(AboutRecipe):
    """How hot a dish is: the red chillies are only drawn."""

    name = "chillies"
    kind = "look up"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        return {"recipe": one_of(random, [recipe for recipe in world.recipes if recipe.chillies]).id}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        title = self.recipe(world, params).title
        wordings = (
            f"How many red chillies does {title} have on its heat scale?",
            f"How hot is {title}? Give the number of red chillies.",
            f"Count the red chillies on the page of {title}.",
        )
        return one_of(random, wordings)

    def expected(self, world: Cookbook, params: Params) -> Expected:
        return Number(self.recipe(world, params).chillies, "chillies")

    def look(self, hand: CookHand) -> Action | None:
        recipe = self.recipe(hand.world, hand.params)
        return open_recipe(hand, recipe) or see(hand, f"Level {recipe.level}", "review")


class StarsGiven(AboutRecipe):
    """How many stars a reviewer gave; they are only drawn."""

    name = "stars-given"
    kind = "look up"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        return {"recipe": one_of(random, world.recipes).id, "review": int(random.integers(2))}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        recipe = self.recipe(world, params)
        author = recipe.reviews[params["review"]].author
        wordings = (
            f"How many stars did {author} give to {recipe.title}?",
            f"{author} has reviewed {recipe.title}. With how many stars?",
            f"Look in the reviews of {recipe.title}: how many stars are from {author}?",
        )
        return one_of(random, wordings)

    def expected(self, world: Cookbook, params: Params) -> Expected:
        return Number(self.recipe(world, params).reviews[params["review"]].stars, "stars")

    def look(self, hand: CookHand) -> Action | None:
        recipe = self.recipe(hand.world, hand.params)
        return open_recipe(hand, recipe) or see_fold(hand, "reviews", recipe.reviews[hand.params["review"]].author)


QUESTIONS = (
    RecipeFact(),
    Nutrient(),
    WholeDish(),
    ScaledAmount(),
    InCups(),
    OvenHeat(),
    Equipment(),
    Chillies(),
    StarsGiven(),
)
