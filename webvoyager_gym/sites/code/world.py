"""What the code host holds: people, repositories, issues and releases, from a seed alone."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from webvoyager_gym.sites.code import names
from webvoyager_gym.sites.code.files import Tree, build_tree
from webvoyager_gym.sites.kit import TODAY, generator, one_of, own_name

PER_KIND = (5, 4, 4, 4, 3, 3)
"""Repositories of each kind in a world; three more are forks of some of them."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote under an issue."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as it was before the visitor came; `assignee` is "" for none."""

    number: int
    title: str
    author: str
    opened: datetime.date
    open: bool
    labels: tuple[str, ...]
    assignee: str
    comments: tuple[Comment, ...]


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of a release; `size` in tenths of a megabyte."""

    name: str
    platform: str
    size: int


@dataclass(frozen=True, slots=True)
class Release:
    """A released version, such as "v2.1.0"."""

    tag: str
    day: datetime.date
    trial: bool
    notes: str
    assets: tuple[Asset, ...]


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository.

    Attributes:
        parent: key of the repository it is a fork of, or "".
        releases: newest first.
        issues: newest first.
        contributors: (person, commits) in alphabetical order; pages show the commits as bars only.
    """

    owner: str
    name: str
    kind: str
    description: str
    language: str
    stars: int
    forks: int
    updated: datetime.date
    licence: str
    parent: str
    tree: Tree
    issues: tuple[Issue, ...]
    releases: tuple[Release, ...]
    contributors: tuple[tuple[str, int], ...]

    @property
    def key(self) -> str:
        """Its full name, "owner/name"."""
        return f"{self.owner}/{self.name}"

    @property
    def href(self) -> str:
        return f"/r/{self.owner}/{self.name}"

    @property
    def topic(self) -> str:
        return names.KINDS[self.kind]

    @property
    def latest(self) -> Release:
        """The newest release that is no pre-release."""
        return next(release for release in self.releases if not release.trial)

    def issue(self, number: int) -> Issue | None:
        return next((issue for issue in self.issues if issue.number == number), None)


@dataclass(frozen=True)
class World:
    """One code host.

    Attributes:
        repositories: forks last.
        user, password: the visitor's account; `groups` are the organisations it may fork into.
        colours: language to the name of its dot's colour.
    """

    repositories: tuple[Repository, ...]
    user: str
    password: str
    groups: tuple[str, ...]
    colours: dict[str, str]

    @cached_property
    def by_key(self) -> dict[str, Repository]:
        return {repository.key: repository for repository in self.repositories}

    @property
    def sources(self) -> tuple[Repository, ...]:
        """The repositories that are no forks."""
        return tuple(repository for repository in self.repositories if not repository.parent)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(repository.kind for repository in self.sources))


def day_text(day: datetime.date) -> str:
    """A date as the site writes it: "5 Mar 2026"."""
    return f"{day.day} {day:%b %Y}"


def size_text(tenths: int) -> str:
    """A size as the site writes it: "12.4 MB"."""
    return f"{tenths / 10:.1f} MB"


def build_world(split: str, seed: int) -> World:
    """The code host of a split and seed; equal arguments give equal worlds, and no name is in two splits."""
    random = generator("code", split, seed)
    taken: set[str] = set()

    def named(*parts: Sequence[str], joint: str = "-") -> str:
        return own_name(lambda: joint.join(one_of(random, part) for part in parts), split, taken)

    people = [named(names.FIRST, names.LAST) for _ in range(14)]
    owners = [named(names.OWNER_FIRST, names.OWNER_LAST, joint="") for _ in range(6)]
    user = people[0]
    dots = [list(names.COLOURS)[i] for i in random.permutation(len(names.COLOURS))]
    build = _Builder(random, people, owners, set())
    kinds = [list(names.KINDS)[i] for i in random.permutation(len(names.KINDS))[: len(PER_KIND)]]
    made = [
        build.repository(named(names.REPO_FIRST, [kind]), kind, kinds, own=index == 0)
        for kind, count in zip(kinds, PER_KIND, strict=True)
        for index in range(count)
    ]
    sources = [made[i] for i in random.permutation(len(made))]
    forks = [build.repository(source.name, source.kind, kinds, source) for source in sources[:3]]
    return World(
        repositories=(*sources, *forks),
        user=user,
        password=f"{one_of(random, names.PASSWORD_FIRST)}-{one_of(random, names.PASSWORD_LAST)}",
        groups=tuple(owners[:2]),
        colours=dict(zip(names.LANGUAGES, dots, strict=True)),
    )


@dataclass
class _Builder:
    """Makes repositories for one world; the first of `people` is the visitor, `stars` are the counts that are taken."""

    random: np.random.Generator
    people: list[str]
    owners: list[str]
    stars: set[int]

    def repository(
        self, name: str, kind: str, kinds: list[str], parent: Repository | None = None, own: bool = False
    ) -> Repository:
        random = self.random
        owner = parent.owner if parent else ""
        while parent and owner == parent.owner:
            owner = one_of(random, (*self.owners, *self.people[1:]))
        owner = owner or one_of(random, self.owners)
        stars = self._fresh(lambda: int(np.exp(random.uniform(np.log(12), np.log(300 if parent else 32_000)))))
        other = one_of(random, [noun for noun in kinds if noun != kind])
        extra = f" {one_of(random, names.EXTRAS).format(other)}" if random.random() < 0.35 else ""
        description = f"{one_of(random, names.MANNERS)} {kind} for {one_of(random, names.TARGETS)}{extra}"
        team = [self.people[i] for i in random.permutation(len(self.people))[: int(random.integers(4, 6))]]
        if own and self.people[0] not in team:
            team[0] = self.people[0]
        language = parent.language if parent else one_of(random, tuple(names.LANGUAGES))
        return Repository(
            owner=owner,
            name=name,
            kind=kind,
            description=parent.description if parent else description,
            language=language,
            stars=stars,
            forks=int(stars * random.uniform(0.05, 0.3)) + 1,
            updated=TODAY - datetime.timedelta(days=int(np.exp(random.uniform(0, np.log(700))))),
            licence=one_of(random, names.LICENCES),
            parent=parent.key if parent else "",
            tree=build_tree(random, names.LANGUAGES[language]),
            issues=self._issues(team),
            releases=self._releases(name),
            contributors=self._commits(team),
        )

    def _fresh(self, draw: Callable[[], int]) -> int:
        while (number := draw()) in self.stars:
            continue
        self.stars.add(number)
        return number

    def _commits(self, team: list[str]) -> tuple[tuple[str, int], ...]:
        shares = [100, *(int(share) for share in self.random.integers(8, 78, len(team) - 1))]
        return tuple(sorted(zip((team[i] for i in self.random.permutation(len(team))), shares, strict=True)))

    def _issues(self, team: list[str]) -> tuple[Issue, ...]:
        random = self.random
        pairs = [(trouble, case) for trouble in names.TROUBLES for case in names.CASES]
        count = int(random.integers(8, 14))
        number = int(random.integers(12, 400))
        day = TODAY - datetime.timedelta(days=int(random.integers(1, 9)))
        issues = []
        for index in random.permutation(len(pairs))[:count]:
            labels = {names.LABELS[int(i)] for i in random.integers(0, len(names.LABELS), int(random.integers(0, 3)))}
            remarks = random.permutation(len(names.REMARKS))[: int(random.integers(0, 4))]
            issues.append(
                Issue(
                    number=number,
                    title=" ".join(pairs[index]),
                    author=one_of(random, self.people[1:]),
                    opened=day,
                    open=bool(random.random() < 0.65),
                    labels=tuple(label for label in names.LABELS if label in labels),
                    assignee=one_of(random, ("", *team)),
                    comments=tuple(Comment(one_of(random, self.people[1:]), names.REMARKS[int(i)]) for i in remarks),
                )
            )
            number -= int(random.integers(1, 4))
            day -= datetime.timedelta(days=int(random.integers(1, 40)))
            if number < 1:
                break
        return tuple(issues)

    def _releases(self, name: str) -> tuple[Release, ...]:
        random = self.random
        major, minor, patch = int(random.integers(1, 6)), int(random.integers(2, 9)), int(random.integers(0, 5))
        day = TODAY - datetime.timedelta(days=int(random.integers(3, 200)))
        releases = []
        for index in range(int(random.integers(3, 5))):
            likely = {"linux": 1.0, "macos": 0.7, "windows": 0.6}
            platforms = [platform for platform, chance in likely.items() if random.random() < chance]
            assets = tuple(
                Asset(f"{name}-{platform}.zip", platform, int(random.integers(12, 900)))
                for platform in (*platforms, "source")
            )
            trial = index == 0 and bool(random.random() < 0.4)
            releases.append(Release(f"v{major}.{minor}.{patch}", day, trial, one_of(random, names.NOTES), assets))
            day -= datetime.timedelta(days=int(random.integers(9, 150)))
            if patch and random.random() < 0.6:
                patch -= 1
            elif minor:
                minor, patch = minor - 1, int(random.integers(0, 5))
            else:
                major, minor = max(major - 1, 0), int(random.integers(2, 9))
        return tuple(releases)
