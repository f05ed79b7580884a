"""The recipe site's pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import BadRequest, Hand, NotHere, Redirect, Reply, Site, Visit, page
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
    DAYS,
    LEVELS,
    MOST_SERVINGS,
    NUTRIENTS,
    PLACES,
    SECTION_OF,
    Cookbook,
    Recipe,
    build_cookbook,
    slug,
)

MENU = [
    (
        section,
        [
            (f"All {section.lower()}", f"/browse/{slug(section)}", f"place-{slug(section)}"),
            *((kind.name, f"/browse/{slug(kind.name)}", f"place-{slug(kind.name)}") for kind in kinds),
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

    def build_world(self, split: str, seed: int) -> Cookbook:
        return build_cookbook(split, seed)

    def new_state(self, world: Cookbook) -> Kitchen:
        return new_kitchen(world)

    def obstacle(self, hand: Hand[Any, Any]) -> Action | None:
        asking = hand.find(key="newsletter-no")
        return hand.click(key="newsletter-no") if asking is not None and asking.visible else None

    def filters(self) -> dict[str, Any]:
        return {"slug": slug, "picture": picture, "chillies": chillies}

    # ---- finding ------------------------------------------------------------------------------------------------

    @page("/")
    def home(self, visit: Visit) -> Reply:
        book: Cookbook = visit.world
        return _render(visit, "home.html", chief=book.recipes[0], newest=book.recipes[1:4])

    @page("/browse/{place}")
    def browse(self, visit: Visit, place: str) -> Reply:
        if place not in PLACES:
            raise NotHere("There is no such kind of recipe.")
        name = PLACES[place]
        sort = _one_of(visit.arg("sort", "popular"), tuple(SORTS), "sort")
        section = SECTION_OF.get(name, "")
        heading = name if section else f"All {name.lower()}"
        return _listing(visit, arrange(visit.world.of(name), sort), sort, list(SORTS.items()), heading, section)

    @page("/search")
    def search(self, visit: Visit) -> Reply:
        sorts = {"": "Best match", **SORTS}
        sort = _one_of(visit.arg("sort"), tuple(sorts), "sort")
        asked = visit.arg("q").strip()
        found = arrange(search(visit.world, asked), sort)
        return _listing(visit, found, sort, list(sorts.items()), f"Results for “{asked}”" if asked else "All recipes")

    # ---- recipes ------------------------------------------------------------------------------------------------

    @page("/recipe/{recipe}")
    def recipe(self, visit: Visit, recipe: str) -> Reply:
        shown = _recipe(visit.world, recipe)
        servings = visit.integer("servings", shown.servings, 1, MOST_SERVINGS)
        units = _one_of(visit.arg("units", visit.state.settings["units"]), UNITS, "units")

        def link(**changed: Any) -> str:
            return f"{visit.path}?{urlencode({'servings': servings, 'units': units, **changed})}"

        return _render(
            visit,
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
        if _one_of(visit.field("keep"), ("yes", "no"), "keep") == "yes":
            visit.state.box[kept.id] = True
        else:
            visit.state.box.pop(kept.id, None)
        return _back(visit, f"/recipe/{kept.id}")

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
        return _back(visit, f"/recipe/{wanted.id}")

    @page("/recipe/{recipe}/plan", "POST")
    def put_in_plan(self, visit: Visit, recipe: str) -> Reply:
        visit.state.plan[_one_of(visit.field("day"), DAYS, "day")] = _recipe(visit.world, recipe).id
        return Redirect("/plan")

    @page("/recipe/{recipe}/review")
    def review(self, visit: Visit, recipe: str) -> Reply:
        shown = _recipe(visit.world, recipe)
        return _render(visit, "review.html", recipe=shown, mine=visit.state.reviews.get(shown.id))

    @page("/recipe/{recipe}/review", "POST")
    def send_review(self, visit: Visit, recipe: str) -> Reply:
        about = _recipe(visit.world, recipe)
        text = " ".join(visit.field("text").split())[:LONGEST_REVIEW]
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
        return _render(visit, "box.html", **_paged(visit, recipes))

    @page("/shopping")
    def shopping(self, visit: Visit) -> Reply:
        units = visit.state.settings["units"]
        entries = []
        for identity, servings in visit.state.shopping.items():
            recipe = visit.world.by_id[identity]
            entries.append((recipe, servings, [line(recipe, part, servings, units) for part in recipe.parts]))
        return _render(visit, "shopping.html", entries=entries, most=MOST_SERVINGS)

    @page("/plan")
    def plan(self, visit: Visit) -> Reply:
        planned = [(day, visit.world.by_id.get(visit.state.plan.get(day, ""))) for day in DAYS]
        return _render(visit, "plan.html", planned=planned)

    @page("/plan/clear", "POST")
    def clear(self, visit: Visit) -> Reply:
        visit.state.plan.pop(_one_of(visit.field("day"), DAYS, "day"), None)
        return Redirect("/plan")

    @page("/settings")
    def settings(self, visit: Visit) -> Reply:
        return _render(visit, "settings.html", eating=EATING, units=UNITS, saved=bool(visit.arg("saved")))

    @page("/settings", "POST")
    def save_settings(self, visit: Visit) -> Reply:
        visit.state.settings = {
            "eating": _one_of(visit.field("eating"), EATING, "eating"),
            "units": _one_of(visit.field("units"), UNITS, "units"),
            "newsletter": "yes" if visit.field("newsletter") else "no",
        }
        return Redirect("/settings?saved=1")

    @page("/newsletter", "POST")
    def newsletter(self, visit: Visit) -> Reply:
        if visit.field("answer") != "no":
            if "@" not in visit.field("email"):
                return _back(visit, "/", problem="email")
            visit.state.settings["newsletter"] = "yes"
        visit.state.asking = False
        return _back(visit, "/")


def _render(visit: Visit, template: str, **values: Any) -> str:
    """The page, with what all pages show."""
    return visit.render(template, menu=MENU, problem=PROBLEMS.get(visit.arg("problem"), ""), **values)


def _listing(
    visit: Visit,
    recipes: Sequence[Recipe],
    sort: str,
    sorts: list[tuple[str, str]],
    heading: str,
    section: str = "",
) -> str:
    """A list with its filters."""
    limit = _one_of(visit.arg("time"), ("", *LIMITS), "time")
    level = _one_of(visit.arg("level"), ("", *LEVELS), "level")
    diets = tuple(_one_of(diet, tuple(map(slug, DIETS)), "diet") for diet in visit.args("diet"))
    filters = Filters(tuple(diet for diet in DIETS if slug(diet) in diets), int(limit or 0), level)
    return _render(
        visit,
        "listing.html",
        heading=heading,
        section=section,
        sort=sort,
        sorts=sorts,
        filters=filters,
        diets=DIETS,
        limits=LIMITS,
        levels=LEVELS,
        clear=f"{visit.path}?{urlencode({'q': visit.arg('q')})}" if "q" in visit.query else visit.path,
        **_paged(visit, [recipe for recipe in recipes if filters.fit(recipe)]),
    )


def _paged(visit: Visit, recipes: Sequence[Recipe]) -> dict[str, Any]:
    """One page of recipes."""
    pages = max(1, -(-len(recipes) // PAGE_SIZE))
    number = visit.integer("page", 1, 1, 99)
    if number > pages:
        raise NotHere(f"There is no page {number} of this list.")

    def other(to: int) -> str:
        return f"{visit.path}?{urlencode({**visit.query, 'page': [str(to)]}, doseq=True)}" if 1 <= to <= pages else ""

    return {
        "recipes": recipes[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        "found": len(recipes),
        "number": number,
        "pages": pages,
        "previous": other(number - 1),
        "next": other(number + 1),
    }


def _back(visit: Visit, otherwise: str, **added: str) -> Redirect:
    """To the page that a form was sent from."""
    back = visit.field("back", otherwise)
    back = back if back.startswith("/") and not back.startswith("//") else otherwise
    return Redirect(f"{back}{'&' if '?' in back else '?'}{urlencode(added)}" if added else back)


def _one_of(value: str, allowed: Sequence[str], name: str) -> str:
    if value not in allowed:
        raise BadRequest(f"“{name}” has to be one of {', '.join(allowed)}.")
    return value


def _recipe(book: Cookbook, recipe: str) -> Recipe:
    if recipe not in book.by_id:
        raise NotHere("There is no such recipe.")
    return book.by_id[recipe]
