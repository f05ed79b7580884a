"""The pages of the place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from webvoyager_gym.sites.courses import names, search
from webvoyager_gym.sites.courses.search import PAGE_SIZE, Query
from webvoyager_gym.sites.courses.state import LearnState, Place
from webvoyager_gym.sites.courses.tasks import TEMPLATES
from webvoyager_gym.sites.courses.world import Course, World, build_world, day_text
from webvoyager_gym.sites.kit import NotHere, Redirect, Reply, Template, Visit, page
from webvoyager_gym.sites.kit.account import AccountSite, wall
from webvoyager_gym.sites.kit.paging import cut


class Courses(AccountSite[World, LearnState]):
    """Online courses: search, modules in accordions, sessions, enrolment, quizzes, specialisations, a wish list."""

    name: ClassVar[str] = "courses"
    title: ClassVar[str] = "Learnhall"
    welcome: ClassVar[str] = "Welcome back"
    templates: ClassVar[tuple[Template[Any, Any], ...]] = TEMPLATES

    def build_world(self, split: str, seed: int) -> World:
        return build_world(split, seed)

    def new_state(self, world: World) -> LearnState:
        return LearnState(world)

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"day": day_text}

    def common(self, visit: Visit) -> dict[str, Any]:
        return {"query": Query(), "levels": names.LEVELS}

    @page("/")
    def home(self, visit: Visit) -> Reply:
        popular = sorted(visit.world.courses, key=lambda course: course.learners % 83)[:3]
        learners: Counter[str] = Counter()
        for course in visit.world.courses:
            learners[course.subject] += course.learners
        return visit.render("home.html", popular=popular, learners=sorted(learners.items()))

    @page("/courses")
    def search(self, visit: Visit) -> Reply:
        query = Query(
            words=visit.arg("q").strip()[:100],
            levels=visit.choices("level", names.LEVELS),
            duration=visit.choice("duration", search.DURATIONS),
            rating=visit.choice("rating", search.RATINGS),
            sort=visit.choice("sort", search.SORTS),
        )
        results = cut(search.find(visit.world, query), visit.integer("page", 1, 1), PAGE_SIZE)
        return visit.render("search.html", query=query, results=results, search=search)

    @page("/paths")
    def paths(self, visit: Visit) -> Reply:
        return visit.render("paths.html")

    @page("/path/{slug}")
    def path(self, visit: Visit, slug: str) -> Reply:
        path = next((one for one in visit.world.paths if one.href == f"/path/{slug}"), None)
        if path is None:
            raise NotHere("There is no such specialisation.")
        return visit.render("path.html", path=path)

    @page("/teacher/{slug}")
    def teacher(self, visit: Visit, slug: str) -> Reply:
        if slug not in visit.world.teachers:
            raise NotHere("Nobody of that name teaches here.")
        name = visit.world.teachers[slug]
        shown = [course for course in visit.world.courses if course.teacher == name]
        return visit.render("teacher.html", name=name, shown=shown)

    @page("/wishes")
    def wishes(self, visit: Visit) -> Reply:
        return visit.render("wishes.html", shown=[visit.world.by_slug[slug] for slug in visit.state.wishes])

    @page("/learning")
    def learning(self, visit: Visit) -> Reply:
        if not visit.state.signed_in:
            return wall("/learning")
        shown = [(visit.world.by_slug[slug], place) for slug, place in visit.state.places.items()]
        return visit.render("learning.html", shown=shown)

    @page("/course/{slug}")
    def course(self, visit: Visit, slug: str) -> Reply:
        return visit.render("about.html", course=_course(visit, slug), tab="about")

    @page("/course/{slug}/modules")
    def modules(self, visit: Visit, slug: str) -> Reply:
        return visit.render("modules.html", course=_course(visit, slug), tab="modules")

    @page("/course/{slug}/schedule")
    def schedule(self, visit: Visit, slug: str) -> Reply:
        return visit.render("schedule.html", course=_course(visit, slug), tab="schedule")

    @page("/course/{slug}/wish", "POST")
    def wish(self, visit: Visit, slug: str) -> Reply:
        course, wishes = _course(visit, slug), visit.state.wishes
        if course.slug in wishes:
            wishes.remove(course.slug)
        else:
            wishes.append(course.slug)
        return visit.go_back(course.href)

    @page("/course/{slug}/enrol")
    def enrol(self, visit: Visit, slug: str) -> Reply:
        course = _course(visit, slug)
        if not visit.state.signed_in:
            return wall(f"{course.href}/enrol")
        return visit.render("enrol.html", course=course, tab="", tracks=list(names.TRACKS.items()))

    @page("/course/{slug}/enrol", "POST")
    def change_place(self, visit: Visit, slug: str) -> Reply:
        course, places = _course(visit, slug), visit.state.places
        if not visit.state.signed_in:
            return wall(f"{course.href}/enrol")
        if visit.field("change") == "leave":
            visit.state.leave(course.slug)
            return Redirect(course.href)
        session = visit.field_choice("session", [one.key for one in course.sessions if not one.full])
        track = visit.field_choice("track", names.TRACKS)
        places[course.slug] = Place(session, track, visit.state.done.get(course.slug, 0))
        return Redirect("/learning")

    @page("/course/{slug}/quiz")
    def quiz(self, visit: Visit, slug: str) -> Reply:
        return visit.render(
            "quiz.html", course=_course(visit, slug), tab="quiz", questions=names.QUESTIONS, wrong="", given={}
        )

    @page("/course/{slug}/quiz", "POST")
    def answer(self, visit: Visit, slug: str) -> Reply:
        course, quizzes = _course(visit, slug), visit.state.quizzes
        if visit.field("change") == "retake":
            quizzes.pop(course.slug, None)
            return Redirect(f"{course.href}/quiz")
        given = {
            index: visit.field_choice(f"question-{index}", ("", *answers)) for index, answers in enumerate(course.quiz)
        }
        if not all(given.values()):
            return visit.render("quiz.html", course=course, tab="quiz", questions=names.QUESTIONS,
                wrong="Answer every question.", given=given,
            )  # fmt: skip
        quizzes[course.slug] = tuple(given.values())
        return Redirect(f"{course.href}/quiz")


def _course(visit: Visit, slug: str) -> Course:
    course: Course | None = visit.world.by_slug.get(slug)
    if course is None:
        raise NotHere("There is no such course.")
    return course
