"""Workers on a real Ray cluster of two nodes on this machine: the same episodes, whoever dies on the way."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests import jobs
from tests.collecting import KillsItsWorker
from tests.test_cli import cli
from tests.test_collect import OPTIONS, content, some_tasks
from tests.test_evaluate import AGENTS, TASKS, options
from webvoyager_gym.agents import Random
from webvoyager_gym.collect import Tally, collect
from webvoyager_gym.data import finished, read_shards
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.evaluate import evaluate
from webvoyager_gym.ray_cluster import RayCluster
from webvoyager_gym.results import EpisodeRow, Result
from webvoyager_gym.tasks import draw_tasks, load_suite
from webvoyager_gym.workers import Alive, Done, Lost, Workers

ray = pytest.importorskip("ray")
SMALL: dict[str, Any] = {"num_cpus": 1, "object_store_memory": 80 * 2**20}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RAY_USAGE_STATS_ENABLED", "0")
        environment.setenv("RAY_raylet_start_wait_time_s", "120")
        from ray.cluster_utils import Cluster

        running = Cluster(initialize_head=True, head_node_args={**SMALL, "include_dashboard": False})
        running.add_node(**SMALL)
        yield running
        running.shutdown()


def run(cluster: Any, folder: Path, todo: Sequence[str], *, count: int = 1, silence: float = 120.0) -> list[Any]:
    """What happened to each job, in order; the beats left out."""
    engine = RayCluster(cluster.address)
    with Workers[str, str](functools.partial(jobs.setup, folder), count, silence=silence, engine=engine) as workers:
        for job in todo:
            workers.add(job)
        return [event for event in workers.events() if not isinstance(event, Alive)]


def test_jobs_are_done_and_actors_closed_in_good_order(cluster: Any, tmp_path: Path) -> None:
    events = run(cluster, tmp_path, ["a", "b", "c"], count=2)
    assert {event.job for event in events} == {"a", "b", "c"}
    assert all(isinstance(event, Done) and event.result.startswith(f"{event.job} by ") for event in events)
    assert (tmp_path / "closed-0").exists()
    assert not ray.is_initialized()


def test_an_actor_that_dies_hangs_or_fails_loses_its_own_job_only(cluster: Any, tmp_path: Path) -> None:
    died, a, broken, hung, b = run(cluster, tmp_path, ["die", "a", "break", "hang", "b"], silence=3.0)
    assert (died.job, died.silent) == ("die", False)
    assert died.reason.startswith("The worker process died (")
    assert (broken, hung) == (
        Lost("break", False, "The site is down."),
        Lost("hang", True, "The worker process said nothing for 3 s."),
    )
    assert (a, b) == (Done("a", "a by 0"), Done("b", "b by 0"))


def test_a_mistake_is_raised_with_its_traceback_where_the_jobs_come_from(cluster: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="That was wrong; do it right") as raised:
        run(cluster, tmp_path, ["mistake", "a"])
    assert "in work" in str(raised.value.__cause__)


def test_a_cluster_that_is_not_there_is_said_in_one_sentence() -> None:
    with pytest.raises(WebVoyagerError, match=r"no Ray cluster at 127\.0\.0\.1:1 "), RayCluster("127.0.0.1:1"):
        pass


def test_episodes_are_those_of_local_workers_even_if_an_actor_is_killed(cluster: Any, tmp_path: Path) -> None:
    agent = KillsItsWorker(tmp_path / "killed", "papers")
    there, here = tmp_path / "there", tmp_path / "here"
    tally = collect(some_tasks(), agent, there, env_options=OPTIONS, workers=2, engine=RayCluster(cluster.address))
    assert (tally.planned, tally.episodes, tally.failures) == (3, 3, 0)
    assert (tmp_path / "killed").exists()
    collect(some_tasks(), agent, here, env_options=OPTIONS, workers=1)
    assert content(list(read_shards(there))) == content(list(read_shards(here)))


@pytest.mark.long
def test_a_node_that_is_gone_costs_no_episode(cluster: Any, tmp_path: Path) -> None:
    """Three workers on three nodes, one of which goes when the first episode is there."""
    tasks = draw_tasks(load_suite("local"), 6, split="train", site=["shop", "papers"])
    leaving = cluster.add_node(**SMALL)
    removed: list[int] = []

    def progress(tally: Tally) -> None:
        if tally.episodes == 1 and not removed:
            removed.append(tally.episodes)
            cluster.remove_node(leaving, allow_graceful=False)

    engine = RayCluster(cluster.address)
    tally = collect(tasks, Random(), tmp_path, env_options=OPTIONS, workers=3, engine=engine, progress=progress)
    assert removed
    assert (tally.episodes, tally.failures) == (6, 0)
    assert finished(tmp_path) == {(task.id, 0) for task in tasks}


COLLECTS = """
import sys
from tests.test_collect import OPTIONS, some_tasks
from webvoyager_gym.agents import Random
from webvoyager_gym.collect import collect
from webvoyager_gym.ray_cluster import RayCluster

folder, address = sys.argv[1:]
told = lambda tally: tally.episodes and print("now", flush=True)
collect(some_tasks(), Random(), folder, env_options=OPTIONS, engine=RayCluster(address), progress=told)
"""
HANGS = """
import functools, pathlib, sys
from tests import jobs
from webvoyager_gym.ray_cluster import RayCluster
from webvoyager_gym.workers import Workers

folder, address = sys.argv[1:]
try:
    with Workers(functools.partial(jobs.setup, pathlib.Path(folder)), 1, engine=RayCluster(address)) as workers:
        workers.add("hang")
        for event in workers.events():
            print("now", flush=True)
except KeyboardInterrupt:
    sys.exit(130)
"""


def ended_by(sent: signal.Signals, program: str, folder: Path, cluster: Any) -> int:
    """Send a program a signal once it says "now"; its exit status, when its actors and their browsers are gone too."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", program, str(folder), cluster.address]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        assert next(process.stdout, "") == "now\n"
        left = [os.pidfd_open(each) for each in actors()]
        process.send_signal(sent)
    status = process.wait(60)
    assert left
    for each in left:
        with contextlib.closing(os.fdopen(each)):
            assert select.select([each], [], [], 60)[0], "an actor or what it started is still there"
    return status


@pytest.mark.long
def test_a_collection_whose_driver_is_killed_leaves_nothing_running_and_goes_on(cluster: Any, tmp_path: Path) -> None:
    assert ended_by(signal.SIGKILL, COLLECTS, tmp_path, cluster) == -9
    kept = finished(tmp_path)
    assert kept
    tally = collect(some_tasks(), Random(), tmp_path, env_options=OPTIONS, engine=RayCluster(cluster.address))
    assert tally.planned == 3 - len(kept)
    assert finished(tmp_path) == {(task.id, 0) for task in some_tasks()}


@pytest.mark.long
def test_the_command_collects_on_the_cluster(cluster: Any, tmp_path: Path) -> None:
    done = cli(
        *("collect", "--out", "local/small-v0", "--episodes", "2", "--max-steps", "1", "--no-screenshots", "--json"),
        *("--workers", "2", "--engine", "ray", "--address", cluster.address),
        seconds=280,
        WEBVOYAGER_GYM_DATASETS=str(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["episodes"] == 2


def test_ctrl_c_ends_the_actors_too(cluster: Any, tmp_path: Path) -> None:
    assert ended_by(signal.SIGINT, HANGS, tmp_path, cluster) == 130


def actors() -> set[int]:
    """Processes of workers on this process's cluster, and all that these have started."""
    running = list(_running())
    ours = _family({os.getpid()}, running)
    return _family(
        {each for each, command, _ in running if command.startswith("ray::_Actor") and each in ours}, running
    )


def _family(heads: set[int], running: Sequence[tuple[int, str, int]]) -> set[int]:
    """These processes and their descendants."""
    found = set(heads)
    while more := {each for each, _, parent in running if parent in found} - found:
        found |= more
    return found


def _running() -> Iterator[tuple[int, str, int]]:
    """Number, command and parent of every process."""
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((path / "stat").read_text().rpartition(") ")[2].split()[1])
            yield int(path.name), (path / "cmdline").read_text(), parent


def test_an_evaluation_gives_the_same_rows(cluster: Any, tmp_path: Path) -> None:
    engine, out = RayCluster(cluster.address), tmp_path / "result.json"
    result = evaluate(AGENTS, TASKS, env_options=options(), out=out, workers=2, engine=engine, keep_screenshots=1)
    assert rows(result) == rows(evaluate(AGENTS, TASKS, env_options=options()))
    shown = [step.screenshot for row in result.episodes for step in row.trace if step.screenshot]
    assert shown
    assert all((tmp_path / name).stat().st_size for name in shown)


def rows(result: Result) -> list[EpisodeRow]:
    """All that is known of the episodes but times, costs and pictures."""
    timeless = [
        dataclasses.replace(
            row,
            seconds=0.0,
            cost={},
            screenshot="",
            trace=tuple(dataclasses.replace(step, seconds=0.0, screenshot="") for step in row.trace),
        )
        for row in result.episodes
    ]
    return timeless
