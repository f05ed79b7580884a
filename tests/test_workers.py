"""Worker processes that die, hang and fail, and what is left of them."""

from __future__ import annotations

import functools
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests import jobs
from webvoyager_gym.errors import MissingDependency
from webvoyager_gym.ray_cluster import RayCluster
from webvoyager_gym.worker import WorkerError
from webvoyager_gym.workers import Alive, Done, Lost, Workers

ROOT = Path(__file__).parents[1]


def run(folder: Path, todo: Sequence[str], *, count: int = 1, silence: float = 120.0) -> list[Any]:
    """What happened to each job, in order; the beats left out."""
    with Workers[str, str](functools.partial(jobs.setup, folder), count, silence=silence) as workers:
        for job in todo:
            workers.add(job)
        return [event for event in workers.events() if not isinstance(event, Alive)]


@pytest.fixture(autouse=True)
def no_process_is_left() -> Any:
    yield
    assert multiprocessing.active_children() == []


def test_jobs_are_done_and_workers_closed_in_good_order(tmp_path: Path) -> None:
    events = run(tmp_path, ["a", "b", "c"], count=2)
    assert {event.job for event in events} == {"a", "b", "c"}
    assert all(isinstance(event, Done) and event.result.startswith(f"{event.job} by ") for event in events)
    busy = {event.result.rpartition(" ")[2] for event in events}
    assert all((tmp_path / f"closed-{number}").exists() for number in busy)  # one still starting may have had no job


def test_a_worker_that_dies_or_fails_loses_its_own_job_only(tmp_path: Path) -> None:
    died, a, broken, b = run(tmp_path, ["die", "a", "break", "b"])
    assert died == Lost("die", False, "The worker process died with exit code -9.")
    assert broken == Lost("break", False, "The site is down.")
    assert (a, b) == (Done("a", "a by 0"), Done("b", "b by 0"))


def test_a_silent_worker_is_given_up(tmp_path: Path) -> None:
    hung, a = run(tmp_path, ["hang", "a"], silence=2.0)
    assert hung == Lost("hang", True, "The worker process said nothing for 2 s.")
    assert a == Done("a", "a by 0")


def test_a_lost_job_can_be_given_to_another_worker(tmp_path: Path) -> None:
    with Workers[str, str](functools.partial(jobs.setup, tmp_path), 1) as workers:
        workers.add("die")
        results = []
        for event in workers.events():
            if isinstance(event, Lost):
                workers.add("again")
            elif isinstance(event, Done):
                results.append(event.result)
    assert results == ["again by 0"]


def test_it_gives_up_when_workers_die_one_after_the_other(tmp_path: Path) -> None:
    with pytest.raises(WorkerError, match="4 worker processes in a row were lost"):
        run(tmp_path, ["die"] * 9, count=2)


def test_a_mistake_is_raised_where_the_jobs_come_from(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="That was wrong; do it right") as raised:
        run(tmp_path, ["mistake", "a"])
    assert "in work" in str(raised.value.__cause__)


def test_what_a_worker_lacks_is_said_by_the_parent() -> None:
    with Workers[str, str](jobs.needs_something, 2) as workers:
        workers.add("a")
        with pytest.raises(MissingDependency, match="bring browser"):
            list(workers.events())


def test_a_worker_that_cannot_start_is_not_started_again_and_again() -> None:
    with Workers[str, str](jobs.dies_at_once, 1) as workers:
        workers.add("a")
        with pytest.raises(WorkerError, match="while it started"):
            list(workers.events())


def test_without_ray_the_message_says_how_to_bring_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingDependency, match=r"pip install 'webvoyager-gym\[ray\]'"):
        RayCluster()


def test_after_the_time_is_up_no_job_is_begun(tmp_path: Path) -> None:
    with Workers[str, str](functools.partial(jobs.setup, tmp_path), 1) as workers:
        for job in "abc":
            workers.add(job)
        assert list(workers.events(seconds=0.0)) == []


def test_workers_are_gone_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import functools, os, pathlib, signal, sys\n"
        "from tests import jobs\n"
        "from webvoyager_gym.workers import Workers\n"
        "if __name__ == '__main__':\n"
        "    with Workers(functools.partial(jobs.setup, pathlib.Path(sys.argv[1])), 1) as workers:\n"
        "        workers.add('hang')\n"
        "        for event in workers.events():\n"
        "            os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    program = tmp_path / "program.py"
    program.write_text(script)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    # The worker holds the other end of this pipe too: reading ends when both are gone.
    done = subprocess.run(
        [sys.executable, str(program), str(tmp_path)], env=environment, stdout=subprocess.PIPE, timeout=60
    )
    assert (done.returncode, done.stdout) == (-9, b"")
