"""Questions over many hotels: the cheapest, the nearest, how many."""

from __future__ import annotations

import numpy as np

from webvoyager_gym.sites.hotels.draws import other_names, some_hotel, some_town, stay_of, stay_params
from webvoyager_gym.sites.hotels.navigate import HotelsHand, go_to_pin, go_to_results
from webvoyager_gym.sites.hotels.questions import Question
from webvoyager_gym.sites.hotels.search import PAGE_SIZE, Query, find_all
from webvoyager_gym.sites.hotels.world import (
    FACILITIES,
    Hotel,
    World,
    free_stay,
)
from webvoyager_gym.sites.kit import Expected, Name, Number, Params, one_of
from webvoyager_gym.sites.kit.days import day_text
from webvoyager_gym.sites.kit.ways import Next, answer_when_seen

SPOKEN = {
    "Pool": "a pool",
    "Parking": "parking",
    "Breakfast": "breakfast",
    "Pets allowed": "pets allowed",
    "Sauna": "a sauna",
    "Gym": "a gym",
}
"""How goals speak of facilities."""


class CheapestHotel(Question):
    """The cheapest hotel of a town that has something."""

    name = "cheapest-hotel"
    kind = "filter"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        town, facility = some_town(world, random), one_of(random, FACILITIES)
        with_it = [hotel for hotel in world.hotels_in(town) if facility in hotel.facilities]
        cheapest = min(world.hotels_in(town), key=lambda hotel: hotel.price)
        return {"town": town.slug, "facility": facility} if len(with_it) > 1 and cheapest not in with_it else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        town, facility = world.town_by_slug[params["town"]].name, SPOKEN[params["facility"]]
        wordings = (
            f"Which hotel in {town} with {facility} has the lowest price?",
            f"Find the cheapest hotel in {town} that has {facility}: who has the lowest price?",
            f"I need {facility} and want the lowest price in {town}. Which hotel is it?",
        )
        return one_of(random, wordings)

    def _answer(self, world: World, params: Params) -> Hotel:
        query = Query(
            words=world.town_by_slug[params["town"]].name, facilities=frozenset([params["facility"]]), order="price"
        )
        return find_all(world, query)[0]

    def expected(self, world: World, params: Params) -> Expected:
        hotel = self._answer(world, params)
        return Name(hotel.name, others=other_names(world, hotel))

    def look(self, hand: HotelsHand) -> Next:
        town = hand.world.town_by_slug[hand.params["town"]]
        way = go_to_results(hand, town, facilities=[hand.params["facility"]], order="price")
        return way or answer_when_seen(hand, self._answer(hand.world, hand.params).name)


class BestRatedHotel(Question):
    """The hotel with the best guest score among those of so many stars in a town."""

    name = "best-rated-hotel"
    kind = "filter"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        town, stars = some_town(world, random), int(random.integers(2, 6))
        hotels = world.hotels_in(town)
        among = [hotel for hotel in hotels if hotel.stars == stars]
        best = max(hotels, key=lambda hotel: hotel.score)
        return {"town": town.slug, "stars": stars} if len(among) > 1 and best not in among else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        town, stars = world.town_by_slug[params["town"]].name, params["stars"]
        wordings = (
            f"Which hotel with {stars} stars in {town} has the best score?",
            f"Among the hotels in {town} that have {stars} stars, which one do guests give the best score?",
            f"Name the hotel of {stars} stars in {town} with the best score.",
        )
        return one_of(random, wordings)

    def _answer(self, world: World, params: Params) -> Hotel:
        query = Query(words=world.town_by_slug[params["town"]].name, stars=params["stars"], order="score")
        return find_all(world, query)[0]

    def expected(self, world: World, params: Params) -> Expected:
        hotel = self._answer(world, params)
        return Name(hotel.name, others=other_names(world, hotel))

    def look(self, hand: HotelsHand) -> Next:
        town = hand.world.town_by_slug[hand.params["town"]]
        way = go_to_results(hand, town, stars=hand.params["stars"], order="score")
        return way or answer_when_seen(hand, self._answer(hand.world, hand.params).name)


class CloserHotel(Question):
    """Which of two hotels of a town is closer to the centre."""

    name = "closer-hotel"
    kind = "compare"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        town = some_town(world, random)
        near = find_all(world, Query(words=town.name, order="distance"))[:PAGE_SIZE]
        first, second = (near[place].slug for place in random.permutation(len(near))[:2].tolist())
        return {"town": town.slug, "hotels": [first, second]}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        town = world.town_by_slug[params["town"]].name
        first, second = (world.by_slug[slug].name for slug in params["hotels"])
        wordings = (
            f"Which is closer to the centre of {town}: {first} or {second}?",
            f"In {town}, is {first} or {second} nearest to the centre?",
            f"Compare {first} and {second} in {town}: which has fewer km to the centre?",
        )
        return one_of(random, wordings)

    def _answer(self, world: World, params: Params) -> Hotel:
        return min((world.by_slug[slug] for slug in params["hotels"]), key=lambda hotel: hotel.distance)

    def expected(self, world: World, params: Params) -> Expected:
        hotel = self._answer(world, params)
        return Name(hotel.name, others=other_names(world, hotel))

    def look(self, hand: HotelsHand) -> Next:
        way = go_to_results(hand, hand.world.town_by_slug[hand.params["town"]], order="distance")
        return way or answer_when_seen(hand, self._answer(hand.world, hand.params).name)


class PinHotel(Question):
    """Which hotel has the pin of a colour on a town's map: only the picture shows colours."""

    name = "pin-hotel"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"hotel": some_hotel(world, random).slug}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        hotel = world.by_slug[params["hotel"]]
        wordings = (
            f"Which hotel has the {hotel.pin} pin on the map of {hotel.town.name}?",
            f"Open the map of {hotel.town.name} and name the hotel at the {hotel.pin} pin.",
            f"What is the hotel behind the {hotel.pin} pin in {hotel.town.name} called? Use the map.",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        hotel = world.by_slug[params["hotel"]]
        return Name(hotel.name, others=other_names(world, hotel))

    def look(self, hand: HotelsHand) -> Next:
        hotel = hand.world.by_slug[hand.params["hotel"]]
        return go_to_pin(hand, hotel) or answer_when_seen(hand, hotel.name)


class FreeHotels(Question):
    """How many hotels of a town have a room on given dates."""

    name = "free-hotels"
    kind = "filter"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        town = some_town(world, random)
        guests = int(random.choice([2, 2, 3, 4]))
        stay = free_stay(world.hotels_in(town)[0], guests, int(random.integers(2, 6)), random)
        if stay is None:
            return None
        count = len(find_all(world, Query(words=town.name, stay=stay, guests=guests)))
        return {"town": town.slug, **stay_params(stay)} if 0 < count < len(world.hotels_in(town)) else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        town, stay = world.town_by_slug[params["town"]].name, stay_of(params)
        dates = f"{day_text(stay.checkin)} to {day_text(stay.checkout)}"
        wordings = (
            f"How many hotels in {town} are free from {dates} for {stay.guests} guests?",
            f"Search {town} for {stay.guests} guests, {dates}. How many hotels are there?",
            f"Count the hotels in {town} that take {stay.guests} guests from {dates}.",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        stay = stay_of(params)
        query = Query(words=world.town_by_slug[params["town"]].name, stay=stay, guests=stay.guests)
        return Number(len(find_all(world, query)), "hotels")

    def look(self, hand: HotelsHand) -> Next:
        way = go_to_results(hand, hand.world.town_by_slug[hand.params["town"]], stay=stay_of(hand.params))
        return way or hand.answer()


COMPARISONS = (
    CheapestHotel(),
    BestRatedHotel(),
    CloserHotel(),
    PinHotel(),
    FreeHotels(),
)
