"""The recipe site without a browser: its worlds, measures and search, and what its pages change."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.sites.visiting import ServedSite, Visitor
from webvoyager_gym.sites.kit.changes import Change, changes
from webvoyager_gym.sites.kit.world import split_of
from webvoyager_gym.sites.recipes.find import Filters, arrange, search
from webvoyager_gym.sites.recipes.measures import fahrenheit, line
from webvoyager_gym.sites.recipes.state import MOST_ON_LIST
from webvoyager_gym.sites.recipes.words import DIETS, SECTIONS, Ingredient
from webvoyager_gym.sites.recipes.world import Cookbook, Part, build_cookbook

SITE = "recipes"


@pytest.fixture(scope="module")
def book() -> Cookbook:
    return build_cookbook("train", 0)


@pytest.fixture
def visitor(web: ServedSite, book: Cookbook) -> Visitor:
    return web.visitor(book)


def test_titles_and_cooks_belong_to_one_split() -> None:
    for split in ("train", "validation", "test"):
        for seed in range(5):
            book = build_cookbook(split, seed)
            assert {split_of(recipe.title) for recipe in book.recipes} == {split}
            assert {split_of(recipe.cook_name) for recipe in book.recipes} == {split}
            assert len({recipe.id for recipe in book.recipes}) == len(book.recipes)


def test_diets_follow_from_the_ingredients(book: Cookbook) -> None:
    for recipe in book.recipes:
        for diet in DIETS:
            assert (diet in recipe.diets) == all(diet not in part.ingredient.no for part in recipe.parts)
        assert "Vegan" not in recipe.diets or "Vegetarian" in recipe.diets


def test_amounts_scale_and_convert(book: Cookbook) -> None:
    recipe = book.recipes[0]
    half, whole = recipe.servings // 2, recipe.servings
    flour = Part(Ingredient("flour", "g", 120, (1, 1)), 180)
    assert line(recipe, flour, whole, "metric") == "180 g flour"
    assert line(recipe, flour, half, "metric") == "90 g flour"
    assert line(recipe, flour, whole, "cups") == "1.5 cups flour"
    assert line(recipe, Part(Ingredient("onions", "", 0, (1, 1)), 3), half, "cups") == "1.5 onions"
    assert fahrenheit(180) == 356


def test_search_gives_near_misses_after_the_dish_itself(book: Cookbook) -> None:
    recipe = book.recipes[5]
    found = search(book, recipe.title.upper())
    assert found[0] is recipe
    assert len(found) > 3
    assert search(book, "zzzz") == search(book, "!?") == []
    assert len(search(book, "")) == len(book.recipes)


def test_orders_and_filters(book: Cookbook) -> None:
    mains = book.of("Mains")
    assert {recipe.category for recipe in mains} == {kind.name for kind in SECTIONS["Mains"]}
    ratings = [recipe.rating for recipe in arrange(mains, "best")]
    assert ratings == sorted(ratings, reverse=True)
    minutes = [recipe.minutes for recipe in arrange(mains, "quick")]
    assert minutes == sorted(minutes)
    kept = [recipe for recipe in book.recipes if Filters(("Vegan",), 60, "Easy").fit(recipe)]
    assert all("Vegan" in r.diets and r.minutes <= 60 and r.level == "Easy" for r in kept)


def test_changes_take_away_first() -> None:
    have: dict[str, Any] = {"box": {"a": True}, "plan": {"Monday": "x", "Friday": "y"}}
    want: dict[str, Any] = {"box": {"b": True}, "plan": {"Monday": "z", "Friday": "y"}}
    assert changes(have, want) == [Change("box", "a", None), Change("box", "b", True), Change("plan", "Monday", "z")]
    assert changes(want, want) == []


def test_a_page_says_what_the_measures_say(visitor: Visitor, book: Cookbook) -> None:
    recipe = book.recipes[3]
    for servings, units in ((recipe.servings, "metric"), (5, "cups")):
        page = visitor.get(f"/recipe/{recipe.id}?servings={servings}&units={units}")
        said = re.findall(r"<li>([^<]*)</li>", page.partition('class="lines"')[2].partition("</ul>")[0])
        assert said == [line(recipe, part, servings, units) for part in recipe.parts]


def test_everything_can_be_undone(visitor: Visitor, book: Cookbook) -> None:
    before = visitor.state.effects()
    recipe = next(r for r in book.recipes if r.id not in (*before["box"], *before["shopping"]))
    path = f"/recipe/{recipe.id}"
    day = next(day for day in ("Monday", "Tuesday", "Wednesday", "Thursday") if day not in before["plan"])
    for step in ("box keep=yes", "shop servings=7", f"plan day={day}", "review stars=4&text=Good"):
        where, _, form = step.partition(" ")
        visitor.post(f"{path}/{where}", **dict(pair.split("=") for pair in form.split("&")))
    assert visitor.state.box[recipe.id]
    assert visitor.state.shopping[recipe.id] == 7
    assert visitor.state.plan[day] == recipe.id
    assert visitor.state.reviews == {recipe.id: (4, "Good")}
    visitor.post(f"{path}/box", keep="no")
    visitor.post(f"{path}/shop", servings="0")
    visitor.post("/plan/clear", day=day)
    visitor.post(f"{path}/review/delete")
    visitor.post("/settings", eating="Vegan", units="cups", newsletter="1")
    visitor.post("/settings", eating="Anything", units="metric")
    assert visitor.state.effects() == before


def test_forms_say_what_they_lack(visitor: Visitor, book: Cookbook) -> None:
    before = visitor.state.effects()
    path = f"/recipe/{book.recipes[0].id}/review"
    assert visitor.post(path, text="Good").endswith("problem=stars")
    assert visitor.post(path, stars="3", text="  ").endswith("problem=text")
    assert visitor.post("/newsletter", answer="yes", email="x", back="/plan") == "/plan?problem=email"
    assert visitor.request("POST", path, {"stars": "6", "text": "x"})[0] == 400
    assert visitor.request("GET", f"/recipe/{book.recipes[0].id}?servings=99")[0] == 400
    assert visitor.state.effects() == before


def test_the_shopping_list_is_full_at_some_point(visitor: Visitor, book: Cookbook) -> None:
    places = [visitor.post(f"/recipe/{recipe.id}/shop", servings="2") for recipe in book.recipes[:9]]
    assert len(visitor.state.shopping) == MOST_ON_LIST
    assert places[-1] == "/shopping?problem=full"


def test_typed_text_is_escaped(visitor: Visitor, book: Cookbook) -> None:
    path = f"/recipe/{book.recipes[0].id}/review"
    visitor.post(path, stars="3", text="<b>x</b>")
    for page in (path, "/search?q=<b>x</b>"):
        text = visitor.get(page)
        assert "&lt;b&gt;x" in text
        assert "<b>x" not in text
