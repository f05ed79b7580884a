"""Task templates that end with an answer and leave the site as it was."""

from __future__ import annotations

import datetime
import re
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.sites.hotels.navigate import (
    HotelsHand,
    Next,
    answer_when_seen,
    fill,
    go_to_pin,
    go_to_results,
    go_to_tab,
    shows_stay,
)
from webvoyager_gym.sites.hotels.reach import reach
from webvoyager_gym.sites.hotels.search import PAGE_SIZE, Query, find_all
from webvoyager_gym.sites.hotels.state import CURRENCIES, RATES, HotelsState
from webvoyager_gym.sites.hotels.stay import MONTHS, OPEN_MONTHS, Stay, day_text
from webvoyager_gym.sites.hotels.world import (
    CHECKIN_TIMES,
    CHECKOUT_TIMES,
    FACILITIES,
    Hotel,
    Room,
    Town,
    World,
    free_stay,
)
from webvoyager_gym.sites.kit import TODAY, Day, Expected, Name, Number, Params, Template

SPOKEN = {
    "Pool": "a pool",
    "Parking": "parking",
    "Breakfast": "breakfast",
    "Pets allowed": "pets allowed",
    "Sauna": "a sauna",
    "Gym": "a gym",
}
"""How goals speak of facilities."""


@dataclass(frozen=True, slots=True)
class Score(Expected):
    """A score from 1 to 10, said as "7", "7/10" or "7 out of 10"."""

    value: int

    @property
    def text(self) -> str:
        return str(self.value)

    def matches(self, answer: str) -> bool:
        return Number(self.value).matches(re.sub(r"\s*(/|out of)\s*10\b", "", answer))


def one_of(random: np.random.Generator, *wordings: str) -> str:
    """One of several wordings."""
    return wordings[int(random.integers(len(wordings)))]


def some_hotel(world: World, random: np.random.Generator) -> Hotel:
    """A random hotel."""
    return world.hotels[int(random.integers(len(world.hotels)))]


def some_town(world: World, random: np.random.Generator) -> Town:
    """A random town."""
    return world.towns[int(random.integers(len(world.towns)))]


def some_room(hotel: Hotel, random: np.random.Generator) -> Room:
    """A random room of the hotel."""
    return hotel.rooms[int(random.integers(len(hotel.rooms)))]


def room_of(world: World, params: Params) -> tuple[Hotel, Room]:
    """The hotel and room that parameters name."""
    hotel = world.by_slug[params["hotel"]]
    room = hotel.room(params["room"])
    assert room is not None
    return hotel, room


def stay_of(params: Params) -> Stay:
    """The stay that parameters name."""
    return Stay(
        datetime.date.fromisoformat(params["checkin"]),
        datetime.date.fromisoformat(params["checkout"]),
        params["guests"],
    )


def stay_params(stay: Stay) -> dict[str, Any]:
    """Parameters that name a stay."""
    return {"checkin": stay.checkin.isoformat(), "checkout": stay.checkout.isoformat(), "guests": stay.guests}


def other_names(world: World, hotel: Hotel) -> tuple[str, ...]:
    """Every other hotel's name, for answers that name one."""
    return tuple(other.name for other in world.hotels if other != hotel)


class Question(Template[World, HotelsState]):
    """A template whose expert first undoes stray side effects and then looks."""

    @abstractmethod
    def look(self, hand: HotelsHand) -> Next:
        """The next action towards the answer, or the answer."""

    def expert(self, hand: HotelsHand) -> Next:
        return reach(hand) or self.look(hand)


class RoomPrice(Question):
    """What one kind of room costs a night."""

    name = "room-price"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        hotel = some_hotel(world, random)
        return {"hotel": hotel.slug, "room": some_room(hotel, random).slug}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        hotel, room = room_of(world, params)
        return one_of(
            random,
            f"How much is the {room.name} at {hotel.name} a night?",
            f"Find {hotel.name} and tell me the price of the {room.name} for one night, without tax.",
            f"What does {hotel.name} charge a night for its {room.name}?",
        )

    def expected(self, world: World, params: Params) -> Expected:
        return Number(room_of(world, params)[1].price, "$")

    def look(self, hand: HotelsHand) -> Next:
        hotel, room = room_of(hand.world, hand.params)
        way = go_to_tab(hand, hotel, "rooms")
        if way is not None:
            return way
        if hand.query.get("checkin") or hand.query.get("checkout"):
            return fill(hand, {"checkin": "", "checkout": ""}, "update")
        return answer_when_seen(hand, room.name)


class StayTotal(Question):
    """What a stay costs in all, city tax included: only the page with dates says it."""

    name = "stay-total"
    kind = "compute"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        hotel = some_hotel(world, random)
        stay = free_stay(hotel, 2, int(random.integers(2, 7)), random)
        if stay is None:
            return None
        return {"hotel": hotel.slug, "room": some_room(hotel, random).slug, **stay_params(stay)}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        hotel, room = room_of(world, params)
        stay = stay_of(params)
        checkin, checkout = day_text(stay.checkin), day_text(stay.checkout)
        return one_of(
            random,
            f"What is the total for the {room.name} at {hotel.name} from {checkin} to {checkout}, city tax included?",
            f"Check-in {checkin}, check-out {checkout}: what does the {room.name} at {hotel.name} cost in total?",
            f"I stay at {hotel.name} from {checkin} to {checkout} in the {room.name}. What is the total with tax?",
        )

    def expected(self, world: World, params: Params) -> Expected:
        hotel, room = room_of(world, params)
        return Number(hotel.total(room, stay_of(params).nights), "$")

    def look(self, hand: HotelsHand) -> Next:
        hotel, room = room_of(hand.world, hand.params)
        stay = stay_of(hand.params)
        way = go_to_tab(hand, hotel, "rooms")
        if way is not None:
            return way
        if not shows_stay(hand, stay.checkin, stay.checkout):
            return fill(hand, {"checkin": day_text(stay.checkin), "checkout": day_text(stay.checkout)}, "update")
        return answer_when_seen(hand, room.name)


class CheapestHotel(Question):
    """The cheapest hotel of a town that has something."""

    name = "cheapest-hotel"
    kind = "filter"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        town, facility = some_town(world, random), FACILITIES[int(random.integers(len(FACILITIES)))]
        with_it = [hotel for hotel in world.hotels_in(town) if facility in hotel.facilities]
        cheapest = min(world.hotels_in(town), key=lambda hotel: hotel.price)
        return {"town": town.slug, "facility": facility} if len(with_it) > 1 and cheapest not in with_it else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        town, facility = world.town_by_slug[params["town"]].name, SPOKEN[params["facility"]]
        return one_of(
            random,
            f"Which hotel in {town} with {facility} has the lowest price?",
            f"Find the cheapest hotel in {town} that has {facility}: who has the lowest price?",
            f"I need {facility} and want the lowest price in {town}. Which hotel is it?",
        )

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
        return one_of(
            random,
            f"Which hotel with {stars} stars in {town} has the best score?",
            f"Among the hotels in {town} that have {stars} stars, which one do guests give the best score?",
            f"Name the hotel of {stars} stars in {town} with the best score.",
        )

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
        return one_of(
            random,
            f"Which is closer to the centre of {town}: {first} or {second}?",
            f"In {town}, is {first} or {second} nearest to the centre?",
            f"Compare {first} and {second} in {town}: which has fewer km to the centre?",
        )

    def _answer(self, world: World, params: Params) -> Hotel:
        return min((world.by_slug[slug] for slug in params["hotels"]), key=lambda hotel: hotel.distance)

    def expected(self, world: World, params: Params) -> Expected:
        hotel = self._answer(world, params)
        return Name(hotel.name, others=other_names(world, hotel))

    def look(self, hand: HotelsHand) -> Next:
        way = go_to_results(hand, hand.world.town_by_slug[hand.params["town"]], order="distance")
        return way or answer_when_seen(hand, self._answer(hand.world, hand.params).name)


class HouseRule(Question):
    """A time or a fee from the facilities of a hotel."""

    name = "house-rule"
    kind = "look up"
    asked: ClassVar[dict[str, tuple[str, ...]]] = {
        "checkin_from": (
            "From what time is check-in possible at {}?",
            "When does check-in start at {}?",
            "Tell me the check-in time of {}.",
        ),
        "checkout_until": (
            "Until what time is check-out possible at {}?",
            "By when is check-out at {}?",
            "Tell me the check-out time of {}.",
        ),
        "parking_fee": (
            "How much is parking a day at {}?",
            "What does {} charge for parking?",
            "Find the price of parking at {}.",
        ),
        "breakfast_fee": (
            "How much is breakfast at {}?",
            "What does {} charge a guest for breakfast?",
            "Find the price of breakfast at {}.",
        ),
        "pet_fee": (
            "How much is the pet fee at {}?",
            "What does {} charge for a pet?",
            "I bring my dog to {}. What is the pet fee?",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        hotel, rule = some_hotel(world, random), list(self.asked)[int(random.integers(len(self.asked)))]
        return {"hotel": hotel.slug, "rule": rule} if getattr(hotel, rule) is not None else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, *self.asked[params["rule"]]).format(world.by_slug[params["hotel"]].name)

    def expected(self, world: World, params: Params) -> Expected:
        hotel = world.by_slug[params["hotel"]]
        value = getattr(hotel, params["rule"])
        if isinstance(value, int):
            return Number(value, "$")
        hour, minutes = int(value[:2]), value[3:]
        spoken = f"{(hour - 1) % 12 + 1}" + ("" if minutes == "00" else f":{minutes}")
        half = "pm" if hour >= 12 else "am"
        others = tuple(time for time in (*CHECKIN_TIMES, *CHECKOUT_TIMES) if time != value)
        return Name(value, others=others, aliases=(f"{spoken} {half}", f"{spoken}{half}", f"{spoken}:00 {half}"))

    def look(self, hand: HotelsHand) -> Next:
        labels = {
            "checkin_from": "Check-in",
            "checkout_until": "Check-out",
            "parking_fee": "Parking",
            "breakfast_fee": "Breakfast",
            "pet_fee": "Pet fee",
        }
        way = go_to_tab(hand, hand.world.by_slug[hand.params["hotel"]], "facilities")
        return way or answer_when_seen(hand, labels[hand.params["rule"]])


class ReviewScore(Question):
    """The score that one guest gave."""

    name = "review-score"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        hotel = some_hotel(world, random)
        return {"hotel": hotel.slug, "review": int(random.integers(len(hotel.reviews)))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        hotel = world.by_slug[params["hotel"]]
        author = hotel.reviews[params["review"]].author
        return one_of(
            random,
            f"What score did {author} give {hotel.name}?",
            f"Read the reviews of {hotel.name}: how did {author} rate it?",
            f"Find the review by {author} of {hotel.name} and tell me its score.",
        )

    def expected(self, world: World, params: Params) -> Expected:
        score = world.by_slug[params["hotel"]].reviews[params["review"]].score
        return Score(score)

    def look(self, hand: HotelsHand) -> Next:
        hotel = hand.world.by_slug[hand.params["hotel"]]
        way = go_to_tab(hand, hotel, "reviews")
        return way or answer_when_seen(hand, hotel.reviews[hand.params["review"]].author)


class FullDay(Question):
    """The one day of a month on which a hotel is fully booked: only the calendar's colours say it."""

    name = "full-day"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        hotel, month = some_hotel(world, random), int(random.choice(OPEN_MONTHS))
        full = [day for day in hotel.full if day.month == month]
        return {"hotel": hotel.slug, "month": month} if len(full) == 1 else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        hotel, month = world.by_slug[params["hotel"]].name, f"{MONTHS[params['month'] - 1]} {TODAY.year}"
        return one_of(
            random,
            f"On which day of {month} is {hotel} fully booked?",
            f"Look at the calendar of {hotel}: which date in {month} is red?",
            f"Find the only fully booked day in {month} at {hotel}.",
        )

    def expected(self, world: World, params: Params) -> Expected:
        full = world.by_slug[params["hotel"]].full
        return Day(next(day for day in full if day.month == params["month"]))

    def look(self, hand: HotelsHand) -> Next:
        way = go_to_tab(hand, hand.world.by_slug[hand.params["hotel"]], "calendar")
        month = hand.params["month"]
        if way is not None:
            return way
        if hand.query.get("month", str(TODAY.month)) != str(month):
            return hand.click(key=f"month-{month}")
        return answer_when_seen(hand, f"{MONTHS[month - 1]} {TODAY.year}")


class PinHotel(Question):
    """Which hotel has the pin of a colour on a town's map: only the picture shows colours."""

    name = "pin-hotel"
    kind = "look up"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"hotel": some_hotel(world, random).slug}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        hotel = world.by_slug[params["hotel"]]
        return one_of(
            random,
            f"Which hotel has the {hotel.pin} pin on the map of {hotel.town.name}?",
            f"Open the map of {hotel.town.name} and name the hotel at the {hotel.pin} pin.",
            f"What is the hotel behind the {hotel.pin} pin in {hotel.town.name} called? Use the map.",
        )

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
        return one_of(
            random,
            f"How many hotels in {town} are free from {dates} for {stay.guests} guests?",
            f"Search {town} for {stay.guests} guests, {dates}. How many hotels are there?",
            f"Count the hotels in {town} that take {stay.guests} guests from {dates}.",
        )

    def expected(self, world: World, params: Params) -> Expected:
        stay = stay_of(params)
        query = Query(words=world.town_by_slug[params["town"]].name, stay=stay, guests=stay.guests)
        return Number(len(find_all(world, query)), "hotels")

    def look(self, hand: HotelsHand) -> Next:
        way = go_to_results(hand, hand.world.town_by_slug[hand.params["town"]], stay=stay_of(hand.params))
        return way or hand.answer()


class PriceInCurrency(Question):
    """What a room costs in another currency, which has to be chosen in the settings."""

    name = "price-in-currency"
    kind = "plan"

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        hotel = some_hotel(world, random)
        return {"hotel": hotel.slug, "room": some_room(hotel, random).slug, "currency": str(random.choice(["€", "£"]))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        hotel, room = room_of(world, params)
        currency = CURRENCIES[params["currency"]]
        return one_of(
            random,
            f"Change the currency to {currency}, then tell me the price a night of the {room.name} at {hotel.name}.",
            f"Set the currency in the settings to {currency}. How much is the {room.name} at {hotel.name} a night?",
            f"Show prices in {currency} and find what the {room.name} at {hotel.name} costs a night.",
        )

    def expected(self, world: World, params: Params) -> Expected:
        return Number(round(room_of(world, params)[1].price * RATES[params["currency"]]), params["currency"])

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"account": initial["account"] | {"currency": params["currency"]}}

    def look(self, hand: HotelsHand) -> Next:
        return RoomPrice().look(hand)


QUESTIONS: tuple[Template[Any, Any], ...] = (
    RoomPrice(),
    StayTotal(),
    CheapestHotel(),
    BestRatedHotel(),
    CloserHotel(),
    HouseRule(),
    ReviewScore(),
    FullDay(),
    PinHotel(),
    FreeHotels(),
    PriceInCurrency(),
)
