"""Questions that the search answers; everything stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from webvoyager_gym.sites.courses import names
from webvoyager_gym.sites.courses.search import DURATIONS, RATINGS, Query, find
from webvoyager_gym.sites.courses.task import CourseTask, course_of, draw_extreme, extreme_query, extreme_text, name_of
from webvoyager_gym.sites.courses.walk import LearnHand, go_to, show, turn_to
from webvoyager_gym.sites.courses.world import World
from webvoyager_gym.sites.kit import Expected, Impossible, Name, Number, Params, one_of
from webvoyager_gym.sites.kit.ways import Next, reveal, scroll_to
from webvoyager_gym.sites.kit.worded import Wordings


class CourseFact(CourseTask):
    """The level, length, rating, learners or instructor of a named course."""

    name: ClassVar[str] = "course-fact"
    kind: ClassVar[Literal["look up"]] = "look up"
    wordings: ClassVar[Wordings] = {
        "level": (
            "Which level does the course {title} have?",
            "Is {title} for beginners, intermediate or advanced learners? Give its level.",
            "Look up the level of {title}.",
        ),
        "weeks": (
            "How many weeks does the course {title} last?",
            "What is the length of {title} in weeks?",
            "Find out how many weeks {title} takes.",
        ),
        "rating": (
            "What is the rating of the course {title}?",
            "How is {title} rated by its learners?",
            "Tell me the rating of {title}.",
        ),
        "learners": (
            "How many learners does {title} have?",
            "How many people take the course {title}?",
            "Find the number of learners of {title}.",
        ),
        "teacher": (
            "Who is the instructor of {title}?",
            "Who teaches the course {title}?",
            "Find the name of the instructor of {title}.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"course": one_of(random, world.courses).slug, "fact": one_of(random, tuple(self.wordings))}

    def expected(self, world: World, params: Params) -> Expected:
        course, fact = world.by_slug[params["course"]], params["fact"]
        if fact == "level":
            return Name(course.level, tuple(level for level in names.LEVELS if level != course.level))
        if fact == "teacher":
            return Name(course.teacher, tuple(one for one in world.teachers.values() if one != course.teacher))
        if fact == "rating":
            return Number(course.rating / 10, decimals=1)
        return Number(course.weeks, "weeks") if fact == "weeks" else Number(course.learners)

    def path(self, hand: LearnHand) -> Next | None:
        course = course_of(hand)
        if hand.params["fact"] != "teacher" and hand.there(key=f"course-{course.slug}") and hand.path == "/courses":
            return reveal(hand, key=f"course-{course.slug}")
        step = go_to(hand, course, "about")
        if step is not None:
            return step
        return reveal(hand, key="teacher") if hand.params["fact"] == "teacher" else scroll_to(hand, "Learners")


class Extreme(CourseTask):
    """The course of a level with the highest rating, the most learners or the fewest hours."""

    name: ClassVar[str] = "extreme"
    kind: ClassVar[Literal["compare"]] = "compare"
    wordings: ClassVar[Wordings] = {
        "": (
            "Which is {thing}?",
            "Find {thing} and give its title.",
            "What is the title of {thing}?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return draw_extreme(world, random)

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"thing": extreme_text(params)}

    def expected(self, world: World, params: Params) -> Expected:
        return name_of(world.by_slug[params["course"]], world)

    def path(self, hand: LearnHand) -> Next | None:
        query, course = extreme_query(hand.params), course_of(hand)
        return show(hand, query) or turn_to(hand, query, course) or reveal(hand, key=f"course-{course.slug}")


def filters_text(params: Params, noun: str) -> str:
    """Filters in words: "Beginner courses of 5 to 8 weeks rated 4.5 and up"."""
    length = {"": "", "short": " of up to 4 weeks", "middle": " of 5 to 8 weeks", "long": " of 9 weeks or more"}
    rating = f" rated {RATINGS[params['rating']]}" if params["rating"] else ""
    return f"{params['level']} {noun}{length[params['duration']]}{rating}".strip()


def _filters(params: Params) -> Query:
    levels = (params["level"],) if params["level"] else ()
    return Query(params.get("subject", ""), levels, params["duration"], params["rating"])


class Count(CourseTask):
    """How many courses pass two or three filters."""

    name: ClassVar[str] = "count"
    kind: ClassVar[Literal["filter"]] = "filter"
    wordings: ClassVar[Wordings] = {
        "": (
            "How many {things} are there?",
            "Count the {things} in the whole catalogue.",
            "Tell me how many {things} are offered.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = {
            "level": one_of(random, ("", *names.LEVELS)),
            "duration": one_of(random, tuple(DURATIONS)),
            "rating": one_of(random, tuple(RATINGS)),
        }
        found = find(world, _filters(params))
        return params if sum(map(bool, params.values())) > 1 and found else None

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"things": filters_text(params, "courses")}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(len(find(world, _filters(params))))

    def path(self, hand: LearnHand) -> Next | None:
        query = _filters(hand.params)
        count = len(find(hand.world, query))
        return show(hand, query) or scroll_to(hand, f"{count} {'course' if count == 1 else 'courses'}")


class NoneSuch(CourseTask):
    """A course is asked for that no filters find: there is none."""

    name: ClassVar[str] = "none-such"
    kind: ClassVar[Literal["filter"]] = "filter"
    feasible: ClassVar[bool] = False
    wordings: ClassVar[Wordings] = {
        "": (
            "Which {thing} has the most learners?",
            "Find me one {thing} and tell me its title.",
            "I want to take the {thing} with the fewest hours. What is its title?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = {
            "subject": one_of(random, world.subjects),
            "level": one_of(random, names.LEVELS),
            "duration": one_of(random, ("short", "middle", "long")),
            "rating": one_of(random, ("", "40", "45")),
        }
        near = find(world, _filters({**params, "rating": ""})) or find(world, _filters({**params, "duration": ""}))
        return params if near and not find(world, _filters(params)) else None

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"thing": filters_text(params, f"{params['subject']} course")}

    def expected(self, world: World, params: Params) -> Expected:
        return Impossible("no courses found, there is no such course", tuple(one.title for one in world.courses))

    def path(self, hand: LearnHand) -> Next | None:
        return show(hand, _filters(hand.params)) or scroll_to(hand, "No courses found")


class LongerOfTwo(CourseTask):
    """Which of two courses takes more hours or has the higher rating."""

    name: ClassVar[str] = "longer-of-two"
    kind: ClassVar[Literal["compare"]] = "compare"
    wordings: ClassVar[Wordings] = {
        "hours": (
            "Which course takes more hours, {a} or {b}?",
            "Compare {a} with {b}: which takes more hours?",
            "Of {a} and {b}, which one needs the most hours?",
        ),
        "rating": (
            "Which course is rated higher, {a} or {b}?",
            "Compare the ratings of {a} and {b}. Which is better?",
            "Of {a} and {b}, which has the higher rating?",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        subject, fact = one_of(random, world.subjects), one_of(random, tuple(self.wordings))
        pool = [course for course in world.courses if course.subject == subject]
        first, second = (pool[int(i)] for i in random.permutation(len(pool))[:2])
        if getattr(first, fact) == getattr(second, fact):
            return None
        return {"a": first.title, "b": second.title, "subject": subject, "fact": fact}

    def expected(self, world: World, params: Params) -> Expected:
        pair = [course for course in world.courses if course.title in (params["a"], params["b"])]
        less, more = sorted(pair, key=lambda course: int(getattr(course, params["fact"])))
        return Name(more.title, (less.title,))

    def path(self, hand: LearnHand) -> Next | None:
        keys = [
            f"course-{course.slug}"
            for course in hand.world.courses
            if course.title in (hand.params["a"], hand.params["b"])
        ]
        if not all(hand.there(key=key) for key in keys):
            return show(hand, Query(hand.params["subject"]))
        return reveal(hand, key=keys[0]) or reveal(hand, key=keys[1])


SEARCHING = (CourseFact(), Extreme(), Count(), NoneSuch(), LongerOfTwo())
