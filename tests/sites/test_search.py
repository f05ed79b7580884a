"""The search engine: its web, index and wall, what only pictures show, what can be undone, and its tasks' checks."""

from __future__ import annotations

import datetime
import re

import pytest

from tests.sites.visiting import Visitor
from webvoyager_gym.sites.kit.world import TODAY, split_of
from webvoyager_gym.sites.search.boxes import REASONS, conversion
from webvoyager_gym.sites.search.index import Query, read_query
from webvoyager_gym.sites.search.names import slug
from webvoyager_gym.sites.search.state import FREQUENCIES, SETTINGS
from webvoyager_gym.sites.search.things import CHIEF
from webvoyager_gym.sites.search.web import COLOURS, KEPT, SECRET, SHAPES
from webvoyager_gym.sites.search.world import SKIES, World, build_world
from webvoyager_gym.tasks.local import LocalTask, open_session

SITE = "search"


@pytest.fixture(scope="module")
def world() -> World:
    return build_world("train", 1)


def titles(page: str) -> list[str]:
    """The titles on a page of results."""
    return re.findall(r'class="title">([^<]*)<', page)


class TestWorlds:
    @pytest.mark.parametrize("split", ["train", "validation", "test"])
    def test_all_names_are_of_the_split(self, split: str) -> None:
        for seed in range(3):
            world = build_world(split, seed)
            named = [*(thing.name for thing in world.things), *(publisher.name for publisher in world.publishers)]
            named += [name for name, _ in world.rates] + [picture.by for picture in world.pictures]
            assert {split_of(name) for name in (*named, *world.phrases, *world.unsaid)} == {split}

    def test_names_are_easily_mixed_up(self, world: World) -> None:
        for kind in CHIEF:
            stems = [part for thing in world.of_kind(kind) for part in set(thing.name.split())]
            assert len(stems) > len(set(stems))

    def test_facts_lead_to_things_and_every_page_is_found_once(self, world: World) -> None:
        assert all(fact.to in world.thing for thing in world.things for fact in thing.facts if fact.to)
        assert len(world.page) == len(world.pages)
        assert len(world.picture) == len(world.pictures)


class TestIndex:
    def test_a_name_finds_its_page_first_and_its_likes_after_it(self, world: World) -> None:
        for thing in world.things:
            first, *rest = world.index.find(Query(thing.name))
            assert first == world.reference(thing)
            assert rest

    def test_operators_say_the_same_as_the_form(self, world: World) -> None:
        typed = read_query(Query('goats "old mill" -rain site:some-paper.web'))
        assert typed == Query("goats", exact="old mill", without="rain", site="some-paper")
        assert read_query(Query(typed.said)) == typed

    def test_phrases_stand_on_one_page_and_their_words_on_several(self, world: World) -> None:
        for phrase in world.phrases:
            assert len(world.index.find(Query(exact=phrase))) == 1
            assert len(world.index.find(Query(phrase))) > 1
        for phrase in world.unsaid:
            assert not world.index.find(Query(exact=phrase))
            assert world.index.find(Query(phrase))

    def test_filters(self, world: World) -> None:
        publisher = world.of_style("news")
        town = world.of_kind("town")[0]
        assert {page.publisher for page in world.index.find(Query(town.name, site=publisher.key))} <= {publisher.key}
        assert all(page.day.year == 2025 for page in world.index.find(Query(town.name, year="2025")))
        month = world.index.find(Query(town.name, time="month", tab="news"))
        assert month
        assert all(TODAY - page.day <= datetime.timedelta(days=31) and page.style == "news" for page in month)
        assert all("village" not in page.title for page in world.index.find(Query(town.name, without="village")))

    def test_slips_are_put_right(self, world: World) -> None:
        name = world.of_kind("club")[0].name
        slip = name.replace(name.split()[0], name.split()[0][:-2] + "x" + name.split()[0][-2:])
        assert name.lower() in world.index.meant(slip)
        assert world.index.meant(name) == ()


class TestPages:
    def test_the_wall_is_never_passed_and_hides_what_stands_nowhere_else(self, world: World, visitor: Visitor) -> None:
        for thing in world.of_kind(*KEPT):
            page = world.pages_about(thing, "vault")[0]
            assert "Checking that you are human" in visitor.get(page.href)
            assert "Try again later" in visitor.get(visitor.post(f"{page.href}/check"))
            told = [other for other in world.pages if any(word in " ".join(other.text) for word in SECRET[thing.kind])]
            assert told == []

    def test_what_a_picture_shows_is_not_said(self, world: World, visitor: Visitor) -> None:
        name = world.of_kind("town")[0].name
        for page in ("/search?tab=images&q=" + name, *(f"/image/{p.key}" for p in world.pictures[:9])):
            said = re.sub(r"(?s)<svg.*?</svg>", "", visitor.get(page)).lower()
            assert not [word for word in (*COLOURS, *SHAPES) if re.search(rf"\b{word}\b", said)]
            assert "<title>" not in visitor.get(page).partition("</title>")[2]

    def test_the_sky_is_only_drawn(self, world: World, visitor: Visitor) -> None:
        for forecast in world.forecasts:
            page = visitor.get(f"/search?q=weather {world.thing[forecast.town].name}")
            row = re.sub(r"<[^>]*>", " ", page.partition('class="sky-row">')[2].partition("</ol>")[0]).split()
            assert row[::3] == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
            assert not {word.lower() for word in row} & set(SKIES)

    def test_the_sponsored_result_stands_first_and_is_not_counted(self, world: World, visitor: Visitor) -> None:
        thing = world.things[0]
        page = visitor.get(f"/search?q={thing.name}")
        assert titles(page)[0] == world.pages_about(thing, "shop")[0].title
        assert f"{len(world.index.find(Query(thing.name)))} results" in page

    def test_settings_decide_how_many_results_a_page_has(self, world: World, visitor: Visitor) -> None:
        name = world.of_kind("band")[0].name
        assert len(titles(visitor.get(f"/search?tab=videos&q={name}"))) == 5
        visitor.post("/settings", **{key: choices[1] for key, (_, choices) in SETTINGS.items()})
        assert len(titles(visitor.get(f"/search?tab=videos&q={name}"))) == 10

    @pytest.mark.parametrize(
        "path",
        ["/search?q=a&tab=maps", "/search?q=a&time=week", "/search?q=a&page=x", "/page/nothing", "/image/nothing",
         "/library/nothing", "/save?item=nothing", "/feedback?q=nothing", "/convert?amount=1&from=a&to=b"],
    )  # fmt: skip
    def test_what_makes_no_sense_is_refused(self, visitor: Visitor, path: str) -> None:
        assert visitor.request("GET", path)[0] in (400, 404)

    def test_what_is_typed_is_escaped(self, visitor: Visitor) -> None:
        assert "<b>x" not in visitor.get("/search?q=<b>x")


def test_everything_can_be_undone(world: World, visitor: Visitor) -> None:
    before = visitor.state.effects()
    page, picture, thing = world.pages[0], world.pictures[0], world.things[0]
    town = f"weather {world.of_kind('town')[0].name}"
    asked, collection = slug(world.asked[0][0]), slug(world.spare[0])
    visitor.post("/save", item=page.key, new=world.spare[0])
    visitor.post("/save", item=picture.key, collection=collection)
    visitor.post("/settings", **{key: choices[-1] for key, (_, choices) in SETTINGS.items()})
    visitor.post("/library/alerts", change="new", key="Rain  tomorrow", frequency=FREQUENCIES[0])
    visitor.post("/library/history", change="toggle", key=asked)
    visitor.post("/pin", page=page.key)
    visitor.post("/feedback", q=town, reason=REASONS[0])
    follows = visitor.state.effects()["following"]
    visitor.post("/follow", thing=thing.key)
    after = visitor.state.effects()
    assert all(after[part] != before[part] for part in before)
    assert after["alerts"]["rain-tomorrow"] == FREQUENCIES[0]
    assert after["following"] != follows
    visitor.post("/library/collections", change="delete", key=collection)
    visitor.post("/settings", **before["settings"])
    visitor.post("/library/alerts", change="delete", key="rain-tomorrow")
    visitor.post("/library/history", change="toggle", key=asked)
    visitor.post("/pin", page=page.key)
    visitor.post("/feedback", q=town, reason="")
    visitor.post("/follow", thing=thing.key)
    assert visitor.state.effects() == before


class TestTasks:
    def test_a_wall_has_to_be_named(self) -> None:
        session = open_session(LocalTask("search", "blocked", "train", 0))
        session.forget()
        assert session.judge("The page is blocked by a human check.").success
        assert session.judge("The page cannot be read.").success
        assert not session.judge("The wage bill is 4,200.").success

    def test_older_news_are_refused(self) -> None:
        for seed in range(10):
            session = open_session(LocalTask("search", "recent-news", "train", 16 * seed))
            session.forget()
            world = session.episode.world
            reports = world.pages_about(world.thing[session.params["thing"]], "news")
            newest = max(reports, key=lambda page: page.day)
            assert TODAY - newest.day < datetime.timedelta(days=31)
            for page in reports:
                assert session.judge(f"{page.number:,}").success == (page is newest or page.number == newest.number)

    def test_money_is_changed_at_the_rates_of_the_world(self, world: World) -> None:
        (first, worth), (second, other) = world.rates[:2]
        found = conversion(world, f"120 {first} in {second}")
        assert found is not None
        assert found.result == pytest.approx(120 * worth / other, abs=0.005)
        back = conversion(world, f"120 {second} in {first}")
        assert back is not None
        assert back.source == second

    def test_only_the_right_picture_counts(self) -> None:
        for seed in range(5):
            session = open_session(LocalTask("search", "picture-by", "train", 16 * seed))
            session.forget()
            pictures = session.episode.world.pictures
            right = session.episode.world.picture[session.params["picture"]]
            alike = [one for one in pictures if one.thing == right.thing]
            assert [one for one in alike if (one.colour, one.shape) == (right.colour, right.shape)] == [right]
            assert sum(one.colour == right.colour for one in alike) > 1
            assert sum(one.shape == right.shape for one in alike) > 1
            for one in alike:
                assert session.judge(one.by).success == (one is right)
