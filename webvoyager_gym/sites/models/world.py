"""What the hub holds: models, data sets and the visitor's collections, from a seed alone."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from webvoyager_gym.sites.kit import TODAY, generator, one_of, own_name
from webvoyager_gym.sites.models import names


@dataclass(frozen=True, slots=True)
class File:
    """A file of a model; `size` in kilobytes, `flagged` if the scanner warned, which only a picture tells."""

    name: str
    size: int
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Training:
    """How a model was trained."""

    gpus: int
    hours: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Item:
    """A model or a data set.

    Attributes:
        kind: "model" or "dataset".
        parameters: in billions.
        scores: benchmark to points, in tenths.
        months: downloads of the last six months, which pages show as bars only.
        gated: whether files are shown only after terms were accepted.
        rows: rows of a data set by split.
    """

    kind: str
    owner: str
    name: str
    family: str
    task: str
    library: str
    licence: str
    blurb: str
    downloads: int
    likes: int
    updated: datetime.date
    months: tuple[int, ...]
    threads: tuple[tuple[str, str], ...]
    size: float = 0.0
    parameters: float = 0.0
    context: int = 0
    scores: tuple[tuple[str, int], ...] = ()
    files: tuple[File, ...] = ()
    training: Training = Training(0, 0, 0)
    gated: bool = False
    rows: tuple[tuple[str, int], ...] = ()

    @property
    def key(self) -> str:
        """Its full name, "owner/name"."""
        return f"{self.owner}/{self.name}"

    @property
    def href(self) -> str:
        return f"/{self.kind}/{self.key}"

    @property
    def shards(self) -> tuple[File, ...]:
        """The files that hold the weights."""
        return tuple(file for file in self.files if file.name.endswith(".safetensors"))

    @property
    def flagged(self) -> str:
        """The name of the file that the scanner warns of, or ""."""
        return next((file.name for file in self.files if file.flagged), "")


@dataclass(frozen=True)
class World:
    """One hub.

    Attributes:
        collections: the visitor's collections, with the keys that are in them at the start.
        person: the visitor's name; `people` are others.
    """

    items: tuple[Item, ...]
    collections: dict[str, tuple[str, ...]]
    person: str
    people: tuple[str, ...]

    @cached_property
    def by_key(self) -> dict[str, Item]:
        return {item.key: item for item in self.items}

    @cached_property
    def models(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.kind == "model")

    @cached_property
    def datasets(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.kind == "dataset")

    @cached_property
    def tasks(self) -> tuple[str, ...]:
        return tuple(sorted({item.task for item in self.models}))

    def family(self, item: Item) -> tuple[Item, ...]:
        """The models of an item's family, smallest first."""
        return tuple(sorted((one for one in self.models if one.family == item.family), key=lambda one: one.parameters))

    def rival(self, item: Item) -> Item:
        """The relative that a model's card compares it with."""
        family = self.family(item)
        return family[(family.index(item) + 1) % len(family)]


def day_text(day: datetime.date) -> str:
    """A date as the site writes it: "5 Mar 2026"."""
    return f"{day.day} {day:%b %Y}"


def size_text(kilobytes: int) -> str:
    """A size as the site writes it: "4.86 GB", "2.1 MB" or "8 KB"."""
    if kilobytes >= 1_000_000:
        return f"{kilobytes / 1_000_000:.2f} GB"
    return f"{kilobytes / 1000:.1f} MB" if kilobytes >= 1000 else f"{kilobytes} KB"


def parameters_text(item: Item) -> str:
    """A number of parameters as the site writes it: "7.24B"."""
    return f"{item.parameters:.2f}B"


def build_world(split: str, seed: int) -> World:
    """The hub of a split and seed; equal arguments give equal worlds, and no name is in two splits."""
    random = generator("models", split, seed)
    taken: set[str] = set()

    def named(*parts: Sequence[str], joint: str) -> str:
        return own_name(lambda: joint.join(one_of(random, part) for part in parts), split, taken)

    owners = [named(names.OWNER_FIRST, names.OWNER_LAST, joint="") for _ in range(5)]
    people = [named(names.FIRST, names.LAST, joint="-") for _ in range(9)]
    others = tuple(names.TASKS)[1:]
    tasks = ["Sentence similarity", *(others[i] for i in random.permutation(len(others))[:3])]
    build = _Builder(random, people[1:])
    items: list[Item] = []
    for task in tasks:
        for count in (4, 2):
            family = named(names.FAMILY_FIRST, names.FAMILY_LAST, joint="")
            items += build.family(family, one_of(random, owners), task, count)
    subjects = [names.SUBJECTS[i] for i in random.permutation(len(names.SUBJECTS))[:4]]
    for index in range(8):
        name = f"{named(names.FAMILY_FIRST, names.FAMILY_LAST, joint='')}-{subjects[index % 4]}"
        items.append(build.dataset(name, one_of(random, owners), one_of(random, tasks)))
    items = [items[i] for i in random.permutation(len(items))]
    models = [item.key for item in items if item.kind == "model"]
    collections = {
        names.COLLECTIONS[i]: tuple(models[j] for j in random.permutation(len(models))[:2])
        for i in sorted(random.permutation(len(names.COLLECTIONS))[:3])
    }
    person = named(names.FIRST, names.LAST, joint=" ").title()
    return World(tuple(items), collections, person, tuple(people))


class _Builder:
    """Makes items whose downloads, likes and days are all different."""

    def __init__(self, random: np.random.Generator, people: list[str]) -> None:
        self._random, self._people = random, people
        self._downloads: set[int] = set()
        self._likes: set[int] = set()
        self._days: set[int] = set()

    def family(self, family: str, owner: str, task: str, count: int) -> list[Item]:
        random = self._random
        pairs = [(size, variant) for size in names.SIZES for variant in names.VARIANTS]
        chosen = [pairs[i] for i in random.permutation(len(pairs))[:count]]
        library, contexts = one_of(random, names.LIBRARIES), random.permutation(len(names.CONTEXTS))
        scores = {bench: set[int]() for bench in names.TASKS[task]}
        models = []
        for (size, variant), context in zip(chosen, contexts, strict=False):
            parameters = round(names.SIZES[size] * float(random.uniform(0.93, 1.12)), 2)
            own = [(bench, _fresh(lambda: int(random.integers(380, 930)), used)) for bench, used in scores.items()]
            files = self._files(parameters)
            models.append(
                Item(
                    **self._common("model", owner, f"{family}-{size}-{variant}", task),
                    family=family,
                    library=library if random.random() < 0.7 else one_of(random, names.LIBRARIES),
                    size=names.SIZES[size],
                    parameters=parameters,
                    context=names.CONTEXTS[context],
                    scores=tuple(own),
                    files=files,
                    training=Training(
                        int(random.choice([8, 16, 32, 64, 128, 256])),
                        int(random.integers(3, 90)) * 10,
                        int(random.integers(2, 90)) * 100,
                    ),
                    gated=bool(random.random() < 0.22),
                )
            )
        return models

    def dataset(self, name: str, owner: str, task: str) -> Item:
        random = self._random
        train = int(random.integers(120, 4000)) * 50
        rows = (train, *(int(train * random.uniform(0.03, 0.3)) for _ in names.SPLITS[1:]))
        return Item(
            **self._common("dataset", owner, name, task),
            family="",
            library="",
            rows=tuple(zip(names.SPLITS, rows, strict=True)),
        )

    def _common(self, kind: str, owner: str, name: str, task: str) -> dict[str, Any]:
        random = self._random
        threads = [names.THREADS[i] for i in random.permutation(len(names.THREADS))[: int(random.integers(2, 5))]]
        months = [int(share) for share in random.integers(20, 80, len(names.MONTHS))]
        months[int(random.integers(len(months)))] = 100
        return {
            "kind": kind,
            "owner": owner,
            "name": name,
            "task": task,
            "licence": one_of(random, names.LICENCES),
            "blurb": one_of(random, names.BLURBS) if kind == "model" else "Collected by hand and checked twice.",
            "downloads": _fresh(lambda: int(np.exp(random.uniform(np.log(900), np.log(4_000_000)))), self._downloads),
            "likes": _fresh(lambda: int(random.integers(3, 2400)), self._likes),
            "updated": TODAY - datetime.timedelta(days=_fresh(lambda: int(random.integers(1, 500)), self._days)),
            "months": tuple(months),
            "threads": tuple((thread, one_of(random, self._people)) for thread in threads),
        }

    def _files(self, parameters: float) -> tuple[File, ...]:
        random = self._random
        total = max(int(parameters * 200), 60)
        count = int(np.clip(round(total / 500), 1, 4))
        cuts = [int(total / count * random.uniform(0.8, 1.2)) for _ in range(count)]
        shards = [
            (f"model-{index}-of-{count}.safetensors" if count > 1 else "model.safetensors", cut * 10_000)
            for index, cut in enumerate(cuts, 1)
        ]
        sizes = [
            ("README.md", int(random.integers(3, 40))),
            ("config.json", int(random.integers(1, 9))),
            *shards,
            ("tokenizer.json", int(random.integers(11, 90)) * 100),
            ("training.bin", int(random.integers(20, 300)) * 100),
        ]
        flagged = int(random.integers(1, len(sizes))) if random.random() < 0.6 else -1
        return tuple(File(name, size, index == flagged) for index, (name, size) in enumerate(sizes))


def _fresh(draw: Callable[[], int], used: set[int]) -> int:
    """A number that is not used yet; it is then."""
    while (number := draw()) in used:
        continue
    used.add(number)
    return number
