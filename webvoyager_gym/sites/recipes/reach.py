"""How an expert moves about the recipe site and changes what is on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Hand, slug_of
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.kit.changes import Act, Change, Question, read, unfold
from webvoyager_gym.sites.kit.ways import Next, set_fields
from webvoyager_gym.sites.recipes.find import SORTS, Filters
from webvoyager_gym.sites.recipes.state import Kitchen
from webvoyager_gym.sites.recipes.words import DIETS
from webvoyager_gym.sites.recipes.world import ANY_LEVEL, PLACES, SECTION_OF, Cookbook, Recipe

CookHand = Hand[Cookbook, Kitchen]


def open_recipe(hand: CookHand, recipe: Recipe) -> Action | None:
    """Open the recipe's page, from a list that shows it or by the search box; None on it."""
    if hand.path == f"/recipe/{recipe.id}" and hand.there(key="shop-it"):
        return None
    searched = hand.path == "/search" and {k: fold(v) for k, v in hand.query.items()} == {"q": fold(recipe.title)}
    if searched or hand.there(key=f"recipe-{recipe.id}"):
        return hand.click(key=f"recipe-{recipe.id}")
    return hand.type(recipe.title, enter=True, key="search")


def show(hand: CookHand, recipe: Recipe, servings: int, units: str = "") -> Action | None:
    """Open the recipe for that many servings and in those units; "" for any."""
    step = open_recipe(hand, recipe)
    if step is not None:
        return step
    shown = int(hand.query.get("servings", recipe.servings))
    if shown != servings:
        return hand.click(key="more" if shown < servings else "fewer")
    if units and hand.query.get("units", hand.state.settings["units"]) != units:
        return hand.click(key=f"units-{units}")
    return None


def open_place(hand: CookHand, place: str, sort: str = "popular", filters: Filters | None = None) -> Action | None:
    """Open a category or section by the menu, narrowed and sorted, at its first page."""
    filters = filters or Filters()
    if hand.path != f"/browse/{slug_of(place)}" or not hand.there(key="sort"):
        key = f"place-{slug_of(place)}"
        return hand.click(key=key if hand.there(key=key) else f"menu-{slug_of(SECTION_OF.get(place, place))}")
    wanted = {f"diet-{slug_of(diet)}": diet in filters.diets for diet in DIETS}
    wanted |= {f"time-{limit}": filters.limit == limit for limit in (30, 60)}
    for key, ticked in wanted.items():
        mark = hand.find(key=key)
        if mark is None or bool(mark.checked) == ticked:
            continue
        # A ticked radio button gives way when the other is ticked, and to nothing else but this link.
        if key.startswith("time") and not filters.limit:
            return hand.click(key="clear-filters")
        if ticked or key.startswith("diet"):
            return hand.click(key=key)
    if not hand.holds(filters.level or ANY_LEVEL, key="level"):
        return hand.select(filters.level or ANY_LEVEL, key="level")
    if hand.query.get("sort", "popular") != sort:
        return hand.select(SORTS[sort], key="sort")
    return hand.click(key="previous-page") if hand.query.get("page", "1") != "1" else None


def open_review(hand: CookHand, recipe: Recipe) -> Action | None:
    """Open the page on which the recipe is reviewed."""
    if hand.path == f"/recipe/{recipe.id}/review" and hand.there(key="review-send"):
        return None
    return open_recipe(hand, recipe) or hand.click(key="review")


def see(hand: CookHand, text: str, near: str) -> Action | None:
    """Scroll to a text below an element; a menu that hangs over the page is closed first."""
    return _close_menu(hand) or read(hand, text, near)


def see_fold(hand: CookHand, key: str, text: str) -> Action | None:
    """Open a section of the page's accordion and scroll to a text in it."""
    return _close_menu(hand) or unfold(hand, key, text)


def _close_menu(hand: CookHand) -> Action | None:
    for mark in hand.view.marks:
        if mark.key.startswith("place-"):
            place = PLACES[mark.key.removeprefix("place-")]
            return hand.click(key=f"menu-{slug_of(SECTION_OF.get(place, place))}")
    return None


def carry_out(hand: CookHand, change: Change) -> Next:
    """The next action of a change of the cook's things."""
    return _WAYS[change.part](hand, change.key, change.value)


def _box(hand: CookHand, recipe: str, value: bool | None) -> Action:
    if value is None and hand.path != f"/recipe/{recipe}":
        if hand.path != "/box":
            return hand.click(key="box")
        if hand.there(key=f"unkeep-{recipe}"):
            return hand.click(key=f"unkeep-{recipe}")
    return open_recipe(hand, hand.world.by_id[recipe]) or hand.click(key="keep" if value else "unkeep")


def _shopping(hand: CookHand, recipe: str, servings: int | None) -> Action:
    there = hand.state.shopping.get(recipe)
    if there is None and servings is not None:
        return show(hand, hand.world.by_id[recipe], servings) or hand.click(key="shop-it")
    if hand.path != "/shopping":
        return hand.click(key="shopping")
    if servings is None or there is None:
        return hand.click(key=f"unshop-{recipe}")
    return hand.click(key=f"{'more' if there < servings else 'fewer'}-{recipe}")


def _plan(hand: CookHand, day: str, recipe: str | None) -> Action:
    if recipe is None:
        return hand.click(key="plan") if hand.path != "/plan" else hand.click(key=f"clear-{slug_of(day)}")
    step = open_recipe(hand, hand.world.by_id[recipe])
    if step is not None:
        return step
    return hand.click(key="plan-it") if hand.holds(day, key="day") else hand.select(day, key="day")


def _reviews(hand: CookHand, recipe: str, review: list[Any] | None) -> Next:
    step = open_review(hand, hand.world.by_id[recipe])
    if step is not None:
        return step
    if review is None:
        return hand.click(key="review-delete")
    stars, text = review
    return set_fields(hand, {f"star-{stars}": True, "review-text": text}) or hand.click(key="review-send")


def _settings(hand: CookHand, _: str, __: str) -> Next:
    if hand.path != "/settings":
        return hand.click(key="settings")
    wanted = hand.wanted["settings"]
    units = f"setting-{wanted['units']}"
    fields = {"eating": wanted["eating"], units: True, "newsletter": wanted["newsletter"] == "yes"}
    return set_fields(hand, fields) or hand.click(key="settings-save")


_WAYS: dict[str, Callable[..., Next]] = {
    "box": _box,
    "shopping": _shopping,
    "plan": _plan,
    "reviews": _reviews,
    "settings": _settings,
}


class CookQuestion(Question[Cookbook, Kitchen]):
    """A question on this site."""

    def carry_out(self, hand: CookHand, change: Change) -> Next:
        return carry_out(hand, change)


class CookAct(Act[Cookbook, Kitchen]):
    """An act on this site."""

    def carry_out(self, hand: CookHand, change: Change) -> Next:
        return carry_out(hand, change)
