"""Evaluating agents: every one of them on the same (task, seed) pairs, in real pages.

`evaluate` runs the episodes, `webvoyager_gym.results` says what follows from them, `webvoyager_gym.report` shows it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import io
import os
import re
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from PIL import Image

from webvoyager_gym.agents import Agent, best_candidates
from webvoyager_gym.data.provenance import commit, package_versions
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.evaluation_log import EvaluationLog
from webvoyager_gym.history import in_words
from webvoyager_gym.machine import describe_machine
from webvoyager_gym.result_file import load_result, save_result
from webvoyager_gym.results import EpisodeRow, Proposal, Result, StepRow
from webvoyager_gym.spaces import clip
from webvoyager_gym.tasks import NoExpert, Task
from webvoyager_gym.types import Candidate, PageView, Screenshot
from webvoyager_gym.workers import Alive, Beat, Done, Lost, Workers

if TYPE_CHECKING:
    from webvoyager_gym.best_of_q import BestOfQEnv

ATTEMPTS = 2
"""How often an episode that the infrastructure breaks off is run."""
LONGEST_TEXT = 4096
"""Longer texts of pages and answers are cut, in characters."""

Progress = Callable[[int, int, EpisodeRow], None]
"""Told of every finished episode: how many are done, of how many, and the last one."""

__all__ = ["Progress", "evaluate", "in_turn", "load_result", "run_episode", "save_result"]


def evaluate(
    agents: Sequence[Agent],
    tasks: Sequence[Task],
    *,
    seeds: int = 1,
    env_options: Mapping[str, Any] | None = None,
    out: str | os.PathLike[str] | None = None,
    workers: int = 1,
    progress: Progress | None = None,
    deadline_s: float | None = None,
    keep_screenshots: int = 12,
) -> Result:
    """Run every agent on every task with every seed.

    Tasks are taken from all sites and templates in turn (`in_turn`), so that those finished by a deadline are a fair
    sample. An episode that an infrastructure failure ends is run once more; if that fails too it counts neither for nor
    against the agent. Every finished episode is on the disk before the next one counts: an evaluation that is broken
    off goes on where it stopped when it is called again with the same `out`, agents and options.

    Args:
        agents: the first is what the others are compared with. With several workers they have to survive pickling.
        tasks: of the suite that `env_options` names.
        seeds: seeds 0, 1, … of each task: of what agents draw and of `reset`.
        env_options: arguments of `BestOfQEnv`.
        out: file to write the result to. What is finished is kept in `<out>.partial.jsonl` until then, and marked
            screenshots in the folder `<out without .json>-screenshots`. None keeps everything in memory.
        workers: processes with a browser each; 1 runs in this process. A script that uses more needs
            `if __name__ == "__main__":`.
        progress: told of every finished episode.
        deadline_s: seconds after which to stop. A task is begun only if all agents can be expected to finish it by then
            (the first always is), and no task is left half done.
        keep_screenshots: for so many tasks, the first ones; for the page of `webvoyager_gym.report`.

    Raises:
        ValueError: no agents or tasks, two of the same name or id, or fewer than one seed.
        WebVoyagerError: `<out>.partial.jsonl` was begun with other agents or options; or workers cannot start.
        MissingDependency, NotFound: as `BestOfQEnv` raises them.
    """
    started = time.monotonic()
    names = _distinct("agent", [agent.name for agent in agents])
    _distinct("task", [task.id for task in tasks])
    if seeds < 1:
        raise ValueError(f"seeds is {seeds}; at least one is needed.")
    options = dict(env_options or {})
    path = Path(out) if out is not None else None
    shots = path.with_name(f"{path.stem}-screenshots") if path is not None and keep_screenshots else None
    order = in_turn(tasks)
    schedule = _Schedule(
        [
            [_Job(number, agent, task, seed, shots if number < keep_screenshots else None)
             for seed in range(seeds) for agent in range(len(agents))]
            for number, task in enumerate(order)
        ],
        until=None if deadline_s is None else started + deadline_s,
    )  # fmt: skip
    described = {"agents": [_identity(agent) for agent in agents], "env": _identity(options)}
    setup = functools.partial(_playing, tuple(agents), options)
    hands: Workers[_Job, _Played] | _Here = Workers(setup, workers) if workers > 1 else _Here(setup)
    with EvaluationLog(path, described) as log, hands:
        schedule.finished(log.episodes, names)
        total = schedule.total

        def record(job: _Job, row: EpisodeRow, made_with: dict[str, Any]) -> None:
            log.append(row, made_with)
            schedule.count(job)
            if progress is not None:
                progress(schedule.done, total, row)

        for job in schedule.next_jobs(workers):
            hands.add(job)
        for event in hands.events():
            match event:
                case Done(job=job, result=(row, made_with)):
                    if row.failure and job.attempt < ATTEMPTS:
                        hands.add(dataclasses.replace(job, attempt=job.attempt + 1))
                    else:
                        record(job, dataclasses.replace(row, attempts=job.attempt), made_with)
                case Lost(job=job):
                    if job.attempt < ATTEMPTS:
                        hands.add(dataclasses.replace(job, attempt=job.attempt + 1))
                    else:
                        record(job, _lost(job, names[job.agent], event.silent, event.reason), {})
                case Alive():
                    continue
            for job in schedule.next_jobs(workers):
                hands.add(job)
        whole = schedule.whole_tasks
        rows = {(row.task, row.seed, row.agent): row for row in log.episodes}
        result = Result(
            names,
            tuple(
                rows[task.id, seed, name]
                for task in order
                if task.id in whole
                for seed in range(seeds)
                for name in names
            ),
            {
                "commit": commit(),
                "versions": package_versions(),
                "machine": describe_machine(),
                "suite": options.get("suite", "local"),
                "split": ", ".join(sorted({task.split for task in tasks})),
                **log.made_with,
                "tasks": len(whole),
                "tasks_left_out": len(order) - len(whole),
                "seeds": seeds,
                "workers": workers,
                "date": datetime.now(UTC).strftime("%Y-%m-%d"),
                "seconds": round(time.monotonic() - started, 1),
            },
            path.parent if path is not None else None,
        )
        if path is not None:
            save_result(result, path)
            log.remove()
    return result


def in_turn(tasks: Sequence[Task]) -> list[Task]:
    """The tasks with sites taking turns, and the templates of each site too, so that every beginning is balanced."""
    sites: dict[str, dict[str, list[Task]]] = {}
    for task in tasks:
        sites.setdefault(task.site, {}).setdefault(task.template, []).append(task)
    return list(_turns(list(_turns(list(templates.values()))) for templates in sites.values()))


def run_episode(
    env: BestOfQEnv,
    agent: Agent,
    task: Task,
    *,
    seed: int = 0,
    shots: Path | None = None,
    beat: Beat = lambda: None,
) -> EpisodeRow:
    """Run one episode of one agent.

    Args:
        seed: of `reset` and, together with the task, of what the agent draws.
        shots: folder to keep the marked screenshots in, as WebP of good quality but not lossless.
        beat: called after every step.
    """
    random = np.random.default_rng([seed, zlib.crc32(task.id.encode())])
    started = time.perf_counter()
    _, info = env.reset(seed=seed, options={"task_id": task.id})
    seconds = time.perf_counter() - started
    cost = dict(info["cost"])
    trace: list[StepRow] = []
    failure, over = info["failure"], False
    while not (failure or over):
        view, candidates = env.view, env.candidates
        screenshot = _keep(view.screenshot, shots, len(trace))
        try:
            best = _best(env)
            started = time.perf_counter()
            choice = agent.choose(env, random)
            _, _, terminated, truncated, info = env.step(choice.index)
            elapsed = time.perf_counter() - started
        except InfrastructureFailure as broken:
            info = {**info, "failure": broken.part, "success": False, "reason": str(broken)}
            failure = broken.part
            break
        beat()
        failure, over = info["failure"], terminated or truncated
        seconds += elapsed
        cost = {key: cost.get(key, 0.0) + value for key, value in info["cost"].items()}
        trace.append(
            StepRow(
                url=_text(view.url),
                title=_text(view.title),
                candidates=tuple(_proposal(each, view) for each in candidates),
                chosen=choice.index,
                scores=None if choice.scores is None else tuple(float(score) for score in choice.scores),
                best=best,
                propensity=choice.propensity,
                error=_text(env.prompt.last_error),
                seconds=elapsed,
                screenshot=screenshot,
            )
        )
    return EpisodeRow(
        agent=agent.name,
        task=task.id,
        site=task.site,
        template=task.template,
        split=task.split,
        goal=task.goal,
        seed=seed,
        success=bool(info["success"]) and not failure,
        failure=failure,
        reason=_text(info["reason"]),
        answer=_text(info["answer"]),
        trace=tuple(trace),
        url=_text(env.view.url),
        title=_text(env.view.title),
        screenshot=_keep(env.view.screenshot, shots, len(trace)),
        seconds=seconds,
        cost=cost,
    )


# Who runs what, and when.


@dataclass(frozen=True, slots=True)
class _Job:
    """An agent, by its number, on a task, the so-manieth of the evaluation."""

    number: int
    agent: int
    task: Task
    seed: int
    shots: Path | None
    attempt: int = 1

    @property
    def key(self) -> tuple[str, int, int]:
        return self.task.id, self.seed, self.agent


_Played = tuple[EpisodeRow, dict[str, Any]]
"""An episode, and what the models that took part call themselves."""


class _Schedule:
    """Which episodes to run next: task by task, as long as there is time.

    Args:
        tasks: for each task its jobs.
        until: value of `time.monotonic()` by which all should be done, or None.
    """

    def __init__(self, tasks: list[list[_Job]], until: float | None) -> None:
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

    def count(self, job: _Job) -> None:
        """A job is finished."""
        self._done.add(job.key)
        self._counted += 1

    def next_jobs(self, workers: int) -> Iterator[_Job]:
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
        if self._until is None or not more or not (self._given_out or self._done):
            return True
        now = time.monotonic()
        if not self._counted:
            return now < self._until
        pace = (now - self._began) / self._counted
        return now + pace * (self._given_out - self._counted + more) <= self._until


class _Here:
    """As `Workers`, in this process: one job after the other."""

    def __init__(
        self, setup: Callable[[int], contextlib.AbstractContextManager[Callable[[_Job, Beat], _Played]]]
    ) -> None:
        self._setup = setup
        self._stack = contextlib.ExitStack()
        self._queue: deque[_Job] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def add(self, job: _Job) -> None:
        self._queue.append(job)

    def events(self) -> Iterator[Done[_Job, _Played]]:
        if not self._queue:
            return
        play = self._stack.enter_context(self._setup(0))
        while self._queue:
            job = self._queue.popleft()
            yield Done(job, play(job, lambda: None))


@contextmanager
def _playing(
    agents: tuple[Agent, ...], options: dict[str, Any], number: int
) -> Iterator[Callable[[_Job, Beat], _Played]]:
    """The browser and the models, and what runs an episode with them."""
    from webvoyager_gym.best_of_q import BestOfQEnv

    with contextlib.closing(BestOfQEnv(**options)) as env:
        made_with = {
            "proposer": env.proposer.name,
            "embedder": env.embedder.name if env.embedder is not None else None,
            "n_candidates": env.n_candidates,
            "max_steps": env.max_steps,
        }

        def play(job: _Job, beat: Beat) -> _Played:
            agent = agents[job.agent]
            shots = None
            if job.shots is not None:
                folder = f"{job.number:03}-{job.agent}-{re.sub(r'[^a-z0-9]+', '-', agent.name.lower())[:40]}-{job.seed}"
                shots = job.shots / folder
            return run_episode(env, agent, job.task, seed=job.seed, shots=shots, beat=beat), made_with

        yield play


def _lost(job: _Job, name: str, silent: bool, reason: str) -> EpisodeRow:
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


def _best(env: BestOfQEnv) -> tuple[bool, ...] | None:
    """Whether each candidate is as good as the expert's next action; None where no expert knows."""
    try:
        env.best_actions()
    except NoExpert:
        return None
    return best_candidates(env)


def _proposal(candidate: Candidate, view: PageView) -> Proposal:
    mark = view.mark(candidate.action.mark or 0)
    words = _text(in_words(candidate.action, view))
    return Proposal(_text(candidate.text), candidate.log_prob, words, mark.box if mark is not None else None)


def _keep(screenshot: Screenshot, folder: Path | None, step: int) -> str:
    """Write a screenshot; its path relative to the result's folder, "" if none is kept."""
    if folder is None:
        return ""
    folder.mkdir(parents=True, exist_ok=True)
    encoded = io.BytesIO()
    Image.fromarray(screenshot).save(encoded, "WEBP", quality=70, method=2)
    path = folder / f"{step:02}.webp"
    path.write_bytes(encoded.getvalue())
    return path.relative_to(folder.parent.parent).as_posix()


def _text(text: str) -> str:
    return clip(text, LONGEST_TEXT)


def _turns(queues: Any) -> Iterator[Any]:
    """One of each queue, then the next of each, until all are empty."""
    return (item for turn in zip_longest(*queues) for item in turn if item is not None)


def _distinct(kind: str, names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        raise ValueError(f"There is no {kind} to evaluate; give at least one.")
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise ValueError(f"The {kind} {twice[0]} is there twice; give each {kind} once, with a name of its own.")
    return tuple(names)


def _identity(value: Any) -> Any:
    """A value as JSON that differs where the value would act differently; Q-functions by the values they give."""
    from webvoyager_gym.q_network import QFunction

    if isinstance(value, QFunction):
        random = np.random.default_rng(0)
        state = random.standard_normal(value.config.state_size, np.float32)
        probes = random.standard_normal((8, value.config.action_size), np.float32)
        return hashlib.sha256(value.score(state, probes).tobytes()).hexdigest()[:16]
    if isinstance(value, str | int | float | bool | None):
        return value
    if isinstance(value, Mapping):
        return {str(key): _identity(each) for key, each in sorted(value.items())}
    if isinstance(value, Sequence):
        return [_identity(each) for each in value]
    if dataclasses.is_dataclass(value):
        fields = {field.name: _identity(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"class": type(value).__name__, **fields}
    return str(getattr(value, "name", type(value).__name__))
