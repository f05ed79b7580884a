"""The course catalogue: its worlds, its search, its pages and what they change, and the checks of its tasks."""

from __future__ import annotations

import datetime
import re

import pytest

from tests.sites.visiting import Visitor, text_of
from webvoyager_gym.sites.courses.search import DURATIONS, Query, find
from webvoyager_gym.sites.courses.state import Place
from webvoyager_gym.sites.courses.world import World, build_world
from webvoyager_gym.sites.kit.world import TODAY, split_of
from webvoyager_gym.tasks.local import LocalTask, open_session

SITE = "courses"


@pytest.fixture(scope="module")
def world() -> World:
    return build_world("train", 1)


class TestWorlds:
    def test_the_same_seed_gives_the_same_world_and_another_seed_another(self, world: World) -> None:
        assert build_world("train", 1) == world != build_world("train", 2)

    @pytest.mark.parametrize("split", ["train", "validation", "test"])
    def test_titles_and_people_belong_to_their_split(self, split: str) -> None:
        for seed in range(10):
            world = build_world(split, seed)
            titles = [course.title for course in world.courses] + [path.title for path in world.paths]
            towns = {course.school.partition(" ")[0] for course in world.courses}
            for name in (*titles, *towns, *world.teachers.values()):
                assert split_of(name) == split

    def test_schedules_make_sense(self) -> None:
        for seed in range(10):
            for course in build_world("train", seed).courses:
                weeks = [module.week for module in course.modules]
                assert weeks[0] == 1
                assert weeks == sorted(set(weeks))
                assert weeks[-1] <= course.weeks
                assert all(session.start > TODAY for session in course.sessions)
                assert not course.next_session.full
                assert all(len(set(answers)) == 3 for answers in course.quiz)


class TestSearch:
    def test_a_title_finds_its_course_first_and_near_misses_after(self, world: World) -> None:
        for course in world.courses:
            found = find(world, Query(course.title))
            assert found[0] == course
            assert len(found) > 2

    def test_lengths_cover_every_course_once(self, world: World) -> None:
        parts = [find(world, Query(duration=duration)) for duration in DURATIONS if duration]
        assert sorted(course.slug for part in parts for course in part) == sorted(world.by_slug)

    def test_levels_add_up(self, world: World) -> None:
        two = find(world, Query(levels=("Beginner", "Advanced")))
        assert {course.level for course in two} <= {"Beginner", "Advanced"}
        assert len(two) == sum(len(find(world, Query(levels=(level,)))) for level in ("Beginner", "Advanced"))

    def test_orders(self, world: World) -> None:
        hours = [course.hours for course in find(world, Query(sort="short"))]
        assert hours == sorted(hours)
        ratings = [course.rating for course in find(world, Query(sort="rating"))]
        assert ratings == sorted(ratings, reverse=True)


class TestPages:
    def test_every_page_opens(self, visitor: Visitor) -> None:
        for course in visitor.world.courses:
            for place in ("", "/modules", "/schedule", "/quiz", "/enrol"):
                assert course.title in visitor.get(course.href + place)
        for path in visitor.world.paths:
            assert all(course.title in visitor.get(path.href) for course in path.courses)
        for slug, name in visitor.world.teachers.items():
            assert name in visitor.get(f"/teacher/{slug}")

    def test_progress_is_only_in_the_picture(self, visitor: Visitor) -> None:
        for index, course in enumerate(visitor.world.courses[:3]):
            visitor.state.places[course.slug] = Place(course.next_session.key, "full", 17 + index)
        page = visitor.get("/learning")
        assert "width:17%" in page
        assert not re.search(r"\d", text_of(page).partition("My learning")[2])

    def test_a_full_session_cannot_be_joined(self, visitor: Visitor) -> None:
        course = next(one for one in visitor.world.courses if any(session.full for session in one.sessions))
        full = next(session for session in course.sessions if session.full)
        assert visitor.request("POST", f"{course.href}/enrol", {"session": full.key, "track": "full"})[0] == 400
        assert not visitor.state.places

    @pytest.mark.parametrize("path", ["/course/nothing", "/course/nothing/quiz", "/path/nothing", "/teacher/nobody"])
    def test_what_is_not_there_is_not_found(self, visitor: Visitor, path: str) -> None:
        assert visitor.request("GET", path)[0] == 404

    @pytest.mark.parametrize("query", [{"level": "Genius"}, {"duration": "x"}, {"rating": "50"}, {"page": "-1"}])
    def test_nonsense_is_refused(self, visitor: Visitor, query: dict[str, str]) -> None:
        assert visitor.request("GET", "/courses", query)[0] == 400

    def test_what_is_typed_is_escaped(self, visitor: Visitor) -> None:
        assert "<b>x" not in visitor.get("/courses", q="<b>x")


class TestChanges:
    def test_everything_can_be_undone_and_progress_is_kept(self, visitor: Visitor) -> None:
        course = visitor.world.courses[0]
        session = course.next_session.key
        visitor.state.places[course.slug] = Place(session, "audit", 40)
        before = visitor.state.effects()
        visitor.post(f"{course.href}/enrol", change="leave")
        assert visitor.state.effects() != before
        visitor.post(f"{course.href}/enrol", session=session, track="audit")
        assert visitor.state.effects() == before
        for _ in range(2):
            visitor.post(f"{course.href}/wish")
        answers = {f"question-{index}": answers[0] for index, answers in enumerate(course.quiz)}
        lacking = {**answers, "question-1": ""}
        assert "Answer every question" in visitor.request("POST", f"{course.href}/quiz", lacking)[1]
        assert visitor.state.effects() == before
        visitor.post(f"{course.href}/quiz", **answers)
        assert visitor.state.effects()["quizzes"] == {course.slug: list(answers.values())}
        visitor.post(f"{course.href}/quiz", change="retake")
        assert visitor.state.effects() == before

    def test_without_signing_in_nobody_enrols(self, visitor: Visitor) -> None:
        world, course = visitor.world, visitor.world.courses[0]
        visitor.state.signed_in = False
        form = {"session": course.next_session.key, "track": "full"}
        assert visitor.post(f"{course.href}/enrol", **form).startswith("/login?back=")
        assert visitor.request("GET", "/learning") == (303, "/login?back=/learning")
        wrong = {"username": world.user, "password": "wrong"}
        assert "Wrong username or password" in visitor.request("POST", "/login", wrong)[1]
        assert not visitor.state.places
        sign_in = {"username": world.user, "password": world.password}
        assert visitor.post("/login", **sign_in, back="//elsewhere.example") == "/"
        assert visitor.post(f"{course.href}/enrol", **form) == "/learning"


class TestTasks:
    def test_a_module_begins_so_many_weeks_after_the_session(self) -> None:
        for seed in range(20):
            session = open_session(LocalTask("courses", "week-day", "train", 16 * seed))
            session.forget()
            params = session.params
            module = session.episode.world.by_slug[params["course"]].modules[params["number"]]
            start = datetime.date.fromisoformat(params["session"])
            begins = start + datetime.timedelta(days=7 * (module.week - 1))
            assert session.judge(begins.isoformat()).success
            assert session.judge(f"{begins:%B} {begins.day}, {begins.year}").success
            assert not session.judge((begins + datetime.timedelta(days=7)).isoformat()).success

    def test_the_bars_decide_and_another_course_is_refused(self) -> None:
        for seed in range(10):
            session = open_session(LocalTask("courses", "furthest", "train", 16 * seed))
            session.forget()
            world = session.episode.world
            for slug in session.params["mine"]:
                assert session.judge(world.by_slug[slug].title).success == (slug == session.params["course"])
