"""What the site is about: articles and rankings, the live ticker, the weather, and what the reader has at the start."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from webvoyager_gym.sites.kit import TODAY, generator, one_of, own_name, slug_of
from webvoyager_gym.sites.kit.world import check_split
from webvoyager_gym.sites.news import words

DAYS = tuple((TODAY + datetime.timedelta(days=n)).strftime("%A") for n in range(5))
"""The days of the weather forecast."""
RANKINGS = {"read": "Most read", "shared": "Most shared"}
SPANS = {"today": "Today", "week": "This week"}
RANKED = 8
"""How many articles a ranking lists."""
SECTION_OF = {part: section for section, parts in words.SECTIONS.items() for part in parts}


PLACES = {slug_of(name): name for name in (*words.SECTIONS, *SECTION_OF)}
"""Sections and their parts by slug."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who is quoted."""

    name: str
    role: str
    quote: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What a reader wrote under an article, and how many liked it."""

    author: str
    text: str
    likes: int


@dataclass(frozen=True, slots=True)
class Article:
    """An article.

    Attributes:
        id: the headline as a slug.
        part: the part of a section that it stands in.
        published: its day; no two articles of a section share one.
        cost, more: millions of crowns, and how much more than planned.
        start: the day on which the work begins.
        asked, favour: people asked, and those in favour.
        order: in which the paragraphs stand.
    """

    id: str
    headline: str
    place: str
    thing: str
    deed: str
    part: str
    author: str
    published: datetime.date
    cost: float
    more: float
    start: datetime.date
    asked: int
    favour: int
    speakers: tuple[Speaker, Speaker]
    background: tuple[str, str]
    order: tuple[int, ...]
    comments: tuple[Comment, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text."""
        first, second = self.speakers
        parts = (
            f"The whole thing will cost {self.cost:g} million crowns, {self.more:g} million more than was planned. "
            f"{self.background[0]}",
            f"Work is to begin on {day(self.start)} and will take most of a year.",
            f"In a survey {self.asked} people were asked, and {self.favour} of them were in favour. "
            f"{self.background[1]}",
            f"“{first.quote}”, said {first.name}, who is {with_article(first.role)}.",
            f"“{second.quote}”, said {second.name}, who is {with_article(second.role)}.",
        )
        opening = f"The {self.thing} of {self.place} {self.deed}. It is the talk of the town this week."
        return (opening, *(parts[i] for i in self.order))


@dataclass(frozen=True, slots=True)
class Forecast:
    """The weather of one day: a key of SKIES, and the highest and lowest temperature in degrees Celsius."""

    sky: str
    high: int
    low: int


@dataclass(frozen=True)
class Paper:
    """One world of the site.

    Attributes:
        articles: newest first.
        rankings: ids of articles by (key of RANKINGS, key of SPANS).
        live: what the ticker is about, and its updates with their times, newest first.
        saved: ids of the articles on the reading list at the start.
        following: topics that the reader follows at the start.
        alerts_prompt: whether the site asks to turn alerts on.
    """

    split: str
    seed: int
    places: tuple[str, ...]
    authors: tuple[str, ...]
    articles: tuple[Article, ...]
    rankings: dict[tuple[str, str], tuple[str, ...]]
    live: tuple[str, tuple[tuple[datetime.time, str], ...]]
    weather: dict[str, tuple[Forecast, ...]]
    saved: tuple[str, ...]
    following: tuple[str, ...]
    alerts_prompt: bool

    @cached_property
    def by_id(self) -> dict[str, Article]:
        return {article.id: article for article in self.articles}

    @cached_property
    def topics(self) -> dict[str, str]:
        """Topics by slug: places and parts of sections."""
        return {slug_of(name): name for name in (*self.places, *SECTION_OF)}

    def of(self, place: str) -> tuple[Article, ...]:
        """The articles of a section or of a part of one."""
        return tuple(article for article in self.articles if place in (article.part, SECTION_OF[article.part]))

    def about(self, topic: str) -> tuple[Article, ...]:
        """The articles on a topic."""
        return tuple(article for article in self.articles if topic in (article.place, article.part))


def day(date: datetime.date) -> str:
    """A date as pages write it."""
    return f"{date.day} {date:%B %Y}"


def with_article(role: str) -> str:
    """A role with its article."""
    return f"{'an' if role[0] in 'aeiou' else 'a'} {role}"


def build_paper(split: str, seed: int) -> Paper:
    """World `seed` of a split: fifteen parts of sections with three articles each."""
    check_split(split)
    random = generator("news", split, seed)
    taken: set[str] = set()
    places = tuple(
        sorted(
            own_name(lambda: one_of(random, words.PLACE_STARTS) + one_of(random, words.PLACE_ENDS), split, taken)
            for _ in range(6)
        )
    )
    people = [
        own_name(lambda: f"{one_of(random, words.GIVEN)} {one_of(random, words.FAMILY)}", split, taken)
        for _ in range(34)
    ]
    authors, others = tuple(sorted(people[:8])), people[8:]
    articles = _articles(random, places, authors, others)
    ids = [article.id for article in articles]
    rankings = {
        (by, span): tuple(str(i) for i in random.choice(ids, RANKED, replace=False))
        for by in RANKINGS
        for span in SPANS
    }
    minutes = sorted((int(m) for m in random.choice(range(7 * 60, 20 * 60), 12, replace=False)), reverse=True)
    updates = random.permutation(words.UPDATES)[:12]
    # A topic is followed from an article on it, so it needs one.
    topics = sorted({topic for article in articles for topic in (article.place, article.part)})
    return Paper(
        split,
        seed,
        places,
        authors,
        articles,
        rankings,
        live=(
            f"Storm over {one_of(random, places)}",
            tuple((datetime.time(m // 60, m % 60), str(text)) for m, text in zip(minutes, updates, strict=True)),
        ),
        weather={place: _forecast(random) for place in places},
        saved=tuple(str(i) for i in random.choice(ids, 3, replace=False)),
        following=tuple(str(topic) for topic in random.choice(topics, 3, replace=False)),
        alerts_prompt=bool(random.random() < 0.35),
    )


def _forecast(random: np.random.Generator) -> tuple[Forecast, ...]:
    """Five days, each with a highest temperature of its own; snow only where it is cold."""
    highs = [int(t) for t in random.choice(range(17), len(DAYS), replace=False)]
    skies = [one_of(random, [sky for sky in words.SKIES if sky != "snow" or high < 6]) for high in highs]
    return tuple(Forecast(sky, high, high - int(random.integers(2, 9))) for sky, high in zip(skies, highs, strict=True))


def _articles(
    random: np.random.Generator, places: tuple[str, ...], authors: tuple[str, ...], people: list[str]
) -> tuple[Article, ...]:
    articles: list[Article] = []
    headlines: set[str] = set()
    for parts in words.SECTIONS.values():
        offsets = [int(n) for n in random.choice(range(1, 45), 3 * len(parts), replace=False)]
        for part, things in parts.items():
            for _ in range(3):
                headline = ""
                while not headline or headline in headlines:
                    place, thing, deed = one_of(random, places), one_of(random, things), one_of(random, words.DEEDS)
                    headline = f"{place} {thing} {deed}"
                headlines.add(headline)
                published = TODAY - datetime.timedelta(days=offsets.pop())
                drawn = [people[int(i)] for i in random.choice(len(people), 5, replace=False)]
                roles = [str(role) for role in random.choice(words.ROLES, 2, replace=False)]
                quotes = [str(quote) for quote in random.choice(words.QUOTES, 2, replace=False)]
                opinions = [str(text) for text in random.choice(words.OPINIONS, 3, replace=False)]
                background = [str(text) for text in random.choice(words.BACKGROUND, 2, replace=False)]
                likes = [int(n) for n in random.choice(range(1, 90), 3, replace=False)]
                cost, asked = int(random.integers(12, 99)), int(random.integers(200, 2000))
                articles.append(
                    Article(
                        id=slug_of(headline),
                        headline=headline,
                        place=place,
                        thing=thing,
                        deed=deed,
                        part=part,
                        author=one_of(random, authors),
                        published=published,
                        cost=cost / 10,
                        more=int(random.integers(1, cost)) / 10,
                        start=TODAY + datetime.timedelta(days=int(random.integers(20, 300))),
                        asked=asked,
                        favour=int(random.integers(asked // 10, asked)),
                        speakers=(Speaker(drawn[0], roles[0], quotes[0]), Speaker(drawn[1], roles[1], quotes[1])),
                        background=(background[0], background[1]),
                        order=tuple(int(i) for i in random.permutation(5)),
                        comments=tuple(
                            Comment(name, text, count)
                            for name, text, count in zip(drawn[2:], opinions, likes, strict=True)
                        ),
                    )
                )
    return tuple(sorted(articles, key=lambda article: (article.published, article.headline), reverse=True))
