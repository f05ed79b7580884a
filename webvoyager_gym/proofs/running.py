"""Many short jobs in worker processes with a browser each, with a progress bar; lost jobs are repeated."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import typer

from webvoyager_gym.bars import Bars
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.sites import load_site
from webvoyager_gym.tasks.local import TASKS_PER_WORLD, LocalSuite, LocalTask
from webvoyager_gym.worker import Beat
from webvoyager_gym.workers import Done, Lost, Workers

J = TypeVar("J")
R = TypeVar("R")

E = TypeVar("E", bound=WebVoyagerEnv)

Work = Callable[[E, J], R]
"""Does a job in an environment. A function of a module, so that worker processes find it."""
ATTEMPTS = 3

SitesOption = Annotated[list[str] | None, typer.Option("--site", help="Only this site; may be repeated.")]
WorkersOption = Annotated[int | None, typer.Option(min=1, help="Processes; one for each core if not given.")]


@dataclass(frozen=True, slots=True)
class _Try(Generic[J]):
    number: int
    job: J
    attempt: int = 1


def default_workers() -> int:
    """One for each core, at most eight."""
    return min(8, os.cpu_count() or 1)


def in_browsers(
    work: Work[E, J, R], jobs: Sequence[J], make_env: Callable[[], E], *, workers: int, label: str
) -> list[R]:
    """The results of the jobs, in their order.

    Args:
        make_env: makes each worker's environment; like `work` it has to survive pickling.
        label: what the progress bar says.

    Raises:
        InfrastructureFailure: a job's browser or site failed three times.
        WorkerError: the workers die one after the other.
    """
    results: dict[int, R] = {}
    for number, result in as_done(work, jobs, make_env, workers=workers, label=label):
        if isinstance(result, InfrastructureFailure):
            raise result
        results[number] = result
    return [results[number] for number in range(len(jobs))]


def as_done(
    work: Work[E, J, R], jobs: Sequence[J], make_env: Callable[[], E], *, workers: int, label: str
) -> Iterator[tuple[int, R | InfrastructureFailure]]:
    """The jobs' numbers and results as they are done; the failure where a job's browser or site failed three times.

    Args, WorkerError: as of `in_browsers`.
    """
    with (
        Bars() as progress,
        Workers[_Try[J], R](functools.partial(_browsing, work, make_env), max(1, min(workers, len(jobs)))) as pool,
    ):
        bar = progress.add_task(label, total=len(jobs))
        for number, job in enumerate(jobs):
            pool.add(_Try(number, job))
        for event in pool.events():
            if isinstance(event, Lost) and event.job.attempt < ATTEMPTS:
                pool.add(_Try(event.job.number, event.job.job, event.job.attempt + 1))
            elif isinstance(event, Lost):
                progress.update(bar, advance=1)
                yield event.job.number, InfrastructureFailure("browser", f"{event.job.job}: {event.reason}")
            elif isinstance(event, Done):
                progress.update(bar, advance=1)
                yield event.job.number, event.result


@contextmanager
def _browsing(work: Work[E, J, R], make_env: Callable[[], E], number: int) -> Iterator[Callable[[_Try[J], Beat], R]]:
    with contextlib.closing(make_env()) as env:
        yield lambda attempt, beat: work(env, attempt.job)


def chosen_tasks(split: str, sites: Sequence[str], each: int) -> list[LocalTask]:
    """The whole frozen test split, or of another split `each` tasks of every template, in worlds of their own."""
    if split == "test":
        return [task for site in sites for task in LocalSuite().tasks(site, split)]
    return [
        LocalTask(site, template.name, split, TASKS_PER_WORLD * number + number % TASKS_PER_WORLD)
        for site in sites
        for template in load_site(site).templates
        for number in range(each)
    ]


def checked(info: dict[str, Any]) -> None:
    """Raise InfrastructureFailure if what `reset` or `step` says is one."""
    if info["failure"]:
        raise InfrastructureFailure(info["failure"], info["reason"])
