"""The order of an evaluation: which episodes come next, and for how long new tasks are begun."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

from webvoyager_gym.results import EpisodeRow
from webvoyager_gym.tasks import Task

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job:
    """An agent, by its number, on a task, the so-manieth of the evaluation.

    Attributes:
        shots: folder for its screenshots, seen from the result; "" if none are kept.
    """

    number: int
    agent: int
    task: Task
    seed: int
    shots: str
    attempt: int = 1

    @property
    def key(self) -> tuple[str, int, int]:
        return self.task.id, self.seed, self.agent


class Schedule:
    """Which episodes to run next: task by task, as long as there is time.

    Args:
        tasks: for each task its jobs.
        until: value of `time.monotonic()` by which all should be done, or None.
    """

    def __init__(self, tasks: list[list[Job]], until: float | None) -> None:
        self._tasks = tasks
        self._until = until
        self._waiting = deque(range(len(tasks)))
        self._done: set[tuple[str, int, int]] = set()
        self._given_out = 0
        self._counted = 0
        self._began = time.monotonic()
        self.total = sum(map(len, tasks))

    @property
    def done(self) -> int:
        """Finished episodes, those of an earlier run included."""
        return len(self._done)

    @property
    def whole_tasks(self) -> set[str]:
        """Ids of the tasks all of whose episodes are finished."""
        return {jobs[0].task.id for jobs in self._tasks if all(job.key in self._done for job in jobs)}

    def finished(self, episodes: Sequence[EpisodeRow], names: Sequence[str]) -> None:
        """Leave out what an earlier run has finished."""
        known = {job.key for jobs in self._tasks for job in jobs}
        self._done |= {(row.task, row.seed, names.index(row.agent)) for row in episodes} & known

    def count(self, job: Job) -> None:
        """A job is finished."""
        self._done.add(job.key)
        self._counted += 1

    def next_jobs(self, workers: int) -> Iterator[Job]:
        """Enough jobs to keep the workers busy, always those of whole tasks."""
        while self._waiting and self._given_out - self._counted < 2 * workers:
            jobs = [job for job in self._tasks[self._waiting[0]] if job.key not in self._done]
            if not self._in_time(len(jobs)):
                self._waiting.clear()
                return
            self._waiting.popleft()
            self._given_out += len(jobs)
            yield from jobs

    def _in_time(self, more: int) -> bool:
        """Whether that many more episodes can be expected to be done in time."""
        if self._until is None or not more or not (self._given_out or self.whole_tasks):
            return True
        now = time.monotonic()
        if not self._counted:
            return now < self._until
        pace = (now - self._began) / self._counted
        return now + pace * (self._given_out - self._counted + more) <= self._until


def in_turn(tasks: Sequence[Task]) -> list[Task]:
    """The tasks with sites taking turns, and the templates of each site too, so that every beginning is balanced."""
    sites: dict[str, dict[str, list[Task]]] = {}
    for task in tasks:
        sites.setdefault(task.site, {}).setdefault(task.template, []).append(task)
    return list(_turns(list(_turns(list(templates.values()))) for templates in sites.values()))


def _turns(queues: Iterable[Iterable[T]]) -> Iterator[T]:
    """One of each queue, then the next of each, until all are empty."""
    return (item for turn in zip_longest(*queues) for item in turn if item is not None)
