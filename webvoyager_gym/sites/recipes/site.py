"""The recipe site's pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from webvoyager_gym.sites.kit import NotHere, Redirect, Reply, Site, Visit, page, slug_of
from webvoyager_gym.sites.recipes.acts import ACTS
from webvoyager_gym.sites.recipes.art import chillies, picture
from webvoyager_gym.sites.recipes.find import LIMITS, PAGE_SIZE, SORTS, Filters, arrange, search
from webvoyager_gym.sites.recipes.lists import LISTS
from webvoyager_gym.sites.recipes.measures import UNITS, degrees, line
from webvoyager_gym.sites.recipes.own import OWN
from webvoyager_gym.sites.recipes.questions import QUESTIONS
from webvoyager_gym.sites.recipes.state import EATING, LONGEST_REVIEW, MOST_ON_LIST, Kitchen, new_kitchen
from webvoyager_gym.sites.recipes.words import DIETS, SECTIONS
from webvoyager_gym.sites.recipes.world import (
    ANY_LEVEL,
    DAYS,
    LEVELS,
    MOST_SERVINGS,
    NUTRIENTS,
    PLACES,
    SECTION_OF,
    Cookbook,
    Recipe,
    build_cookbook,
)

MENU = [
    (
        section,
        [
            (f"All {section.lower()}", f"/browse/{slug_of(section)}", f"place-{slug_of(section)}"),
            *((kind.name, f"/browse/{slug_of(kind.name)}", f"place-{slug_of(kind.name)}") for kind in kinds),
        ],
    )
    for section, kinds in SECTIONS.items()
]
PROBLEMS = {
    "stars": "Please choose how many stars you give.",
    "text": "Please write a few words.",
    "full": f"Your shopping list holds {MOST_ON_LIST} recipes; remove one first.",
    "email": "Please type an e-mail address.",
}


class Recipes(Site[Cookbook, Kitchen]):
    """Recipes to search, scale, save, plan and review."""

    name = "recipes"
    title = "Ladle"
    templates = (*QUESTIONS, *LISTS, *OWN, *ACTS)
    closers = ("newsletter-no",)

    def build_world(self, split: str, seed: int) -> Cookbook:
        return build_cookbook(split, seed)

    def new_state(self, world: Cookbook) -> Kitchen:
        return new_kitchen(world)

    def filters(self) -> dict[str, Any]:
        return {"picture": picture, "chillies": chillies}

    def common(self, visit: Visit) -> dict[str, Any]:
        return {"menu": MENU, "problem": PROBLEMS.get(visit.arg("problem"), "")}

    # ---- finding ------------------------------------------------------------------------------------------------

    @page("/")
    def home(self, visit: Visit) -> Reply:
        book: Cookbook = visit.world
        return visit.render("home.html", chief=book.recipes[0], newest=book.recipes[1:4])

    @page("/browse/{place}")
    def browse(self, visit: Visit, place: str) -> Reply:
        if place not in PLACES:
            raise NotHere("There is no such kind of recipe.")
        name = PLACES[place]
        sort = visit.choice("sort", SORTS, "popular")
        section = SECTION_OF.get(name, "")
        heading = name if section else f"All {name.lower()}"
        return _listing(visit, arrange(visit.world.of(name), sort), sort, list(SORTS.items()), heading, section)

    @page("/search")
    def search(self, visit: Visit) -> Reply:
        sorts = {"": "Best match", **SORTS}
        sort = visit.choice("sort", tuple(sorts))
        asked = visit.arg("q").strip()
        found = arrange(search(visit.world, asked), sort)
        return _listing(visit, found, sort, list(sorts.items()), f"Results for “{asked}”" if asked else "All recipes")

    # ---- recipes ------------------------------------------------------------------------------------------------

    @page("/recipe/{recipe}")
    def recipe(self, visit: Visit, recipe: str) -> Reply:
        shown = _recipe(visit.world, recipe)
        servings = visit.integer("servings", shown.servings, 1, MOST_SERVINGS)
        units = visit.choice("units", UNITS, visit.state.settings["units"])

        def link(**changed: Any) -> str:
            return f"{visit.path}?{urlencode({'servings': servings, 'units': units, **changed})}"

        return visit.render(
            "recipe.html",
            recipe=shown,
            section=SECTION_OF[shown.category],
            servings=servings,
            units=units,
            fewer=link(servings=servings - 1) if servings > 1 else "",
            more=link(servings=servings + 1) if servings < MOST_SERVINGS else "",
            switch=[(name, link(units=name)) for name in UNITS],
            lines=[line(shown, part, servings, units) for part in shown.parts],
            nutrients=[(name, shown.nutrient(name), unit) for name, unit in NUTRIENTS.items()],
            oven=degrees(shown.oven, units) if shown.oven else "",
            days=DAYS,
        )

    @page("/recipe/{recipe}/box", "POST")
    def keep(self, visit: Visit, recipe: str) -> Reply:
        kept = _recipe(visit.world, recipe)
        if visit.field_choice("keep", ("yes", "no")) == "yes":
            visit.state.box[kept.id] = True
        else:
            visit.state.box.pop(kept.id, None)
        return visit.go_back(f"/recipe/{kept.id}")

    @page("/recipe/{recipe}/shop", "POST")
    def shop(self, visit: Visit, recipe: str) -> Reply:
        wanted = _recipe(visit.world, recipe)
        servings = visit.field_integer("servings", wanted.servings, 0, MOST_SERVINGS)
        if not servings:
            visit.state.shopping.pop(wanted.id, None)
        elif wanted.id not in visit.state.shopping and len(visit.state.shopping) >= MOST_ON_LIST:
            return Redirect("/shopping?problem=full")
        else:
            visit.state.shopping[wanted.id] = servings
        return visit.go_back(f"/recipe/{wanted.id}")

    @page("/recipe/{recipe}/plan", "POST")
    def put_in_plan(self, visit: Visit, recipe: str) -> Reply:
        visit.state.plan[visit.field_choice("day", DAYS)] = _recipe(visit.world, recipe).id
        return Redirect("/plan")

    @page("/recipe/{recipe}/review")
    def review(self, visit: Visit, recipe: str) -> Reply:
        shown = _recipe(visit.world, recipe)
        return visit.render("review.html", recipe=shown, mine=visit.state.reviews.get(shown.id))

    @page("/recipe/{recipe}/review", "POST")
    def send_review(self, visit: Visit, recipe: str) -> Reply:
        about = _recipe(visit.world, recipe)
        text = visit.field_line("text", LONGEST_REVIEW)
        stars = visit.field_integer("stars", 0, 0, 5)
        if not stars or not text:
            return Redirect(f"/recipe/{about.id}/review?problem={'text' if stars else 'stars'}")
        visit.state.reviews[about.id] = (stars, text)
        return Redirect(f"/recipe/{about.id}/review")

    @page("/recipe/{recipe}/review/delete", "POST")
    def delete_review(self, visit: Visit, recipe: str) -> Reply:
        about = _recipe(visit.world, recipe)
        visit.state.reviews.pop(about.id, None)
        return Redirect(f"/recipe/{about.id}/review")

    # ---- the cook's own -----------------------------------------------------------------------------------------

    @page("/box")
    def box(self, visit: Visit) -> Reply:
        recipes = [visit.world.by_id[recipe] for recipe in sorted(visit.state.box)]
        return visit.render("box.html", results=visit.part(recipes, PAGE_SIZE))

    @page("/shopping")
    def shopping(self, visit: Visit) -> Reply:
        units = visit.state.settings["units"]
        entries = []
        for identity, servings in visit.state.shopping.items():
            recipe = visit.world.by_id[identity]
            entries.append((recipe, servings, [line(recipe, part, servings, units) for part in recipe.parts]))
        return visit.render("shopping.html", entries=entries, most=MOST_SERVINGS)

    @page("/plan")
    def plan(self, visit: Visit) -> Reply:
        planned = [(day, visit.world.by_id.get(visit.state.plan.get(day, ""))) for day in DAYS]
        return visit.render("plan.html", planned=planned)

    @page("/plan/clear", "POST")
    def clear(self, visit: Visit) -> Reply:
        visit.state.plan.pop(visit.field_choice("day", DAYS), None)
        return Redirect("/plan")

    @page("/settings")
    def settings(self, visit: Visit) -> Reply:
        return visit.render("settings.html", eating=EATING, units=UNITS, saved=bool(visit.arg("saved")))

    @page("/settings", "POST")
    def save_settings(self, visit: Visit) -> Reply:
        visit.state.settings = {
            "eating": visit.field_choice("eating", EATING),
            "units": visit.field_choice("units", UNITS),
            "newsletter": "yes" if visit.field("newsletter") else "no",
        }
        return Redirect("/settings?saved=1")

    @page("/newsletter", "POST")
    def newsletter(self, visit: Visit) -> Reply:
        if visit.field("answer") != "no":
            if "@" not in visit.field("email"):
                return visit.go_back("/", problem="email")
            visit.state.settings["newsletter"] = "yes"
        visit.state.asking = False
        return visit.go_back("/")


def _listing(
    visit: Visit,
    recipes: Sequence[Recipe],
    sort: str,
    sorts: list[tuple[str, str]],
    heading: str,
    section: str = "",
) -> str:
    """A list with its filters."""
    limit = visit.choice("time", ("", *LIMITS))
    level = visit.choice("level", ("", *LEVELS))
    diets = visit.choices("diet", tuple(map(slug_of, DIETS)))
    filters = Filters(tuple(diet for diet in DIETS if slug_of(diet) in diets), int(limit or 0), level)
    return visit.render(
        "listing.html",
        heading=heading,
        section=section,
        sort=sort,
        sorts=sorts,
        filters=filters,
        diets=DIETS,
        limits=LIMITS,
        levels=[("", ANY_LEVEL), *((level, level) for level in LEVELS)],
        clear=f"{visit.path}?{urlencode({'q': visit.arg('q')})}" if "q" in visit.query else visit.path,
        results=visit.part([recipe for recipe in recipes if filters.fit(recipe)], PAGE_SIZE),
    )


def _recipe(book: Cookbook, recipe: str) -> Recipe:
    if recipe not in book.by_id:
        raise NotHere("There is no such recipe.")
    return book.by_id[recipe]
