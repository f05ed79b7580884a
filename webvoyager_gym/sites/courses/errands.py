"""Tasks that are done when the visitor's courses, wishes and quizzes are as wanted, and nothing else was changed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, ClassVar, Literal

import numpy as np

from webvoyager_gym.sites.courses import names
from webvoyager_gym.sites.courses.state import LearnState, Place
from webvoyager_gym.sites.courses.task import CourseTask, course_of, draw_extreme, extreme_query, extreme_text
from webvoyager_gym.sites.courses.walk import LearnHand, on, show, turn_to
from webvoyager_gym.sites.courses.world import World
from webvoyager_gym.sites.kit import Params, one_of
from webvoyager_gym.sites.kit.ways import Next
from webvoyager_gym.sites.kit.worded import Wordings


class Errand(CourseTask):
    """A task without an answer."""

    kind: ClassVar[Literal["act"]] = "act"


class Wish(Errand):
    """Put a course on the wish list."""

    name: ClassVar[str] = "wish"
    wordings: ClassVar[Wordings] = {
        "": (
            "Add the course {title} to my wish list.",
            "Put {title} on the wish list.",
            "I may take {title} later. Add it to my wish list.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"course": one_of(random, world.courses).slug}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "wishes": sorted({*initial["wishes"], params["course"]})}


class Unwish(Wish):
    """Take a course off the wish list, where there are others."""

    name: ClassVar[str] = "unwish"
    wordings: ClassVar[Wordings] = {
        "": (
            "Remove {title} from my wish list.",
            "Take the course {title} off the wish list.",
            "I no longer want {title}. Remove it from the wish list.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        wishes = [world.courses[int(i)].slug for i in random.permutation(len(world.courses))[:3]]
        return {"course": wishes[0], "wishes": sorted(wishes)}

    def prepare(self, world: World, params: Params, state: LearnState) -> None:
        state.wishes.extend(params["wishes"])

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "wishes": [slug for slug in initial["wishes"] if slug != params["course"]]}

    def expert(self, hand: LearnHand) -> Next:
        course = course_of(hand)
        missing = hand.state.effects() == {**hand.wanted, "wishes": sorted([*hand.wanted["wishes"], course.slug])}
        if missing and not on(hand, course) and hand.path != "/courses":
            return hand.click(key=f"course-{course.slug}" if hand.path == "/wishes" else "wishes")
        return super().expert(hand)


class WishExtreme(Wish):
    """Put the best rated, most popular or shortest course of a level on the wish list."""

    name: ClassVar[str] = "wish-extreme"
    wordings: ClassVar[Wordings] = {
        "": ("Add {thing} to my wish list.", "Find {thing} and put it on the wish list.", "Wish for {thing}.")
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return draw_extreme(world, random)

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"thing": extreme_text(params)}

    def expert(self, hand: LearnHand) -> Next:
        course, query = course_of(hand), extreme_query(hand.params)
        have, want = hand.state.effects(), hand.wanted
        missing = have == {**want, "wishes": [slug for slug in want["wishes"] if slug != course.slug]}
        if missing and not on(hand, course):
            return show(hand, query) or turn_to(hand, query, course) or hand.click(key=f"course-{course.slug}")
        return super().expert(hand)


class Enrol(Errand):
    """Enrol in a session and a track of a course."""

    name: ClassVar[str] = "enrol"
    wordings: ClassVar[Wordings] = {
        "": (
            'Enrol me in {title}: session of {start}, track "{track}".',
            'Sign me up for the session of {title} that starts on {start}, track "{track}".',
            'Join {title} on {start} with the track "{track}".',
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        course = one_of(random, world.courses)
        session = one_of(random, [session for session in course.sessions if not session.full])
        return {"course": course.slug, "session": session.key, "choice": one_of(random, tuple(names.TRACKS))}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        start = datetime.date.fromisoformat(params["session"])
        words = {"start": f"{start.day} {start:%B %Y}", "track": names.TRACKS[params["choice"]]}
        return {**super().words(world, params), **words, "user": world.user, "password": world.password}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        place = asdict(Place(params["session"], params["choice"]))
        return {**initial, "places": {**initial["places"], params["course"]: place}}


class SignInAndEnrol(Enrol):
    """Enrol from outside the log-in wall."""

    name: ClassVar[str] = "sign-in-and-enrol"
    wordings: ClassVar[Wordings] = {
        "": (
            'Sign in as {user}, password {password}, and enrol in {title}: session of {start}, track "{track}".',
            'Enrol me in {title}, session of {start}, track "{track}". Username {user}, password {password}.',
            'With username {user} and password {password}, join {title} on {start}, track "{track}".',
        )
    }

    def prepare(self, world: World, params: Params, state: LearnState) -> None:
        state.signed_in = False


class Leave(Errand):
    """Leave one of the courses that the visitor takes."""

    name: ClassVar[str] = "leave"
    wordings: ClassVar[Wordings] = {
        "": (
            "Leave the course {title}.",
            "I do not want to take {title} any more. Leave that course.",
            "End my enrolment in {title}: leave the course.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        slugs = [world.courses[int(i)].slug for i in random.permutation(len(world.courses))[:3]]
        return {"course": one_of(random, slugs), "mine": slugs}

    def prepare(self, world: World, params: Params, state: LearnState) -> None:
        for index, slug in enumerate(params["mine"]):
            state.places[slug] = Place(world.by_slug[slug].next_session.key, "full", 20 + 30 * index)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {
            **initial,
            "places": {slug: place for slug, place in initial["places"].items() if slug != params["course"]},
        }

    def expert(self, hand: LearnHand) -> Next:
        course = course_of(hand)
        others = {slug: place for slug, place in hand.state.effects()["places"].items() if slug != course.slug}
        missing = course.slug in hand.state.places and {**hand.state.effects(), "places": others} == hand.wanted
        if missing and not on(hand, course) and hand.path != "/courses":
            return hand.click(key=f"course-{course.slug}" if hand.path == "/learning" else "learning")
        return super().expert(hand)


class Quiz(Errand):
    """Hand in a practice quiz with the given answers."""

    name: ClassVar[str] = "quiz"
    wordings: ClassVar[Wordings] = {
        "": (
            "Hand in the practice quiz of {title} with the answers {first}, {second} and {third}, in this order.",
            "Take the practice quiz of {title}: answer {first}, then {second}, then {third}, and hand it in.",
            "In the practice quiz of {title}, choose {first} for question 1, {second} for 2, {third} for 3. Hand in.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        course = one_of(random, world.courses)
        return {"course": course.slug, "answers": [one_of(random, answers) for answers in course.quiz]}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        answers = zip(("first", "second", "third"), params["answers"], strict=True)
        return {**super().words(world, params), **dict(answers)}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "quizzes": {**initial["quizzes"], params["course"]: params["answers"]}}


ERRANDS = (Wish(), Unwish(), WishExtreme(), Enrol(), SignInAndEnrol(), Leave(), Quiz())
