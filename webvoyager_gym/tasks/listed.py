"""Suites that are one list of tasks."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from webvoyager_gym.errors import not_found
from webvoyager_gym.sites.kit.world import generator, one_of
from webvoyager_gym.tasks.task import Task

TEST = "test"
"""The one split of such a suite."""

T = TypeVar("T", bound=Task)


class ListedSuite(ABC, Generic[T]):
    """A suite whose one split, the test split, is a list of tasks."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What `load_suite` knows it by."""

    @property
    @abstractmethod
    def sites(self) -> tuple[str, ...]: ...

    @abstractmethod
    def listed(self) -> Iterable[T]:
        """All its tasks, in their order."""

    @property
    def splits(self) -> tuple[str, ...]:
        return (TEST,)

    @property
    def listed_splits(self) -> tuple[str, ...]:
        return self.splits

    def sample(self, seed: int, site: str | None = None, split: str = TEST) -> T:
        kind = re.split("[:?]", self.name)[0]
        return one_of(generator("sample", kind, seed), self.tasks(site, split))

    def tasks(self, site: str | None = None, split: str = TEST, template: str | None = None) -> Sequence[T]:
        if split != TEST:
            raise not_found(f"split of {self.name}", split, self.splits)
        if site is not None and site not in self.sites:
            raise not_found("site", site, self.sites)
        return [task for task in self.listed() if site in (None, task.site) and template in (None, task.template)]


def check_options(suite: str, options: Mapping[str, str], known: Sequence[str]) -> None:
    """Raises NotFound if a suite's name has an option that there is not."""
    for option in options:
        if option not in known:
            raise not_found(f"option of the suite {suite}", option, known)
