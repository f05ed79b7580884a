"""Jobs for `test_workers.py`; worker processes import them from here."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from webvoyager_gym.errors import InfrastructureFailure, MissingDependency
from webvoyager_gym.worker import Beat

Work = Callable[[str, Beat], str]


@contextmanager
def setup(folder: Path, number: int) -> Iterator[Work]:
    """Notes in the folder that it was closed in good order."""

    def work(job: str, beat: Beat) -> str:
        beat()
        if job == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if job == "hang":
            threading.Event().wait()
        if job == "break":
            raise InfrastructureFailure("site", "The site is down.")
        if job == "mistake":
            raise ValueError("That was wrong; do it right.")
        return f"{job} by {number}"

    yield work
    (folder / f"closed-{number}").touch()


@contextmanager
def needs_something(number: int) -> Iterator[Work]:
    if number >= 0:
        raise MissingDependency("There is no browser; run `bring browser`.")
    yield lambda job, beat: job


@contextmanager
def dies_at_once(number: int) -> Iterator[Work]:
    os.kill(os.getpid(), signal.SIGKILL)
    yield lambda job, beat: job
