"""The pages of the place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import quote

from webvoyager_gym.sites.courses import names, search
from webvoyager_gym.sites.courses.search import PAGE_SIZE, Query
from webvoyager_gym.sites.courses.state import LearnState, Place
from webvoyager_gym.sites.courses.tasks import TEMPLATES
from webvoyager_gym.sites.courses.world import Course, World, build_world, day_text, slug_of
from webvoyager_gym.sites.kit import BadRequest, NotHere, Redirect, Reply, Site, Template, Visit, page


class Courses(Site[World, LearnState]):
    """Online courses: search, modules in accordions, sessions, enrolment, quizzes, specialisations, a wish list."""

    name: ClassVar[str] = "courses"
    title: ClassVar[str] = "Learnhall"
    templates: ClassVar[tuple[Template[Any, Any], ...]] = TEMPLATES

    def build_world(self, split: str, seed: int) -> World:
        return build_world(split, seed)

    def new_state(self, world: World) -> LearnState:
        return LearnState(world)

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"day": day_text, "slug": slug_of, "pair": lambda value: (value, value)}

    @page("/")
    def home(self, visit: Visit) -> Reply:
        popular = sorted(visit.world.courses, key=lambda course: course.learners % 83)[:3]
        learners: Counter[str] = Counter()
        for course in visit.world.courses:
            learners[course.subject] += course.learners
        return _render(visit, "home.html", popular=popular, learners=sorted(learners.items()))

    @page("/courses")
    def search(self, visit: Visit) -> Reply:
        query = Query(
            words=visit.arg("q").strip()[:100],
            levels=tuple(dict.fromkeys(_one_of(level, names.LEVELS, "level") for level in visit.args("level"))),
            duration=_one_of(visit.arg("duration"), search.DURATIONS, "length"),
            rating=_one_of(visit.arg("rating"), search.RATINGS, "rating"),
            sort=_one_of(visit.arg("sort"), search.SORTS, "order"),
        )
        found = search.find(visit.world, query)
        pages = max(1, -(-len(found) // PAGE_SIZE))
        number = min(visit.integer("page", 1, 1), pages)
        shown = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        return _render(
            visit, "search.html", query=query, found=len(found), shown=shown, number=number, pages=pages, search=search
        )

    @page("/paths")
    def paths(self, visit: Visit) -> Reply:
        return _render(visit, "paths.html")

    @page("/path/{slug}")
    def path(self, visit: Visit, slug: str) -> Reply:
        path = next((one for one in visit.world.paths if one.href == f"/path/{slug}"), None)
        if path is None:
            raise NotHere("There is no such specialisation.")
        return _render(visit, "path.html", path=path)

    @page("/teacher/{slug}")
    def teacher(self, visit: Visit, slug: str) -> Reply:
        if slug not in visit.world.teachers:
            raise NotHere("Nobody of that name teaches here.")
        name = visit.world.teachers[slug]
        shown = [course for course in visit.world.courses if course.teacher == name]
        return _render(visit, "teacher.html", name=name, shown=shown)

    @page("/wishes")
    def wishes(self, visit: Visit) -> Reply:
        return _render(visit, "wishes.html", shown=[visit.world.by_slug[slug] for slug in visit.state.wishes])

    @page("/learning")
    def learning(self, visit: Visit) -> Reply:
        if not visit.state.signed_in:
            return _wall("/learning")
        shown = [(visit.world.by_slug[slug], place) for slug, place in visit.state.places.items()]
        return _render(visit, "learning.html", shown=shown)

    @page("/login")
    def login(self, visit: Visit) -> Reply:
        return _render(visit, "login.html", back=_back(visit.arg("back", "/")), wrong="", username="")

    @page("/login", "POST")
    def sign_in(self, visit: Visit) -> Reply:
        username, back = visit.field("username").strip(), _back(visit.field("back", "/"))
        if username != visit.world.user or visit.field("password").strip() != visit.world.password:
            return _render(visit, "login.html", back=back, wrong="Wrong username or password.", username=username[:60])
        visit.state.signed_in = True
        return Redirect(back)

    @page("/course/{slug}")
    def course(self, visit: Visit, slug: str) -> Reply:
        return _render(visit, "about.html", course=_course(visit, slug), tab="about")

    @page("/course/{slug}/modules")
    def modules(self, visit: Visit, slug: str) -> Reply:
        return _render(visit, "modules.html", course=_course(visit, slug), tab="modules")

    @page("/course/{slug}/schedule")
    def schedule(self, visit: Visit, slug: str) -> Reply:
        return _render(visit, "schedule.html", course=_course(visit, slug), tab="schedule")

    @page("/course/{slug}/wish", "POST")
    def wish(self, visit: Visit, slug: str) -> Reply:
        course, wishes = _course(visit, slug), visit.state.wishes
        if course.slug in wishes:
            wishes.remove(course.slug)
        else:
            wishes.append(course.slug)
        return Redirect(_back(visit.field("back", course.href)))

    @page("/course/{slug}/enrol")
    def enrol(self, visit: Visit, slug: str) -> Reply:
        course = _course(visit, slug)
        if not visit.state.signed_in:
            return _wall(f"{course.href}/enrol")
        return _render(visit, "enrol.html", course=course, tab="", tracks=list(names.TRACKS.items()))

    @page("/course/{slug}/enrol", "POST")
    def change_place(self, visit: Visit, slug: str) -> Reply:
        course, places = _course(visit, slug), visit.state.places
        if not visit.state.signed_in:
            return _wall(f"{course.href}/enrol")
        if visit.field("change") == "leave":
            visit.state.leave(course.slug)
            return Redirect(course.href)
        session = _one_of(visit.field("session"), [one.key for one in course.sessions if not one.full], "session")
        track = _one_of(visit.field("track"), names.TRACKS, "track")
        places[course.slug] = Place(session, track, visit.state.done.get(course.slug, 0))
        return Redirect("/learning")

    @page("/course/{slug}/quiz")
    def quiz(self, visit: Visit, slug: str) -> Reply:
        return _render(
            visit, "quiz.html", course=_course(visit, slug), tab="quiz", questions=names.QUESTIONS, wrong="", given={}
        )

    @page("/course/{slug}/quiz", "POST")
    def answer(self, visit: Visit, slug: str) -> Reply:
        course, quizzes = _course(visit, slug), visit.state.quizzes
        if visit.field("change") == "retake":
            quizzes.pop(course.slug, None)
            return Redirect(f"{course.href}/quiz")
        given = {
            index: _one_of(visit.field(f"question-{index}"), ("", *answers), "answer")
            for index, answers in enumerate(course.quiz)
        }
        if not all(given.values()):
            return _render(
                visit, "quiz.html", course=course, tab="quiz", questions=names.QUESTIONS,
                wrong="Answer every question.", given=given,
            )  # fmt: skip
        quizzes[course.slug] = tuple(given.values())
        return Redirect(f"{course.href}/quiz")


def _render(visit: Visit, template: str, /, **values: Any) -> str:
    values.setdefault("query", Query())
    return visit.render(template, levels=names.LEVELS, **values)


def _one_of(value: str, allowed: Any, name: str) -> str:
    if value not in allowed:
        raise BadRequest(f"There is no such {name}.")
    return value


def _course(visit: Visit, slug: str) -> Course:
    course: Course | None = visit.world.by_slug.get(slug)
    if course is None:
        raise NotHere("There is no such course.")
    return course


def _back(place: str) -> str:
    return place if place.startswith("/") and not place.startswith("//") else "/"


def _wall(place: str) -> Redirect:
    """First sign in, then go on there."""
    return Redirect(f"/login?back={quote(place)}")
