"""Visit every task again and again, in any order and several processes: a state looks the same to the byte each time.

    python -m webvoyager_gym.proofs.determinism --keep differing/

A visit follows the expert for some steps, then comes back to the state before the last by `branch`. Prints each state
that did not look the same every time; exit status 1 if there is one.
"""

from __future__ import annotations

import functools
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image

from webvoyager_gym.env import Observation, WebVoyagerEnv
from webvoyager_gym.proofs.running import (
    SitesOption,
    WorkersOption,
    checked,
    chosen_tasks,
    default_workers,
    in_browsers,
)
from webvoyager_gym.sites import SITES
from webvoyager_gym.tasks.local import LocalTask

Frame = tuple[tuple[str, ...], str]
"""A state, as the actions that led there, and the digest of what was seen."""


def visit(env: WebVoyagerEnv, task: LocalTask, *, steps: int, keep: Path | None) -> list[Frame]:
    """What is seen in one visit of a task."""
    frames = []
    for taken, observation in _seen(env, task, steps):
        digest = hashlib.sha256()
        for key, value in sorted(observation.items()):
            digest.update(key.encode() + (value.tobytes() if isinstance(value, np.ndarray) else str(value).encode()))
        frames.append((taken, digest.hexdigest()))
        if keep is not None and not (file := _file(keep, digest.hexdigest())).exists():
            Image.fromarray(observation["screenshot"]).save(file)
    return frames


def _seen(env: WebVoyagerEnv, task: LocalTask, steps: int) -> Iterator[tuple[tuple[str, ...], Observation]]:
    observation, info = env.reset(seed=0, options={"task_id": task.id})
    checked(info)
    yield env.taken, observation
    before = env.taken
    for _ in range(steps):
        before = env.taken
        observation, _, terminated, _, info = env.step(env.best_actions()[0].text)
        checked(info)
        yield env.taken, observation
        if terminated:
            break
    observation, _, _, _, info = env.branch(before)
    checked(info)
    yield env.taken, observation


def differing(tasks: Sequence[LocalTask], visits: Sequence[list[Frame]]) -> dict[tuple[str, tuple[str, ...]], set[str]]:
    """Task, actions -> digests, of the states that did not look the same in all visits."""
    looks = defaultdict(set)
    for task, frames in zip(tasks, visits, strict=True):
        for taken, digest in frames:
            looks[task.id, taken].add(digest)
    return {state: digests for state, digests in looks.items() if len(digests) > 1}


def _file(keep: Path, digest: str) -> Path:
    return keep / f"{digest}.png"


def main(
    visits: Annotated[int, typer.Option(min=2, help="Visits of each task.")] = 2,
    steps: Annotated[int, typer.Option(min=0, help="Steps of the expert to follow.")] = 4,
    split: Annotated[str, typer.Option(help="Split of the tasks.")] = "test",
    each: Annotated[int, typer.Option(min=1, help="Tasks of each template, where the split is not a list.")] = 1,
    keep: Annotated[Path | None, typer.Option(help="Folder that gets the pictures of what differs.")] = None,
    site: SitesOption = None,
    workers: WorkersOption = None,
) -> None:
    """Compare visits."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    tasks = chosen_tasks(split, site or list(SITES), each)
    order = np.random.default_rng(0).permutation(np.repeat(np.arange(len(tasks)), visits))
    jobs = [tasks[index] for index in order]
    seen = in_browsers(
        functools.partial(visit, steps=steps, keep=keep),
        jobs,
        functools.partial(WebVoyagerEnv, max_steps=steps + 1),
        workers=workers or default_workers(),
        label="visits",
    )
    different = differing(jobs, seen)
    for (task_id, taken), digests in different.items():
        print(f"{task_id} after {list(taken)}: {', '.join(sorted(digests))}")
    if keep is not None:
        wanted = {digest for digests in different.values() for digest in digests}
        for frames in seen:
            for _, digest in frames:
                if digest not in wanted:
                    _file(keep, digest).unlink(missing_ok=True)
    looked = sum(map(len, seen))
    print(f"{looked} pictures of {len(tasks)} tasks in {len(jobs)} visits; states that differed: {len(different)}.")
    raise typer.Exit(bool(different))


if __name__ == "__main__":
    typer.run(main)
