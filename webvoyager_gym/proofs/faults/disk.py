"""The disk is full while an episode is recorded, or while a recording is merged into a dataset."""

from __future__ import annotations

import resource
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from webvoyager_gym.data import finalize, read_shards
from webvoyager_gym.data.shards import shard_paths
from webvoyager_gym.errors import NotWritten
from webvoyager_gym.proofs.faults.kinds import FULL_MERGING, FULL_RECORDING
from webvoyager_gym.proofs.faults.meeting import Met
from webvoyager_gym.proofs.faults.rollout import MAX_STEPS, Rollout

SMALLEST = 2000
"""Bytes that every recorded episode takes more than, and every file of a dataset with screenshots."""
ID = "proofs/faults-v0"


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process can grow beyond so many bytes, as on a disk that is full then."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def fill_while_recording(rollout: Rollout, random: np.random.Generator) -> Met:
    """Step until an episode ends, and let there be no room for it; then there is."""
    mistakes: list[str] = []
    for _ in range(2 * MAX_STEPS):
        stepped = rollout.step()
        mistakes.extend(stepped.mistakes)
        if stepped.ended:
            break
    else:
        return Met(FULL_RECORDING.name, mistakes=("No episode came to its end.",))
    (shard,) = shard_paths(rollout.folder)
    before, episodes = shard.read_bytes(), rollout.recorded
    started = time.monotonic()
    with room_for(len(before) + int(random.integers(SMALLEST))):
        mistakes.extend(_not_said(lambda: rollout.record(stepped)))
    if shard.read_bytes() != before:
        mistakes.append("The shard is not as it was.")
    rollout.record(stepped)
    seconds = time.monotonic() - started
    if sum(1 for _ in read_shards(rollout.folder)) != episodes + len(stepped.ended):
        mistakes.append("What was recorded before or after is not there.")
    return Met(FULL_RECORDING.name, seconds=seconds, mistakes=tuple(mistakes))


def fill_while_merging(rollout: Rollout, random: np.random.Generator, datasets: Path) -> Met:
    """Make a dataset of all that was recorded where there is no room for it; then there is. Then begin a new folder."""
    mistakes: list[str] = []
    while not rollout.recorded:
        stepped = rollout.step()
        rollout.record(stepped)
        mistakes.extend(stepped.mistakes)
    target = datasets / ID
    started = time.monotonic()
    with room_for(int(random.integers(SMALLEST))):
        mistakes.extend(_not_said(lambda: finalize(rollout.folder, target, id=ID)))
    if target.parent.exists() and list(target.parent.iterdir()):
        mistakes.append("Something was left of the dataset.")
    dataset = finalize(rollout.folder, target, id=ID)
    seconds = time.monotonic() - started
    dataset.verify()
    if sum(1 for _ in dataset.episodes()) != rollout.recorded:
        mistakes.append("The dataset does not have all episodes.")
    shutil.rmtree(datasets)
    rollout.new_folder()
    return Met(FULL_MERGING.name, seconds=seconds, mistakes=tuple(mistakes))


def _not_said(write: object) -> list[str]:
    """What is wrong with how a write that finds no room ends."""
    assert callable(write)
    try:
        write()
    except NotWritten as error:
        sentence = str(error)
        return [] if len(sentence.splitlines()) == 1 and "make room" in sentence else [f"It said: {sentence}"]
    return ["It was written where there is no room."]
