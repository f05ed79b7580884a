"""How someone who knows the place moves about in it: each step gives the next action, or None if there is none left.

`WAYS` bring the visitor's state from anything to what a task wants, undoing what nobody asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from webvoyager_gym.sites.courses.names import TRACKS
from webvoyager_gym.sites.courses.search import DURATIONS, PAGE_SIZE, RATINGS, SORTS, Query, find, words_of
from webvoyager_gym.sites.courses.state import LearnState
from webvoyager_gym.sites.courses.world import Course, World, day_text
from webvoyager_gym.sites.kit import Hand
from webvoyager_gym.sites.kit.ways import Next, plainest, set_fields, sign_in, turn_pages
from webvoyager_gym.sites.kit.worded import Ways, first_change

LearnHand = Hand[World, LearnState]


def on(hand: LearnHand, course: Course) -> bool:
    """Whether the page is one of the course's."""
    return hand.path == course.href or hand.path.startswith(f"{course.href}/")


def current_query(hand: LearnHand) -> Query | None:
    """The search whose results the page shows, or None."""
    if hand.path != "/courses" or not hand.there(key="sort"):
        return None
    words, duration, rating, sort = (hand.query.get(name, "") for name in ("q", "duration", "rating", "sort"))
    return Query(words, hand.values("level"), duration, rating, sort)


def show(hand: LearnHand, query: Query) -> Next | None:
    """Towards the results of a query with exactly its filters and order."""
    current = current_query(hand)
    extra = [] if current is None else [level for level in current.levels if level not in query.levels]
    if current is None or words_of(current.words) != words_of(query.words) or len(extra) > 1:
        subject = f"subject-{query.words}"
        if query.words and hand.there(key=subject):
            return hand.click(key=subject)
        return hand.type(query.words, enter=True, key="search") if query.words else hand.click(key="catalogue")
    changes = [hand.click(key=f"level-{level}") for level in extra]
    changes += [hand.click(key=f"level-{level}") for level in query.levels if level not in current.levels]
    if current.duration != query.duration:
        changes.append(hand.select(DURATIONS[query.duration], key="duration"))
    if current.rating != query.rating:
        changes.append(hand.select(RATINGS[query.rating], key="rating"))
    if current.sort != query.sort:
        changes.append(hand.select(SORTS[query.sort], key="sort"))
    return plainest(changes)


def turn_to(hand: LearnHand, query: Query, course: Course) -> Next | None:
    """Towards the page of the query's results, which are already shown, that holds the course."""
    return turn_pages(hand, f"course-{course.slug}", find(hand.world, query).index(course), PAGE_SIZE)


def go_to(hand: LearnHand, course: Course, tab: str = "") -> Next | None:
    """Towards a course's page, or a tab of it."""
    if on(hand, course):
        there = not tab or hand.path == f"{course.href}/{tab}".removesuffix("/about")
        return None if there else hand.click(key=f"tab-{tab}")
    if hand.there(key=f"course-{course.slug}"):
        return hand.click(key=f"course-{course.slug}")
    return hand.type(course.title, enter=True, key="search")


def _places(hand: LearnHand, have: Mapping[str, Any], want: Mapping[str, Any]) -> Next | None:
    step = sign_in(hand)
    if step is not None:
        return step
    slug = first_change(have, want)
    course = hand.world.by_slug[slug]
    step = go_to(hand, course)
    if step is not None or slug in have:
        return step or hand.click(key="leave")
    if hand.path != f"{course.href}/enrol":
        return hand.click(key="enrol")
    place = want[slug]
    session = next(one for one in course.sessions if one.key == place["session"])
    options = {"session": day_text(session.start), "track": TRACKS[place["track"]]}
    return set_fields(hand, options) or hand.click(key="confirm")


def _wishes(hand: LearnHand, have: Sequence[str], want: Sequence[str]) -> Next | None:
    slug = first_change(have, want)
    return go_to(hand, hand.world.by_slug[slug]) or hand.click(key="unwish" if slug in have else "wish")


def _quizzes(hand: LearnHand, have: Mapping[str, Sequence[str]], want: Mapping[str, Sequence[str]]) -> Next | None:
    slug = first_change(have, want)
    step = go_to(hand, hand.world.by_slug[slug], "quiz")
    if step is not None or slug in have:
        return step or hand.click(key="retake")
    answers = {f"answer-{number}-{answer}": True for number, answer in enumerate(want[slug])}
    return set_fields(hand, answers) or hand.click(key="hand-in")


WAYS: Ways = {
    "places": _places,
    "wishes": _wishes,
    "quizzes": _quizzes,
}
