"""Suites whose tasks are a name and a seed. Each split has seeds of its own; test lists the first few of every name."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from webvoyager_gym.errors import not_found
from webvoyager_gym.sites.kit.world import SPLITS, check_split, generator, one_of

LISTED = 5
"""How many seeds of each name `tasks()` lists; the test split is these."""
SEEDS = 1_000_000
"""How many seeds a split has."""


@dataclass(frozen=True, slots=True)
class SeededTask(ABC):
    """A task that follows from (template, split, seed).

    Attributes:
        template: the name of all tasks of this kind, such as "click-checkboxes".
        words: the goal, once the page is open and has made it; before, the goal is a description of the kind.
    """

    template: str
    split: str
    seed: int
    words: str = ""

    @property
    @abstractmethod
    def site(self) -> str: ...

    @property
    @abstractmethod
    def description(self) -> str:
        """What all tasks of this kind ask for."""

    @property
    def id(self) -> str:
        return f"{self.site}/{self.template}/{self.split}-{self.seed}"

    @property
    def goal(self) -> str:
        return self.words or self.description


T = TypeVar("T", bound=SeededTask)


class SeededSuite(ABC, Generic[T]):
    """The suite of such tasks on one site; ids read site/template/split-seed."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What the suite and its one site are called."""

    @property
    @abstractmethod
    def templates(self) -> Sequence[str]:
        """The names of the kinds of task."""

    @abstractmethod
    def make(self, template: str, split: str, seed: int) -> T:
        """A task. Raises NotFound if there is no such kind."""

    @property
    def sites(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def splits(self) -> tuple[str, ...]:
        return SPLITS

    @property
    def listed_splits(self) -> tuple[str, ...]:
        return ()

    def task(self, task_id: str) -> T:
        match = re.fullmatch(rf"{self.name}/([^/]+)/([a-z]+)-(\d{{1,6}})", task_id)
        if match is None:
            raise not_found("task", task_id, [task.id for task in self.tasks()])
        return self.make(match[1], check_split(match[2]), int(match[3]))

    def sample(self, seed: int, site: str | None = None, split: str = "train") -> T:
        random = generator("sample", self.name, split, seed)
        template = one_of(random, self.templates)
        return self.make(template, check_split(split), int(random.integers(LISTED if split == "test" else SEEDS)))

    def tasks(self, site: str | None = None, split: str = "test", template: str | None = None) -> list[T]:
        check_split(split)
        if site not in (None, self.name):
            raise not_found("site", str(site), self.sites)
        wanted = [name for name in self.templates if template in (None, name)]
        return [self.make(name, split, seed) for name in wanted for seed in range(LISTED)]
