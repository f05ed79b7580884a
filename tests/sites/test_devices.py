"""The showcase without a browser: its worlds, its configurator, its pages and what they change."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.sites.visiting import ServedSite, Visitor, words
from webvoyager_gym.sites import load_site
from webvoyager_gym.sites.devices.configurator import configurator
from webvoyager_gym.sites.devices.kinds import KINDS
from webvoyager_gym.sites.devices.names import FINISHES
from webvoyager_gym.sites.devices.state import LARGEST_BAG, MOST, Configuration, Item, configuration
from webvoyager_gym.sites.devices.world import CONDITIONS, Model, World, build_world
from webvoyager_gym.sites.kit import BadRequest, NotHere
from webvoyager_gym.sites.kit.world import split_of
from webvoyager_gym.tasks.local import LocalTask, open_session

SITE = "devices"


@pytest.fixture(scope="module")
def world() -> World:
    return build_world("train", 0)


def sold_out_model(world: World) -> Model:
    """A model of which something is sold out."""
    return next(model for model in world.models if model.sold_out)


class TestWorlds:
    def test_names_belong_to_their_split(self) -> None:
        for split in ("train", "validation", "test"):
            for seed in range(10):
                world = build_world(split, seed)
                names = [*world.lines.values(), *(store.name for store in world.stores)]
                assert {split_of(name) for name in names} == {split}

    def test_the_models_of_a_line_can_be_told_apart(self) -> None:
        for seed in range(10):
            world = build_world("train", seed)
            for kind, about in KINDS.items():
                line = world.line(kind)
                for fact in about.specs:
                    assert len({model.specs[fact] for model in line}) == len(line)
                assert len({model.price for model in line}) == len(line)
            names = [model.name for model in world.models]
            assert not any(one != other and f"{other} ".startswith(f"{one} ") for one in names for other in names)

    def test_something_of_every_finish_and_storage_can_be_had_of_a_finish(self) -> None:
        for seed in range(10):
            for model in build_world("train", seed).models:
                for finish in range(len(model.finishes)):
                    gone = [storage for storage in range(len(model.storages)) if (finish, storage) in model.sold_out]
                    assert len(gone) <= 1

    def test_what_the_price_is_asked_of_can_be_had_in_some_finish(self) -> None:
        random = np.random.default_rng(0)
        asked = next(template for template in load_site(SITE).templates if template.name == "configured-price")
        gone = 0
        for seed in range(150):
            world = build_world("train", seed)
            for params in [asked.draw(world, random) for _ in range(20)]:
                gone += params is None
                if params is not None:
                    chosen = configuration(world, params["key"])
                    finishes = range(len(chosen.model.finishes))
                    assert any((finish, chosen.storage) not in chosen.model.sold_out for finish in finishes)
        assert gone, "no storage was sold out in all finishes"

    def test_a_worse_condition_gives_less(self, world: World) -> None:
        for old in world.old:
            credits = [old.credit(condition) for condition in CONDITIONS]
            assert credits == sorted(set(credits), reverse=True)
            assert credits[-1] > 0


class TestConfigurator:
    def test_the_price_adds_up(self, world: World) -> None:
        for model in world.models:
            shop, query, total = configurator(model, {}), {}, model.price
            assert (shop.total, shop.key) == (model.price, "")
            while not shop.key:
                step = next(step for step in shop.steps if step.state == "now")
                place = max(place for place, href in enumerate(step.hrefs) if href)
                query[step.key] = [str(place)]
                total += step.choices[place].adds if step.choices else 0
                shop = configurator(model, query)
                assert shop.total == total
            chosen = configuration(world, shop.key)
            assert (chosen.price, chosen.available) == (total, True)

    def test_what_is_sold_out_leads_nowhere(self, world: World) -> None:
        model = sold_out_model(world)
        finish, storage = sorted(model.sold_out)[0]
        query = {"size": ["0"], "finish": [str(finish)]}
        step = next(step for step in configurator(model, query).steps if step.key == "storage")
        assert step.hrefs[storage] == ""
        assert any(step.hrefs)
        with pytest.raises(BadRequest):
            configurator(model, {**query, "storage": [str(storage)]})

    @pytest.mark.parametrize("place", ["9", "-1", "x", "", "²", "00"])
    def test_nonsense_is_refused(self, world: World, place: str) -> None:
        with pytest.raises(BadRequest):
            configurator(world.models[0], {"size": ["0"], "finish": [place]})
        with pytest.raises(NotHere):
            configuration(world, f"{world.models[0].slug}.0.{place}.0.0")


class TestPages:
    def test_every_page_opens(self, visitor: Visitor, world: World) -> None:
        for model in world.models[::3]:
            for tab in ("", "/specs", "/box", "/delivery"):
                assert model.name in words(visitor.get(model.href + tab))
            assert model.name in words(visitor.get(f"/buy/{model.slug}"))
        for kind in KINDS:
            page = words(visitor.get(f"/line/{kind}"))
            assert all(model.name in page for model in world.line(kind))
        for store in world.stores:
            assert store.name in words(visitor.get(f"/store/{store.slug}"))

    def test_finishes_are_in_the_picture_only(self, visitor: Visitor, world: World) -> None:
        for model in world.models[::6]:
            pages = (f"/line/{model.kind}", model.href, f"/buy/{model.slug}?size=0")
            visitor.state.bag[Configuration(model, 0, 0, 0, 0).key] = Item()
            for page in [visitor.get(place).split("<main>")[1] for place in (*pages, "/bag")]:
                attributes = " ".join(re.findall(r'(?:aria-label|title|alt|href|data-key|value)="([^"]*)"', page))
                said = re.findall(r"[a-z]+", f"{words(f'<main>{page}')} {attributes}".casefold())
                assert not set(said) & set(FINISHES)
                assert sum(FINISHES[finish] in page for finish in FINISHES) > 0

    def test_the_pickup_table_comes_late_and_alone(self, web: ServedSite, visitor: Visitor, world: World) -> None:
        model = world.models[0]
        store = world.store_by_slug[model.stores_today[0]]
        assert store.name not in words(visitor.get(f"{model.href}/delivery"))
        assert re.search(rf"{store.name}</td><td[^>]*>Today", visitor.get(f"/pickup/{model.slug}"))
        others = [web.visitor(world) for _ in range(8)]
        started = time.monotonic()
        with ThreadPoolExecutor(len(others)) as pool:
            list(pool.map(lambda other: other.get(f"/pickup/{model.slug}"), others))
        assert 0.3 <= time.monotonic() - started < 0.3 * len(others)

    def test_the_dialog_opens_on_the_second_page_until_it_is_closed(self, visitor: Visitor) -> None:
        def open_on(path: str) -> bool:
            return 'data-key="newsletter-later"' in visitor.get(path)

        assert not open_on("/")
        assert not open_on("/")
        assert open_on("/stores")
        assert open_on("/")
        assert visitor.post("/newsletter/later", back="/stores") == "/stores"
        assert not open_on("/stores")
        assert visitor.post("/newsletter/later", back="//elsewhere.example") == "/"

    @pytest.mark.parametrize(
        "path",
        [
            *("/device/no", "/device/no/specs", "/buy/no", "/line/no", "/store/no", "/pickup/no"),
            *("/compare?kind=no", "/compare?first=no", "/trade-in?device=no", "/trade-in?condition=no"),
        ],
    )
    def test_what_is_not_there_is_not_found(self, visitor: Visitor, path: str) -> None:
        assert visitor.request("GET", path)[0] == 404


class TestChanges:
    def test_everything_can_be_undone(self, visitor: Visitor, world: World) -> None:
        before = visitor.state.effects()
        model = next(model for model in world.models if model.slug not in world.saved)
        key = next(key for key in keys(model) if configuration(world, key).available)
        line, old, store = world.line(model.kind), world.old[0], world.stores[0].slug
        first, second = line[0].slug, line[1].slug
        for where, do, undo in (
            (f"{model.href}/save", {"save": "yes"}, {"save": "no"}),
            (f"/store/{store}", {"mine": "yes"}, {"mine": "no"}),
            ("/trade-in", {"use": "yes", "device": old.slug, "condition": "Worn"}, {"use": "no"}),
            ("/newsletter", {"subscribe": "yes", "email": world.email}, {"subscribe": "no"}),
            ("/bag", {"pickup": store}, {"pickup": ""}),
        ):
            visitor.post(where, **do)
            assert visitor.state.effects() != before
            visitor.post(where, **undo)
            assert visitor.state.effects() == before
        form = f"kind={model.kind}&keep=yes&model={first}&model={second}"
        visitor.state.comparisons[model.kind] = sorted([first, second])
        assert "Delete" in visitor.get(f"/compare?{form}")
        visitor.post("/compare", kind=model.kind, keep="no")
        assert visitor.post(f"/buy/{model.slug}", key=key) == "/bag"
        visitor.post("/bag", **{f"quantity-{key}": "3", f"engraving-{key}": "  <b>Hi</b>\n you ", "pickup": ""})
        assert visitor.state.bag == {key: Item(3, "<b>Hi</b> you")}
        assert "<b>Hi" not in visitor.get("/bag")
        visitor.post("/bag", **{f"quantity-{key}": "0", "pickup": ""})
        assert visitor.state.effects() == before

    def test_the_bag_has_limits(self, visitor: Visitor, world: World) -> None:
        places = [(model, key) for model in world.models for key in keys(model) if configuration(world, key).available]
        for model, key in places[: LARGEST_BAG + 1]:
            place = visitor.post(f"/buy/{model.slug}", key=key)
        assert place == "/bag?problem=full"
        assert len(visitor.state.bag) == LARGEST_BAG
        for _ in range(MOST):
            place = visitor.post(f"/buy/{places[0][0].slug}", key=places[0][1])
        assert place == "/bag?problem=many"
        assert visitor.state.bag[places[0][1]].quantity == MOST

    def test_what_makes_no_sense_changes_nothing(self, visitor: Visitor, world: World) -> None:
        before = visitor.state.effects()
        model = sold_out_model(world)
        finish, storage = sorted(model.sold_out)[0]
        other = next(one for one in world.models if one != model)
        gone = Configuration(model, 0, finish, storage, 0).key
        for path, form, status in (
            (f"/buy/{model.slug}", {"key": gone}, 400),
            (f"/buy/{other.slug}", {"key": Configuration(model, 0, finish, (storage + 1) % 3, 0).key}, 400),
            (f"/buy/{model.slug}", {"key": "nothing"}, 404),
            (f"{model.href}/save", {"save": "perhaps"}, 400),
            ("/bag", {"pickup": "nowhere"}, 404),
            ("/trade-in", {"use": "yes", "device": world.old[0].slug, "condition": "Fine"}, 404),
            ("/newsletter", {"subscribe": "yes", "email": "nobody"}, 303),
            ("/compare", {"kind": model.kind, "keep": "yes", "model": model.slug}, 303),
        ):
            assert visitor.request("POST", path, form)[0] == status
        assert visitor.state.effects() == before


class TestTasks:
    def test_the_other_colour_is_wrong(self) -> None:
        for seed in range(10):
            session = open_session(LocalTask("devices", "remove-from-bag", "train", 16 * seed))
            session.forget()
            state = session.episode.state
            whole = dict(state.bag)
            for key in whole:
                state.bag = {kept: item for kept, item in whole.items() if kept != key}
                assert session.judge(None).success == (key == session.params["key"])

    def test_only_the_wanted_configuration_is_right(self) -> None:
        session = open_session(LocalTask("devices", "buy", "train", 0))
        session.forget()
        model = session.episode.world.by_slug[session.params["device"]]
        for key in keys(model):
            session.episode.state.bag = {key: Item()}
            assert session.judge(None).success == (key == session.params["key"])
        session.episode.state.bag = {session.params["key"]: Item(2)}
        assert not session.judge(None).success

    def test_what_is_sold_out_is_said_to_be(self) -> None:
        for seed in range(10):
            session = open_session(LocalTask("devices", "buy-sold-out", "train", 16 * seed))
            session.forget()
            assert not configuration(session.episode.world, session.params["key"]).available
            assert session.judge("That one is sold out.").success
            assert not session.judge("It is in the bag.").success


def keys(model: Model) -> list[str]:
    """The keys of all configurations of a model."""
    return [
        Configuration(model, size, finish, storage, care).key
        for size in range(len(model.sizes))
        for finish in range(len(model.finishes))
        for storage in range(len(model.storages))
        for care in range(len(model.care))
    ]
