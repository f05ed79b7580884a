"""Jobs in processes of their own, each of which may hang, crash or be killed without taking the others along.

A browser, a model and a page from the web are three things that can die. Here every wait has a deadline: a worker that
says nothing for too long is killed and replaced, and its job is handed back to whoever gave it out.
"""

from __future__ import annotations

import contextlib
import math
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from webvoyager_gym.errors import InfrastructureFailure, WebVoyagerError

J = TypeVar("J")
R = TypeVar("R")

START = 900.0
"""Seconds that a worker has to get ready. A large model may take minutes to load."""
SILENCE = 600.0
"""Seconds after which a worker that has said nothing of its job is given up."""
FAREWELL = 20.0
"""Seconds that workers have to close their browsers when all is done."""
MOST_LOSSES = 4
"""A run is given up when so many workers in a row were lost without a job done."""

Beat = Callable[[], None]
"""What a job calls now and then to say that it is alive."""
Setup = Callable[[int], AbstractContextManager[Callable[[J, Beat], R]]]
"""Makes, in a worker, the function that does jobs; gets the worker's number. Has to be picklable."""


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


class WorkerError(WebVoyagerError, RuntimeError):
    """The worker processes cannot do their work; the message says why."""


@dataclass
class _Worker(Generic[J]):
    """A worker as the parent sees it."""

    number: int
    process: BaseProcess
    connection: Connection
    heard: float
    ready: bool = False
    job: J | None = None


class Workers(Generic[J, R]):
    """A fixed number of worker processes; a context manager that leaves none behind.

    Args:
        setup: makes the function that does the jobs, in each worker.
        count: how many workers.
        silence: seconds of silence after which a worker with a job is given up.

    Workers are started with "spawn", so a script that uses them needs `if __name__ == "__main__":`.
    """

    def __init__(self, setup: Setup[J, R], count: int, *, silence: float = SILENCE) -> None:
        if count < 1:
            raise ValueError(f"workers is {count}; at least one is needed.")
        self._setup, self._count, self._silence = setup, count, silence
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker[J]] = []
        self._queue: deque[J] = deque()
        self._losses = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(FAREWELL if error is None else 0.0)

    def add(self, job: J) -> None:
        """Put a job at the end of the queue."""
        self._queue.append(job)

    def events(self, seconds: float | None = None) -> Iterator[Done[J, R] | Alive[J] | Lost[J]]:
        """Have the jobs done; what happens to them, as it happens. More may be added meanwhile.

        Args:
            seconds: time, from when the first worker is ready, after which no job is begun; those running are still
                waited for.

        Raises:
            WorkerError: the workers die one after the other, or one died before it was ready.
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
            heard = wait([worker.connection for worker in self._workers], timeout)
            for worker in list(self._workers):
                if worker.connection in heard:
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
                self._hand(worker, self._queue.popleft())
        starting = sum(not worker.ready for worker in self._workers)
        while len(self._workers) < self._count and starting < len(self._queue):
            self._start()
            starting += 1

    def _hand(self, worker: _Worker[J], job: J) -> None:
        worker.job, worker.heard = job, time.monotonic()
        # A worker that has just died is found out by reading from it.
        with contextlib.suppress(OSError):
            worker.connection.send(job)

    def _start(self) -> None:
        taken = {worker.number for worker in self._workers}
        number = next(number for number in range(self._count) if number not in taken)
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_serve, args=(self._setup, number, theirs), name=f"webvoyager-worker-{number}", daemon=True
        )
        with _interrupts_held():
            process.start()
        theirs.close()
        self._workers.append(_Worker(number, process, ours, time.monotonic()))

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
        return math.inf if worker.ready else worker.heard + START

    def _hear(self, worker: _Worker[J]) -> Done[J, R] | Alive[J] | Lost[J] | None:
        try:
            kind, content = worker.connection.recv()
        except (EOFError, OSError):
            return self._lose(worker, silent=False)
        worker.heard = time.monotonic()
        job = worker.job
        if kind == "ready":
            worker.ready = True
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
        worker.process.kill()
        worker.process.join(FAREWELL)
        worker.connection.close()
        self._workers.remove(worker)
        how = (
            f"said nothing for {self._silence if worker.ready else START:g} s"
            if silent
            else f"died with exit code {worker.process.exitcode}"
        )
        if not worker.ready:
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
        """Let the workers close what they hold, then end those that do not."""
        until = time.monotonic() + patience
        for worker in self._workers:
            with contextlib.suppress(OSError):
                worker.connection.send(None)
        for worker in self._workers:
            worker.process.join(max(0.0, until - time.monotonic()))
            worker.process.kill()
            worker.process.join(FAREWELL)
            worker.connection.close()
        self._workers.clear()


class _WorkerTraceback(Exception):
    """Where in a worker an error came from; shown as its cause."""

    def __init__(self, text: str) -> None:
        super().__init__(f"\n{text}")


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C waits meanwhile, and never reaches a process started meanwhile: the parent alone decides when to stop."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(setup: Setup[Any, Any], number: int, connection: Connection) -> None:
    """A worker's life: set up, then job after job until there are no more, or the parent is gone."""
    # Workers share the cores with each other and with their browsers; more threads would wait for each other.
    os.environ["OMP_NUM_THREADS"] = "1"
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    try:
        with setup(number) as work:
            connection.send(("ready", None))
            while (job := connection.recv()) is not None:
                try:
                    result = work(job, lambda: connection.send(("alive", None)))
                except InfrastructureFailure as failure:
                    connection.send(("failed", str(failure)))
                else:
                    connection.send(("done", result))
    except (EOFError, BrokenPipeError):
        return
    except Exception as error:
        with contextlib.suppress(OSError):
            connection.send(("raised", (_portable(error), traceback.format_exc())))


def _die_with_parent() -> None:
    """End this process when its parent is gone, so that it holds no shard, page or memory any longer."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _portable(error: Exception) -> Exception:
    """An error that survives the way to the parent: of its own class if that is Python's or ours."""
    if type(error).__module__.partition(".")[0] in ("builtins", "webvoyager_gym"):
        with contextlib.suppress(TypeError):
            return type(error)(str(error))
    return WorkerError(f"A worker process failed with {type(error).__name__}: {error}")
