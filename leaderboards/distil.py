"""From a full result to the runs of its agents: what boards need is kept, and a few episodes at full length."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from pathlib import Path

from leaderboards.collection import KEPT
from leaderboards.learned import models_of, trained_on
from leaderboards.protocol import KEPT_EPISODES, TaskList
from leaderboards.run import About, Run
from leaderboards.run_file import run_text
from webvoyager_gym.data.checksums import file_sha256
from webvoyager_gym.result_file import save_result
from webvoyager_gym.results import EpisodeRow, Result
from webvoyager_gym.vlm import POCKET_FOLDER, POCKET_WEIGHTS
from webvoyager_gym.vlm.names import split_name

REMOTE = "remote"
"""In the place of a checksum, for a model behind an API."""


def distil(
    result: Result, agent: str, about: About, kind: str, tasks: TaskList, source: Path, paths: Sequence[Path] = ()
) -> Run:
    """The run of one agent of a full result.

    Args:
        agent: its name in the result.
        kind: of agent, such as "best-of-q".
        tasks: which they were.
        source: the full result's file.
        paths: files of what was trained, one for each seed; none for agents that do not learn.

    Raises:
        NotFound, InvalidFile: one of them cannot be read.
        WebVoyagerError: they learned from different datasets.
    """
    setup = result.environment
    seeds = sorted({episode.seed for episode in result.episodes})
    kept = ("commit", "versions", "machine", "proposer", "embedder", "n_candidates", "max_steps")
    made_with = {name: setup.get(name) for name in kept}
    made_with["proposer_sha256"] = model_sha256(str(setup.get("proposer") or ""))
    made_with["embedder_sha256"] = model_sha256(str(setup.get("embedder") or ""))
    return Run(
        track="rollout",
        about=about,
        agent=kind,
        tasks=tasks,
        made_with=made_with,
        models=models_of(kind, seeds, paths) if paths else (),
        trained=trained_on(kind, paths) if paths else None,
        source_sha256=file_sha256(source),
        episodes=tuple(
            dataclasses.replace(episode, agent=about.id) for episode in result.episodes if episode.agent == agent
        ),
    )


def worth_looking_at(result: Result, agent: str, id: str) -> Result:
    """A few of an agent's episodes, of all sites in turn, successes and failures in turn, without pictures."""
    left = [episode for episode in result.episodes if episode.agent == agent and not episode.failure]
    picked: list[EpisodeRow] = []
    sites = sorted({episode.site for episode in left})
    for number in range(KEPT_EPISODES):
        if not left:
            break
        site, success = sites[number % len(sites)], number % 2 == 1
        best = min(left, key=lambda each: (each.site != site, each.success != success, each.steps < 2, each.steps))
        left.remove(best)
        trace = tuple(dataclasses.replace(step, screenshot="") for step in best.trace)
        picked.append(dataclasses.replace(best, agent=id, trace=trace, screenshot=""))
    return Result((id,), tuple(picked), result.environment)


def write_run(run: Run, kept: Result, folder: Path) -> Path:
    """Write a run and the episodes kept beside it into a folder; the run's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run.about.id}.json"
    path.write_text(run_text(run), encoding="utf-8")
    save_result(kept, folder / f"{run.about.id}{KEPT}")
    return path


def model_sha256(name: str) -> str:
    """Checksum of a VLM's files by its name: of the checksums of all of them, by file name; "remote" if they are not on
    this machine, "" for no model."""
    if not name:
        return ""
    backend, model, _ = split_name(name)
    folder = (POCKET_WEIGHTS / (model or POCKET_FOLDER.name)) if backend == "pocket" else Path(model)
    files = [] if backend == "openai" else sorted(folder.glob("*"))
    sums = "".join(f"{file_sha256(file)}  {file.name}\n" for file in files if file.is_file())
    return hashlib.sha256(sums.encode()).hexdigest() if sums else REMOTE
