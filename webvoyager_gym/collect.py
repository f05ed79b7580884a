"""Collecting: an agent acts, and every step it takes is recorded with all the candidates it could have taken.

Best-of-Q collects epsilon-greedily over the proposals of a frozen VLM (epsilon 0.5; arXiv 2601.22701, section 4), so
that the data holds good and bad candidates of the same states.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import io
import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from webvoyager_gym.acting import Act, act
from webvoyager_gym.agents import Agent
from webvoyager_gym.data import Recorder, finished, read_shards
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.identity import identity
from webvoyager_gym.tasks import Task
from webvoyager_gym.types import Episode, Failure, Screenshot, Step
from webvoyager_gym.vlm.base import embedding_id
from webvoyager_gym.vlm.names import models_as_known
from webvoyager_gym.whole_file import write_whole
from webvoyager_gym.worker import Beat, Engine
from webvoyager_gym.workers import Alive, Done, Lost, Workers

if TYPE_CHECKING:
    from webvoyager_gym.best_of_q import BestOfQEnv

ATTEMPTS = 2
"""How often an episode that the infrastructure breaks off is run."""
SETTINGS_FILE = "collection.json"
"""Says, in a folder of shards, how its episodes are collected; a run that goes on with them has to agree."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a collection is.

    Attributes:
        planned: episodes asked for that were not there already.
        episodes: of these, finished and recorded; those that an infrastructure failure ended twice included.
        successes: of these, with the task completed.
        failures: of these, ended by an infrastructure failure.
        steps: actions taken.
    """

    planned: int
    episodes: int = 0
    successes: int = 0
    failures: int = 0
    steps: int = 0


@dataclass(frozen=True, slots=True)
class _Job:
    task: Task
    seed: int
    attempt: int = 1


def collect(
    tasks: Sequence[Task],
    agent: Agent,
    shards_folder: str | Path,
    *,
    env_options: Mapping[str, Any] | None = None,
    workers: int = 1,
    engine: Engine[Any] | None = None,
    seed: int = 0,
    deadline_s: float | None = None,
    screenshots: bool = True,
    tree: str | Path | None = None,
    record_network: str | Path | None = None,
    drawn_by: Mapping[str, Any] | None = None,
    progress: Callable[[Tally], None] | None = None,
) -> Tally:
    """Run one episode of each task, in workers with a browser each, and record it here.

    Tasks that are recorded in the folder already are skipped, so an interrupted collection goes on where it stopped.
    What is in the folder is safe at any moment: Ctrl-C, a crash or `kill -9` loses the running episodes only. An
    episode that an infrastructure failure ends is recorded as such and tried once more. The same tasks, agent, options
    and seed give the same episodes, however many workers there are.

    Args:
        tasks: of the suite that `env_options` names; one that occurs k times is run with k seeds, `seed`, `seed + 1`, …
        agent: who chooses; has to survive pickling.
        shards_folder: where to record; merge with `webvoyager_gym.data.finalize`.
        env_options: arguments of `BestOfQEnv`.
        workers: how many. A script that collects needs `if __name__ == "__main__":`.
        engine: where they live: None for processes of this machine, `webvoyager_gym.ray_cluster.RayCluster` for others.
        deadline_s: seconds, from when the first worker is ready, after which no episode is begun; those that run are
            finished.
        screenshots: record them, as lossless WebP.
        tree: a transition tree to walk in and to grow (`webvoyager_gym.tree`): id or folder.
        record_network: a folder that gets an archive of each episode's network, whose name is the episode's
            `extra["network"]`; see `WebVoyagerEnv`. On a cluster a folder of each worker's machine.
        drawn_by: how the tasks were chosen, as JSON; a run that goes on has to agree with that too.
        progress: told of every step and episode.

    Returns:
        The final tally; `episodes < planned` if the deadline came first.

    Raises:
        WebVoyagerError: the folder holds episodes of another agent or of other options; or the workers cannot start.
        MissingDependency, NotFound: as `BestOfQEnv` raises them.
    """
    folder = Path(shards_folder)
    options = dict(env_options or {})
    _claim(
        folder,
        {
            "agent": identity(agent),
            "seed": seed,
            "screenshots": screenshots,
            "env": identity(models_as_known(options)),
            # A page that is recorded has another clock.
            **({} if record_network is None else {"network": "recorded"}),
            **(drawn_by or {}),
        },
    )
    if record_network is not None:
        options["record_network"] = str(record_network)
    done = finished(folder)
    jobs = [job for job in _jobs(tasks, seed) if (job.task.id, job.seed) not in done]
    tally = Tally(planned=len(jobs))
    setup = functools.partial(_recording, agent, options, screenshots, None if tree is None else str(tree))
    with Recorder(folder) as recorder, Workers(setup, max(1, min(workers, len(jobs))), engine=engine) as pool:
        for job in jobs:
            pool.add(job)
        for event in pool.events(deadline_s):
            match event:
                case Alive():
                    tally = dataclasses.replace(tally, steps=tally.steps + 1)
                case Done(job=job, result=episode):
                    recorder.write(episode)
                    tally = _counted(tally, episode) if not _again(pool, job, episode.failure) else tally
                case Lost(job=job):
                    lost = _lost(job, agent, "deadline" if event.silent else "browser", event.reason)
                    if not _again(pool, job, lost.failure):
                        recorder.write(lost)
                        tally = _counted(tally, lost)
            if progress is not None:
                progress(tally)
    return tally


def record_episode(
    env: BestOfQEnv,
    agent: Agent,
    task_id: str,
    *,
    seed: int,
    screenshots: bool = True,
    beat: Beat = lambda: None,
) -> Episode:
    """Run one episode.

    The last row has candidates and embeddings if the episode was truncated for want of steps, since learning then asks
    for the value of that state; after the end of a task there is nothing to be valued.

    Args:
        seed: of the environment and, together with the task, of what the agent draws.
        beat: called after every step.
    """
    acted = act(env, agent, task_id, seed=seed, see=lambda _: _row(env, screenshots), beat=beat)
    info = acted.info
    rows = [_taken(each) for each in acted.acts]
    if acted.unchosen:
        rows = _cut(rows)
    to_be_valued = bool(acted.acts) and acted.acts[-1].truncated and not info["failure"]
    rows.append(_row(env, screenshots) if to_be_valued else _bare(_row(env, screenshots)))
    env.episode.keep()
    archive = env.episode.archive
    names = {
        **({} if archive is None else {"network": archive.name}),
        "proposer": env.proposer.name,
        "embedder": env.embedder.name if env.embedder is not None else None,
        "embedding_id": embedding_id(env.embedder),
    }
    return Episode(
        task_id=env.task.id,
        site=env.task.site,
        split=env.task.split,
        goal=env.task.goal,
        seed=seed,
        steps=tuple(rows),
        success=bool(info["success"]) and not info["failure"],
        failure=info["failure"],
        answer=info["answer"],
        judge=info["judge"],
        extra={"template": env.task.template, "policy": agent.name, **names, "reason": info["reason"]},
    )


def recorded_models(shards_folder: str | Path) -> dict[str, Any]:
    """Of a folder of shards, for a dataset's metadata: what the models that took part call themselves, and what decides
    the embeddings."""
    said = next((episode.extra for episode in read_shards(shards_folder) if "proposer" in episode.extra), {})
    return {key: said[key] for key in ("proposer", "embedder", "embedding_id") if key in said}


def webp(screenshot: Screenshot) -> bytes:
    """A screenshot as lossless WebP, quick rather than small."""
    encoded = io.BytesIO()
    Image.fromarray(screenshot).save(encoded, "WEBP", lossless=True, method=0)
    return encoded.getvalue()


def _row(env: BestOfQEnv, screenshots: bool) -> Step:
    """What is seen and proposed now; the choice and what follows come later."""
    view = env.view
    embeds = env.embedder is not None
    return Step(
        url=view.url,
        title=view.title,
        outline=view.outline,
        last_error=env.prompt.last_error,
        screenshot=webp(view.screenshot) if screenshots else b"",
        marks=view.marks,
        scroll=view.scroll,
        candidates=env.candidates,
        state_embedding=env.state_embedding if embeds else np.zeros(0, np.float16),
        candidate_embeddings=env.candidate_embeddings if embeds else np.zeros((len(env.candidates), 0), np.float16),
    )


def _taken(act: Act[Step]) -> Step:
    """The row with what was chosen and what came of it."""
    return dataclasses.replace(
        act.seen,
        chosen=act.choice.index,
        propensity=act.choice.propensity,
        reward=act.reward,
        terminated=act.terminated,
        truncated=act.truncated,
        seconds=dict(act.info["timing"]),
    )


def _bare(row: Step) -> Step:
    empty = np.zeros(0, np.float16)
    return dataclasses.replace(row, candidates=(), state_embedding=empty, candidate_embeddings=empty.reshape(0, 0))


def _cut(rows: list[Step]) -> list[Step]:
    """The rows of an episode that ends after the last of them, though no action did it."""
    return [*rows[:-1], *(dataclasses.replace(row, truncated=True) for row in rows[-1:])]


def _jobs(tasks: Sequence[Task], seed: int) -> Iterator[_Job]:
    seen: Counter[str] = Counter()
    for task in tasks:
        yield _Job(task, seed + seen[task.id])
        seen[task.id] += 1


def _again(pool: Workers[_Job, Episode], job: _Job, failure: Failure) -> bool:
    """Whether the job is worth another try; it is then in the queue."""
    if not failure or job.attempt >= ATTEMPTS:
        return False
    pool.add(dataclasses.replace(job, attempt=job.attempt + 1))
    return True


def _counted(tally: Tally, episode: Episode) -> Tally:
    return dataclasses.replace(
        tally,
        episodes=tally.episodes + 1,
        successes=tally.successes + episode.success,
        failures=tally.failures + bool(episode.failure),
    )


@contextmanager
def _recording(
    agent: Agent, options: dict[str, Any], screenshots: bool, tree: str | None, number: int
) -> Iterator[Callable[[_Job, Beat], Episode]]:
    """In a worker: the browser and the models, and what runs an episode with them."""
    from webvoyager_gym.tree.env import walking

    with contextlib.closing(walking(options, tree)) as env:
        yield lambda job, beat: record_episode(
            env, agent, job.task.id, seed=job.seed, screenshots=screenshots, beat=beat
        )


def _lost(job: _Job, agent: Agent, failure: Failure, reason: str) -> Episode:
    """An episode of which nothing is known but that its worker was lost."""
    empty = np.zeros(0, np.float16)
    row = Step("", "", "", "", b"", (), empty, empty.reshape(0, 0), propensity=math.nan)
    extra = {"policy": agent.name, "reason": reason}
    task = job.task
    return Episode(task.id, task.site, task.split, task.goal, job.seed, (row,), False, failure, extra=extra)


def _claim(folder: Path, settings: dict[str, Any]) -> None:
    """Make sure that all episodes of a folder are collected in the same way."""
    path = folder / SETTINGS_FILE
    if not path.exists():
        write_whole(path, json.dumps(settings, indent=1) + "\n")
        return
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        before = None
    if before != settings:
        raise WebVoyagerError(
            f"{folder} holds episodes collected with {json.dumps(before)}, not with {json.dumps(settings)}; "
            "go on with the same settings, or record into another folder."
        )
