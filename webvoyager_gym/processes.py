"""Workers that are processes of this machine."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Self

from webvoyager_gym.worker import FAREWELL, Message, Setup, serve


class Process:
    """A worker process and the pipe to it."""

    def __init__(self, process: BaseProcess, connection: Connection) -> None:
        self.connection = connection
        self._process = process

    def send(self, job: Any) -> None:
        # A worker that has just died is found out by reading from it.
        with contextlib.suppress(OSError):
            self.connection.send(job)

    def receive(self) -> Message:
        try:
            message: Message = self.connection.recv()
        except OSError as error:
            raise EOFError from error
        return message

    def end(self, patience: float) -> None:
        self._process.join(patience)
        self._process.kill()
        self._process.join(FAREWELL)
        self.connection.close()

    @property
    def fate(self) -> str:
        return f"died with exit code {self._process.exitcode}"


class Processes:
    """This machine as an `Engine`. A worker ends when the process that started it is gone, however that came about."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held beside the workers."""

    def start(self, setup: Setup[Any, Any], number: int) -> Process:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_live, args=(setup, number, theirs), name=f"webvoyager-worker-{number}", daemon=True
        )
        with _interrupts_held():
            process.start()
        theirs.close()
        return Process(process, ours)

    def wait(self, peers: Sequence[Process], seconds: float) -> Collection[Process]:
        heard = wait([peer.connection for peer in peers], seconds)
        return [peer for peer in peers if peer.connection in heard]


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


def _live(setup: Setup[Any, Any], number: int, connection: Connection) -> None:
    # Workers share the cores with each other and with their browsers; more threads would wait for each other.
    os.environ["OMP_NUM_THREADS"] = "1"
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    serve(setup, number, connection.recv, connection.send)


def _die_with_parent() -> None:
    """End this process when its parent is gone, so that it holds no shard, page or memory any longer."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
