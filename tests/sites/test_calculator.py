"""The answer engine's pages, and what they change."""

from __future__ import annotations

import re

import pytest

from tests.sites.visiting import Visitor, served, words
from webvoyager_gym.sites.calculator.engine.answer import Answer
from webvoyager_gym.sites.calculator.forms import FORMS
from webvoyager_gym.sites.calculator.things import KINDS
from webvoyager_gym.sites.calculator.understand import understand
from webvoyager_gym.sites.calculator.world import World, build_world
from webvoyager_gym.sites.kit.days import MONTHS
from webvoyager_gym.tasks.local import LocalTask, open_session

SITE = "calculator"

WORLD = build_world("train", 1)


@pytest.fixture(scope="module")
def world() -> World:
    return WORLD


def test_every_page_opens(visitor: Visitor) -> None:
    for path in ("/", "/notebooks", "/new-notebook", "/favourites", "/settings", "/notebook/n1", "/notebook/n1/edit"):
        visitor.get(path)
    for topic, examples in WORLD.examples:
        visitor.get(f"/topic/{topic}")
        assert examples[0] in visitor.get(f"/topic/{topic}/examples").replace("&#39;", "'")
    for kind in KINDS:
        assert all(thing.name in visitor.get(f"/table/{kind}") for thing in WORLD.of(kind))
    for form in FORMS:
        assert "Fill in the form" in visitor.get(f"/form/{form}")


@pytest.mark.parametrize(
    "path",
    ["/ask?q=1&as=ghost", "/ask?q=1&digits=x", "/form/meal?food-1=Stone", "/table/planet?by=colour"],
)
def test_nonsense_in_addresses_is_refused(visitor: Visitor, path: str) -> None:
    assert visitor.request("GET", path)[0] == 400


@pytest.mark.parametrize(
    "path",
    ["/ask?q=(((", "/ask?q=%3Cb%3Ex", "/form/triangle?a=1&b=2&c=9", "/form/loan?amount=x",
     "/form/date-difference?last-day=31&last-month=2", "/form/tip?bill=10&people=0"],
)  # fmt: skip
def test_what_cannot_be_worked_out_gets_a_friendly_page(visitor: Visitor, path: str) -> None:
    page = visitor.get(path)
    assert "<b>x" not in page
    assert "did not understand" in page or 'class="notice bad"' in page


def test_drawings_say_nothing_in_words(visitor: Visitor) -> None:
    country, planet = WORLD.of("country")[0], WORLD.of("planet")[0]
    rain = words(visitor.get(f"/ask?q={country.name}&tab=rainfall").split('<svg class="plot"')[0])
    assert not any(month in rain for month in MONTHS)
    for path in (f"{country.name}&tab=land-use", f"{planet.name}&as=planet&tab=temperature"):
        page = visitor.get(f"/ask?q={path}")
        assert not re.search(r"<(title|desc)\b", page.split("<main>")[1])
    assert "aria-label" not in visitor.get("/new-notebook").split('class="discs"')[1].split("</fieldset>")[0]


def test_everything_can_be_undone(visitor: Visitor) -> None:
    before = visitor.state.effects()
    example = WORLD.examples[0][1][0]
    name = WORLD.shared[0]
    for _ in range(2):
        visitor.post("/pin", example=example, back="/")
        visitor.post("/favourite", q=f"{name} radius", **{"as": "element"})
    visitor.post("/save", q="348 times 27", name="Area", notebook="n1")
    assert visitor.state.effects()["entries"]["n1/Area"] == "348 × 27"
    visitor.post("/notebook/n1/delete-entry", name="Area")
    visitor.post("/new-notebook", name="Extra", colour="red", share="Only me")
    assert set(visitor.state.effects()["notebooks"]) == {"n1", "n2", "n3", "n4"}
    visitor.post("/notebook/n4/edit", change="delete")
    visitor.post("/settings", units="Imperial", decimals="8", angles="Radians", theme="Mint")
    assert "-0.80115264" in visitor.get("/ask?q=sin 180")
    visitor.post("/settings", units="Metric", decimals="4", angles="Degrees", theme="Light")
    assert visitor.state.effects() == before


def test_a_deleted_notebook_comes_back_under_its_id(visitor: Visitor) -> None:
    before = visitor.state.effects()
    name, colour = WORLD.notebooks[1]
    visitor.post("/notebook/n2/edit", change="delete")
    visitor.post("/new-notebook", name=name, colour=colour, share="Only me")
    for entry in WORLD.entries:
        if entry.notebook == "n2":
            visitor.post("/save", q=entry.text, name=entry.name, notebook="n2", **{"as": entry.kind})
    assert visitor.state.effects() == before


def test_looking_around_changes_nothing(visitor: Visitor) -> None:
    before = visitor.state.effects()
    assert visitor.post("/ask", q="3 + 4") == "/ask?q=3+%2B+4"
    assert "Recent inputs" in visitor.get("/")
    assert visitor.state.effects() == before


def test_names_of_notebooks_are_checked(visitor: Visitor) -> None:
    before = visitor.state.effects()
    taken = WORLD.notebooks[0][0]
    for form in ({"name": " "}, {"name": taken}, {"name": "x" * 41}):
        status, page = visitor.request("POST", "/new-notebook", {"colour": "red", "share": "Only me", **form})
        assert status == 200
        assert "notice bad" in page
    assert visitor.request("POST", "/new-notebook", {"name": "A", "colour": "gold", "share": "Only me"})[0] == 400
    assert visitor.state.effects() == before


# ---- tasks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", ["loan-payment", "tip-split", "convert", "more-digits", "triangle", "other-unit"])
def test_near_misses_are_refused(template: str) -> None:
    for seed in range(10):
        session = open_session(LocalTask("calculator", template, "train", 16 * seed))
        session.forget()
        assert session.expected is not None
        text = session.expected.text
        assert session.judge(text).success
        shown = re.sub(r"[^\d.]", "", text)
        decimals = len(shown.partition(".")[2])
        for miss in (-2, 2):
            assert not session.judge(f"{float(shown) + miss * 10.0**-decimals:.{decimals}f}").success


def test_the_other_meaning_of_a_name_is_refused() -> None:
    for seed in range(20):
        session = open_session(LocalTask("calculator", "ambiguous-fact", "train", 16 * seed))
        session.forget()
        world: World = session.episode.world
        other = "planet" if session.params["kind"] == "element" else "element"
        wrong = world.thing(other, session.params["name"]).number(session.params["property"])
        assert not session.judge(str(wrong)).success


def test_what_is_kept_counts_by_its_meaning_not_its_wording() -> None:
    session = open_session(LocalTask("calculator", "save-result", "train", 0))
    session.forget()
    params, desk = session.params, session.episode.state
    answer = understand(params["saved"], session.episode.world)
    assert isinstance(answer, Answer)
    assert desk.effects() != session.wanted
    with served("calculator") as server:
        visitor = server.visitor(session.episode.world)
        visitor.post("/save", q=answer.meaning, name=params["entry"], notebook=params["book"])
        assert visitor.state.effects() == session.wanted
