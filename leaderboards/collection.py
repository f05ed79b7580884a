"""The runs that are in `results/`, and what was published beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from leaderboards.check import Datasets, kept_problems, problems
from leaderboards.protocol import RESULTS, TRACKS
from leaderboards.run import Run
from leaderboards.run_file import load_run
from webvoyager_gym.data.layout import VECTORS_FILE
from webvoyager_gym.data.registry import read_registry
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.result_file import load_result
from webvoyager_gym.results import Result

KEPT = ".episodes.json"
"""What follows a run's id in the name of the file of episodes kept at full length."""
REGISTRY = Path(__file__).resolve().parents[1] / "datasets" / "registry.json"


@dataclass(frozen=True)
class Entry:
    """A run and the episodes of it that are kept at full length; None if there are none."""

    run: Run
    kept: Result | None


def load_entries(results: Path = RESULTS) -> tuple[Entry, ...]:
    """All runs of the tracks of episodes, by track and file name.

    Raises:
        InvalidFile: one is damaged, was changed, or does not keep to the protocol; or lies under another's name.
    """
    entries = []
    for track in TRACKS:
        for path in sorted((results / track).glob("*.json")):
            if path.name.endswith(KEPT):
                if not path.with_name(path.name.removesuffix(KEPT) + ".json").is_file():
                    raise InvalidFile(f"{path} keeps episodes of a run that is not there; remove it.")
                continue
            run = load_run(path)
            if (run.track, f"{run.about.id}.json") != (track, path.name):
                raise InvalidFile(f"{path} holds the run {run.track}/{run.about.id}; a file is named after its run.")
            kept = path.with_name(f"{run.about.id}{KEPT}")
            entries.append(Entry(run, load_result(kept) if kept.is_file() else None))
    return tuple(entries)


def check_entries(entries: Sequence[Entry], datasets: Datasets | None) -> None:
    """Hold every run against the protocol and against the others. Raises InvalidFile."""
    runs = [entry.run for entry in entries]
    for entry in entries:
        found = problems(entry.run, runs, datasets)
        if entry.kept is not None:
            found += kept_problems(entry.run, entry.kept)
        if found:
            raise InvalidFile(f"The run {entry.run.track}/{entry.run.about.id} cannot stand: {' '.join(found)}")


def published_datasets(registry: Path = REGISTRY) -> dict[str, str]:
    """Checksum of the training view of every dataset in the registry, by id."""
    return {
        dataset.id: file.sha256
        for dataset in read_registry(registry).entries
        for file in dataset.files
        if file.path == VECTORS_FILE
    }
