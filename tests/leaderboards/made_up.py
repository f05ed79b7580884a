"""Runs made up by chance, on the real list of test tasks, as a world where choices lead where they always lead.

Whether a candidate is best at a step follows from task, seed and the way there, so runs with the same choices agree as
real ones do. All of them say that they are made up.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from leaderboards.claims.claim_file import tried_text
from leaderboards.claims.every import CLAIMS
from leaderboards.collection import KEPT
from leaderboards.protocol import SEEDS, TaskList, frozen_list
from leaderboards.run import About, Model, Run, Trained, ids_sha256
from leaderboards.run_file import run_text
from leaderboards.selection import Scores, States
from leaderboards.selection_file import load_selection, scores_text, states_text
from tests.leaderboards.made_up_claims import made_tried
from webvoyager_gym.result_file import save_result
from webvoyager_gym.results import EpisodeRow, Proposal, Result, StepRow
from webvoyager_gym.tasks.frozen import frozen_tasks

MADE_WITH = {
    "commit": "0" * 40,
    "versions": {"webvoyager-gym": "0.0"},
    "machine": {"cpu": "made up", "cores": 2, "gpu": ""},
    "proposer": "pocket",
    "proposer_sha256": "1" * 64,
    "embedder": "pocket",
    "embedder_sha256": "1" * 64,
    "n_candidates": 3,
    "max_steps": 15,
    "made_up": True,
}
DATASET = Trained("local/made-up-v0", "2" * 64)
METHODS = (
    ("oracle-of-n", "oracle-of-n", 1.0, 900),
    ("iql", "best-of-q", 0.8, 900),
    ("iql-small", "best-of-q", 0.72, 850),
    ("dqn", "best-of-q", 0.6, 900),
    ("vlm-selector", "vlm-selector", 0.55, 2600),
    ("first", "first", 0.5, 800),
    ("majority", "majority", 0.5, 9000),
    ("random", "random", 0.33, 800),
)
"""Id, kind of agent, how well it chooses, and tokens a step."""


def chance(*parts: object) -> float:
    """A number from 0 to 1 that follows from the parts."""
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=6).digest()) / 2**48


def task_ids(count: int | None = None) -> list[str]:
    """The ids of the frozen list, or a few of all sites."""
    tasks = [task.id for task in frozen_tasks()]
    return tasks if count is None else tasks[:: len(tasks) // count][:count]


def made_episode(agent: str, skill: float, tokens: int, task: str, seed: int, full: bool = False) -> EpisodeRow:
    """An episode of three to six right steps, lost at the first wrong one with some luck for it."""
    site = task.partition("/")[0]
    hardness, length = chance(site) * 0.5 + chance(task) * 0.3, 2 + int(4 * chance(task, "length"))
    way, lost, trace = "", False, []
    for number in range(length):
        there = chance(task, way, "there") > 0.16 * hardness + (0.4 if lost else 0.03)
        best_at = min(2, int(-1.1 * np.log(chance(task, way, "at") + 1e-9)))
        best = tuple(there and at == best_at for at in range(3))
        knows = chance(agent, skill, task, seed, number) < skill - 0.25 * hardness
        pick = best_at if knows or skill == 1.0 else int(3 * chance(agent, task, seed, number, "pick"))
        pick = 0 if agent == "first" else pick
        lost = lost or not best[pick]
        trace.append(_step(pick, best, task, number) if full else StepRow("", "", (Proposal(""),) * 3, pick, best=best))
        way += f"{pick},"
    broken = not lost and chance(agent, task, seed, "broken") < 0.004
    return EpisodeRow(
        agent=agent,
        task=task,
        site=site,
        template="",
        split="test",
        goal=f"The goal of {task}" if full else "",
        seed=seed,
        success=not broken and (not lost or chance(task, way) < 0.2),
        failure="browser" if broken else "",
        reason="made up" if full else "",
        trace=tuple(trace),
        seconds=round(1.5 * length, 2),
        cost={
            "tokens_in": float(tokens * length),
            "tokens_out": 30.0 * length,
            "passes": float(length),
            "seconds": round(0.3 * length, 3),
            "unreadable": 0.0,
        },
        attempts=2 if broken else 1,
    )


def _step(pick: int, best: tuple[bool, ...], task: str, number: int) -> StepRow:
    proposals = tuple(
        Proposal(f"click [{at + 1}]", -0.7 * (at + 1), f'click link "Choice {at + 1} of step {number + 1}"')
        for at in range(3)
    )
    return StepRow(f"http://{task.partition('/')[0]}.test/{number}", "Made up", proposals, pick, (0.6, 0.4, 0.2), best)


def made_run(id: str, tasks: Sequence[str] | None = None, seeds: int = SEEDS) -> Run:
    """The made-up run of one of METHODS."""
    _, agent, skill, tokens = next(method for method in METHODS if method[0] == id)
    learned = agent == "best-of-q"
    return Run(
        track="rollout",
        about=About(id, id.replace("-", " ").capitalize(), "Made up, to test the boards.", "", "2026-11-01"),
        agent=agent,
        tasks=frozen_list(),
        made_with=MADE_WITH,
        models=tuple(
            Model(seed, hashlib.sha256(f"{id}{seed}".encode()).hexdigest(), 1_000_000) for seed in range(seeds)
        )
        if learned
        else (),
        trained=DATASET if learned else None,
        source_sha256="3" * 64,
        episodes=tuple(
            made_episode(id, skill, tokens, task, seed)
            for task in (task_ids() if tasks is None else tasks)
            for seed in range(seeds)
        ),
    )


def live_run(id: str, version: str, tasks: Sequence[str]) -> Run:
    """The same as a run of the live track, once over a dated list of these tasks."""
    run = made_run(id, tasks, seeds=1)
    made_with = {**MADE_WITH, "judge": "made up"}
    listed = TaskList("webvoyager", "all", version, ids_sha256(tasks), len(tasks))
    return dataclasses.replace(run, track="live", tasks=listed, made_with=made_with)


def kept_episodes(run: Run) -> Result:
    """A few of a made-up run's episodes at full length."""
    _, _, skill, tokens = next(method for method in METHODS if method[0] == run.about.id)
    first_of_site = {episode.site: episode.task for episode in reversed(run.episodes)}
    episodes = tuple(
        made_episode(run.about.id, skill, tokens, task, 0, full=True) for _, task in sorted(first_of_site.items())
    )
    return Result((run.about.id,), episodes, {"suite": "local", "split": "test", "made_up": True})


def made_selection(states: int = 120) -> tuple[States, tuple[Scores, ...]]:
    """Logged states with values, and what a good and a poor method think of them."""
    random = np.random.default_rng(0)
    tasks = [task_ids(40)[at % 40] for at in range(states)]
    values = np.where(random.random((states, 3)) < 0.5, 0.99 ** random.integers(1, 9, (states, 3)), 0.0)
    values[::7, 2] = np.nan
    made = States("made-up-v0", 0.99, tuple(tasks), tuple(str(at // 40) for at in range(states)), values)
    methods = []
    for id, noise in (("iql", 0.2), ("dqn", 0.6)):
        scores = values[None] + random.normal(0, noise, (SEEDS, states, 3))
        about = About(id, id.upper(), "Made up, to test the boards.", "", "2026-11-01")
        methods.append(Scores(about, "", True, (), DATASET, scores))
    return made, tuple(methods)


def write_results(folder: Path, ids: Sequence[str], tasks: Sequence[str] | None = None) -> Path:
    """A folder as `leaderboards/results`, with runs of all three tracks and two claims."""
    for id in ids:
        run = made_run(id, tasks)
        _write(folder / "rollout" / f"{id}.json", run_text(run))
        save_result(kept_episodes(run), folder / "rollout" / f"{id}{KEPT}")
    listed = task_ids(60)
    for id, version in (("first", "2026-10"), ("iql", "2026-11")):
        live = live_run(id, version, listed if version == "2026-11" else listed[:50])
        _write(folder / "live" / f"{id}.json", run_text(live))
    states, methods = made_selection()
    _write(folder / "selection" / "states.json", states_text(states))
    known, _ = load_selection(folder)
    assert known is not None
    for method in methods:
        scored = dataclasses.replace(method, states_sha256=known.sha256)
        _write(folder / "selection" / f"{method.about.id}.json", scores_text(scored))
    for id, succeeding in (("beats-first", {"best-of-q"}), ("another-n-hurts", {"few-8", "many-3"})):
        _write(folder / "claims" / f"{id}.json", tried_text(made_tried(CLAIMS[id], succeeding)))
    return folder


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
