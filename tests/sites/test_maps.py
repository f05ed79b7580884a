"""The map site without a browser: its city and ways, its search, its pages over HTTP, its tasks."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from tests.sites.visiting import Visitor
from webvoyager_gym.sites.kit import Impossible
from webvoyager_gym.sites.kit.world import split_of
from webvoyager_gym.sites.maps.city import build_world
from webvoyager_gym.sites.maps.routes import CYCLING, WALKING, route, walk_metres
from webvoyager_gym.sites.maps.search import PAGE_SIZE, Query, find, find_all, place_named
from webvoyager_gym.sites.maps.world import CATEGORIES, COLUMNS, World, hours_text
from webvoyager_gym.tasks.local import LocalTask, open_session

SITE = "maps"


@pytest.fixture(scope="module")
def world() -> World:
    return build_world("train", 0)


# ---- the city ----------------------------------------------------------------------------------------------------


def test_a_world_is_the_same_every_time_and_of_its_split() -> None:
    assert build_world("test", 3) == build_world("test", 3)
    for split in ("train", "validation", "test"):
        for seed in range(5):
            world = build_world(split, seed)
            names = {world.city, *world.rows, *world.columns, *world.stops.values(), *world.people}
            names |= {place.name for place in world.places}
            assert {split_of(name) for name in names} == {split}


def test_a_world_is_fit_for_its_tasks(world: World) -> None:
    assert len({place.node for place in world.places}) == len({place.name for place in world.places}) == 36
    for category in CATEGORIES:
        places = world.of(category)
        assert 4 <= len(places) <= PAGE_SIZE
        assert len({place.rating for place in places}) == len(places)
    assert any(all(place.hours[6] is None for place in world.of(category)) for category in CATEGORIES)
    crossing = [edge for edge in world.edges if edge.a // COLUMNS == world.river and edge.b // COLUMNS > world.river]
    assert sorted(edge.a % COLUMNS for edge in crossing) == list(world.bridges)


def test_hours_as_the_page_writes_them() -> None:
    assert (hours_text((540, 1110)), hours_text(None)) == ("09:00 to 18:30", "Closed")


def shortest(world: World, start: int, end: int) -> int:
    """Metres on foot, found by relaxing every edge until nothing changes (Bellman 1958)."""
    far = dict.fromkeys(range(len(world.nodes)), 10**9) | {start: 0}
    for _ in far:
        for edge in world.edges:
            far[edge.b] = min(far[edge.b], far[edge.a] + edge.metres)
            far[edge.a] = min(far[edge.a], far[edge.b] + edge.metres)
    return far[end]


def test_ways_on_foot_are_the_shortest(world: World) -> None:
    for a, b in itertools.islice(itertools.combinations(world.places, 2), 0, None, 40):
        walk = route(world, a, b, "walk")
        assert walk is not None
        assert walk.metres == shortest(world, a.node, b.node) == walk_metres(world, b, a)
        assert walk.minutes == -(-walk.metres // WALKING)
        assert (walk.nodes[0], walk.nodes[-1]) == (a.node, b.node)
        assert sum(int(step.text.split(", ")[1].removesuffix(" m")) for step in walk.steps) == walk.metres


def test_bicycles_keep_off_paths_and_trams_are_worth_it(world: World) -> None:
    paths = {edge.street for edge in world.edges if edge.path}
    trams = 0
    for a, b in itertools.islice(itertools.combinations(world.places, 2), 0, None, 7):
        walk, cycle, transit = (route(world, a, b, mode) for mode in ("walk", "cycle", "transit"))
        assert walk is not None
        assert cycle is not None
        assert not paths & {step.text.split(", ")[0] for step in cycle.steps}
        assert cycle.metres >= walk.metres
        assert cycle.minutes == max(1, -(-cycle.metres // CYCLING))
        if transit is not None:
            trams += 1
            assert transit.minutes <= walk.minutes
            assert {step.leave for step in transit.steps if step.line} <= set(world.stops.values())
    assert trams > 10


# ---- search ------------------------------------------------------------------------------------------------------


def test_a_name_comes_first_and_near_misses_after_it(world: World) -> None:
    for place in world.places:
        found = find_all(world, Query(words=place.name.upper()))
        assert found[0] == place == place_named(world, place.name.casefold())
        assert all(set(place.name.split()) & {*other.name.split(), *other.street.split()} for other in found)
    assert any(len(find_all(world, Query(words=place.name))) > 1 for place in world.places)


def test_filters_orders_and_pages(world: World) -> None:
    near = world.of("hotel")[0]
    query = Query(category="hotel", near=near, order="distance")
    far = [walk_metres(world, near, place) for place in find_all(world, query)]
    assert far == sorted(far)
    assert near not in find_all(world, query)
    ratings = [place.rating for place in find_all(world, replace(query, order="rating", rating="3.5"))]
    assert ratings == sorted(ratings, reverse=True)
    assert all(rating >= 3.5 for rating in ratings)
    assert all(place.hours[6] for place in find_all(world, Query(category="cafe", sunday=True)))
    first = find(world, Query())
    pages = [find(world, Query(page=number)) for number in range(1, first.pages + 2)]
    assert {place for page in pages for place in page.shown} == set(world.places)
    assert pages[-1] == pages[-2]


# ---- pages over HTTP ---------------------------------------------------------------------------------------------


def test_stars_lists_and_labels_can_be_set_and_undone(visitor: Visitor) -> None:
    before = visitor.state.effects()
    taken = {*visitor.state.starred, *visitor.state.labels}
    place = next(place.slug for place in visitor.world.places if place.slug not in taken)
    visitor.post(f"/place/{place}/star", back=f"/place/{place}")
    visitor.post(f"/place/{place}/label", label="  My   den ")
    assert visitor.post("/lists", name="Rainy days") == "/saved?list=Rainy+days"
    visitor.post(f"/place/{place}/keep", list="Rainy days")
    after = visitor.state.effects()
    assert place in after["starred"]
    assert after["labels"][place] == "My den"
    assert after["lists"]["Rainy days"] == [place]
    assert visitor.world.by_slug[place].name in visitor.get("/saved?list=Rainy+days")
    assert "My den" in visitor.get(f"/place/{place}")
    visitor.post("/lists/delete", list="Rainy days")
    visitor.post(f"/place/{place}/unstar")
    visitor.post(f"/place/{place}/label", label="")
    assert visitor.state.effects() == before


def test_a_place_can_be_dropped_from_a_list(visitor: Visitor) -> None:
    name, kept = visitor.world.lists[0]
    assert visitor.post(f"/place/{kept[0]}/drop", list=name, back="//evil.test/") == "/"
    assert visitor.state.lists[name] == set(kept[1:])


def test_directions_say_what_the_graph_says(visitor: Visitor) -> None:
    a, b = visitor.world.places[3], visitor.world.places[20]
    for mode in ("walk", "cycle"):
        way = route(visitor.world, a, b, mode)
        assert way is not None
        page = visitor.get(f"/route?from={a.name}&to={b.name}&mode={mode}")
        assert f"{way.metres} m" in page
        assert all(step.text in page for step in way.steps)
    assert "We know no such place." in visitor.get(f"/route?from={a.name}&to=Nowhere")
    assert "This is where you are." in visitor.get(f"/route?from={a.name}&to={a.name.lower()}")
    pairs = ((a, b) for a in visitor.world.places for b in visitor.world.places if a != b)
    a, b = next(pair for pair in pairs if route(visitor.world, *pair, "transit") is None)
    assert "No transit connection" in visitor.get(f"/route?from={a.name}&to={b.name}&mode=transit")


@pytest.mark.parametrize(
    "path",
    ["/?zoom=3", "/?zoom=2&row=9", "/search?category=zoo", "/search?sort=x", "/search?rating=1", "/route?mode=fly"],
)
def test_views_filters_and_modes_that_do_not_exist(visitor: Visitor, path: str) -> None:
    assert visitor.request("GET", path)[0] == 400


def test_the_map_can_be_zoomed_and_moved_on_every_page(visitor: Visitor) -> None:
    for path in ("/", "/search?category=park", "/saved", f"/place/{visitor.world.places[0].slug}"):
        assert 'data-key="zoom-in"' in visitor.get(path)
        page = visitor.get(path + ("&" if "?" in path else "?") + "zoom=2&column=0&row=2")
        assert all(f'data-key="{key}"' in page for key in ("zoom-out", "pan-north", "pan-east"))
        assert not any(f'data-key="{key}"' in page for key in ("zoom-in", "pan-south", "pan-west"))
    shown = visitor.get("/").count('class="pin"')
    views = [visitor.get(f"/?zoom=2&column={x}&row={y}") for x in (0, 2) for y in (0, 2)]
    assert shown < sum(view.count('class="pin"') for view in views) <= 36


def test_icons_have_no_words(visitor: Visitor) -> None:
    page = visitor.get("/").casefold()
    for label in ("restaurant", "pharmacy", "cinema"):
        assert label not in page.replace(f"category={label}", "").replace(f"category-{label}", "")


# ---- tasks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_what_is_not_there_has_to_be_called_so(seed: int) -> None:
    for template, right in (("no-such-place", "There is no such place."), ("no-transit", "Not possible by transit.")):
        session = open_session(LocalTask("maps", template, "test", 16 * seed))
        assert isinstance(session.expected, Impossible)
        assert session.judge(right).success
        for wrong in ("done", "12 min", *(f"None, so {other}" for other in session.expected.others)):
            assert not session.judge(wrong).success
        session.forget()


def test_other_places_are_no_answer_and_a_star_too_many_fails() -> None:
    session = open_session(LocalTask("maps", "nearest-place", "train", 5))
    assert session.expected is not None
    right = session.expected.text
    for place in session.episode.world.places:
        assert session.judge(f"It is {place.name}.").success == (place.name == right)
    session.episode.state.starred.clear()
    assert not session.judge(right).success
    session.forget()
