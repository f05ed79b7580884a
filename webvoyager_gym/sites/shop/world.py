"""What the shop sells: products, brands, reviews, promo codes and the customer's address, from a seed alone."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from webvoyager_gym.sites.kit import TODAY, generator, one_of, own_name, slug_of

COLOURS = {
    "red": "#cf2f2a",
    "orange": "#f08a1d",
    "yellow": "#f4cd2a",
    "green": "#2e9a4c",
    "blue": "#2563d0",
    "purple": "#7d3fb8",
    "pink": "#f08fbb",
    "brown": "#7b4b2a",
    "black": "#25282d",
    "white": "#fbfbf9",
}
"""Colours by name, as they are painted. Products show them as swatches without words."""

COUNTRIES = ("Portugal", "Denmark", "Japan", "Italy", "Vietnam", "Poland", "Mexico", "Turkey", "India", "Canada")
MOST = 6
"""Most pieces of one line in the cart."""


@dataclass(frozen=True, slots=True)
class Department:
    """A category as the generator knows it: nouns with their usual price in dollars, descriptors and sizes."""

    name: str
    nouns: dict[str, int]
    descriptors: tuple[str, ...]
    sizes: tuple[str, ...] = ()


SIZES = ("Small", "Medium", "Large")

DEPARTMENTS = (
    Department(
        "Kitchen",
        {"Kettle": 42, "Mug": 14, "Teapot": 34, "Frying Pan": 48, "Bowl": 18},
        ("Copper", "Ceramic", "Steel", "Enamel", "Glass", "Stoneware", "Iron"),
        SIZES,
    ),
    Department(
        "Bags",
        {"Backpack": 70, "Tote": 32, "Wallet": 28, "Suitcase": 120, "Satchel": 64},
        ("Canvas", "Leather", "Nylon", "Felt", "Cork", "Waxed", "Suede"),
        SIZES,
    ),
    Department(
        "Clothing",
        {"Jacket": 95, "Scarf": 26, "Sweater": 58, "Shirt": 38, "Beanie": 20},
        ("Wool", "Cotton", "Linen", "Fleece", "Flannel", "Hemp", "Silk"),
        SIZES,
    ),
    Department(
        "Lighting",
        {"Desk Lamp": 46, "Floor Lamp": 92, "Lantern": 30, "Pendant": 66, "Candle": 16},
        ("Brass", "Paper", "Bamboo", "Marble", "Rattan", "Opal", "Walnut"),
    ),
    Department(
        "Electronics",
        {"Headphones": 88, "Speaker": 74, "Radio": 56, "Keyboard": 62, "Alarm Clock": 24},
        ("Compact", "Wireless", "Travel", "Classic", "Studio", "Solar", "Slim"),
    ),
    Department(
        "Garden",
        {"Watering Can": 27, "Planter": 22, "Bench": 130, "Tent": 110, "Hammock": 54},
        ("Folding", "Cedar", "Zinc", "Woven", "Rustic", "Terrace", "Alpine"),
        SIZES,
    ),
)

CATEGORIES = tuple(department.name for department in DEPARTMENTS)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PREFIXES = _words(
    "Nor Bel Kas Tor Mer Lin Hal Ves Fen Sol Dal Ar Wil Gran Pel Ros Cal Bram Ed Os Tam Ul Jor Var Lum Quin Sal Hew "
    "Ivo Ren"
)
_SUFFIXES = _words(
    "vik lo ton dale ra sen wick mont ley na co ford mark stel ander rin by el gar va neth mere sko tis borg lund"
)
_FIRST = _words(
    "Ana Ben Clara David Elena Femi Greta Hugo Ines Jonas Kira Liam Mona Nils Olga Pavel Rosa Sami Tara Uma Viktor "
    "Wanda Yuki Zoe"
)
_LAST = _words(
    "Adler Brandt Costa Dumont Eriksen Fontana Grau Holm Ibarra Jansen Keller Lopez Moreau Novak Okafor Petrov Quist "
    "Rossi Sato Tanaka Ueda Varga Weber Young"
)
_STREET_FIRST = _words(
    "Mill Church Station Garden Harbour Castle Orchard Bridge Forest Market School River Chapel Meadow Abbey Canal"
)
_STREET_LAST = _words("Lane Street Road Avenue Square Hill Row Walk Court Terrace")
_TOWN_FIRST = _words("Ash Birch Clay Dun Elm Fair Glen Hart Kings Long Marsh North Oak Red Stone Thorn West Wood")
_TOWN_LAST = _words("ford bury ham ton field haven port brook ley minster worth stead")

_PRAISE = (
    "Works well every day",
    "Better than expected",
    "Lovely colour",
    "Solid and simple",
    "A very good buy",
    "My new favourite",
)
_BLAME = (
    "Smaller than I thought",
    "Arrived a bit late",
    "Scratches too easily",
    "Not quite for me",
    "Nice but too heavy",
)
_REMARKS = (
    "I use it most days and it still looks new.",
    "It came well packed and was easy to set up.",
    "The finish is neat and it feels sturdy.",
    "My sister liked it so much that she got one too.",
    "It does what it should, no more and no less.",
)
_BLURBS = (
    "Made in small batches and checked by hand, with a finish that ages well.",
    "An everyday piece with clean lines that fits almost anywhere.",
    "Light, sturdy and easy to care for, at home or on the road.",
    "A quiet classic: simple shape, good materials, long life.",
)


@dataclass(frozen=True, slots=True)
class Review:
    """What a customer wrote about a product; `stars` from 1 to 5."""

    author: str
    stars: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Product:
    """Something for sale.

    Attributes:
        slug: identifier in addresses, such as "norvik-copper-kettle".
        price, old_price: in cents; `old_price` is 0 if the product is not on sale.
        rating: mean stars, one decimal; `reviews` is how many there are in all, `shown` the few that are printed.
        colours: names, keys of COLOURS; the first is the one preselected.
        sizes: empty if there is but one.
        days: days from order to arrival.
        stock: pieces left.
        facts: specifications, name to text.
    """

    slug: str
    name: str
    brand: str
    descriptor: str
    noun: str
    category: str
    price: int
    old_price: int
    rating: float
    reviews: int
    shown: tuple[Review, ...]
    colours: tuple[str, ...]
    sizes: tuple[str, ...]
    free_delivery: bool
    days: int
    stock: int
    facts: dict[str, str]
    blurb: str

    @property
    def arrival(self) -> datetime.date:
        """The day it arrives if ordered today."""
        return TODAY + datetime.timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the customer's orders go."""

    name: str
    street: str
    town: str
    postcode: str


@dataclass(frozen=True)
class World:
    """One shop.

    Attributes:
        products: in the order of their popularity.
        codes: promo codes with their discount in per cent; the first is advertised on the home page.
        address: the customer's address at the start; `elsewhere` are others that tasks use.
        friends: people that gift notes are written to.
        offer: whether a dialog greets visitors of product pages.
    """

    products: tuple[Product, ...]
    brands: tuple[str, ...]
    codes: dict[str, int]
    address: Address
    elsewhere: tuple[Address, ...]
    friends: tuple[str, ...]
    offer: bool

    @cached_property
    def by_slug(self) -> dict[str, Product]:
        return {product.slug: product for product in self.products}

    @property
    def advertised(self) -> str:
        """The promo code on the home page."""
        return next(iter(self.codes))


def money(cents: int) -> str:
    """A price as the shop writes it."""
    return f"${cents / 100:,.2f}"


def arrival_text(product: Product) -> str:
    """The day a product arrives as the shop writes it: "Thu, 5 March 2026"."""
    day = product.arrival
    return f"{day:%a}, {day.day} {day:%B %Y}"


def build_world(split: str, seed: int) -> World:
    """The shop of a split and seed; equal arguments give equal worlds, and no name is in two splits."""
    random = generator("shop", split, seed)
    taken: set[str] = set()

    def pick(options: tuple[str, ...]) -> str:
        return str(one_of(random, options))

    def several(options: tuple[str, ...], count: int) -> list[str]:
        return [str(options[i]) for i in random.permutation(len(options))[:count]]

    def person() -> str:
        return own_name(lambda: f"{pick(_FIRST)} {pick(_LAST)}", split, taken)

    brands = tuple(own_name(lambda: pick(_PREFIXES) + pick(_SUFFIXES), split, taken) for _ in range(6))
    people = [person() for _ in range(12)]
    prices: set[int] = set()
    products: list[Product] = []
    for department in DEPARTMENTS:
        nouns = several(tuple(department.nouns), 3)
        for noun, count in zip(nouns, (5, 3, 2), strict=True):
            descriptors = tuple(several(department.descriptors, 4))
            names: set[tuple[str, str]] = set()
            while len(names) < count:
                pair = (pick(brands), pick(descriptors))
                if pair in names:
                    continue
                names.add(pair)
                products.append(_product(random, department, noun, *pair, prices, people))
    order = random.permutation(len(products))
    products = [products[i] for i in order]

    def address(name: str) -> Address:
        street = own_name(lambda: f"{random.integers(2, 99)} {pick(_STREET_FIRST)} {pick(_STREET_LAST)}", split, taken)
        town = own_name(lambda: pick(_TOWN_FIRST) + pick(_TOWN_LAST), split, taken)
        return Address(name, street, town, str(random.integers(10_000, 99_999)))

    customer = person()
    discounts = several(("10", "15", "20", "25"), 3)
    codes = {f"{brand.upper()}{share}": int(share) for brand, share in zip(brands, discounts, strict=False)}
    return World(
        products=tuple(products),
        brands=brands,
        codes=codes,
        address=address(customer),
        elsewhere=tuple(address(customer) for _ in range(4)),
        friends=tuple(person() for _ in range(4)),
        offer=bool(random.integers(3) == 0),
    )


def _product(
    random: np.random.Generator,
    department: Department,
    noun: str,
    brand: str,
    descriptor: str,
    prices: set[int],
    people: list[str],
) -> Product:
    while True:
        dollars = department.nouns[noun] * float(random.uniform(0.55, 1.8))
        price = int(dollars) * 100 + int(random.choice([0, 50, 90, 95]))
        if price not in prices:
            prices.add(price)
            break
    on_sale = random.random() < 0.3
    rating = round(float(np.clip(random.normal(4.1, 0.5), 2.4, 4.9)), 1)
    name = f"{brand} {descriptor} {noun}"
    weight = int(random.integers(8, 240)) * 10
    return Product(
        slug=slug_of(name),
        name=name,
        brand=brand,
        descriptor=descriptor,
        noun=noun,
        category=department.name,
        price=price,
        old_price=price + int(random.integers(3, 30)) * 100 if on_sale else 0,
        rating=rating,
        reviews=int(random.integers(6, 900)),
        shown=tuple(_reviews(random, rating, people)),
        colours=tuple(list(COLOURS)[i] for i in random.permutation(len(COLOURS))[: int(random.integers(3, 6))]),
        sizes=department.sizes,
        free_delivery=bool(random.random() < 0.45),
        days=int(random.integers(1, 12)),
        stock=0 if random.random() < 0.06 else int(random.integers(2, 60)),
        facts={
            "Weight": f"{weight} g",
            "Height": f"{int(random.integers(6, 95))} cm",
            "Warranty": f"{int(random.integers(2, 10))} years",
            "Made in": str(random.choice(COUNTRIES)),
        },
        blurb=str(random.choice(_BLURBS)),
    )


def _reviews(random: np.random.Generator, rating: float, people: list[str]) -> list[Review]:
    reviews = []
    for index in random.permutation(len(people))[:2]:
        stars = int(np.clip(round(rating + random.normal(0, 0.8)), 1, 5))
        title = str(random.choice(_PRAISE if stars >= 4 else _BLAME))
        reviews.append(Review(people[index], stars, title, str(random.choice(_REMARKS))))
    return reviews
