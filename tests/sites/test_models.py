"""The model hub: its worlds, its search, its pages and what they change, and the checks of its tasks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.sites.visiting import Visitor, text_of
from webvoyager_gym.sites.kit.world import split_of
from webvoyager_gym.sites.models.search import SIZES, Query, find
from webvoyager_gym.sites.models.state import LOADING, Job
from webvoyager_gym.sites.models.world import World, build_world, size_text
from webvoyager_gym.tasks.local import LocalTask, open_session

SITE = "models"


@pytest.fixture(scope="module")
def world() -> World:
    return build_world("train", 1)


class TestWorlds:
    def test_the_same_seed_gives_the_same_world_and_another_seed_another(self, world: World) -> None:
        assert build_world("train", 1) == world != build_world("train", 2)

    @pytest.mark.parametrize("split", ["train", "validation", "test"])
    def test_families_and_people_belong_to_their_split(self, split: str) -> None:
        for seed in range(5):
            world = build_world(split, seed)
            people = {person for item in world.items for _, person in item.threads}
            families = {item.family for item in world.models}
            for name in (*people, *families, *(item.owner for item in world.items)):
                assert split_of(name) == split

    def test_every_task_has_two_families_and_every_order_is_strict(self) -> None:
        for seed in range(10):
            world = build_world("train", seed)
            for task in world.tasks:
                assert len({item.family for item in world.models if item.task == task}) == 2
            for number in ("downloads", "likes", "updated"):
                assert len({getattr(item, number) for item in world.items}) == len(world.items)
            for item in world.models:
                assert len({one.context for one in world.family(item)}) == len(world.family(item))
                assert world.rival(item) != item

    def test_the_best_month_stands_out(self, world: World) -> None:
        assert all(sorted(item.months)[-2] < 0.8 * max(item.months) for item in world.items)

    def test_sizes_add_up_as_they_are_shown(self, world: World) -> None:
        for item in world.models:
            shown = sum(float(size_text(file.size).removesuffix(" GB")) for file in item.shards if file.size >= 10**6)
            exact = sum(file.size for file in item.shards if file.size >= 10**6) / 10**6
            assert shown == pytest.approx(exact)


class TestSearch:
    def test_a_name_finds_its_model_first_and_near_misses_after(self, world: World) -> None:
        for item in world.items:
            found = find(world, Query(item.kind, item.name, size="all"))
            assert found[0] == item
            assert len(found) > 1

    def test_the_first_size_facet_hides_large_models(self, world: World) -> None:
        large = [item for item in world.models if item.parameters > 15]
        assert large
        for item in large:
            assert item not in find(world, Query("model", item.name))

    def test_size_facets_grow(self, world: World) -> None:
        small, usual, every = (len(find(world, Query(size=size))) for size in ("small", "", "all"))
        assert small < usual < every == len(world.models)
        assert set(SIZES) == {"small", "", "all"}

    @pytest.mark.parametrize("sort", ["downloads", "likes", "updated"])
    def test_orders(self, world: World, sort: str) -> None:
        numbers = [getattr(item, sort) for item in find(world, Query(size="all", sort=sort))]
        assert numbers == sorted(numbers, reverse=True)


class TestPages:
    def test_every_page_of_every_item_opens(self, visitor: Visitor) -> None:
        for item in visitor.world.items:
            assert item.key in visitor.get(item.href)
            assert item.key in visitor.get(f"{item.href}/discussions")
            if item.kind == "model":
                assert item.key in visitor.get(f"{item.href}/files")

    def test_warnings_and_months_are_only_in_the_picture(self, visitor: Visitor) -> None:
        item = next(one for one in visitor.world.models if one.flagged and not one.gated)
        lines = re.findall(r"<li>.*?</li>", visitor.get(f"{item.href}/files"), re.DOTALL)
        marked = [line for line in lines if 'class="scan bad"' in line]
        assert len(marked) == 1
        assert text_of(marked[0]).split()[:1] == [item.flagged]
        bars = re.search(r'<div class="bars">.*?</div></div>', visitor.get(item.href), re.DOTALL)
        assert bars is not None
        assert not re.search(r"\d", text_of(bars[0]))

    def test_gated_files_are_shown_only_after_the_terms_were_accepted(self, visitor: Visitor) -> None:
        item = next(one for one in visitor.world.models if one.gated)
        place = f"{item.href}/files"
        form = {"name": "Ana Roe", "country": "Japan", "use": "Research", "terms": "1"}
        assert "tokenizer.json" not in visitor.get(place)
        assert "accept the terms" in visitor.request("POST", place, {**form, "terms": ""})[1]
        assert "Fill in all fields" in visitor.request("POST", place, {**form, "country": ""})[1]
        assert "tokenizer.json" not in visitor.get(place)
        visitor.post(place, **form)
        assert "tokenizer.json" in visitor.get(place)

    def test_the_widget_answers_after_the_model_is_loaded(self, visitor: Visitor) -> None:
        item = next(one for one in visitor.world.models if one.task == "Sentence similarity")
        place = f"{item.href}/try"
        visitor.post(place, first="the old cat sleeps", second="the old dog sleeps")
        for _ in range(LOADING):
            assert "Similarity: " not in visitor.get(place)
            visitor.post(place, change="check")
        assert "Similarity: 60%" in visitor.get(place)
        assert not visitor.state.effects()["likes"]

    def test_only_models_for_sentences_can_be_tried(self, visitor: Visitor) -> None:
        item = next(one for one in visitor.world.models if one.task != "Sentence similarity")
        assert visitor.request("GET", f"{item.href}/try")[0] == 404

    @pytest.mark.parametrize("path", ["/model/no/body", "/dataset/no/body", "/thing/no/body", "/model/no/body/files"])
    def test_what_is_not_there_is_not_found(self, visitor: Visitor, path: str) -> None:
        assert visitor.request("GET", path)[0] == 404

    @pytest.mark.parametrize("query", [{"task": "Cooking"}, {"size": "huge"}, {"sort": "x"}, {"page": "0"}])
    def test_nonsense_is_refused(self, visitor: Visitor, query: dict[str, str]) -> None:
        assert visitor.request("GET", "/models", query)[0] == 400

    def test_what_is_typed_is_escaped(self, visitor: Visitor) -> None:
        assert "<b>x" not in visitor.get("/models", q="<b>x")
        item = visitor.world.items[0]
        visitor.post(f"{item.href}/discussions", title="<b>x", message="<i>y")
        page = visitor.get(f"{item.href}/discussions")
        assert "&lt;b&gt;x" in page
        assert "&lt;i&gt;y" in page


def test_everything_can_be_undone(visitor: Visitor) -> None:
    before = visitor.state.effects()
    item, gated = visitor.world.models[0], next(one for one in visitor.world.models if one.gated)
    collection = next(iter(visitor.world.collections))

    def post(path: str, **form: str) -> Callable[[], str]:
        return lambda: visitor.post(path, **form)

    form = {"name": "Ana Roe", "country": "Japan", "use": "Research", "terms": "1"}
    for do, undo in (
        (post(f"{item.href}/mine", change="like"), post(f"{item.href}/mine", change="like")),
        (
            post(f"{item.href}/mine", change="collect", value=collection),
            post(f"{item.href}/mine", change="collect", value=collection),
        ),
        (
            post(f"{item.href}/discussions", title="A", message="B"),
            post(f"{item.href}/discussions", change="delete"),
        ),
        (post(f"{gated.href}/files", **form), post(f"{gated.href}/files", change="withdraw")),
    ):
        do()
        assert visitor.state.effects() != before
        undo()
        assert visitor.state.effects() == before


@pytest.mark.parametrize(
    ("first", "second", "per_cent"),
    [("the cat", "the cat", 100), ("a b c", "d e f", 0), ("the cat sleeps", "the dog sleeps", 50), ("a a b", "b", 50)],
)
def test_similarity_is_shared_words_by_all_different_words(first: str, second: str, per_cent: int) -> None:
    assert Job("", first, second).result == per_cent


class TestTasks:
    def test_a_relative_is_not_the_answer(self) -> None:
        for seed in range(15):
            session = open_session(LocalTask("models", "extreme", "train", 16 * seed))
            session.forget()
            world, item = session.episode.world, session.episode.world.by_key[session.params["item"]]
            assert session.judge(item.name).success
            assert session.judge(f"It is {item.key}").success
            for other in world.models:
                if other != item:
                    assert not session.judge(other.name).success
                    assert not session.judge(f"{item.name} or {other.name}").success

    def test_gigabytes_need_not_be_exact_to_the_last_digit_but_nearly(self) -> None:
        session = open_session(LocalTask("models", "file-sum", "train", 0))
        session.forget()
        assert session.expected is not None
        total = float(session.expected.text.split()[0])
        assert session.judge(f"{total} GB").success
        assert not session.judge(f"{total + 0.5:.2f} GB").success
        assert not session.judge(f"{total * 1000:.0f} MB").success
