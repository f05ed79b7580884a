"""The tasks of a tree as a suite: those that were walked, without anything that serves them until it is needed."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from webvoyager_gym.errors import NotFound, not_found
from webvoyager_gym.tasks import Task, TaskSession, TaskSuite, load_suite
from webvoyager_gym.tree.facts import TaskFacts

if TYPE_CHECKING:
    from webvoyager_gym.browser.page import BrowserPage


@dataclass(frozen=True, slots=True)
class KnownTask:
    """A task as a tree knows it; set up, it is the suite's own. Attributes as of `webvoyager_gym.tasks.Task`.

    Attributes:
        suite: name of the suite.
    """

    id: str
    site: str
    split: str
    goal: str
    template: str
    suite: str

    async def setup(self, page: BrowserPage) -> TaskSession:
        """Open the first page of a new episode; see `Task.setup`."""
        return await load_suite(self.suite).task(self.id).setup(page)


def known_task(facts: TaskFacts, suite: str) -> KnownTask:
    """A task from what a tree knows of it."""
    return KnownTask(facts.id, facts.site, facts.split, facts.goal, facts.template, suite)


class TreeSuite:
    """The tasks that were walked, and by name any other of the suite that they are from.

    Attributes:
        name: of that suite.
        sites, splits: those of the walked tasks; each split is a list of them.

    Args:
        tasks: the walked ones.
    """

    def __init__(self, name: str, tasks: Sequence[TaskFacts]) -> None:
        if not tasks:
            raise NotFound("The tree knows no task yet; give the suite that it is to be grown from.")
        self.name = name
        self._tasks = {facts.id: known_task(facts, name) for facts in tasks}
        self.sites = tuple(sorted({facts.site for facts in tasks}))
        self.splits = self.listed_splits = tuple(sorted({facts.split for facts in tasks}))

    @functools.cached_property
    def _whole(self) -> TaskSuite:
        return load_suite(self.name)

    @property
    def resolver_rules(self) -> str | None:
        """As the suite's own."""
        return self._whole.resolver_rules

    def task(self, task_id: str) -> Task:
        """The task with that id. Raises NotFound."""
        return self._tasks.get(task_id) or self._whole.task(task_id)

    def sample(self, seed: int, site: str | None = None, split: str = "train") -> Task:
        """A walked task drawn by the seed alone. Raises NotFound where none was walked."""
        listed = self.tasks(site, split)
        if not listed:
            raise not_found("walked task of split", f"{split} of {site}", self._tasks)
        return listed[int(np.random.default_rng(seed).integers(len(listed)))]

    def tasks(self, site: str | None = None, split: str = "test", template: str | None = None) -> Sequence[Task]:
        """The walked tasks, by id."""
        wanted = {"site": site, "split": split, "template": template}
        return [
            task
            for task in self._tasks.values()
            if all(value is None or getattr(task, name) == value for name, value in wanted.items())
        ]
