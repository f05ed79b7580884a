"""Questions that are answered inside courses, specialisations and one's own learning; everything stays as it was."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from webvoyager_gym.sites.courses.search import words_of
from webvoyager_gym.sites.courses.state import LearnState, Place
from webvoyager_gym.sites.courses.task import CourseTask, course_of, name_of
from webvoyager_gym.sites.courses.walk import LearnHand, go_to, on
from webvoyager_gym.sites.courses.world import Path, World, day_text
from webvoyager_gym.sites.kit import Day, Expected, Impossible, Number, Params, one_of
from webvoyager_gym.sites.kit.ways import Next, reveal, scroll_to
from webvoyager_gym.sites.kit.worded import Wordings


class ModuleMinutes(CourseTask):
    """Minutes of video or reading of a module, or of two together; modules are folded away."""

    name: ClassVar[str] = "module-minutes"
    kind: ClassVar[Literal["compute"]] = "compute"
    wordings: ClassVar[Wordings] = {
        "video": (
            "How many minutes of videos are in {modules} of {title}?",
            "Look up the minutes of videos in {modules} of the course {title}.",
            "For {title}, give the minutes of videos in {modules}.",
        ),
        "reading": (
            "How many minutes of readings are in {modules} of {title}?",
            "Look up the minutes of readings in {modules} of the course {title}.",
            "For {title}, give the minutes of readings in {modules}.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        course = one_of(random, world.courses)
        count = int(random.integers(1, 3))
        numbers = sorted(int(i) + 1 for i in random.permutation(len(course.modules))[:count])
        return {"course": course.slug, "numbers": numbers, "fact": one_of(random, ("video", "reading"))}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        numbers = params["numbers"]
        text = f"module {numbers[0]}" if len(numbers) == 1 else f"modules {numbers[0]} and {numbers[1]} together"
        return {**super().words(world, params), "modules": text}

    def expected(self, world: World, params: Params) -> Expected:
        modules = world.by_slug[params["course"]].modules
        return Number(sum(getattr(modules[number - 1], params["fact"]) for number in params["numbers"]), "minutes")

    def path(self, hand: LearnHand) -> Next | None:
        course = course_of(hand)
        step = go_to(hand, course, "modules")
        for number in hand.params["numbers"]:
            key = f"module-{number}"
            step = step or reveal(hand, key=key)
            heading = f"Module {number}: {course.modules[number - 1].title}"
            following = hand.view.outline.partition(heading)[2].lstrip('" \n')
            if step is None and not following.startswith("Starts in"):
                step = hand.click(key=key)
        return step


class WeekDay(CourseTask):
    """The day on which a module begins in a session: the first day and so many weeks."""

    name: ClassVar[str] = "week-day"
    kind: ClassVar[Literal["plan"]] = "plan"
    wordings: ClassVar[Wordings] = {
        "": (
            "I join the session of {title} that starts on {start}. On which day does the module {module} begin?",
            "On what date does the module {module} of {title} begin in the session that starts on {start}?",
            "For {title}, session of {start}: give the date on which the module {module} begins.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        course = one_of(random, world.courses)
        return {
            "course": course.slug,
            "session": one_of(random, course.sessions).key,
            "number": int(random.integers(1, len(course.modules))),
        }

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        start = datetime.date.fromisoformat(params["session"])
        module = world.by_slug[params["course"]].modules[params["number"]]
        return {**super().words(world, params), "start": f"{start.day} {start:%B %Y}", "module": module.title}

    def expected(self, world: World, params: Params) -> Expected:
        module = world.by_slug[params["course"]].modules[params["number"]]
        return Day(datetime.date.fromisoformat(params["session"]) + datetime.timedelta(weeks=module.week - 1))

    def path(self, hand: LearnHand) -> Next | None:
        course = course_of(hand)
        return go_to(hand, course, "schedule") or scroll_to(hand, course.modules[hand.params["number"]].title)


class PathHours(CourseTask):
    """How many hours or weeks all courses of a specialisation take."""

    name: ClassVar[str] = "path-hours"
    kind: ClassVar[Literal["compute"]] = "compute"
    wordings: ClassVar[Wordings] = {
        "hours": (
            "How many hours do all courses of the specialisation {path} take together?",
            "Add up the hours of the courses in the specialisation {path}.",
            "What is the total effort of the specialisation {path} in hours?",
        ),
        "weeks": (
            "How many weeks does the specialisation {path} take if I do one course after the other?",
            "Add up the weeks of the courses in the specialisation {path}.",
            "What is the total length of the specialisation {path} in weeks?",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"path": one_of(random, world.paths).title, "fact": one_of(random, ("hours", "weeks"))}

    def expected(self, world: World, params: Params) -> Expected:
        courses = _path(world, params).courses
        return Number(sum(getattr(course, params["fact"]) for course in courses), params["fact"])

    def path(self, hand: LearnHand) -> Next | None:
        path = _path(hand.world, hand.params)
        if hand.path == path.href:
            return scroll_to(hand, *(f"{course.hours} hours" for course in path.courses))
        key = f"path-{path.title}"
        return hand.click(key=key) if hand.there(key=key) else hand.click(key="paths")


def _path(world: World, params: Params) -> Path:
    return next(path for path in world.paths if path.title == params["path"])


class InstructorCourses(CourseTask):
    """How many courses the instructor of a course teaches."""

    name: ClassVar[str] = "instructor-courses"
    kind: ClassVar[Literal["look up"]] = "look up"
    wordings: ClassVar[Wordings] = {
        "": (
            "How many courses does the instructor of {title} teach here?",
            "Find the instructor of {title}. How many courses are by the same person?",
            "Count all courses of the person who teaches {title}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"course": one_of(random, world.courses).slug}

    def expected(self, world: World, params: Params) -> Expected:
        teacher = world.by_slug[params["course"]].teacher
        return Number(sum(course.teacher == teacher for course in world.courses), "courses")

    def path(self, hand: LearnHand) -> Next | None:
        course = course_of(hand)
        if hand.path.startswith("/teacher/") and course.teacher in hand.view.outline:
            return None
        if hand.path == "/courses" and words_of(hand.query.get("q", "")) == words_of(course.title):
            return go_to(hand, course)
        return go_to(hand, course, "about") or hand.click(key="teacher")


class Furthest(CourseTask):
    """The course that the visitor got furthest in, which only the drawn bars tell."""

    name: ClassVar[str] = "furthest"
    kind: ClassVar[Literal["compare"]] = "compare"
    wordings: ClassVar[Wordings] = {
        "most": (
            "Leaving {other} aside, in which of the courses that I take have I got furthest?",
            "Look at my learning: apart from {other}, which course have I done most of?",
            "Which of my courses is nearest to its end, not counting {other}?",
        ),
        "least": (
            "Leaving {other} aside, in which of the courses that I take have I done least?",
            "Look at my learning: apart from {other}, in which course am I furthest from the end?",
            "Which of my courses has the shortest bar of progress, not counting {other}?",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        count = int(random.integers(3, 5))
        slugs = [world.courses[int(i)].slug for i in random.permutation(len(world.courses))[:count]]
        done = [int(share) for share in random.permutation(np.arange(8, 96, 11))[:count]]
        fact = one_of(random, ("most", "least"))
        ranked = sorted(slugs, key=lambda slug: done[slugs.index(slug)], reverse=fact == "most")
        other = ranked.pop(0 if random.random() < 0.7 else 1)
        return {"mine": dict(zip(slugs, done, strict=True)), "other": other, "course": ranked[0], "fact": fact}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"other": world.by_slug[params["other"]].title}

    def prepare(self, world: World, params: Params, state: LearnState) -> None:
        for slug, done in params["mine"].items():
            state.places[slug] = Place(world.by_slug[slug].next_session.key, "full", done)

    def expected(self, world: World, params: Params) -> Expected:
        return name_of(world.by_slug[params["course"]], world)

    def path(self, hand: LearnHand) -> Next | None:
        if hand.path != "/learning":
            return hand.click(key="learning")
        return reveal(hand, key=f"course-{hand.params['course']}")


class FullSession(CourseTask):
    """To join a session that is full, which cannot be done."""

    name: ClassVar[str] = "full-session"
    kind: ClassVar[Literal["act"]] = "act"
    feasible: ClassVar[bool] = False
    wordings: ClassVar[Wordings] = {
        "": (
            "Enrol me in {title}, in the session that starts on {start}, full course.",
            "Join the session of {title} that starts on {start}. Choose the full course.",
            "Sign me up for {title}: session of {start}, full course.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        course = one_of(random, world.courses)
        full = [session.key for session in course.sessions if session.full]
        return {"course": course.slug, "session": full[0]} if full else None

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        start = datetime.date.fromisoformat(params["session"])
        return {**super().words(world, params), "start": f"{start.day} {start:%B %Y}"}

    def expected(self, world: World, params: Params) -> Expected:
        sessions = [session.start for session in world.by_slug[params["course"]].sessions if not session.full]
        return Impossible("not possible, that session is full", tuple(f"{day.day} {day:%B}" for day in sessions))

    def path(self, hand: LearnHand) -> Next | None:
        course = course_of(hand)
        start = datetime.date.fromisoformat(hand.params["session"])
        if on(hand, course) and hand.path == f"{course.href}/enrol" and not hand.state.places.get(course.slug):
            return reveal(hand, key="session")
        return go_to(hand, course, "schedule") or scroll_to(hand, day_text(start))


LOOKING_UP = (ModuleMinutes(), WeekDay(), PathHours(), InstructorCourses(), Furthest(), FullSession())
