"""Worlds of the hotel site: towns, hotels with rooms and reviews, and the visitor's account."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from webvoyager_gym.sites.hotels import names
from webvoyager_gym.sites.hotels.stay import LAST_DAY, OPEN_MONTHS, Stay
from webvoyager_gym.sites.kit import TODAY, generator, one_of, own_name, slug_of

TOWN_SIZES = (9, 8, 7, 6, 5, 5)
FACILITIES = ("Pool", "Parking", "Breakfast", "Pets allowed", "Sauna", "Gym")
PIN_COLOURS = ("red", "green", "blue", "yellow", "purple", "orange", "pink", "black", "white")
ROOM_KINDS = {"Single Room": (1, 0.75), "Double Room": (2, 1.0), "Family Room": (4, 1.45), "Suite": (3, 1.9)}
"""Room name -> (how many it sleeps, price as a share of a double room's)."""
ARRIVALS = ("14:00 to 16:00", "16:00 to 18:00", "18:00 to 20:00", "20:00 to 22:00")
CHECKIN_TIMES = ("13:00", "14:00", "15:00", "16:00")
CHECKOUT_TIMES = ("10:00", "10:30", "11:00", "12:00")
PRICES_BY_STARS = {2: (44, 70), 3: (62, 105), 4: (95, 165), 5: (160, 290)}


@dataclass(frozen=True, slots=True)
class Town:
    """A destination. `slug` is its name in addresses; `art` is a seed for its picture and map."""

    slug: str
    name: str
    art: int


@dataclass(frozen=True, slots=True)
class Room:
    """A kind of room in a hotel; `price` is US dollars a night."""

    name: str
    sleeps: int
    price: int
    free_cancellation: bool

    @property
    def slug(self) -> str:
        return self.name.split()[0].casefold()


@dataclass(frozen=True, slots=True)
class Review:
    """A guest's review; `score` is from 1 to 10."""

    author: str
    score: int
    text: str


@dataclass(frozen=True, slots=True)
class Hotel:
    """A hotel.

    Attributes:
        slug: its name in addresses.
        score: guest score from 0 to 10, one decimal.
        distance: kilometres to the centre, one decimal.
        facilities: names out of FACILITIES.
        checkin_from, checkout_until: "15:00".
        parking_fee, breakfast_fee, pet_fee: US dollars; None where the hotel has no such thing.
        city_tax: US dollars a stay, added to the price of every stay.
        full, busy: days without a free room, and with few.
        pin: colour of its pin on the town's map, unique in the town.
        rank: place in the order "Our picks".
        art: seed of its picture.
    """

    slug: str
    name: str
    town: Town
    district: str
    stars: int
    score: float
    review_count: int
    distance: float
    facilities: tuple[str, ...]
    rooms: tuple[Room, ...]
    reviews: tuple[Review, ...]
    checkin_from: str
    checkout_until: str
    parking_fee: int | None
    breakfast_fee: int | None
    pet_fee: int | None
    city_tax: int
    full: frozenset[datetime.date]
    busy: frozenset[datetime.date]
    pin: str
    rank: int
    art: int

    @property
    def price(self) -> int:
        """US dollars a night in the cheapest room."""
        return min(room.price for room in self.rooms)

    def room(self, slug: str) -> Room | None:
        """The room of that slug, or None."""
        return next((room for room in self.rooms if room.slug == slug), None)

    def total(self, room: Room, nights: int) -> int:
        """US dollars for a stay in the room, city tax included."""
        return room.price * nights + self.city_tax

    def first_full_day(self, stay: Stay) -> datetime.date | None:
        """The first day of the stay without a free room, or None."""
        return next((day for day in stay.days() if day in self.full), None)


@dataclass(frozen=True, slots=True)
class Booking:
    """A room booked. All fields but `ref` and `cancelled` are what the guest decided."""

    ref: str
    hotel: str
    room: str
    stay: Stay
    name: str
    email: str
    arrival: str
    request: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """The visitor's settings."""

    name: str
    email: str
    phone: str
    currency: str = "$"
    newsletter: bool = True


@dataclass(frozen=True)
class World:
    """All that one world holds.

    Attributes:
        towns, hotels: the content, hotels in the order "Our picks".
        people: names that reviewers and guests of tasks have.
        account, bookings, saved: what the visitor starts with.
        offer: whether the search results greet the visitor with a dialog.
    """

    split: str
    seed: int
    towns: tuple[Town, ...]
    hotels: tuple[Hotel, ...]
    people: tuple[str, ...]
    account: Account
    bookings: tuple[Booking, ...]
    saved: tuple[str, ...]
    offer: bool

    @cached_property
    def by_slug(self) -> Mapping[str, Hotel]:
        """Hotel of a slug."""
        return {hotel.slug: hotel for hotel in self.hotels}

    @cached_property
    def town_by_slug(self) -> Mapping[str, Town]:
        """Town of a slug."""
        return {town.slug: town for town in self.towns}

    def hotels_in(self, town: Town) -> tuple[Hotel, ...]:
        """The town's hotels in the order "Our picks"."""
        return tuple(hotel for hotel in self.hotels if hotel.town == town)


def email_of(name: str) -> str:
    """The e-mail address of a person of that name."""
    return ".".join(name.casefold().split()) + "@mail.test"


def build_world(split: str, seed: int) -> World:
    """The world of a split and seed."""
    random = generator("hotels", split, seed)
    taken: set[str] = set()
    people = tuple(_names(split, 30, taken, random, names.FIRST_NAMES, names.LAST_NAMES))
    towns = tuple(_town(split, taken, random) for _ in TOWN_SIZES)
    # Few words for many names, so that names in one world are near misses of each other.
    first = _some(random, names.FIRST_WORDS, 16)
    second = _some(random, names.SECOND_WORDS, 16)
    hotel_names = [_hotel_name(split, taken, random, first, second) for _ in range(sum(TOWN_SIZES))]
    ranks = iter(random.permutation(len(hotel_names)).tolist())
    hotels: list[Hotel] = []
    for town, size in zip(towns, TOWN_SIZES, strict=True):
        own, hotel_names = hotel_names[:size], hotel_names[size:]
        hotels += _hotels_of(town, own, people, ranks, random)
    hotels.sort(key=lambda hotel: hotel.rank)
    visitor = people[0]
    account = Account(visitor, email_of(visitor), _phone(random))
    bookings = _bookings(hotels, account, random)
    saved = [str(slug) for slug in random.choice([hotel.slug for hotel in hotels], size=2, replace=False)]
    return World(
        split,
        seed,
        towns,
        tuple(hotels),
        people,
        account,
        bookings,
        tuple(sorted(saved)),
        offer=bool(random.random() < 0.25),
    )


def _pick(random: np.random.Generator, options: tuple[str, ...]) -> str:
    return one_of(random, options)


def _some(random: np.random.Generator, options: tuple[str, ...], count: int) -> tuple[str, ...]:
    return tuple(options[place] for place in random.permutation(len(options))[:count].tolist())


def _names(
    split: str, count: int, taken: set[str], random: np.random.Generator, first: tuple[str, ...], last: tuple[str, ...]
) -> list[str]:
    return [own_name(lambda: f"{_pick(random, first)} {_pick(random, last)}", split, taken) for _ in range(count)]


def _town(split: str, taken: set[str], random: np.random.Generator) -> Town:
    name = own_name(lambda: _pick(random, names.TOWN_BEGINNINGS) + _pick(random, names.TOWN_ENDINGS), split, taken)
    return Town(slug_of(name), name, int(random.integers(1 << 30)))


def _hotel_name(
    split: str, taken: set[str], random: np.random.Generator, first: tuple[str, ...], second: tuple[str, ...]
) -> str:
    return own_name(
        lambda: f"{_pick(random, first)} {_pick(random, second)} {_pick(random, names.KINDS)}", split, taken
    )


def _hotels_of(
    town: Town, hotel_names: list[str], people: tuple[str, ...], ranks: Iterator[int], random: np.random.Generator
) -> list[Hotel]:
    count = len(hotel_names)
    scores = random.choice(np.arange(64, 97), size=count, replace=False) / 10
    distances = random.choice(np.arange(2, 50), size=count, replace=False) / 10
    pins = random.choice(PIN_COLOURS, size=count, replace=False)
    districts = random.choice(names.DISTRICTS, size=4, replace=False)
    prices: set[int] = set()
    hotels = []
    for number, name in enumerate(hotel_names):
        stars = int(random.choice([2, 3, 3, 4, 4, 5]))
        rooms = _rooms(stars, prices, random)
        facilities = tuple(facility for facility in FACILITIES if random.random() < 0.5)
        full, busy = _calendar(random)
        hotels.append(
            Hotel(
                slug=slug_of(name),
                name=name,
                town=town,
                district=str(random.choice(districts)),
                stars=stars,
                score=float(scores[number]),
                review_count=int(random.integers(38, 2400)),
                distance=float(distances[number]),
                facilities=facilities,
                rooms=rooms,
                reviews=_reviews(people, random),
                checkin_from=str(random.choice(CHECKIN_TIMES)),
                checkout_until=str(random.choice(CHECKOUT_TIMES)),
                parking_fee=int(random.integers(5, 25)) if "Parking" in facilities else None,
                breakfast_fee=int(random.integers(6, 22)) if "Breakfast" in facilities else None,
                pet_fee=int(random.integers(8, 40)) if "Pets allowed" in facilities else None,
                city_tax=int(random.integers(2, 12)),
                full=full,
                busy=busy,
                pin=str(pins[number]),
                rank=next(ranks),
                art=int(random.integers(1 << 30)),
            )
        )
    return hotels


def _rooms(stars: int, taken_prices: set[int], random: np.random.Generator) -> tuple[Room, ...]:
    """Three kinds of room, a double among them, the cheapest at a price that no other hotel of the town has."""
    others = sorted(set(ROOM_KINDS) - {"Double Room"})
    left_out = str(random.choice(others))
    kinds = [kind for kind in ROOM_KINDS if kind != left_out]
    double = int(random.integers(*PRICES_BY_STARS[stars]))
    while True:
        prices = [round(double * ROOM_KINDS[kind][1]) for kind in kinds]
        if min(prices) not in taken_prices:
            break
        double += 1
    taken_prices.add(min(prices))
    return tuple(
        Room(kind, ROOM_KINDS[kind][0], price, bool(random.random() < 0.5))
        for kind, price in zip(kinds, prices, strict=True)
    )


def _reviews(people: tuple[str, ...], random: np.random.Generator) -> tuple[Review, ...]:
    authors = random.choice(people[1:], size=4, replace=False)
    scores = random.choice(np.arange(3, 11), size=4, replace=False)
    praise = random.choice(names.PRAISE, size=4, replace=False)
    complaints = random.choice(names.COMPLAINT, size=4, replace=False)
    return tuple(
        Review(str(author), int(score), f"{good}, {bad}.")
        for author, score, good, bad in zip(authors, scores, praise, complaints, strict=True)
    )


def _calendar(random: np.random.Generator) -> tuple[frozenset[datetime.date], frozenset[datetime.date]]:
    """Days that are full (one to three a month) and days with few rooms left."""
    full: set[datetime.date] = set()
    busy: set[datetime.date] = set()
    for month in OPEN_MONTHS:
        last = calendar.monthrange(TODAY.year, month)[1]
        days = [datetime.date(TODAY.year, month, day) for day in range(1, last + 1)]
        days = [day for day in days if TODAY < day < LAST_DAY]
        order = random.permutation(len(days)).tolist()
        count = int(random.choice([1, 1, 2, 3]))
        few = int(random.integers(2, 6))
        full.update(days[place] for place in order[:count])
        busy.update(days[place] for place in order[count : count + few])
    return frozenset(full), frozenset(busy)


def _phone(random: np.random.Generator) -> str:
    return f"555-{int(random.integers(100, 1000)):04d}"


def free_stay(hotel: Hotel, guests: int, nights: int, random: np.random.Generator) -> Stay | None:
    """A random stay of so many nights on which the hotel has a free room, or None if none was found."""
    span = (LAST_DAY - TODAY).days - nights
    for _ in range(30):
        start = TODAY + datetime.timedelta(days=int(random.integers(2, span)))
        stay = Stay(start, start + datetime.timedelta(days=nights), guests)
        if hotel.first_full_day(stay) is None:
            return stay
    return None


def _bookings(hotels: list[Hotel], account: Account, random: np.random.Generator) -> tuple[Booking, ...]:
    """Three bookings: two in one hotel at different times, one in a hotel whose name shares a word with it."""
    order = [hotels[place] for place in random.permutation(len(hotels)).tolist()]
    first = order[0]
    words = set(first.name.split()[:2])
    second = next((hotel for hotel in order[1:] if words & set(hotel.name.split())), order[1])
    bookings: list[Booking] = []
    for number, hotel in enumerate((first, second, first)):
        while True:
            room = hotel.rooms[int(random.integers(1, len(hotel.rooms)))]
            stay = free_stay(hotel, int(random.integers(1, room.sleeps + 1)), int(random.integers(1, 6)), random)
            if stay is not None and all(stay.checkin != other.stay.checkin for other in bookings):
                break
        arrival = _pick(random, ARRIVALS)
        ref = f"LK-{int(random.integers(1000, 3000)) + 2000 * number}"
        bookings.append(Booking(ref, hotel.slug, room.slug, stay, account.name, account.email, arrival))
    return tuple(sorted(bookings, key=lambda booking: booking.stay.checkin))
