"""What the invented web is about: people, films, bands, companies, clubs, towns, mountains and events, all related."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from webvoyager_gym.sites.kit import TODAY, Day, Expected, Name, Number
from webvoyager_gym.sites.kit.changes import one_of
from webvoyager_gym.sites.kit.days import day_text
from webvoyager_gym.sites.search.names import kin, slug

COUNTS = {
    "town": 6, "person": 16, "film": 8, "band": 4, "company": 5, "club": 4, "mountain": 4, "event": 4,
}  # fmt: skip
JOBS = {"film": "Film director", "band": "Singer", "company": "Business founder", "club": "Football coach"}
CALLED = {"person": "Person", "film": "Film", "band": "Band", "company": "Company", "club": "Football club",
           "town": "Town", "mountain": "Mountain", "event": "Yearly event"}  # fmt: skip
"""What each kind is called on the pages."""

CHIEF = {
    "film": "Length", "band": "Albums", "company": "Employees", "club": "Seats", "town": "Population",
    "mountain": "Height",
}  # fmt: skip
"""The number by which things of a kind are compared; search results quote it."""

TRIVIA = {
    "town": (("bridges", "How many bridges does {} have?", "{} has {} bridges."),
             ("museums", "How many museums are there in {}?", "There are {1} museums in {0}.")),
    "person": (("languages", "How many languages does {} speak?", "{} speaks {} languages."),
               ("prizes", "How many prizes has {} won?", "{} has won {} prizes.")),
    "film": (("weeks", "For how many weeks was {} in cinemas?", "{} was in cinemas for {} weeks."),
             ("awards", "How many awards did {} win?", "{} won {} awards.")),
    "band": (("songs", "How many songs has {} recorded?", "{} has recorded {} songs."),
             ("members", "How many members does {} have?", "{} has {} members.")),
    "company": (("shops", "How many shops does {} run?", "{} runs {} shops."),
                ("countries", "In how many countries does {} sell?", "{} sells in {} countries.")),
    "club": (("cups", "How many cups has {} won?", "{} has won {} cups."),
             ("teams", "How many youth teams does {} have?", "{} has {} youth teams.")),
    "mountain": (("huts", "How many huts are there on {}?", "There are {1} huts on {0}."),
                 ("trails", "How many trails lead up {}?", "{1} trails lead up {0}.")),
    "event": (("stages", "How many stages does {} have?", "{} has {} stages."),
              ("helpers", "How many helpers does {} need?", "{} needs {} helpers.")),
}  # fmt: skip
"""What people also ask about things of each kind: a key, the question and its answer."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known of a thing; `to` is the key of the thing that it leads to, "" where it leads nowhere."""

    label: str
    value: str
    answer: Expected
    to: str = ""


@dataclass(frozen=True, slots=True)
class Trivia:
    """A question that people also ask, and its answer in a sentence."""

    key: str
    question: str
    answer: str
    number: int


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that people search for.

    Attributes:
        panel: whether a search for it shows a panel with facts beside the results.
        hue: of the drawings of it, degrees.
    """

    key: str
    name: str
    kind: str
    facts: tuple[Fact, ...]
    trivia: tuple[Trivia, ...]
    panel: bool
    hue: int

    @property
    def what(self) -> str:
        """What kind of thing it is, in words."""
        return CALLED[self.kind]

    def fact(self, label: str) -> Fact:
        """The fact of that label."""
        return next(fact for fact in self.facts if fact.label == label)

    @property
    def panel_facts(self) -> tuple[Fact, ...]:
        """What the panel beside the results says."""
        return self.facts[1:4]


def build_things(random: np.random.Generator, split: str) -> tuple[Thing, ...]:
    """All things of a world."""
    taken: set[str] = set()
    names = {kind: kin(random, kind, split, taken, count) for kind, count in COUNTS.items()}
    draw = _Draw(random, names)
    things = []
    for kind in COUNTS:
        for number, name in enumerate(names[kind]):
            facts = draw.facts(kind, number)
            trivia = tuple(
                Trivia(key, question.format(name), answer.format(name, count), count)
                for key, question, answer in TRIVIA[kind]
                for count in [int(random.integers(3, 48))]
            )
            hue = int(random.integers(360))
            things.append(Thing(slug(name), name, kind, facts, trivia, bool(random.random() < 0.6), hue))
    return tuple(things)


class _Draw:
    """Draws the facts of things, which lead to each other."""

    def __init__(self, random: np.random.Generator, names: dict[str, list[str]]) -> None:
        self.random = random
        self.names = names
        self.jobs = [job for job in JOBS.values() for _ in range(COUNTS["person"] // len(JOBS))]

    def facts(self, kind: str, number: int) -> tuple[Fact, ...]:
        maker = {
            "town": self.town, "person": self.person, "film": self.film, "band": self.band, "company": self.company,
            "club": self.club, "mountain": self.mountain, "event": self.event,
        }[kind]  # fmt: skip
        return maker(number)

    def number(self, label: str, low: int, high: int, unit: str = "") -> Fact:
        value = int(self.random.integers(low, high))
        return Fact(label, f"{value:,} {unit}".strip(), Number(value, unit))

    def year(self, label: str, low: int, high: int) -> Fact:
        value = int(self.random.integers(low, high))
        return Fact(label, str(value), Number(value))

    def leads(self, label: str, kind: str, name: str) -> Fact:
        return Fact(label, name, Name(name, tuple(n for n in self.names[kind] if n != name)), slug(name))

    def place(self, label: str) -> Fact:
        return self.leads(label, "town", one_of(self.random, self.names["town"]))

    def someone(self, label: str, job: str) -> Fact:
        able = [name for name, own in zip(self.names["person"], self.jobs, strict=True) if own == job]
        return self.leads(label, "person", one_of(self.random, able))

    def town(self, _: int) -> tuple[Fact, ...]:
        mayor = self.leads("Mayor", "person", one_of(self.random, self.names["person"]))
        area = self.number("Area", 14, 240, "square kilometres")
        return (self.number("Population", 4_200, 98_000), mayor, area, self.year("Founded", 980, 1790))

    def person(self, number: int) -> tuple[Fact, ...]:
        born = datetime.date(1938, 1, 1) + datetime.timedelta(days=int(self.random.integers(21_000)))
        job = Fact("Known as", self.jobs[number], Name(self.jobs[number]))
        date = Fact("Born", day_text(born), Day(born))
        return (job, date, self.place("Birthplace"), self.number("Height", 152, 199, "cm"))

    def film(self, _: int) -> tuple[Fact, ...]:
        length = self.number("Length", 81, 176, "minutes")
        year = self.year("Released", 1971, 2025)
        return (length, self.someone("Director", JOBS["film"]), year, self.place("Filmed in"))

    def band(self, _: int) -> tuple[Fact, ...]:
        formed = self.year("Formed", 1966, 2019)
        return (self.number("Albums", 3, 29), self.someone("Singer", JOBS["band"]), formed, self.place("Home town"))

    def company(self, _: int) -> tuple[Fact, ...]:
        founded, founder = self.year("Founded", 1889, 2016), self.someone("Founder", JOBS["company"])
        return (self.number("Employees", 130, 18_000), founder, founded, self.place("Head office"))

    def club(self, _: int) -> tuple[Fact, ...]:
        founded, coach = self.year("Founded", 1878, 1969), self.someone("Coach", JOBS["club"])
        return (self.number("Seats", 3_100, 61_000), coach, founded, self.place("Town"))

    def mountain(self, _: int) -> tuple[Fact, ...]:
        climbed = self.year("First climbed", 1786, 1934)
        return (self.number("Height", 1_240, 5_900, "m"), climbed, self.place("Nearest town"))

    def event(self, _: int) -> tuple[Fact, ...]:
        start = TODAY + datetime.timedelta(days=int(self.random.integers(20, 280)))
        price = int(self.random.integers(12, 190))
        ticket = Fact("Ticket", f"${price}", Number(price, "$"))
        return (
            ticket,
            Fact("Starts", day_text(start), Day(start)),
            self.year("First held", 1951, 2018),
            self.place("Town"),
        )
