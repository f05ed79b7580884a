"""The code host: its worlds, its search, its pages and what they change, and the checks of its tasks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.sites.visiting import Visitor, text_of
from webvoyager_gym.sites.code import names
from webvoyager_gym.sites.code.search import STARS, Query, find
from webvoyager_gym.sites.code.world import World, build_world
from webvoyager_gym.sites.kit.world import split_of
from webvoyager_gym.tasks.local import LocalTask, open_session

SITE = "code"


@pytest.fixture(scope="module")
def world() -> World:
    return build_world("train", 1)


class TestWorlds:
    def test_the_same_seed_gives_the_same_world_and_another_seed_another(self, world: World) -> None:
        assert build_world("train", 1) == world != build_world("train", 2)

    def test_splits_share_no_names(self) -> None:
        for split in ("train", "validation", "test"):
            for seed in range(3):
                world = build_world(split, seed)
                people = {person for one in world.repositories for person, _ in one.contributors}
                for name in (*people, world.user, *world.groups, *(one.name for one in world.repositories)):
                    assert split_of(name) == split

    def test_full_names_and_star_counts_are_unique_and_forks_are_namesakes(self, world: World) -> None:
        repositories = world.repositories
        assert len(world.by_key) == len(repositories) == len({one.stars for one in repositories})
        forks = [one for one in repositories if one.parent]
        assert len(forks) == 3
        assert all(one.name == world.by_key[one.parent].name and one.key != one.parent for one in forks)

    def test_colours_of_languages_differ_from_world_to_world(self) -> None:
        assert len({build_world("train", seed).colours["Python"] for seed in range(8)}) > 2

    def test_two_inner_folders_hold_files_of_the_same_names(self, world: World) -> None:
        for repository in world.repositories:
            deep = repository.tree.deep
            assert len(deep) == 6
            assert len({path.rpartition("/")[2] for path in deep}) == 3


class TestSearch:
    def test_a_name_finds_its_repository_first_and_near_misses_after(self, world: World) -> None:
        for repository in world.sources:
            found = find(world, Query(repository.name))
            assert found[0] == repository
            assert len(found) > 2

    def test_forks_are_found_only_when_asked_for(self, world: World) -> None:
        fork = world.repositories[-1]
        assert fork not in find(world, Query(fork.name))
        assert find(world, Query(f"{fork.owner} {fork.name}", forks=True))[0] == fork

    @pytest.mark.parametrize("least", [stars for stars in STARS if stars])
    def test_filters_leave_what_they_say(self, world: World, least: str) -> None:
        kept = find(world, Query(stars=least))
        assert {one.key for one in kept} == {one.key for one in world.sources if one.stars >= int(least)}

    def test_orders(self, world: World) -> None:
        stars = [one.stars for one in find(world, Query(sort="stars"))]
        assert stars == sorted(stars, reverse=True)
        assert [one.stars for one in find(world, Query(sort="few"))] == stars[::-1]
        days = [one.updated for one in find(world, Query(sort="updated"))]
        assert days == sorted(days, reverse=True)


class TestPages:
    def test_every_page_of_a_repository_opens(self, visitor: Visitor) -> None:
        repository = visitor.world.sources[0]
        for place in ("", "/issues", "/releases", "/contributors", "/new", "/fork"):
            assert repository.key in visitor.get(repository.href + place)
        for folder in repository.tree.folders:
            assert "<main>" in visitor.get(f"{repository.href}/tree", path=folder)
        for path, constants in repository.tree.files.items():
            page = visitor.get(f"{repository.href}/file", path=path)
            assert path.endswith(".md") or all(name in page for name in constants)

    def test_the_language_and_the_commits_are_only_in_the_picture(self, visitor: Visitor) -> None:
        repository = visitor.world.sources[0]
        words = text_of(visitor.get(repository.href)).split()
        words += text_of(visitor.get("/search", q=repository.name)).partition("Sort by")[2].split()
        assert repository.key in words
        assert not any(language in words for language in names.LANGUAGES)
        people = text_of(visitor.get(f"{repository.href}/contributors"))
        assert not re.search(r"\d", people.partition("last year")[2])

    @pytest.mark.parametrize(
        ("path", "query"),
        [
            ("/r/no/body", {}),
            ("{}/tree", {"path": "../etc"}),
            ("{}/file", {"path": "nothing.py"}),
            ("{}/issues/0", {}),
            ("{}/issues/²", {}),
            ("{}/issues/99999999999999999999", {}),
        ],
    )
    def test_what_is_not_there_is_not_found(self, visitor: Visitor, path: str, query: dict[str, str]) -> None:
        assert visitor.request("GET", path.format(visitor.world.sources[0].href), query)[0] == 404

    @pytest.mark.parametrize("query", [{"language": "Klingon"}, {"stars": "7"}, {"updated": "x"}, {"page": "one"}])
    def test_nonsense_is_refused(self, visitor: Visitor, query: dict[str, str]) -> None:
        assert visitor.request("GET", "/search", query)[0] == 400

    def test_what_is_typed_is_escaped(self, visitor: Visitor) -> None:
        assert "<b>x" not in visitor.get("/search", q="<b>x")
        repository = visitor.world.sources[0]
        visitor.post(f"{repository.href}/new", title="<b>x", label="", assignee="")
        assert "&lt;b&gt;x" in visitor.get(f"{repository.href}/issues")


class TestChanges:
    def test_everything_can_be_undone(self, visitor: Visitor) -> None:
        repository, before = visitor.world.sources[0], visitor.state.effects()
        issue = repository.issues[0]
        place = f"{repository.href}/issues/{issue.number}"

        def mine(change: str, value: str) -> Callable[[], str]:
            return lambda: visitor.post(f"{repository.href}/mine", change=change, value=value)

        def edit(change: str, value: str) -> Callable[[], str]:
            return lambda: visitor.post(place, change=change, value=value)

        def new(**form: str) -> Callable[[], str]:
            return lambda: visitor.post(f"{repository.href}/new", **form)

        for do, undo in (
            (mine("star", "1"), mine("star", "")),
            (mine("watch", "all"), mine("watch", "")),
            (mine("fork", visitor.world.user), mine("fork", "")),
            (edit("open", "" if issue.open else "1"), edit("open", "1" if issue.open else "")),
            (edit("label", "bug"), edit("label", "bug")),
            (edit("comment", "Hello"), edit("comment", "")),
            (new(title="A title", label="bug", assignee=""), new(change="delete")),
        ):
            do()
            assert visitor.state.effects() != before
            undo()
            assert visitor.state.effects() == before

    def test_without_signing_in_nothing_changes(self, visitor: Visitor) -> None:
        world, state = visitor.world, visitor.state
        repository, before = world.sources[0], state.effects()
        state.signed_in = False
        assert visitor.post(f"{repository.href}/mine", change="star", value="1").startswith("/login?back=")
        assert visitor.post(f"{repository.href}/issues/{repository.issues[0].number}", change="open").startswith(
            "/login"
        )
        assert visitor.post(f"{repository.href}/new", title="A title").startswith("/login")
        assert visitor.request("GET", "/assigned") == (303, "/login?back=/assigned")
        wrong = {"username": world.user, "password": "wrong"}
        assert "Wrong username or password" in visitor.request("POST", "/login", wrong)[1]
        assert state.effects() == before
        assert not state.signed_in
        assert visitor.post("/login", username=world.user, password=world.password, back="/stars") == "/stars"
        assert state.signed_in

    def test_signing_in_leads_nowhere_else(self, visitor: Visitor) -> None:
        visitor.state.signed_in = False
        form = {"username": visitor.world.user, "password": visitor.world.password, "back": "//elsewhere.example/"}
        assert visitor.post("/login", **form) == "/"


class TestTasks:
    def test_a_fork_is_not_its_source(self) -> None:
        for seed in range(20):
            session = open_session(LocalTask("code", "star", "train", 16 * seed))
            session.forget()
            wanted = session.episode.world.by_key[session.params["repo"]]
            namesakes = [one for one in session.episode.world.repositories if one.name == wanted.name]
            for one in namesakes:
                session.episode.state.stars[:] = [one.key]
                assert session.judge(None).success == (one == wanted)

    def test_a_name_alone_answers_unless_it_is_ambiguous(self) -> None:
        for seed in range(20):
            session = open_session(LocalTask("code", "extreme", "train", 16 * seed))
            session.forget()
            world, key = session.episode.world, session.params["repo"]
            name = world.by_key[key].name
            unique = [one.name for one in world.repositories].count(name) == 1
            assert session.judge(f"It is {key}.").success
            assert session.judge(name).success == unique
            others = [one.key for one in world.repositories if one.name != name]
            assert not any(session.judge(other).success for other in others)
            assert not session.judge(f"{key} or {others[0]}").success

    def test_an_answer_with_a_side_effect_fails(self) -> None:
        session = open_session(LocalTask("code", "count", "train", 0))
        session.forget()
        assert session.expected is not None
        assert session.judge(session.expected.text).success
        session.episode.state.stars.append(session.episode.world.repositories[0].key)
        assert not session.judge(session.expected.text).success
