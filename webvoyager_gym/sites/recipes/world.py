"""What the site is about: recipes, and what the cook has in the box, on the list and in the plan at the start."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from webvoyager_gym.sites.kit import generator, one_of, own_name, slug_of
from webvoyager_gym.sites.kit.world import check_split
from webvoyager_gym.sites.recipes import words
from webvoyager_gym.sites.recipes.words import Category, Ingredient

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LEVELS, ANY_LEVEL = ("Easy", "Medium", "Hard"), "Any level"
MOST_CHILLIES = 4
MOST_SERVINGS = 12
NUTRIENTS = {"Calories": "kcal", "Protein": "g", "Fat": "g", "Carbohydrate": "g", "Fibre": "g", "Sugar": "g"}


@dataclass(frozen=True, slots=True)
class Part:
    """An ingredient of a recipe with its amount for the recipe's own servings: g, ml, spoons or pieces."""

    ingredient: Ingredient
    amount: float


@dataclass(frozen=True, slots=True)
class Review:
    """What another cook thinks: stars from 1 to 5 and a short opinion."""

    author: str
    stars: int
    text: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe.

    Attributes:
        id: the title as a slug.
        servings: that the amounts are given for.
        prep, cook: minutes.
        chillies: how hot it is, 0 to MOST_CHILLIES.
        rating, ratings: mean of the stars, one decimal, and their number, which no other recipe has.
        nutrients: per serving, in the order of NUTRIENTS.
        oven: degrees Celsius, 0 for dishes that need no oven.
        fridge: days that it keeps.
    """

    id: str
    title: str
    category: str
    drawing: str
    colour: str
    cook_name: str
    servings: int
    prep: int
    cook: int
    level: str
    chillies: int
    rating: float
    ratings: int
    parts: tuple[Part, ...]
    nutrients: tuple[int, ...]
    oven: int
    fridge: int
    tools: tuple[str, ...]
    reviews: tuple[Review, ...]

    @property
    def minutes(self) -> int:
        """Preparing and cooking."""
        return self.prep + self.cook

    @property
    def diets(self) -> tuple[str, ...]:
        """The diets that it suits."""
        against = frozenset[str]().union(*(part.ingredient.no for part in self.parts))
        return tuple(diet for diet in words.DIETS if diet not in against)

    def nutrient(self, name: str) -> int:
        """Of one serving."""
        return self.nutrients[tuple(NUTRIENTS).index(name)]


@dataclass(frozen=True)
class Cookbook:
    """One world of the site.

    Attributes:
        recipes: newest first; no two share a title or a number of ratings.
        box: ids of the recipes in the box at the start.
        shopping: ids and servings of the recipes on the shopping list at the start.
        plan: days and ids of the recipes planned at the start.
        newsletter: whether the site asks to subscribe to its newsletter.
    """

    split: str
    seed: int
    recipes: tuple[Recipe, ...]
    box: tuple[str, ...]
    shopping: tuple[tuple[str, int], ...]
    plan: tuple[tuple[str, str], ...]
    newsletter: bool

    @cached_property
    def by_id(self) -> dict[str, Recipe]:
        return {recipe.id: recipe for recipe in self.recipes}

    def of(self, place: str) -> tuple[Recipe, ...]:
        """The recipes of a category or of a whole section."""
        names = [category.name for category in words.SECTIONS.get(place, ())] or [place]
        return tuple(recipe for recipe in self.recipes if recipe.category in names)


SECTION_OF = {category.name: section for section, kinds in words.SECTIONS.items() for category in kinds}
PLACES = {slug_of(name): name for name in (*words.SECTIONS, *SECTION_OF)}
"""Sections and categories by their slug."""


def build_cookbook(split: str, seed: int) -> Cookbook:
    """World `seed` of a split: twelve categories with three or four recipes each."""
    check_split(split)
    random = generator("recipes", split, seed)
    qualities = [str(name) for name in random.choice(words.QUALITIES, 11, replace=False)]
    mains = [str(name) for name in random.choice(sorted(words.MAINS), 9, replace=False)]
    sweets = [str(name) for name in random.choice(sorted(words.SWEET_MAINS), 9, replace=False)]
    people: set[str] = set()
    cooks = [own_name(lambda: _person(random), split, people) for _ in range(9)]
    titles: set[str] = set()
    taken: set[int] = set()
    recipes = []
    for section, categories in words.SECTIONS.items():
        sweet = section in words.SWEET_SECTIONS
        for category in categories:
            for _ in range(int(random.integers(3, 5))):
                drawn: dict[str, str] = {}

                def title(kind: Category = category, sweet: bool = sweet, drawn: dict[str, str] = drawn) -> str:
                    main = one_of(random, sweets if sweet else mains)
                    name = f"{one_of(random, qualities)} {main} {one_of(random, kind.nouns)}"
                    drawn[name] = main
                    return name

                name = own_name(title, split, titles)
                recipes.append(_recipe(random, name, drawn[name], category, sweet, one_of(random, cooks), cooks, taken))
    order = random.permutation(len(recipes))
    recipes = [recipes[int(i)] for i in order]
    savoury = [recipe.id for recipe in recipes if SECTION_OF[recipe.category] not in words.SWEET_SECTIONS]
    ids = [recipe.id for recipe in recipes]
    return Cookbook(
        split,
        seed,
        tuple(recipes),
        box=tuple(str(i) for i in random.choice(ids, 4, replace=False)),
        shopping=tuple((str(i), int(random.integers(2, 9))) for i in random.choice(savoury, 3, replace=False)),
        plan=tuple(
            (str(day), str(i))
            for day, i in zip(
                random.choice(DAYS, 3, replace=False), random.choice(savoury, 3, replace=False), strict=True
            )
        ),
        newsletter=bool(random.random() < 0.35),
    )


def _person(random: np.random.Generator) -> str:
    return f"{one_of(random, words.GIVEN_NAMES)} {one_of(random, words.FAMILY_NAMES)}"


def _recipe(
    random: np.random.Generator,
    title: str,
    main: str,
    category: Category,
    sweet: bool,
    cook: str,
    people: list[str],
    taken: set[int],
) -> Recipe:
    colour, chief = (words.SWEET_MAINS if sweet else words.MAINS)[main]
    pool = [other for other in (words.SWEET if sweet else words.SAVOURY) if other.name != chief.name]
    # The second half of each pool is what rules a diet out; taking few of it leaves dishes for every diet.
    plain, ruling = [o for o in pool if not o.no], [o for o in pool if o.no]
    chosen = [plain[int(i)] for i in random.choice(len(plain), int(random.integers(3, 5)), replace=False)]
    chosen += [ruling[int(i)] for i in random.choice(len(ruling), int(random.integers(0, 3)), replace=False)]
    servings = one_of(random, (2, 4, 6))
    votes = 0
    while votes in taken or not votes:
        votes = int(random.integers(12, 960))
    taken.add(votes)
    reviewers = random.choice([person for person in people if person != cook], 2, replace=False)
    return Recipe(
        id=slug_of(title),
        title=title,
        category=category.name,
        drawing=category.drawing,
        colour=colour,
        cook_name=cook,
        servings=servings,
        prep=5 * int(random.integers(1, 8)),
        cook=5 * int(random.integers(1, 13)),
        level=one_of(random, LEVELS),
        chillies=0 if sweet else int(random.integers(0, MOST_CHILLIES + 1)),
        rating=int(random.integers(29, 50)) / 10,
        ratings=votes,
        parts=tuple(Part(item, _amount(random, item, servings)) for item in (chief, *chosen)),
        nutrients=(
            int(random.integers(120, 780)),
            *(int(random.integers(low, high)) for low, high in ((3, 42), (2, 38), (8, 90), (1, 15), (1, 40))),
        ),
        oven=int(random.integers(16, 23)) * 10 if category.oven else 0,
        fridge=int(random.integers(1, 7)),
        tools=tuple(str(tool) for tool in sorted(random.choice(words.TOOLS, 3, replace=False))),
        reviews=tuple(
            Review(str(name), int(random.integers(2, 6)), one_of(random, words.OPINIONS)) for name in reviewers
        ),
    )


def _amount(random: np.random.Generator, item: Ingredient, servings: int) -> float:
    low, high = item.spread
    amount = int(random.integers(low, high + 1)) * servings / 2
    return amount * item.cup / 4 if item.cup else amount
