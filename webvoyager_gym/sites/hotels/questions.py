"""Questions about one hotel: templates that end with an answer and leave the site as it was."""

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.sites.hotels.draws import room_of, some_hotel, some_room, stay_of, stay_params
from webvoyager_gym.sites.hotels.navigate import HotelsHand, go_to_tab, shows_stay
from webvoyager_gym.sites.hotels.reach import reach
from webvoyager_gym.sites.hotels.state import CURRENCIES, RATES, HotelsState
from webvoyager_gym.sites.hotels.stay import OPEN_MONTHS
from webvoyager_gym.sites.hotels.world import (
    CHECKIN_TIMES,
    CHECKOUT_TIMES,
    World,
    free_stay,
)
from webvoyager_gym.sites.kit import TODAY, Day, Expected, Name, Number, Params, Template, one_of
from webvoyager_gym.sites.kit.days import MONTHS, day_text
from webvoyager_gym.sites.kit.ways import Next, answer_when_seen, fill


@dataclass(frozen=True, slots=True)
class Score(Expected):
    """A score from 1 to 10, said as "7", "7/10" or "7 out of 10"."""

    value: int

    @property
    def text(self) -> str:
        return str(self.value)

    def matches(self, answer: str) -> bool:
        return Number(self.value).matches(re.sub(r"\s*(/|out of)\s*10\b", "", answer))


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
        wordings = (
            f"How much is the {room.name} at {hotel.name} a night?",
            f"Find {hotel.name} and tell me the price of the {room.name} for one night, without tax.",
            f"What does {hotel.name} charge a night for its {room.name}?",
        )
        return one_of(random, wordings)

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
        wordings = (
            f"What is the total for the {room.name} at {hotel.name} from {checkin} to {checkout}, city tax included?",
            f"Check-in {checkin}, check-out {checkout}: what does the {room.name} at {hotel.name} cost in total?",
            f"I stay at {hotel.name} from {checkin} to {checkout} in the {room.name}. What is the total with tax?",
        )
        return one_of(random, wordings)

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
        hotel, rule = some_hotel(world, random), one_of(random, list(self.asked))
        return {"hotel": hotel.slug, "rule": rule} if getattr(hotel, rule) is not None else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self.asked[params["rule"]]).format(world.by_slug[params["hotel"]].name)

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
        wordings = (
            f"What score did {author} give {hotel.name}?",
            f"Read the reviews of {hotel.name}: how did {author} rate it?",
            f"Find the review by {author} of {hotel.name} and tell me its score.",
        )
        return one_of(random, wordings)

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
        wordings = (
            f"On which day of {month} is {hotel} fully booked?",
            f"Look at the calendar of {hotel}: which date in {month} is red?",
            f"Find the only fully booked day in {month} at {hotel}.",
        )
        return one_of(random, wordings)

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
        wordings = (
            f"Change the currency to {currency}, then tell me the price a night of the {room.name} at {hotel.name}.",
            f"Set the currency in the settings to {currency}. How much is the {room.name} at {hotel.name} a night?",
            f"Show prices in {currency} and find what the {room.name} at {hotel.name} costs a night.",
        )
        return one_of(random, wordings)

    def expected(self, world: World, params: Params) -> Expected:
        return Number(round(room_of(world, params)[1].price * RATES[params["currency"]]), params["currency"])

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return initial | {"account": initial["account"] | {"currency": params["currency"]}}

    def look(self, hand: HotelsHand) -> Next:
        return RoomPrice().look(hand)


FACTS = (
    RoomPrice(),
    StayTotal(),
    HouseRule(),
    ReviewScore(),
    FullDay(),
    PriceInCurrency(),
)
