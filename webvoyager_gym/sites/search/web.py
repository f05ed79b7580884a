"""The pages of the invented web: who publishes them, what they say, and the pictures and videos on them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from webvoyager_gym.sites.kit import TODAY, own_name
from webvoyager_gym.sites.kit.changes import one_of
from webvoyager_gym.sites.search import names
from webvoyager_gym.sites.search.names import slug
from webvoyager_gym.sites.search.things import CHIEF, Thing

COLOURS = {"red": "#d62c2c", "blue": "#2358d8", "yellow": "#f5c518", "green": "#1d9a4a", "black": "#24262b"}
SHAPES = ("sailing boat", "balloon", "car", "house", "umbrella", "kite")
PICTURED = ("town", "mountain", "event")
FILMED = ("film", "band", "mountain")
REPORTED = ("company", "club", "town", "event")
KEPT = ("company", "club")
"""Kinds of things with pictures, with videos, in the news, and in the publisher's data that stands behind a wall."""

NEWS = {
    "company": (("{} is hiring again", "More jobs at {}", "{} looks for staff"),
                "{} wants to hire {} people, its managers said on Thursday.", (20, 900)),
    "club": (("{} plans a new stand", "A larger ground for {}", "{} to build again"),
             "The new stand of {} will have {} seats, the board said on Tuesday.", (400, 9_000)),
    "town": (("New homes for {}", "{} wants to grow", "Builders come to {}"),
             "The council of {} agreed on {} new homes after a long evening.", (40, 2_000)),
    "event": (("{} expects a crowd", "Everyone wants to see {}", "{} gets ready"),
              "The makers of {} expect {} visitors this time.", (800, 60_000)),
}  # fmt: skip
"""What the news say of each kind: headlines, the sentence with the number, and the number's range."""

OPEN = {
    "club": ("record crowd", "{}: the record crowd", "The record crowd of {} is {:,}."),
    "company": ("largest order", "The largest order of {}", "The largest order of {} so far was for {:,} boxes."),
}
"""Numbers that the walled publisher has and another page too: what it is, that page's title and sentence."""

SECRET = {"club": ("wage bill", "transfer record"), "company": ("total debt", "advertising budget")}
"""Numbers that only the walled publisher has."""

VIDEOS = {"film": ("How {} was made", "{} trailer", "The music of {}", "{} explained"),
          "band": ("{} live on stage", "A day with {}", "{} interview", "{} in the studio"),
          "mountain": ("Climbing {} in fog", "{} from the air", "A winter on {}", "{} for beginners")}  # fmt: skip

ADVERTS = {
    "town": "Cheap rooms in {}", "person": "Books about {}", "film": "Watch {} tonight", "band": "{} tickets",
    "company": "Shares of {}", "club": "{} shirts", "mountain": "Boots for {}", "event": "Hotels near {}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Publisher:
    """Someone who publishes pages. `style` is "reference", "news", "blog", "vault", "video" or "shop"."""

    key: str
    name: str
    style: str
    hue: int

    @property
    def domain(self) -> str:
        return f"{self.key}.web"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the web.

    Attributes:
        publisher, thing: keys; the thing is what the page is about, "" if it is about none.
        snippet: what results quote of it.
        text: its paragraphs.
        number: the number that the page alone says, if it says one.
        seconds: a video's length, 0 for any other page.
    """

    key: str
    title: str
    publisher: str
    style: str
    day: datetime.date
    thing: str
    snippet: str
    text: tuple[str, ...]
    number: int = 0
    seconds: int = 0

    @property
    def href(self) -> str:
        return f"/page/{self.key}"

    @property
    def length(self) -> str:
        """A video's length as its thumbnail says it."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: something of a colour; what it shows is said nowhere."""

    key: str
    thing: str
    shape: str
    colour: str
    by: str
    seed: int


def build_publishers(random: np.random.Generator, split: str) -> tuple[Publisher, ...]:
    """The publishers of a world: one reference work, three papers, two diaries, and one of each other style."""
    taken: set[str] = set()

    def own(style: str, ends: tuple[str, ...], between: str = " ") -> Publisher:
        def draw() -> str:
            first = one_of(random, names.STARTS) + one_of(random, names.BRAND_ENDS)
            return first + between + one_of(random, ends)

        name = own_name(draw, split, taken)
        return Publisher(slug(name), name, style, int(random.integers(360)))

    return (
        own("reference", names.REFERENCE_ENDS, ""),
        *(own("news", names.PAPER_ENDS) for _ in range(3)),
        *(own("blog", names.BLOG_ENDS) for _ in range(2)),
        own("vault", names.VAULT_ENDS),
        own("video", names.CHANNEL_ENDS),
        own("shop", names.SHOP_ENDS),
    )


def build_pages(
    random: np.random.Generator, things: tuple[Thing, ...], publishers: tuple[Publisher, ...], phrases: tuple[str, ...]
) -> tuple[Page, ...]:
    """All pages, in an order that says nothing."""
    makers = _Writer(random, publishers)
    pages = [page for thing in things for page in makers.about(thing)]
    pages += [makers.tale(thing, phrase) for thing, phrase in zip(things, phrases, strict=False)]
    return tuple(pages[int(i)] for i in random.permutation(len(pages)))


def build_pictures(random: np.random.Generator, things: tuple[Thing, ...], people: list[str]) -> tuple[Picture, ...]:
    """Eight pictures of each place: three shapes in three colours, but one of these left out."""
    found = []
    for thing in (thing for thing in things if thing.kind in PICTURED):
        shapes = [str(shape) for shape in random.permutation(SHAPES)[:3]]
        colours = [str(colour) for colour in random.permutation(list(COLOURS))[:3]]
        combined = [(shape, colour) for shape in shapes for colour in colours]
        order = random.permutation(9)[:8]
        makers = random.permutation(people)[:8]
        for number, (index, by) in enumerate(zip(order, makers, strict=True)):
            shape, colour = combined[int(index)]
            key = f"{thing.key}-{number + 1}"
            found.append(Picture(key, thing.key, shape, colour, str(by), int(random.integers(10_000))))
    return tuple(found)


class _Writer:
    """Writes the pages about things."""

    def __init__(self, random: np.random.Generator, publishers: tuple[Publisher, ...]) -> None:
        self.random = random
        self.publishers = publishers

    def page(self, style: str, title: str, thing: Thing, day: datetime.date, snippet: str, *text: str, number: int = 0,
             seconds: int = 0) -> Page:  # fmt: skip
        publisher = one_of(self.random, [one for one in self.publishers if one.style == style])
        key = f"{slug(title)}-{publisher.key}"
        return Page(key, title, publisher.key, style, day, thing.key, snippet, text, number, seconds)

    def day(self, youngest: int, oldest: int) -> datetime.date:
        return TODAY - datetime.timedelta(days=int(self.random.integers(youngest, oldest)))

    def about(self, thing: Thing) -> list[Page]:
        pages = [self.reference(thing), self.advert(thing)]
        if thing.kind in REPORTED:
            pages += self.reports(thing)
        if thing.kind in KEPT:
            pages += self.numbers(thing)
        if thing.kind in FILMED:
            pages += self.videos(thing)
        return pages

    def reference(self, thing: Thing) -> Page:
        quoted = thing.fact(CHIEF[thing.kind]) if thing.kind in CHIEF else thing.facts[0]
        snippet = f"{thing.what}. {quoted.label}: {quoted.value}. Checked by two editors."
        first = f"{thing.name} is a {thing.what.lower()}. Two editors have checked the facts below."
        return self.page("reference", thing.name, thing, self.day(3, 2_000), snippet, first)

    def advert(self, thing: Thing) -> Page:
        title = ADVERTS[thing.kind].format(thing.name)
        snippet = "Great offers today. Free returns. Order now."
        return self.page("shop", title, thing, TODAY, snippet, "Sorry, this offer is over. Have a look at our others.")

    def reports(self, thing: Thing) -> list[Page]:
        titles, sentence, (low, high) = NEWS[thing.kind]
        spans = ((2, 28), (60, 330), (400, 2_400))
        order = self.random.permutation(3)
        found = []
        for title, (youngest, oldest) in zip((titles[int(i)] for i in order), spans, strict=True):
            number = int(self.random.integers(low, high))
            text = (sentence.format(thing.name, f"{number:,}"), "Our reporters will tell more as soon as they know it.")
            snippet = "What is new, and what it means for the people nearby."
            day = self.day(youngest, oldest)
            found.append(self.page("news", title.format(thing.name), thing, day, snippet, *text, number=number))
        return found

    def numbers(self, thing: Thing) -> list[Page]:
        label, title, sentence = OPEN[thing.kind]
        number = int(self.random.integers(2_000, 90_000))
        secrets = SECRET[thing.kind]
        vault = f"{thing.name}: {label}, {secrets[0]}, {secrets[1]}"
        told = f"What a time it was! We asked those who were there about the {label} of {thing.name}."
        return [
            self.page("vault", vault, thing, self.day(3, 300), f"All key figures of {thing.name}, checked every week."),
            self.page("blog", title.format(thing.name), thing, self.day(200, 1_900), told,
                      sentence.format(thing.name, number), "Nobody who saw it will forget it.", number=number),
        ]  # fmt: skip

    def videos(self, thing: Thing) -> list[Page]:
        lengths = self.random.permutation(np.arange(65, 1500))[:4]
        return [
            self.page("video", title.format(thing.name), thing, self.day(5, 1_500), f"A video about {thing.name}.",
                      "Thank you for watching. Tell your friends if you liked it.", seconds=int(seconds))
            for title, seconds in zip(VIDEOS[thing.kind], lengths, strict=True)
        ]  # fmt: skip

    def tale(self, thing: Thing, phrase: str) -> Page:
        when, mood = (
            one_of(self.random, ("morning", "evening", "Sunday", "summer")),
            one_of(self.random, names.PHRASE[1]),
        )
        title = f"A {mood} {when} in {thing.name}"
        text = (f"I came early and saw {phrase}.", "Then it rained, and I went home and wrote this down.")
        snippet = "Notes from a long walk, with rain at the end of it."
        return self.page("blog", title, thing, self.day(20, 2_200), snippet, *text)


def draw_phrases(random: np.random.Generator, split: str, count: int) -> tuple[str, ...]:
    """So many phrases of the split, such as "seven quiet herons above the old mill", all from few words."""
    taken: set[str] = set()
    few = [[str(word) for word in random.permutation(words)[:4]] for words in names.PHRASE]
    return tuple(own_name(lambda: " ".join(one_of(random, words) for words in few), split, taken) for _ in range(count))
