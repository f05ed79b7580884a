"""Writing the three HDF5 files of a dataset, episode by episode.

Memory holds one episode and a few megabytes of every column: small writes are what takes the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.data.card import Summary
from webvoyager_gym.data.layout import MAIN_FILE, SHOTS_FILE, VECTORS_FILE, write_episode
from webvoyager_gym.data.recorded import Sizes
from webvoyager_gym.data.room import writing
from webvoyager_gym.data.text import to_stored
from webvoyager_gym.data.vectors import COLUMNS, DISCOUNT, FAILURES, discounted_returns
from webvoyager_gym.types import Episode

VERSION = ("v110", "v110")
"""Of HDF5's file format, the oldest and newest allowed."""
ALIGNED = {"alignment_threshold": 1, "alignment_interval": 64}
"""Datasets begin at multiples of 64 bytes, for those who map them into memory."""

BLOCK = 4 * 2**20
"""Bytes of a column that are written at once."""

_SHAPES = {"obs": "SD", "cand": "CD", "split": "E", "site": "E", "success": "E", "failure": "E"}
_POINTERS = {"cand_ptr": "S", "ep_ptr": "E"}


class Column:
    """Appends rows to an HDF5 dataset that is as long as all of them, in large writes."""

    def __init__(self, dataset: h5py.Dataset) -> None:
        self._dataset = dataset
        self._at = self._bytes = 0
        self._held: list[NDArray[Any]] = []

    def add(self, rows: Any) -> None:
        """Append some rows; they are the column's own from now on."""
        rows = np.asarray(rows, self._dataset.dtype)
        self._held.append(rows)
        self._bytes += rows.nbytes
        if self._bytes >= BLOCK:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        if not self._bytes:
            return
        block = np.concatenate(self._held)
        self._dataset[self._at : self._at + len(block)] = block
        self._at += len(block)
        self._held, self._bytes = [], 0


def write_data(
    folder: Path, episodes: Iterable[Episode], sizes: Sizes, progress: Callable[[int, int], None] | None = None
) -> Summary:
    """Write `main_data.hdf5`, `vectors.h5` and `shots.h5`, and count what is in them.

    Args:
        folder: of the dataset, with `data` in it.
        sizes: of all episodes together.
        progress: called with the episodes that are written and all of them, after each.

    Raises:
        OSError: there was no room.
    """
    summary = Summary()
    with (
        writing(folder / MAIN_FILE, libver=VERSION) as (main, main_room),
        writing(folder / VECTORS_FILE, libver=VERSION, **ALIGNED) as (vectors, vectors_room),
        writing(folder / SHOTS_FILE, libver=VERSION, **ALIGNED) as (shots, shots_room),
    ):
        columns = _create_columns(vectors, sizes)
        images = Column(shots.create_dataset("data", (sizes.screenshots,), "|u1"))
        image_pointers = Column(shots.create_dataset("ptr", (sizes.rows + 1,), "<i8"))
        for pointers in (columns["cand_ptr"], columns["ep_ptr"], image_pointers):
            pointers.add([0])

        row = candidate = image = 0
        for index, episode in enumerate(episodes):
            counts = [len(step.candidates) for step in episode.steps]
            lengths = [len(step.screenshot) for step in episode.steps]
            shape = (sizes.rows, sizes.candidates, sizes.width)
            write_episode(main, index, episode, row=row, candidate=candidate, shape=shape)
            _add_vectors(columns, episode, sizes, row, candidate)
            images.add(np.frombuffer(b"".join(step.screenshot for step in episode.steps), "|u1"))
            image_pointers.add(image + np.cumsum(lengths))
            summary.add(episode)
            for room in (main_room, vectors_room, shots_room):
                room.check()
            row, candidate, image = row + len(counts), candidate + sum(counts), image + sum(lengths)
            if progress is not None:
                progress(index + 1, sizes.episodes)
        for column in (*columns.values(), images, image_pointers):
            column.flush()
    return summary


def _create_columns(file: h5py.File, sizes: Sizes) -> dict[str, Column]:
    lengths = {"S": sizes.rows, "C": sizes.candidates, "E": sizes.episodes, "D": sizes.width}
    columns = {}
    for name, (_, dtype) in COLUMNS.items():
        if name in _POINTERS:
            shape: tuple[int, ...] = (lengths[_POINTERS[name]] + 1,)
        else:
            shape = tuple(lengths[letter] for letter in _SHAPES.get(name, "S"))
        columns[name] = Column(file.create_dataset(name, shape, dtype))
    file["split"].attrs["names"] = [to_stored(name) for name in sizes.splits]
    file["site"].attrs["names"] = [to_stored(name) for name in sizes.sites]
    file["failure"].attrs["names"] = FAILURES
    file["mc_return"].attrs["discount"] = DISCOUNT
    return columns


def _add_vectors(columns: Mapping[str, Column], episode: Episode, sizes: Sizes, row: int, candidate: int) -> None:
    """An episode's part of `vectors.h5`."""
    steps, width = episode.steps, sizes.width
    rewards = np.array([step.reward for step in steps])
    returns = np.full(len(steps), np.nan) if episode.failure else discounted_returns(rewards)
    values: dict[str, Any] = {
        "cand_ptr": candidate + np.cumsum([len(step.candidates) for step in steps]),
        "ep_ptr": [row + len(steps)],
        "chosen": [step.chosen for step in steps],
        "propensity": [step.propensity for step in steps],
        "reward": rewards,
        "terminated": [step.terminated for step in steps],
        "truncated": [step.truncated for step in steps],
        "mc_return": returns,
        "split": [sizes.splits.index(episode.split)],
        "site": [sizes.sites.index(episode.site)],
        "success": [episode.success],
        "failure": [FAILURES.index(episode.failure)],
    }
    if width:
        values["obs"] = np.stack([_or_nan(step.state_embedding, (width,)) for step in steps])
        values["cand"] = np.concatenate(
            [_or_nan(step.candidate_embeddings, (len(step.candidates), width)) for step in steps]
        )
    for name, rows in values.items():
        columns[name].add(rows)


def _or_nan(embedding: NDArray[np.float16], shape: tuple[int, ...]) -> NDArray[np.float16]:
    """The embedding, or nan in its shape where the final observation has none."""
    return embedding if embedding.shape == shape else np.full(shape, np.nan, np.float16)
