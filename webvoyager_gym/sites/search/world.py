"""One world of the search engine: the web that it has read, and what it keeps for its user at the start."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from webvoyager_gym.sites.kit import generator, own_name
from webvoyager_gym.sites.kit.changes import one_of
from webvoyager_gym.sites.kit.world import check_split
from webvoyager_gym.sites.search import names
from webvoyager_gym.sites.search.index import Index
from webvoyager_gym.sites.search.names import kin
from webvoyager_gym.sites.search.things import Thing, build_things
from webvoyager_gym.sites.search.web import (
    Page,
    Picture,
    Publisher,
    build_pages,
    build_pictures,
    build_publishers,
    draw_phrases,
)

SKIES = ("sun", "cloud", "rain", "snow", "storm")
TALES = 6
"""Pages with a phrase of their own; these are about the towns."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The weather in a town on five days from today: sky, highest and lowest temperature in degrees Celsius."""

    town: str
    days: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class World:
    """One world of the site.

    Attributes:
        phrases: each stands on one page; `unsaid` are made of the same words and stand on none.
        rates: currencies in the plural and what one is worth.
        trending: keys of things.
        asked: what the user searched for earlier, newest first, and how many days ago.
        collections: the user's collections and the keys of what is in them.
        spare: names of collections that are not taken.
        alerts: the user's search alerts and their frequency.
        following: keys of things.
    """

    split: str
    seed: int
    things: tuple[Thing, ...]
    publishers: tuple[Publisher, ...]
    pages: tuple[Page, ...]
    pictures: tuple[Picture, ...]
    phrases: tuple[str, ...]
    unsaid: tuple[str, ...]
    rates: tuple[tuple[str, float], ...]
    forecasts: tuple[Forecast, ...]
    trending: tuple[str, ...]
    asked: tuple[tuple[str, int], ...]
    collections: tuple[tuple[str, tuple[str, ...]], ...]
    spare: tuple[str, ...]
    alerts: tuple[tuple[str, str], ...]
    following: tuple[str, ...]

    @cached_property
    def index(self) -> Index:
        return Index(self.things, self.pages)

    @cached_property
    def thing(self) -> dict[str, Thing]:
        return {thing.key: thing for thing in self.things}

    @cached_property
    def page(self) -> dict[str, Page]:
        return {page.key: page for page in self.pages}

    @cached_property
    def picture(self) -> dict[str, Picture]:
        return {picture.key: picture for picture in self.pictures}

    @cached_property
    def publisher(self) -> dict[str, Publisher]:
        return {publisher.key: publisher for publisher in self.publishers}

    @cached_property
    def forecast(self) -> dict[str, Forecast]:
        return {forecast.town: forecast for forecast in self.forecasts}

    def of_kind(self, *kinds: str) -> list[Thing]:
        """The things of some kinds."""
        return [thing for thing in self.things if thing.kind in kinds]

    def of_style(self, style: str) -> Publisher:
        """The first publisher of a style."""
        return next(publisher for publisher in self.publishers if publisher.style == style)

    def pages_about(self, thing: Thing, style: str) -> list[Page]:
        """The pages of a style about a thing."""
        return [page for page in self.pages if page.thing == thing.key and page.style == style]

    def reference(self, thing: Thing) -> Page:
        """The page of the reference work about a thing."""
        return self.pages_about(thing, "reference")[0]


def build_world(split: str, seed: int) -> World:
    """World `seed` of a split: some fifty things and some two hundred pages about them."""
    check_split(split)
    random = generator("search", split, seed)
    things = build_things(random, split)
    publishers = build_publishers(random, split)
    people = {thing.name for thing in things if thing.kind == "person"}
    photographers = kin(random, "person", split, people, 10)
    phrases = draw_phrases(random, split, TALES + 3)
    pages = build_pages(random, things, publishers, phrases[:TALES])
    saved = [str(key) for key in random.permutation([page.key for page in pages if page.style == "news"])]
    titles: set[str] = set()
    collections = [
        own_name(lambda: " ".join(one_of(random, w) for w in names.COLLECTIONS), split, titles) for _ in "abcde"
    ]
    known = [things[int(i)] for i in random.permutation(len(things))]
    return World(
        split,
        seed,
        things,
        publishers,
        pages,
        build_pictures(random, things, photographers),
        phrases[:TALES],
        phrases[TALES:],
        _rates(random, split),
        tuple(_forecast(random, thing.key) for thing in things if thing.kind == "town"),
        tuple(thing.key for thing in known[:5]),
        _asked(random, known[5:9]),
        tuple((name, (saved.pop(), saved.pop())) for name in collections[:3]),
        tuple(collections[3:]),
        tuple((thing.name, one_of(random, ("Once a day", "Once a week"))) for thing in known[9:11]),
        tuple(thing.key for thing in [thing for thing in known if thing.panel][:2]),
    )


def _rates(random: np.random.Generator, split: str) -> tuple[tuple[str, float], ...]:
    taken: set[str] = set()

    def draw() -> str:
        return f"{one_of(random, names.STARTS)}{one_of(random, names.CURRENCY_ENDS)} {one_of(random, names.COINS)}"

    worth = random.permutation([0.25, 0.4, 0.8, 1.25, 1.6, 2.5, 3.2, 6.4])
    return tuple((own_name(draw, split, taken), float(worth[i])) for i in range(4))


def _forecast(random: np.random.Generator, town: str) -> Forecast:
    once, *others = (str(sky) for sky in random.permutation(SKIES))
    skies = [once, others[0], others[1], *(one_of(random, others[:2]) for _ in "ab")]
    highs = [int(high) for high in random.integers(-2, 17, 5)]
    days = [
        (skies[int(i)], high, high - int(random.integers(3, 9)))
        for i, high in zip(random.permutation(5), highs, strict=True)
    ]
    return Forecast(town, tuple(days))


def _asked(random: np.random.Generator, things: list[Thing]) -> tuple[tuple[str, int], ...]:
    """Earlier searches; the same thing was asked about twice, in other words."""
    ends = ("news", "pictures", "history", "opening times", "map", "facts")
    asked = [f"{thing.name} {ends[int(i)]}" for thing in things[:3] for i in random.permutation(len(ends))[:2]]
    order = random.permutation(len(asked))
    return tuple((asked[int(i)], number) for number, i in enumerate(order))
