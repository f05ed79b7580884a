"""Jobs given out to workers, each of which may hang, crash or be killed without taking the others along.

A browser, a model and a page from the web are three things that can die. Here every wait has a deadline: a worker that
says nothing for too long is killed and replaced, and its job is handed back to whoever gave it out.

Where workers live, an `Engine` decides: in processes of this machine (`webvoyager_gym.processes`) or on a Ray cluster
(`webvoyager_gym.ray_cluster`).
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from webvoyager_gym.processes import Processes
from webvoyager_gym.worker import FAREWELL, Engine, Peer, Setup, WorkerError

J = TypeVar("J")
R = TypeVar("R")

START = 900.0
"""Seconds without a word from any worker after which one that is not ready is given up. A large model may take minutes
to load, and a cluster may be full."""
SILENCE = 600.0
"""Seconds after which a worker that has said nothing of its job is given up."""
MOST_LOSSES = 4
"""A run is given up when so many workers in a row were lost without a job done."""


@dataclass(frozen=True, slots=True)
class Done(Generic[J, R]):
    """A job that was done, and what came of it."""

    job: J
    result: R


@dataclass(frozen=True, slots=True)
class Alive(Generic[J]):
    """A job that says it is getting on."""

    job: J


@dataclass(frozen=True, slots=True)
class Lost(Generic[J]):
    """A job whose worker died or fell silent; `silent` says which."""

    job: J
    silent: bool
    reason: str


@dataclass
class _Worker(Generic[J]):
    """A worker as it stands."""

    number: int
    peer: Peer
    heard: float
    ready: bool = False
    job: J | None = None


class Workers(Generic[J, R]):
    """A fixed number of workers; a context manager that leaves none behind.

    Args:
        setup: makes the function that does the jobs, in each worker.
        count: how many workers.
        silence: seconds of silence after which a worker with a job is given up.
        engine: where they live; None for processes of this machine. Those are started with "spawn", so a script that
            uses them needs `if __name__ == "__main__":`.
    """

    def __init__(
        self, setup: Setup[J, R], count: int, *, silence: float = SILENCE, engine: Engine[Any] | None = None
    ) -> None:
        if count < 1:
            raise ValueError(f"workers is {count}; at least one is needed.")
        self._setup, self._count, self._silence = setup, count, silence
        self._engine: Engine[Any] = Processes() if engine is None else engine
        self._workers: list[_Worker[J]] = []
        self._queue: deque[J] = deque()
        self._losses = 0
        self._heard = 0.0
        self._works = False

    def __enter__(self) -> Self:
        self._engine.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._end(FAREWELL if error is None else 0.0)
        finally:
            self._engine.__exit__(kind, error, trace)

    def add(self, job: J) -> None:
        """Put a job at the end of the queue."""
        self._queue.append(job)

    def events(self, seconds: float | None = None) -> Iterator[Done[J, R] | Alive[J] | Lost[J]]:
        """Have the jobs done; what happens to them, as it happens. More may be added meanwhile.

        Args:
            seconds: time, from when the first worker is ready, after which no job is begun; those running are still
                waited for.

        Raises:
            WorkerError: the workers die one after the other, or one died before any was ready.
            Exception: whatever a job or the setup raised, an InfrastructureFailure excepted, which counts as a loss.
        """
        until = None
        while True:
            if until is None and seconds is not None and any(worker.ready for worker in self._workers):
                until = time.monotonic() + seconds
            expired = until is not None and time.monotonic() >= until
            running = any(worker.job is not None for worker in self._workers)
            if not running and (expired or not self._queue):
                return
            if not expired:
                self._give_out()
            timeout = self._next_deadline(until if self._queue and not expired else None)
            heard = self._engine.wait([worker.peer for worker in self._workers], timeout)
            for worker in list(self._workers):
                if worker.peer in heard:
                    event = self._hear(worker)
                elif time.monotonic() > self._deadline(worker):
                    event = self._lose(worker, silent=True)
                else:
                    continue
                if event is not None:
                    yield event

    def _give_out(self) -> None:
        """Hand jobs to idle workers; start workers while there are more jobs than workers."""
        for worker in self._workers:
            if worker.ready and worker.job is None and self._queue:
                worker.job, worker.heard = self._queue.popleft(), time.monotonic()
                worker.peer.send(worker.job)
        starting = sum(not worker.ready for worker in self._workers)
        while len(self._workers) < self._count and starting < len(self._queue):
            taken = {worker.number for worker in self._workers}
            number = next(number for number in range(self._count) if number not in taken)
            self._workers.append(_Worker(number, self._engine.start(self._setup, number), time.monotonic()))
            starting += 1

    def _next_deadline(self, until: float | None) -> float:
        """Seconds until something has to be looked at, whatever is heard."""
        times = [self._deadline(worker) for worker in self._workers]
        if until is not None:
            times.append(until)
        return max(0.0, min(times) - time.monotonic()) + 0.01

    def _deadline(self, worker: _Worker[J]) -> float:
        """When a worker is given up if nothing is heard of it; an idle one never is."""
        if worker.job is not None:
            return worker.heard + self._silence
        return math.inf if worker.ready else max(worker.heard, self._heard) + START

    def _hear(self, worker: _Worker[J]) -> Done[J, R] | Alive[J] | Lost[J] | None:
        try:
            kind, content = worker.peer.receive()
        except EOFError:
            return self._lose(worker, silent=False)
        worker.heard = self._heard = time.monotonic()
        job = worker.job
        if kind == "ready":
            worker.ready = self._works = True
            return None
        if kind == "raised":
            error, text = content
            raise error from _WorkerTraceback(text)
        assert job is not None
        if kind == "alive":
            return Alive(job)
        worker.job = None
        if kind == "failed":
            return Lost(job, False, content)
        self._losses = 0
        return Done(job, content)

    def _lose(self, worker: _Worker[J], *, silent: bool) -> Lost[J] | None:
        """Remove a worker that is of no use any more."""
        worker.peer.end(0.0)
        self._workers.remove(worker)
        how = f"said nothing for {self._silence if worker.ready else START:g} s" if silent else worker.peer.fate
        if not self._works:
            raise WorkerError(
                f"A worker process {how} while it started; look for its own words above, and at free memory."
            )
        self._losses += 1
        if self._losses >= max(MOST_LOSSES, 2 * self._count):
            raise WorkerError(
                f"{self._losses} worker processes in a row were lost, the last one {how}; what was finished is kept. "
                "Run `webvoyager-gym doctor`, look at free memory, then try again."
            )
        return Lost(worker.job, silent, f"The worker process {how}.") if worker.job is not None else None

    def _end(self, patience: float) -> None:
        """Let the workers close what they hold, then end those that do not. What still starts holds nothing."""
        until = time.monotonic() + patience
        for worker in self._workers:
            worker.peer.send(None)
        for worker in self._workers:
            worker.peer.end(max(0.0, until - time.monotonic()) if worker.ready else 0.0)
        self._workers.clear()


class _WorkerTraceback(Exception):
    """Where in a worker an error came from; shown as its cause."""

    def __init__(self, text: str) -> None:
        super().__init__(f"\n{text}")
