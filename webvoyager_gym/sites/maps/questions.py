"""Task templates about single places: their cards, their pins, the lists they are found in."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.sites.kit import Expected, Impossible, Name, Number, Params, Template, Time, one_of
from webvoyager_gym.sites.kit.ways import Next, answer_when_seen
from webvoyager_gym.sites.maps.navigate import (
    MapsHand,
    go_to_category,
    go_to_tab,
    set_filters,
)
from webvoyager_gym.sites.maps.reach import reach
from webvoyager_gym.sites.maps.search import Query, find_all
from webvoyager_gym.sites.maps.state import MapsState
from webvoyager_gym.sites.maps.world import CATEGORIES, PLURALS, WEEK, Place, World, time_of

SINGULAR = {name: label.casefold() for name, label in CATEGORIES.items()}


def some_place(world: World, random: np.random.Generator) -> Place:
    """A random place."""
    return one_of(random, world.places)


def some_category(random: np.random.Generator) -> str:
    """A random category."""
    return one_of(random, list(CATEGORIES))


def named(world: World, place: Place) -> Name:
    """The place's name as an answer that names no other place."""
    return Name(place.name, others=tuple(other.name for other in world.places if other != place))


class Question(Template[World, MapsState]):
    """A template whose expert first undoes stray side effects and then looks."""

    @abstractmethod
    def look(self, hand: MapsHand) -> Next:
        """The next action towards the answer, or the answer."""

    def expert(self, hand: MapsHand) -> Next:
        return reach(hand) or self.look(hand)


class Detail(Question):
    """The address or the phone number of a place."""

    name = "place-detail"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"place": some_place(world, random).slug, "what": str(random.choice(["address", "phone"]))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        name, what = world.by_slug[params["place"]].name, params["what"]
        spoken = "phone number" if what == "phone" else what
        wordings = (
            f"What is the {spoken} of {name}?",
            f"Find {name} and tell me its {spoken}.",
            f"Look up the {spoken} of {name} in {world.city}.",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        place, what = world.by_slug[params["place"]], params["what"]
        return Name(getattr(place, what), others=tuple(getattr(p, what) for p in world.places if p != place))

    def look(self, hand: MapsHand) -> Next:
        place = hand.world.by_slug[hand.params["place"]]
        way = go_to_tab(hand, place, "overview")
        return way or answer_when_seen(hand, getattr(place, hand.params["what"]))


class OpeningHours(Question):
    """When a place opens or closes on one day of the week."""

    name = "opening-hours"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        place, day = some_place(world, random), int(random.integers(7))
        if place.hours[day] is None:
            return None
        return {"place": place.slug, "day": day, "end": int(random.integers(2))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        name, day = world.by_slug[params["place"]].name, WEEK[params["day"]]
        if params["end"]:
            wordings = (
                f"Until what time is {name} open on {day}?",
                f"When does {name} close on {day}?",
                f"Check the hours of {name}: when does it close on {day}?",
            )
            return one_of(random, wordings)
        wordings = (
            f"From what time is {name} open on {day}?",
            f"When does {name} open on {day}?",
            f"Check the hours of {name}: when does it open on {day}?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        hours = world.by_slug[params["place"]].hours[params["day"]]
        assert hours is not None
        return Time(time_of(hours[params["end"]]))

    def look(self, hand: MapsHand) -> Next:
        way = go_to_tab(hand, hand.world.by_slug[hand.params["place"]], "hours")
        return way or answer_when_seen(hand, WEEK[hand.params["day"]])


class ClosedDay(Question):
    """The one day of the week on which a place is closed."""

    name = "closed-day"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        place = some_place(world, random)
        return {"place": place.slug} if len(place.closed) == 1 else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        name = world.by_slug[params["place"]].name
        wordings = (
            f"On which day of the week is {name} closed?",
            f"Which day should I not go to {name} because it is closed?",
            f"Look at the hours of {name}. On what day is it closed?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        day = world.by_slug[params["place"]].closed[0]
        return Name(day, others=tuple(other for other in WEEK if other != day))

    def look(self, hand: MapsHand) -> Next:
        way = go_to_tab(hand, hand.world.by_slug[hand.params["place"]], "hours")
        return way or answer_when_seen(hand, "Closed")


class ReviewScore(Question):
    """How many stars one visitor gave."""

    name = "review-score"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        place = some_place(world, random)
        return {"place": place.slug, "review": int(random.integers(len(place.reviews)))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        place = world.by_slug[params["place"]]
        author = place.reviews[params["review"]].author
        wordings = (
            f"How many stars did {author} give {place.name}?",
            f"Read the reviews of {place.name}: what did {author} rate it?",
            f"Find the review of {place.name} by {author}. How many stars is it?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Number(world.by_slug[params["place"]].reviews[params["review"]].score, "stars")

    def look(self, hand: MapsHand) -> Next:
        place = hand.world.by_slug[hand.params["place"]]
        way = go_to_tab(hand, place, "reviews")
        return way or answer_when_seen(hand, place.reviews[hand.params["review"]].author)


class Narrowed(Question):
    """Something about the places of a category that filters leave."""

    kind = "filter"
    order: ClassVar[str | None] = None

    def _draw(self, world: World, random: np.random.Generator) -> Params:
        rating, sunday = (("0", True), ("4", False), ("4", True), ("3.5", True))[int(random.integers(4))]
        return {"category": some_category(random), "rating": rating, "sunday": sunday}

    def _left(self, world: World, params: Params) -> tuple[Place, ...]:
        query = Query(category=params["category"], rating=params["rating"], sunday=params["sunday"], order="rating")
        return find_all(world, query)

    def _said(self, params: Params) -> str:
        parts = ["open on Sunday"] * params["sunday"]
        parts += [f"rated {'3.5' if params['rating'] == '3.5' else '4.0'} and up"] * (params["rating"] != "0")
        return " and ".join(parts)

    def look(self, hand: MapsHand) -> Next:
        way = go_to_category(hand, hand.params["category"])
        if way is None:
            way = set_filters(hand, order=self.order, rating=hand.params["rating"], sunday=hand.params["sunday"])
        return way or hand.answer()


class BestRated(Narrowed):
    """The best rated place of a category that is open on Sunday."""

    name = "best-rated-open"
    order = "rating"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        category = some_category(random)
        params = {"category": category, "rating": "0", "sunday": True}
        left, everything = self._left(world, params), world.of(category)
        return params if left and max(everything, key=lambda p: p.rating) not in left else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        category = SINGULAR[params["category"]]
        wordings = (
            f"Which {category} that is open on Sunday has the best rating?",
            f"Name the best rated {category} in {world.city} that is open on Sunday.",
            f"I want to go to a {category} on Sunday. Which open one has the best rating?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return named(world, self._left(world, params)[0])


class CountPlaces(Narrowed):
    """How many places of a category fit."""

    name = "count-places"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = self._draw(world, random)
        return params if 1 < len(self._left(world, params)) < len(world.of(params["category"])) else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        plural, said = PLURALS[params["category"]], self._said(params)
        wordings = (
            f"How many {plural} in {world.city} are {said}?",
            f"Count the {plural} that are {said}.",
            f"Use the filters: how many {plural} are {said}?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Number(len(self._left(world, params)))


class NoSuchPlace(Narrowed):
    """A place that does not exist."""

    name = "no-such-place"
    feasible = False
    order = "rating"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = self._draw(world, random)
        return None if self._left(world, params) else params

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        category, said = SINGULAR[params["category"]], self._said(params)
        wordings = (
            f"Which {category} in {world.city} is {said}?",
            f"Name the best {category} that is {said}.",
            f"I need a {category} {said}. What is it called?",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Impossible("there is no such place", tuple(place.name for place in world.places))


QUESTIONS: tuple[Template[Any, Any], ...] = (
    Detail(),
    OpeningHours(),
    ClosedDay(),
    ReviewScore(),
    BestRated(),
    CountPlaces(),
    NoSuchPlace(),
)
