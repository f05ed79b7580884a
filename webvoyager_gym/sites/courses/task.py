"""What the task templates of the course catalogue share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from webvoyager_gym.sites.courses import names
from webvoyager_gym.sites.courses.search import Query, find
from webvoyager_gym.sites.courses.state import LearnState
from webvoyager_gym.sites.courses.walk import WAYS, LearnHand
from webvoyager_gym.sites.courses.world import Course, World
from webvoyager_gym.sites.kit import Name, Params, one_of
from webvoyager_gym.sites.kit.worded import WordedTask


class CourseTask(WordedTask[World, LearnState]):
    """A task in the course catalogue."""

    ways = WAYS

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        """The parameters, and the course's title if there is one."""
        return {**params, "title": world.by_slug[params["course"]].title} if "course" in params else params


def course_of(hand: LearnHand) -> Course:
    """The course that the task is about."""
    return hand.world.by_slug[hand.params["course"]]


def name_of(course: Course, world: World) -> Name:
    """A course's title as an answer."""
    return Name(course.title, tuple(other.title for other in world.courses if other != course))


EXTREMES: dict[str, tuple[str, Callable[[Course], int]]] = {
    "the highest rating": ("rating", lambda course: -course.rating),
    "the most learners": ("learners", lambda course: -course.learners),
    "the fewest hours": ("short", lambda course: course.hours),
}
"""Superlatives: the order that brings the course to the top, and what it minimises."""


def draw_extreme(world: World, random: np.random.Generator) -> dict[str, Any] | None:
    """A superlative among all courses of a level, at times of a rating; None unless one alone fits."""
    extreme = one_of(random, tuple(EXTREMES))
    order, worth = EXTREMES[extreme]
    rating = "40" if extreme != "the highest rating" and random.random() < 0.4 else ""
    level = one_of(random, names.LEVELS)
    found = find(world, Query("", (level,), "", rating, order))
    if len(found) < 2 or worth(found[0]) == worth(found[1]):
        return None
    return {"extreme": extreme, "level": level, "rating": rating, "course": found[0].slug}


def extreme_query(params: Params) -> Query:
    """The results that a superlative is read from."""
    return Query("", (params["level"],), "", params["rating"], EXTREMES[params["extreme"]][0])


def extreme_text(params: Params) -> str:
    """The superlative in words: "the Beginner course rated 4.0 and up with the fewest hours"."""
    rating = " rated 4.0 and up" if params["rating"] else ""
    return f"the {params['level']} course{rating} with {params['extreme']}"
