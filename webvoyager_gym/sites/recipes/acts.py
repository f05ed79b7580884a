"""Tasks that change something: box, shopping list, meal plan, reviews and settings."""

from __future__ import annotations

from typing import Any

import numpy as np

from webvoyager_gym.sites.kit import Params, one_of
from webvoyager_gym.sites.kit.changes import Change, drop, put
from webvoyager_gym.sites.kit.ways import Next
from webvoyager_gym.sites.recipes.find import Filters
from webvoyager_gym.sites.recipes.lists import TopOfList, place_words
from webvoyager_gym.sites.recipes.reach import CookAct, CookHand, open_place
from webvoyager_gym.sites.recipes.state import EATING
from webvoyager_gym.sites.recipes.words import OPINIONS
from webvoyager_gym.sites.recipes.world import DAYS, MOST_SERVINGS, Cookbook


class SaveRecipe(CookAct):
    """Save a recipe to the box."""

    name = "save-recipe"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        recipe = one_of(random, world.recipes)
        return None if recipe.id in world.box else {"recipe": recipe.id}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        title = world.by_id[params["recipe"]].title
        wordings = (
            f"Save {title} to my recipe box.",
            f"Put {title} in the recipe box.",
            f"I like the sound of {title}; find it and save it to my recipe box.",
        )
        return one_of(random, wordings)

    def effects(self, world: Cookbook, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "box", params["recipe"], True)


class SaveTop(SaveRecipe):
    """Save the recipe that comes first by some order."""

    name = "save-top-of-list"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        params = TopOfList().draw(world, random)
        return None if params is None or params["recipe"] in world.box else params

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        what = " ".join(diet.lower() for diet in params["diets"])
        which = {"best": f"best rated {what}", "quick": f"quickest {what}"}[params["sort"]].strip()
        place = place_words(params["place"])
        wordings = (
            f"Save the {which} recipe of {place} to my recipe box.",
            f"Find the {which} recipe in {place} and put it in my recipe box.",
            f"My recipe box should get the {which} recipe of {place}.",
        )
        return one_of(random, wordings)

    def carry_out(self, hand: CookHand, change: Change) -> Next:
        params = hand.params
        # Which recipe it is only the list tells.
        if change == Change("box", params["recipe"], True) and hand.path != f"/recipe/{params['recipe']}":
            step = open_place(hand, params["place"], params["sort"], Filters(tuple(params["diets"])))
            return step or hand.click(key=f"recipe-{params['recipe']}")
        return super().carry_out(hand, change)


class RemoveFromBox(CookAct):
    """Remove a recipe from the box."""

    name = "remove-from-box"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        return {"recipe": one_of(random, world.box)}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        title = world.by_id[params["recipe"]].title
        wordings = (
            f"Remove {title} from my recipe box.",
            f"Take {title} out of the recipe box.",
            f"I no longer like {title}; delete it from my recipe box.",
        )
        return one_of(random, wordings)

    def effects(self, world: Cookbook, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return drop(initial, "box", params["recipe"])


class AddToList(CookAct):
    """Add a recipe to the shopping list for some number of servings."""

    name = "add-to-shopping-list"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        recipe = one_of(random, world.recipes)
        servings = recipe.servings + one_of(random, (-2, -1, 0, 1, 2, 3))
        if recipe.id in dict(world.shopping) or not 1 <= servings <= MOST_SERVINGS:
            return None
        return {"recipe": recipe.id, "servings": servings}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        title, servings = world.by_id[params["recipe"]].title, params["servings"]
        people = "one person" if servings == 1 else f"{servings} people"
        wordings = (
            f"Add {title} for {people} to my shopping list.",
            f"I cook {title} for {people}: put what I need on the shopping list.",
            f"Set {title} to {servings} serving{'s' * (servings > 1)} and add it to the shopping list.",
        )
        return one_of(random, wordings)

    def effects(self, world: Cookbook, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "shopping", params["recipe"], params["servings"])


class ChangeList(CookAct):
    """Change the servings of a recipe on the shopping list, or remove it."""

    name = "change-shopping-list"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        recipe, servings = one_of(random, world.shopping)
        new = one_of(random, (0, servings - 2, servings - 1, servings + 1, servings + 2))
        return {"recipe": recipe, "servings": max(0, new)}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        title, servings = world.by_id[params["recipe"]].title, params["servings"]
        wordings = (
            f"Remove {title} from my shopping list.",
            f"I won't cook {title}; take it off the shopping list.",
            f"Delete {title} from the shopping list.",
        )
        if servings:
            wordings = (
                f"Change {title} on my shopping list to {servings} serving{'s' * (servings > 1)}.",
                f"{title} on the shopping list should be for {servings}.",
                f"On my shopping list, set {title} to {servings} serving{'s' * (servings > 1)}.",
            )
        return one_of(random, wordings)

    def effects(self, world: Cookbook, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        if not params["servings"]:
            return drop(initial, "shopping", params["recipe"])
        return put(initial, "shopping", params["recipe"], params["servings"])


class PlanDish(CookAct):
    """Plan a dish for a day."""

    name = "plan-dish"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        day, recipe = one_of(random, DAYS), one_of(random, world.recipes).id
        return None if dict(world.plan).get(day) == recipe else {"day": day, "recipe": recipe}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        title, day = world.by_id[params["recipe"]].title, params["day"]
        wordings = (
            f"Plan {title} for {day}.",
            f"Put {title} in my meal plan on {day}.",
            f"We eat {title} on {day}; add it to the meal plan.",
        )
        return one_of(random, wordings)

    def effects(self, world: Cookbook, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "plan", params["day"], params["recipe"])


class MoveDish(CookAct):
    """Move a planned dish to a free day."""

    name = "move-dish"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        day, recipe = one_of(random, world.plan)
        free = [other for other in DAYS if other not in dict(world.plan)]
        return {"day": day, "recipe": recipe, "other": one_of(random, free)}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        day, other = params["day"], params["other"]
        wordings = (
            f"Move what is planned for {day} in my meal plan to {other}.",
            f"In the meal plan, {day}'s dish should be on {other} instead.",
            f"I can't cook on {day}. Move that dish in my meal plan to {other}.",
        )
        return one_of(random, wordings)

    def effects(self, world: Cookbook, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(drop(initial, "plan", params["day"]), "plan", params["other"], params["recipe"])

    def carry_out(self, hand: CookHand, change: Change) -> Next:
        day, recipe, other = (hand.params[name] for name in ("day", "recipe", "other"))
        # The plan says which dish it is, so that it is planned anew before the old day is cleared.
        if change == Change("plan", day, None) and hand.state.plan.get(other) != recipe:
            if hand.path == f"/recipe/{recipe}":
                return super().carry_out(hand, Change("plan", other, recipe))
            return hand.click(key=f"recipe-{recipe}" if hand.path == "/plan" else "plan")
        return super().carry_out(hand, change)


class WriteReview(CookAct):
    """Review a recipe; the stars to click have no names."""

    name = "write-review"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        return {
            "recipe": one_of(random, world.recipes).id,
            "stars": int(random.integers(1, 6)),
            "text": one_of(random, OPINIONS),
        }

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        title, stars, text = world.by_id[params["recipe"]].title, params["stars"], params["text"]
        many = f"{stars} star{'s' * (stars > 1)}"
        wordings = (
            f"Review {title} with {many} and the words “{text}”",
            f"Write a review of {title}: {many}, “{text}”",
            f"Give {title} {many} and write “{text}”",
        )
        return one_of(random, wordings)

    def effects(self, world: Cookbook, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "reviews", params["recipe"], [params["stars"], params["text"]])


class ChangeSettings(CookAct):
    """Change one or two of the settings."""

    name = "change-settings"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        new = {"eating": one_of(random, EATING), "units": "cups", "newsletter": one_of(random, ("yes", "no"))}
        if random.random() < 0.4:
            new["units"] = "metric"
        before = {"eating": EATING[0], "units": "metric", "newsletter": "no"}
        changed = {key: value for key, value in new.items() if before[key] != value}
        return changed or None

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        words = {
            "eating": f"that I eat {params.get('eating', '').lower()}",
            "units": "that I want amounts in cups",
            "newsletter": "that I want the weekly newsletter",
        }
        what = " and ".join(words[key] for key in params)
        wordings = (
            f"Tell the site in its settings {what}.",
            f"Save in my settings {what}.",
            f"Change my settings to say {what}.",
        )
        return one_of(random, wordings)

    def effects(self, world: Cookbook, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "settings": {**initial["settings"], **params}}


ACTS = (
    SaveRecipe(),
    SaveTop(),
    RemoveFromBox(),
    AddToList(),
    ChangeList(),
    PlanDish(),
    MoveDish(),
    WriteReview(),
    ChangeSettings(),
)
