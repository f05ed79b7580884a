"""Tasks that look for a recipe among several, or put several together."""

from __future__ import annotations

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Expected, Impossible, Name, Params, one_of
from webvoyager_gym.sites.recipes.find import Filters, arrange
from webvoyager_gym.sites.recipes.reach import CookHand, CookQuestion, open_place, open_recipe, see, see_fold
from webvoyager_gym.sites.recipes.words import DIETS, SECTIONS, SWEET_SECTIONS
from webvoyager_gym.sites.recipes.world import (
    LEVELS,
    NUTRIENTS,
    PLACES,
    SECTION_OF,
    Cookbook,
    Recipe,
)


def named(world: Cookbook, recipe: Recipe) -> Name:
    """The recipe's title as an answer, no other one beside it."""
    return Name(recipe.title, tuple(other.title for other in world.recipes if other is not recipe))


def place_words(place: str) -> str:
    """A category or section in a sentence."""
    return f"the category {place}" if place in SECTION_OF else f"all {place.lower()}"


def filters_of(params: Params) -> Filters:
    """The filters of a task."""
    return Filters(tuple(params["diets"]), params["limit"], params["level"])


def filter_words(filters: Filters) -> str:
    """Filters in a sentence."""
    parts = [diet.lower() for diet in filters.diets]
    parts += [f"takes up to {filters.limit} min"] * bool(filters.limit)
    parts += [f"has the level {filters.level.lower()}"] * bool(filters.level)
    is_part = f"is {' and '.join(parts[: len(filters.diets)])}" if filters.diets else ""
    return " and ".join(filter(None, [is_part, *parts[len(filters.diets) :]]))


def draw_filters(random: np.random.Generator) -> Filters:
    """Two or three filters."""
    kinds = {str(kind) for kind in random.choice(("diet", "limit", "level"), int(random.integers(2, 4)), replace=False)}
    return Filters(
        (one_of(random, DIETS),) if "diet" in kinds else (),
        one_of(random, (30, 60)) if "limit" in kinds else 0,
        one_of(random, LEVELS) if "level" in kinds else "",
    )


def plain(filters: Filters) -> dict[str, object]:
    """Filters as parameters."""
    return {"diets": list(filters.diets), "limit": filters.limit, "level": filters.level}


class Filtered(CookQuestion):
    """The only recipe of a category or section that fits several filters."""

    name = "filtered-recipe"
    kind = "filter"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        place, filters = one_of(random, list(PLACES.values())), draw_filters(random)
        return {"place": place, **plain(filters)} if len(self.fitting(world, place, filters)) == 1 else None

    def fitting(self, world: Cookbook, place: str, filters: Filters) -> list[Recipe]:
        """The recipes of the place that the filters let through."""
        return [recipe for recipe in world.of(place) if filters.fit(recipe)]

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        place, words = place_words(params["place"]), filter_words(filters_of(params))
        wordings = (
            f"Which recipe in {place} {words}?",
            f"Find the recipe in {place} that {words}.",
            f"Look through {place} for the one recipe that {words}. What is it called?",
        )
        return one_of(random, wordings)

    def expected(self, world: Cookbook, params: Params) -> Expected:
        return named(world, self.fitting(world, params["place"], filters_of(params))[0])

    def look(self, hand: CookHand) -> Action | None:
        filters = filters_of(hand.params)
        step = open_place(hand, hand.params["place"], hand.query.get("sort", "popular"), filters)
        found = self.fitting(hand.world, hand.params["place"], filters)
        return step or see(hand, found[0].title if found else "No recipes found", "sort")


class NothingFits(Filtered):
    """The same with filters that let nothing through."""

    name = "nothing-fits"
    feasible = False

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        place, filters = one_of(random, list(PLACES.values())), draw_filters(random)
        return None if self.fitting(world, place, filters) else {"place": place, **plain(filters)}

    def expected(self, world: Cookbook, params: Params) -> Expected:
        return Impossible("no recipes found", tuple(recipe.title for recipe in world.recipes))


class TopOfList(CookQuestion):
    """The best rated or quickest recipe of a category or section, some of the time of those that suit a diet."""

    name = "top-of-list"
    kind = "compare"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        place, sort = one_of(random, list(PLACES.values())), one_of(random, ("best", "quick"))
        diets = [one_of(random, DIETS)] if random.random() < 0.5 else []
        recipes = [recipe for recipe in world.of(place) if Filters(tuple(diets)).fit(recipe)]
        if len(recipes) < 3:
            return None
        first, second = arrange(recipes, sort)[:2]
        tied = first.rating == second.rating if sort == "best" else first.minutes == second.minutes
        popular = arrange(recipes, "popular")[0]
        return None if tied or first is popular else {"place": place, "sort": sort, "diets": diets, "recipe": first.id}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        place = place_words(params["place"])
        what = " ".join(diet.lower() for diet in params["diets"])
        which = {"best": f"best rated {what}", "quick": f"quickest {what}"}[params["sort"]].strip()
        wordings = (
            f"Which is the {which} recipe in {place}?",
            f"Find the {which} recipe among those in {place}.",
            f"I want the {which} recipe of {place}. What is it called?",
        )
        return one_of(random, wordings)

    def expected(self, world: Cookbook, params: Params) -> Expected:
        return named(world, world.by_id[params["recipe"]])

    def look(self, hand: CookHand) -> Action | None:
        params = hand.params
        step = open_place(hand, params["place"], params["sort"], Filters(tuple(params["diets"])))
        return step or see(hand, hand.world.by_id[params["recipe"]].title, "sort")


class Hottest(CookQuestion):
    """The hottest dish of a category, by chillies that are only drawn."""

    name = "hottest-dish"
    kind = "compare"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        places = [kind.name for section, kinds in SECTIONS.items() if section not in SWEET_SECTIONS for kind in kinds]
        place = one_of(random, places)
        ranked = sorted(world.of(place), key=lambda recipe: -recipe.chillies)
        if ranked[0].chillies == ranked[1].chillies:
            return None
        return {"place": place, "recipe": ranked[0].id}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        place = params["place"]
        wordings = (
            f"Which recipe in the category {place} has the most red chillies?",
            f"Find the hottest dish among the {place.lower()}: the one with the most chillies in its picture.",
            f"Of all {place.lower()}, which one shows the most red chillies?",
        )
        return one_of(random, wordings)

    def expected(self, world: Cookbook, params: Params) -> Expected:
        return named(world, world.by_id[params["recipe"]])

    def look(self, hand: CookHand) -> Action | None:
        step = open_place(hand, hand.params["place"], hand.query.get("sort", "popular"))
        return step or see(hand, hand.world.by_id[hand.params["recipe"]].title, "sort")


class Lighter(CookQuestion):
    """Which of two recipes has more or less of something."""

    name = "compare-nutrition"
    kind = "compare"

    def draw(self, world: Cookbook, random: np.random.Generator) -> Params | None:
        first, second = (world.recipes[int(i)] for i in random.choice(len(world.recipes), 2, replace=False))
        nutrient = one_of(random, list(NUTRIENTS))
        if first.nutrient(nutrient) == second.nutrient(nutrient):
            return None
        return {"recipes": [first.id, second.id], "nutrient": nutrient, "more": bool(random.integers(2))}

    def goal(self, world: Cookbook, params: Params, random: np.random.Generator) -> str:
        first, second = (world.by_id[recipe].title for recipe in params["recipes"])
        fewer = "fewer" if params["nutrient"] == "Calories" else "less"
        what = f"{'more' if params['more'] else fewer} {params['nutrient'].lower()}"
        wordings = (
            f"Which has {what} per serving, {first} or {second}?",
            f"Compare {first} with {second}: which of them has {what} in a serving?",
            f"I want {what}. Should I make {first} or {second}?",
        )
        return one_of(random, wordings)

    def expected(self, world: Cookbook, params: Params) -> Expected:
        pair = sorted(
            (world.by_id[recipe] for recipe in params["recipes"]), key=lambda r: r.nutrient(params["nutrient"])
        )
        return named(world, pair[-1] if params["more"] else pair[0])

    def look(self, hand: CookHand) -> Action | None:
        first, second = (hand.world.by_id[recipe] for recipe in hand.params["recipes"])
        nutrient = hand.params["nutrient"]
        # Nothing is remembered: whoever has the second page open at the right place has come from the first.
        recipe = second if hand.path == f"/recipe/{second.id}" else first
        step = open_recipe(hand, recipe)
        said = f"{nutrient} {recipe.nutrient(nutrient)} {NUTRIENTS[nutrient]}"
        on_the_way = hand.path == "/search" and hand.query.get("q", "") == second.title
        if on_the_way:
            return open_recipe(hand, second)
        if step is None:
            step = see_fold(hand, "nutrition", said)
        if step is None and recipe is first:
            return open_recipe(hand, second)
        return step


LISTS = (
    Filtered(),
    NothingFits(),
    TopOfList(),
    Hottest(),
    Lighter(),
)
