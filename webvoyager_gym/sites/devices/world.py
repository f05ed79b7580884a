"""What the site holds: models and their options, stores and old devices, from a seed alone."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from webvoyager_gym.sites.devices import names
from webvoyager_gym.sites.devices.kinds import KINDS, Kind
from webvoyager_gym.sites.kit import generator, own_name
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.kit.changes import one_of
from webvoyager_gym.sites.kit.world import check_split

PER_LINE = 4
STORES = 5
SAVED = 4
"""How many devices the visitor has saved at the start."""
CONDITIONS = {"Like new": 1.0, "Good": 0.75, "Worn": 0.5, "Cracked": 0.2}
"""Conditions of old devices, and what share of the best credit they give."""
STOCK = {"today": "Today", "days": "In 3 days", "none": "Not available"}
DAYS = ("Monday to Friday", "Saturday", "Sunday")


def slug(text: str) -> str:
    """The text as it stands in addresses and element keys."""
    return fold(text).replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a step, and what it adds to the price in US dollars."""

    label: str
    adds: int


@dataclass(frozen=True)
class Model:
    """A model.

    Attributes:
        kind: key of KINDS.
        specs: its facts that are numbers, by key of SPECS.
        price: in US dollars, of what costs least.
        finishes: keys of `names.FINISHES`; pages show them as colours only.
        sold_out: pairs of a finish and a storage, by their places, that cannot be had now.
        cable, charger: what is in the box: metres and watts.
        standard, express: working days of free delivery, and US dollars of delivery on the next day.
        stock: slug of a store -> key of STOCK.
    """

    kind: str
    name: str
    tagline: str
    chip: str
    specs: dict[str, int]
    price: int
    sizes: tuple[Choice, ...]
    finishes: tuple[str, ...]
    storages: tuple[Choice, ...]
    care: tuple[Choice, ...]
    sold_out: frozenset[tuple[int, int]]
    cable: float
    charger: int
    standard: int
    express: int
    stock: dict[str, str]

    @cached_property
    def slug(self) -> str:
        return slug(self.name)

    @property
    def href(self) -> str:
        return f"/device/{self.slug}"

    @property
    def about(self) -> Kind:
        """What holds for all of its kind."""
        return KINDS[self.kind]

    @property
    def stores_today(self) -> list[str]:
        """Slugs of the stores that have it today."""
        return [store for store, stock in self.stock.items() if stock == "today"]


@dataclass(frozen=True, slots=True)
class Store:
    """A store; `hours` are opening and closing times for each of DAYS."""

    name: str
    number: int
    hours: tuple[tuple[datetime.time, datetime.time], ...]

    @property
    def slug(self) -> str:
        return slug(self.name)


@dataclass(frozen=True, slots=True)
class OldDevice:
    """A device that is taken in, and the credit for it as good as new."""

    name: str
    kind: str
    best: int

    @property
    def slug(self) -> str:
        return slug(self.name)

    def credit(self, condition: str) -> int:
        """The credit in US dollars."""
        return round(self.best * CONDITIONS[condition] / 5) * 5


@dataclass(frozen=True)
class World:
    """One world of the site.

    Attributes:
        lines: kind -> name of the line.
        models: by kind, in no particular order within it.
        shown: slugs of the models on the first page, the largest picture's first.
        saved: slugs of the devices that the visitor has saved at the start, all of different prices.
        email: the visitor's.
    """

    lines: dict[str, str]
    models: tuple[Model, ...]
    stores: tuple[Store, ...]
    old: tuple[OldDevice, ...]
    shown: tuple[str, ...]
    saved: tuple[str, ...]
    email: str

    @cached_property
    def by_slug(self) -> dict[str, Model]:
        return {model.slug: model for model in self.models}

    @cached_property
    def store_by_slug(self) -> dict[str, Store]:
        return {store.slug: store for store in self.stores}

    @cached_property
    def old_by_slug(self) -> dict[str, OldDevice]:
        return {old.slug: old for old in self.old}

    @cached_property
    def menu(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """Entries of the menu bar: a kind with its line and models, as (text, address, key)."""
        return [
            (
                about.title,
                [
                    (f"All {self.lines[kind]}", f"/line/{kind}", f"all-{kind}"),
                    *((model.name, model.href, f"go-{model.slug}") for model in self.line(kind)),
                ],
            )
            for kind, about in KINDS.items()
        ]

    def line(self, kind: str) -> list[Model]:
        """The models of a kind."""
        return [model for model in self.models if model.kind == kind]


def build_world(split: str, seed: int) -> World:
    """World `seed` of a split: a line of each kind, some stores, some old devices."""
    check_split(split)
    random = generator("devices", split, seed)
    taken: set[str] = set()

    def named(firsts: Sequence[str], lasts: Sequence[str], joint: str = " ") -> str:
        return own_name(lambda: f"{one_of(random, firsts)}{joint}{one_of(random, lasts)}", split, taken)

    lines = {kind: named(names.LINE_STARTS, names.LINE_ENDS, "") for kind in KINDS}
    stores = tuple(_store(random, named(names.STREET_STARTS, names.STREET_ENDS)) for _ in range(STORES))
    models = tuple(model for kind, line in lines.items() for model in _line(random, kind, line, stores))
    old = tuple(
        OldDevice(f"{lines[kind]} {number}", kind, int(random.integers(12, 90)) * 10)
        for kind in ("phones", "tablets", "laptops")
        for number in sorted(int(n) for n in random.choice(range(2, 8), 2, replace=False))
    )
    kinds = ["phones", *(str(kind) for kind in random.permutation(list(KINDS)[1:])[:3])]
    shown = tuple(one_of(random, [model for model in models if model.kind == kind]).slug for kind in kinds)
    different = {models[int(index)].price: models[int(index)].slug for index in random.permutation(len(models))}
    person = named(names.GIVEN, names.FAMILY)
    return World(
        lines=lines,
        models=models,
        stores=stores,
        old=old,
        shown=shown,
        saved=tuple(different.values())[:SAVED],
        email=f"{person.replace(' ', '.').casefold()}@post.example",
    )


def _store(random: np.random.Generator, name: str) -> Store:
    opens = [int(random.integers(8, 11)) for _ in DAYS]
    closes = [int(hour) for hour in (random.integers(19, 22), random.integers(17, 20), random.integers(14, 17))]
    halves = [int(half) * 30 for half in random.integers(0, 2, len(DAYS))]
    hours = tuple(
        (datetime.time(first), datetime.time(last, half))
        for first, last, half in zip(opens, closes, halves, strict=True)
    )
    return Store(name, int(random.integers(1, 90)), hours)


def _line(random: np.random.Generator, kind: str, line: str, stores: tuple[Store, ...]) -> list[Model]:
    """The models of a line; no two have the same price or the same number for a fact."""
    about = KINDS[kind]
    tiers = [str(tier) for tier in random.choice(names.TIERS, PER_LINE, replace=False)]
    facts = {
        fact: [int(value) for value in random.choice(values, PER_LINE, replace=False)]
        for fact, values in about.specs.items()
    }
    low, high = about.prices
    prices = [int(price) * 10 - 1 for price in random.choice(range(low // 10 + 1, high // 10 + 2), PER_LINE, False)]
    taglines = [str(text) for text in random.choice(names.TAGLINES, PER_LINE, replace=False)]
    chips = [str(chip) for chip in random.choice(names.CHIPS, PER_LINE, replace=False)]
    return [
        _model(
            random,
            kind,
            f"{line} {tiers[i]}",
            taglines[i],
            chips[i],
            {f: v[i] for f, v in facts.items()},
            prices[i],
            stores,
        )
        for i in range(PER_LINE)
    ]


def _model(
    random: np.random.Generator,
    kind: str,
    name: str,
    tagline: str,
    chip: str,
    specs: dict[str, int],
    price: int,
    stores: tuple[Store, ...],
) -> Model:
    about = KINDS[kind]
    step = max(price // 100, 2) * 10
    pair = one_of(random, about.sizes)
    sizes = pair if random.random() < 0.6 else pair[:1]
    finishes = [
        str(colour) for colour in random.choice(list(names.FINISHES), int(random.integers(2, 7)), replace=False)
    ]
    steps = sorted(int(n) for n in random.choice(range(1, 6), len(about.storages) - 1, replace=False))
    storages = tuple(Choice(label, step * by) for label, by in zip(about.storages, (0, *steps), strict=True))
    years = about.care + 10 * int(random.integers(0, 5))
    today = int(random.integers(STORES))
    second = int(random.integers(STORES)) if random.random() < 0.4 else today
    return Model(
        kind=kind,
        name=name,
        tagline=tagline,
        chip=chip,
        specs=specs,
        price=price,
        sizes=tuple(Choice(label, adds) for label, adds in zip(sizes, (0, step + 30), strict=False)),
        finishes=tuple(finishes),
        storages=storages,
        care=(Choice("No care plan", 0), Choice("Care 2 years", years), Choice("Care 3 years", years + about.care)),
        sold_out=_sold_out(random, len(finishes), len(storages)),
        cable=one_of(random, (0.8, 1.2, 1.5, 1.8, 2.5)),
        charger=int(random.integers(2, 14)) * 5,
        standard=int(random.integers(2, 9)),
        express=int(random.integers(5, 20)),
        stock={
            store.slug: "today" if place in (today, second) else one_of(random, ("days", "none"))
            for place, store in enumerate(stores)
        },
    )


def _sold_out(random: np.random.Generator, finishes: int, storages: int) -> frozenset[tuple[int, int]]:
    """One storage of about half of the finishes, never the same finish twice."""
    return frozenset((finish, int(random.integers(storages))) for finish in range(finishes) if random.random() < 0.45)
