"""What is taught: courses, instructors and specialisations, from a seed alone."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from webvoyager_gym.sites.courses import names
from webvoyager_gym.sites.kit import TODAY, generator, one_of, own_name, slug_of

PER_SUBJECT = (5, 5, 4, 4, 4)


@dataclass(frozen=True, slots=True)
class Module:
    """A part of a course, taught in the weeks from `week` on; `video` and `reading` in minutes."""

    title: str
    week: int
    video: int
    reading: int


@dataclass(frozen=True, slots=True)
class Session:
    """A run of a course that one can join unless it is full."""

    start: datetime.date
    full: bool

    @property
    def key(self) -> str:
        return self.start.isoformat()


@dataclass(frozen=True, slots=True)
class Course:
    """A course.

    Attributes:
        rating: mean stars in tenths.
        quiz: for each question of the practice quiz its three answers.
    """

    title: str
    subject: str
    school: str
    teacher: str
    level: str
    weeks: int
    hours: int
    rating: int
    learners: int
    blurb: str
    modules: tuple[Module, ...]
    sessions: tuple[Session, ...]
    quiz: tuple[tuple[str, str, str], ...]

    @property
    def slug(self) -> str:
        return slug_of(self.title)

    @property
    def href(self) -> str:
        return f"/course/{self.slug}"

    @property
    def next_session(self) -> Session:
        """The first session that is not full."""
        return next(session for session in self.sessions if not session.full)


@dataclass(frozen=True, slots=True)
class Path:
    """A specialisation: several courses of a subject in their order."""

    title: str
    courses: tuple[Course, ...]

    @property
    def href(self) -> str:
        return f"/path/{slug_of(self.title)}"


@dataclass(frozen=True)
class World:
    """One catalogue; `user` and `password` are the visitor's account."""

    courses: tuple[Course, ...]
    paths: tuple[Path, ...]
    user: str
    password: str

    @cached_property
    def by_slug(self) -> dict[str, Course]:
        return {course.slug: course for course in self.courses}

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        return tuple(sorted({course.subject for course in self.courses}))

    @cached_property
    def teachers(self) -> dict[str, str]:
        """Instructors by their part of an address."""
        return {slug_of(course.teacher): course.teacher for course in self.courses}


def day_text(day: datetime.date) -> str:
    """A date as the site writes it: "Mon, 9 March 2026"."""
    return f"{day:%a}, {day.day} {day:%B %Y}"


def build_world(split: str, seed: int) -> World:
    """The catalogue of a split and seed; equal arguments give equal worlds, and no name is in two splits."""
    random = generator("courses", split, seed)
    taken: set[str] = set()

    def titled(*parts: Sequence[str]) -> str:
        return own_name(lambda: " ".join(one_of(random, part) for part in parts), split, taken)

    people = [titled(names.FIRST, names.LAST) for _ in range(9)]
    towns = [
        own_name(lambda: one_of(random, names.TOWN_FIRST) + one_of(random, names.TOWN_LAST), split, taken)
        for _ in range(4)
    ]
    schools = [f"{town} {one_of(random, names.SCHOOLS)}" for town in towns]
    subjects = [list(names.SUBJECTS)[i] for i in random.permutation(len(names.SUBJECTS))[: len(PER_SUBJECT)]]
    made: list[Course] = []
    learners: set[int] = set()
    for subject, count in zip(subjects, PER_SUBJECT, strict=True):
        for _ in range(count):
            title = titled(names.STYLES, (subject,), names.ENDINGS)
            made.append(_course(random, title, subject, one_of(random, schools), one_of(random, people[1:]), learners))
    paths = []
    for subject in subjects[:4]:
        pool = [course for course in made if course.subject == subject]
        chosen = [pool[i] for i in random.permutation(len(pool))[: int(random.integers(3, 5))]]
        paths.append(Path(titled(names.STYLES, (subject,), names.SERIES), tuple(chosen)))
    return World(
        courses=tuple(made[i] for i in random.permutation(len(made))),
        paths=tuple(paths),
        user=people[0].replace(" ", "").lower(),
        password=f"{one_of(random, names.PASSWORD_FIRST)}-{one_of(random, names.PASSWORD_LAST)}",
    )


def _course(
    random: np.random.Generator, title: str, subject: str, school: str, teacher: str, learners: set[int]
) -> Course:
    topics = [names.SUBJECTS[subject][i] for i in random.permutation(6)]
    modules, week = [], 1
    for topic in topics[: int(random.integers(3, 6))]:
        video, reading = (int(random.integers(low, high)) * 5 for low, high in ((3, 26), (2, 20)))
        modules.append(Module(topic, week, video, reading))
        week += int(random.integers(1, 4))
    while (count := int(np.exp(random.uniform(np.log(200), np.log(90_000))))) in learners:
        continue
    learners.add(count)
    first = TODAY + datetime.timedelta(days=int(random.integers(1, 5)) * 7)
    gap = int(random.integers(2, 5))
    full = int(random.integers(3)) if random.random() < 0.6 else -1
    return Course(
        title=title,
        subject=subject,
        school=school,
        teacher=teacher,
        level=one_of(random, names.LEVELS),
        weeks=week - 1,
        hours=int(random.integers(6, 60)),
        rating=int(np.clip(round(random.normal(43, 4)), 31, 49)),
        learners=count,
        blurb=one_of(random, names.BLURBS),
        modules=tuple(modules),
        sessions=tuple(Session(first + datetime.timedelta(weeks=gap * index), index == full) for index in range(3)),
        quiz=tuple(
            (topics[i], topics[j], topics[k]) for i, j, k in (random.permutation(6)[:3] for _ in names.QUESTIONS)
        ),
    )
