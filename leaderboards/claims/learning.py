"""The trainings of claims: Q-functions for every seed, and rounds of collecting and training."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from leaderboards.claims.bench import Bench, key_of
from leaderboards.claims.claim import NotRun
from leaderboards.claims.collecting import dataset_of, vectors_sha256
from leaderboards.claims.needs import Part, Round, Rounds, Training
from leaderboards.claims.q_size import hidden_of
from webvoyager_gym.data import Dataset
from webvoyager_gym.errors import InvalidFile

REPORT = "iteration.json"
"""What an iteration found, in its folder."""

Learned = tuple[tuple[Path, ...], dict[str, Any]]
"""A Q-function for each seed, and what they learned from and how, as JSON."""


def learned(bench: Bench, training: Training) -> Learned:
    """The Q-functions of a training, made if they are not there.

    Raises:
        NotRun: its data or one of its settings is not to be had.
    """
    from algorithms.configure import configure
    from algorithms.run import Q_FILE
    from algorithms.training import Options, train_seeds

    settings = list(training.settings)
    try:
        # Before its data is collected for nothing.
        configure(training.algorithm, settings)
    except ValueError as error:
        raise NotRun(f"{training.algorithm} with {' and '.join(settings)}: {error}") from error
    dataset = dataset_of(bench, training.data)
    if training.parameters:
        settings.append(f"hidden={json.dumps(hidden_of(training.parameters, dataset.vectors().width))}")
    config = configure(training.algorithm, settings)
    said = {
        "dataset": dataset.id,
        "sha256": vectors_sha256(dataset),
        "episodes": len(dataset),
        "algorithm": training.algorithm,
        "settings": settings,
        "updates": training.updates,
    }
    folder = (
        bench.folder / "trainings" / f"{training.algorithm}-{key_of({**said, 'config': config.serialize_to_dict()})}"
    )
    folders = {seed: folder / str(seed) for seed in range(bench.trial.size.seeds)}
    missing = {seed: each for seed, each in folders.items() if not _finished(each, training.updates)}
    words = f"{' '.join([training.algorithm, *settings])} on {_words(training, dataset)}, {len(folders)} seeds"
    with bench.stage("train", words, not missing):
        if missing:
            train_seeds(dataset, config, training.updates, missing, options=Options(resume=True), progress=bench.bars)
            for task in bench.bars.task_ids:
                bench.bars.remove_task(task)
    return tuple(each / Q_FILE for each in folders.values()), said


def round_of(bench: Bench, chosen: Round) -> Learned:
    """The Q-function after a round, for all seeds the same."""
    folder = _iterated(bench, chosen.of)
    try:
        document = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        row = next(row for row in document["rounds"] if row["round"] == chosen.number)
        path = folder / row["checkpoint"]
        said = {
            "dataset": row["dataset"],
            "sha256": row["vectors_sha256"],
            "episodes": row["trajectories"],
            "algorithm": "iql",
            "settings": [],
            "updates": row["updates"],
        }
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
        raise InvalidFile(f"{folder} does not say what its rounds found ({error}); remove it to begin anew.") from error
    return (path,) * bench.trial.size.seeds, said


def iteration_folder(bench: Bench, rounds: Rounds) -> Path:
    """Where an iteration lies."""
    how = {"rounds": asdict(rounds), "proposer": bench.trial.proposer, "max_steps": bench.trial.size.max_steps}
    return bench.folder / "iterations" / key_of(how)


def _iterated(bench: Bench, rounds: Rounds) -> Path:
    """The folder of an iteration, made or gone on with."""
    from algorithms.iterate import iterate
    from algorithms.iteration import Iteration
    from algorithms.stages import Stages

    folder, tree = iteration_folder(bench, rounds), bench.tree(bench.env_options(3, "same"))
    report = folder / REPORT
    finished = report.is_file() and len(json.loads(report.read_text(encoding="utf-8"))["rounds"]) > rounds.rounds
    with bench.stage("iterate", f"{1 + rounds.rounds} rounds of {rounds.episodes} episodes", finished):
        if not finished:
            iteration = Iteration(
                episodes=rounds.episodes,
                steps=rounds.updates,
                proposer=bench.trial.proposer,
                max_steps=bench.trial.size.max_steps,
                validation_tasks=rounds.tasks,
            )
            # It shows its own progress, and two displays at once do not go together.
            bench.bars.stop()
            try:
                iterate(Stages(iteration, folder, bench.workers, str(tree)), rounds.rounds)
            finally:
                bench.bars.start()
    return folder


def _finished(folder: Path, updates: int) -> bool:
    from algorithms.run import RECORD_FILE

    try:
        record = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    return bool(record["finished"]) and record["updates"] == updates


def _words(training: Training, dataset: Dataset) -> str:
    if isinstance(training.data, Part):
        return f"{len(dataset)} episodes of {', '.join(training.data.sites)}"
    return f"{len(dataset)} episodes of {training.data.policy}, N = {training.data.n}, D = {dataset.vectors().width}"
