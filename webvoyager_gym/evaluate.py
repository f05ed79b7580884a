"""Evaluating agents: every one of them on the same (task, seed) pairs, in real pages.

`evaluate` runs the episodes, `webvoyager_gym.results` says what follows from them, `webvoyager_gym.report` shows it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from webvoyager_gym.agents import Agent
from webvoyager_gym.data.provenance import commit, versions
from webvoyager_gym.data.room import writing_to
from webvoyager_gym.evaluation_log import EvaluationLog
from webvoyager_gym.identity import identity
from webvoyager_gym.machine import describe_machine
from webvoyager_gym.play import run_episode
from webvoyager_gym.result_file import load_result, save_result
from webvoyager_gym.results import EpisodeRow, Result
from webvoyager_gym.schedule import Job, Schedule, in_turn
from webvoyager_gym.tasks import Task, TaskSuite
from webvoyager_gym.values import CandidateValues, candidate_values
from webvoyager_gym.vlm.names import models_as_known
from webvoyager_gym.worker import Beat, Engine
from webvoyager_gym.workers import Alive, Done, Lost, Workers

ATTEMPTS = 2
"""How often an episode that the infrastructure breaks off is run."""

Progress = Callable[[int, int, EpisodeRow], None]
"""Told of every finished episode: how many are done, of how many, and the last one."""

__all__ = [
    "CandidateValues",
    "Progress",
    "candidate_values",
    "evaluate",
    "in_turn",
    "load_result",
    "run_episode",
    "save_result",
]


def evaluate(
    agents: Sequence[Agent],
    tasks: Sequence[Task],
    *,
    seeds: int = 1,
    env_options: Mapping[str, Any] | None = None,
    out: str | os.PathLike[str] | None = None,
    workers: int = 1,
    engine: Engine[Any] | None = None,
    progress: Progress | None = None,
    deadline_s: float | None = None,
    keep_screenshots: int = 12,
    tree: str | os.PathLike[str] | None = None,
) -> Result:
    """Run every agent on every task with every seed.

    Tasks are taken from all sites and templates in turn (`in_turn`), so that those finished by a deadline are a fair
    sample. An episode that an infrastructure failure ends is run once more; if that fails too it counts neither for nor
    against the agent. Every finished episode is on the disk before the next one counts: an evaluation that is broken
    off goes on where it stopped when it is called again with the same `out`, agents and options.

    Args:
        agents: the first is what the others are compared with. With several workers they have to survive pickling.
        tasks: of the suite that `env_options` names; one that is there twice is run once.
        seeds: seeds 0, 1, … of each task: of what agents draw and of `reset`, which decides what a proposer draws.
            `Result.repeats` names the agents for whom more than one drew nothing new.
        env_options: arguments of `BestOfQEnv`.
        out: file to write the result to. What is finished is kept in `<out>.partial.jsonl` until then, and marked
            screenshots in the folder `<out without .json>-screenshots`. None keeps everything in memory.
        workers: how many, with a browser each; 1 runs in this process unless there is an engine. A script that uses
            more needs `if __name__ == "__main__":`.
        engine: where they live: None for processes of this machine, `webvoyager_gym.ray_cluster.RayCluster` for others.
        progress: told of every finished episode.
        deadline_s: seconds after which to stop. A task is begun only if all agents can be expected to finish it by then
            (the first always is), and no task is left half done.
        keep_screenshots: for so many tasks, the first ones; for the page of `webvoyager_gym.report`.
        tree: a transition tree to walk in and to grow (`webvoyager_gym.tree`): id or folder. Where it knows all steps
            of the agents, no browser is opened.

    Raises:
        ValueError: no agents or tasks, two agents of the same name, or fewer than one seed.
        WebVoyagerError: `<out>.partial.jsonl` was begun with other agents or options; or workers cannot start.
        NotWritten: there was no room for what was finished last; the same call goes on once there is.
        MissingDependency, NotFound: as `BestOfQEnv` raises them.
    """
    started = time.monotonic()
    names = tuple(agent.name for agent in agents)
    if not names or len(set(names)) < len(names):
        raise ValueError(
            f"The agents are {', '.join(names) or 'none'}; give at least one, each with a name of its own."
        )
    if not tasks:
        raise ValueError("There are no tasks to evaluate on; give at least one.")
    if seeds < 1:
        raise ValueError(f"seeds is {seeds}; at least one is needed.")
    options = dict(env_options or {})
    path = Path(out) if out is not None else None
    shots = f"{path.stem}-screenshots" if path is not None else ""
    order = in_turn(list({task.id: task for task in tasks}.values()))
    jobs = [
        [
            Job(number, agent, task, seed, shots if number < keep_screenshots else "")
            for seed in range(seeds)
            for agent in range(len(agents))
        ]
        for number, task in enumerate(order)
    ]
    schedule = Schedule(jobs, until=None if deadline_s is None else started + deadline_s)
    described = {"agents": identity(agents), "env": identity(models_as_known(options))}
    setup = functools.partial(_playing, tuple(agents), options, None if tree is None else str(tree))
    here = workers == 1 and engine is None
    hands: Workers[Job, _Played] | _Here = _Here(setup) if here else Workers(setup, workers, engine=engine)
    with EvaluationLog(path, described) as log:
        schedule.finished(log.episodes, names)
        with hands:
            _play_all(hands, schedule, names, log, path, workers, progress)
        whole = schedule.whole_tasks
        rows = {(row.task, row.seed, row.agent): row for row in log.episodes}
        kept = [(task.id, seed) for task in order if task.id in whole for seed in range(seeds)]
        environment = {
            "commit": commit(),
            "versions": versions(),
            "machine": describe_machine(),
            "suite": _suite_name(options.get("suite", "local")),
            "split": ", ".join(sorted({task.split for task in tasks})),
            **log.made_with,
            "tasks": len(whole),
            "tasks_left_out": len(order) - len(whole),
            "seeds": seeds,
            "workers": workers,
            "date": datetime.now(UTC).strftime("%Y-%m-%d"),
            "seconds": round(time.monotonic() - started, 1),
        }
        episodes = tuple(rows[task, seed, name] for task, seed in kept for name in names)
        result = Result(names, episodes, environment, path.parent if path is not None else None)
        if path is not None:
            with writing_to(path):
                save_result(result, path)
            log.remove()
    return result


@dataclass(frozen=True, slots=True)
class _Played:
    """An episode, what the models that took part call themselves, and screenshots by their names."""

    row: EpisodeRow
    made_with: Mapping[str, Any] = field(default_factory=dict)
    shots: Mapping[str, bytes] = field(default_factory=dict)


def _play_all(
    hands: Workers[Job, _Played] | _Here,
    schedule: Schedule,
    names: Sequence[str],
    log: EvaluationLog,
    path: Path | None,
    workers: int,
    progress: Progress | None,
) -> None:
    """Run what the schedule gives out; what the infrastructure failed once more, and every episode into the log."""
    for job in schedule.next_jobs(workers):
        hands.add(job)
    for event in hands.events():
        match event:
            case Done(job=job, result=played):
                pass
            case Lost(job=job):
                played = _Played(_lost(job, names[job.agent], event.silent, event.reason))
            case Alive():
                continue
        if played.row.failure and job.attempt < ATTEMPTS:
            hands.add(dataclasses.replace(job, attempt=job.attempt + 1))
            continue
        row = dataclasses.replace(played.row, attempts=job.attempt)
        for name, encoded in played.shots.items():
            assert path is not None
            with writing_to(path.parent / name):
                (path.parent / name).parent.mkdir(parents=True, exist_ok=True)
                (path.parent / name).write_bytes(encoded)
        log.append(row, dict(played.made_with))
        schedule.count(job)
        if progress is not None:
            progress(schedule.done, schedule.total, row)
        for following in schedule.next_jobs(workers):
            hands.add(following)


class _Here:
    """As `Workers`, in this process: one job after the other."""

    def __init__(
        self, setup: Callable[[int], contextlib.AbstractContextManager[Callable[[Job, Beat], _Played]]]
    ) -> None:
        self._setup = setup
        self._stack = contextlib.ExitStack()
        self._queue: deque[Job] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def add(self, job: Job) -> None:
        self._queue.append(job)

    def events(self) -> Iterator[Done[Job, _Played]]:
        if not self._queue:
            return
        play = self._stack.enter_context(self._setup(0))
        while self._queue:
            job = self._queue.popleft()
            yield Done(job, play(job, lambda: None))


@contextmanager
def _playing(
    agents: tuple[Agent, ...], options: dict[str, Any], tree: str | None, number: int
) -> Iterator[Callable[[Job, Beat], _Played]]:
    """The browser and the models, and what runs an episode with them."""
    from webvoyager_gym.tree.env import walking

    with contextlib.closing(walking(options, tree)) as env:
        made_with = {
            "proposer": env.proposer.name,
            "embedder": env.embedder.name if env.embedder is not None else None,
            "n_candidates": env.n_candidates,
            "max_steps": env.max_steps,
        }

        def play(job: Job, beat: Beat) -> _Played:
            agent = agents[job.agent]
            folder = f"{job.number:03}-{job.agent}-{re.sub(r'[^a-z0-9]+', '-', agent.name.lower())[:40]}-{job.seed}"
            shots: dict[str, bytes] = {}

            def keep(step: int, encoded: bytes) -> str:
                name = f"{job.shots}/{folder}/{step:02}.webp"
                shots[name] = encoded
                return name

            row = run_episode(env, agent, job.task, seed=job.seed, keep=keep if job.shots else None, beat=beat)
            return _Played(row, made_with, shots)

        yield play


def _lost(job: Job, name: str, silent: bool, reason: str) -> EpisodeRow:
    """An episode of which nothing is known but that its worker was lost, again."""
    task = job.task
    return EpisodeRow(
        agent=name,
        task=task.id,
        site=task.site,
        template=task.template,
        split=task.split,
        goal=task.goal,
        seed=job.seed,
        success=False,
        failure="deadline" if silent else "browser",
        reason=reason,
        attempts=job.attempt,
    )


def _suite_name(suite: str | TaskSuite) -> str:
    return suite if isinstance(suite, str) else suite.name
