"""Merging the shards of a recording into a dataset.

Two passes over the shards: the first finds what is there and how large it is, the second copies episode by episode,
so that memory holds an index and one episode. The same shards give the same bytes.
"""

from __future__ import annotations

import json
import logging
import math
import os
import re
import shutil
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from webvoyager_gym.data import checksums, codec, frames
from webvoyager_gym.data.card import Summary, write_card
from webvoyager_gym.data.dataset import ID, Dataset
from webvoyager_gym.data.layout import (
    CARD_FILE,
    FORMAT_VERSION,
    MAIN_FILE,
    METADATA_FILE,
    SHOTS_FILE,
    VECTORS_FILE,
    write_episode,
)
from webvoyager_gym.data.provenance import commit, package_versions
from webvoyager_gym.data.room import NO_ROOM, not_written, writing
from webvoyager_gym.data.shards import shard_paths
from webvoyager_gym.data.text import to_stored
from webvoyager_gym.data.vectors import COLUMNS, DISCOUNT, FAILURES, discounted_returns
from webvoyager_gym.errors import InvalidFile, NotFound, WebVoyagerError
from webvoyager_gym.types import Episode

MINARI_VERSION = "0.5.4"
"""Version of Minari's layout that `main_data.hdf5` and `metadata.json` follow."""

VERSION = ("v110", "v110")
"""Of HDF5's file format, the oldest and newest allowed."""
ALIGNED = {"alignment_threshold": 1, "alignment_interval": 64}
"""Datasets begin at multiples of 64 bytes, for those who map them into memory."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A recorded episode: what it sorts by, where it lies, how much it takes."""

    task_id: str
    seed: int
    content: tuple[int, int]
    path: Path
    start: int
    rows: int
    candidates: int
    most_candidates: int
    screenshots: int
    width: int
    split: str

    @property
    def order(self) -> tuple[str, int, tuple[int, int]]:
        return self.task_id, self.seed, self.content


def finalize(
    shards_folder: str | os.PathLike[str],
    dataset_folder: str | os.PathLike[str],
    *,
    id: str,
    metadata: Mapping[str, Any] | None = None,
) -> Dataset:
    """Make a dataset of everything recorded in a folder of shards. The shards are left as they are.

    The dataset appears in its place whole or not at all. Episodes are ordered by task and seed. For `load_dataset` and
    `minari.load_dataset` to find it, `dataset_folder` must be the datasets folder followed by the id.

    Args:
        dataset_folder: folder of this dataset; must not exist.
        id: `<namespace>/<name>-v<number>`.
        metadata: how it was made, as JSON: proposer, embedder, n_candidates, epsilon, suite and the like.

    Raises:
        NotFound: no episode was recorded there.
        InvalidFile: the shards hold embeddings of several widths, or are of another version.
        WebVoyagerError: there is a dataset at that place already.
        NotWritten: there was no room, and nothing is left of what was begun.
        ValueError: the id is none.
    """
    target = Path(dataset_folder)
    given = _checked(metadata or {})
    if not re.fullmatch(ID, id):
        raise ValueError(f"{id!r} is no dataset id; write <namespace>/<name>-v<number>, for example local/demo-v0.")
    if target.exists():
        raise WebVoyagerError(
            f"{target} exists and datasets never change; raise the version in the id, or remove it first."
        )
    entries = sorted(_index(shards_folder), key=lambda entry: entry.order)
    if not entries:
        raise NotFound(f"There is no finished episode in {shards_folder}; collect some with `webvoyager-gym collect`.")
    width = _width(entries)

    target.parent.mkdir(parents=True, exist_ok=True)
    building = target.parent / f".{target.name}.building-{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    try:
        (building / "data").mkdir(parents=True)
        summary = _write_data(building, entries, width)
        described = _metadata(id, entries, width, given)
        _write_text(building / METADATA_FILE, json.dumps(described, indent=1, sort_keys=True) + "\n")
        _write_text(building / CARD_FILE, write_card(id, summary, width, described["webvoyager_gym"]))
        names = [path.relative_to(building).as_posix() for path in building.rglob("*") if path.is_file()]
        checksums.write(building, names)
        _to_disk(building)
        building.rename(target)
    except BaseException as error:
        shutil.rmtree(building, ignore_errors=True)
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise not_written(target, error) from error
        raise
    return Dataset(target)


def _index(folder: str | os.PathLike[str]) -> Iterator[_Entry]:
    for path in shard_paths(folder):
        with path.open("rb") as file:
            for frame in frames.scan(file):
                try:
                    frames.read_body(file, frame)
                except InvalidFile as error:
                    _log.warning("%s", error)
                    continue
                yield _entry(path, frame)


def _entry(path: Path, frame: frames.Frame) -> _Entry:
    fields = codec.decode_header(frame.header)
    steps = fields["steps"]
    counts = [len(step["candidates"]) for step in steps]
    return _Entry(
        task_id=fields["task_id"],
        seed=fields["seed"],
        content=(zlib.crc32(frame.header), frame.body_crc),
        path=path,
        start=frame.start,
        rows=len(steps),
        candidates=sum(counts),
        most_candidates=max(counts),
        screenshots=sum(step["screenshot"] for step in steps),
        width=steps[0]["width"],
        split=fields["split"],
    )


def _width(entries: list[_Entry]) -> int:
    """D of the dataset. An episode that failed before its first action may lack an embedding; others may not."""
    widths = sorted({entry.width for entry in entries if entry.rows > 1 or entry.width})
    if len(widths) > 1:
        raise InvalidFile(
            f"The shards hold embeddings of widths {widths}; record each embedder into a folder of its own."
        )
    return widths[0] if widths else 0


def _checked(metadata: Mapping[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(dict(metadata))
    except (TypeError, ValueError) as error:
        raise ValueError(f"The metadata must be what JSON can hold, and is not: {error}.") from error
    return dict(metadata)


def _write_data(folder: Path, entries: list[_Entry], width: int) -> Summary:
    """Copy the episodes into the three HDF5 files."""
    rows = sum(entry.rows for entry in entries)
    candidates = sum(entry.candidates for entry in entries)
    screenshots = sum(entry.screenshots for entry in entries)
    splits = sorted({entry.split for entry in entries})
    if len(splits) > 256:
        raise InvalidFile(
            f"The shards hold {len(splits)} splits and a dataset at most 256; check what `split` is set to."
        )
    summary = Summary()
    with (
        writing(folder / MAIN_FILE, libver=VERSION) as (main, main_room),
        writing(folder / VECTORS_FILE, libver=VERSION, **ALIGNED) as (vectors, vectors_room),
        writing(folder / SHOTS_FILE, libver=VERSION, **ALIGNED) as (shots, shots_room),
    ):
        columns = _create_columns(vectors, {"S": rows, "C": candidates, "E": len(entries), "D": width})
        columns["split"].attrs["names"] = [to_stored(name) for name in splits]
        columns["failure"].attrs["names"] = FAILURES
        columns["mc_return"].attrs["discount"] = DISCOUNT
        columns["cand_ptr"][0] = columns["ep_ptr"][0] = 0
        images = shots.create_dataset("data", (screenshots,), "|u1")
        image_pointers = shots.create_dataset("ptr", (rows + 1,), "<i8")
        image_pointers[0] = 0

        row = candidate = image = 0
        for index, entry in enumerate(entries):
            with entry.path.open("rb") as file:
                episode = codec.decode(*frames.read(file, entry.start))
            write_episode(main, index, episode, row=row, candidate=candidate, shape=(rows, candidates, width))
            _copy_vectors(columns, index, episode, row, candidate, splits.index(episode.split))
            lengths = [len(step.screenshot) for step in episode.steps]
            images[image : image + sum(lengths)] = np.frombuffer(b"".join(s.screenshot for s in episode.steps), "|u1")
            image_pointers[row + 1 : row + 1 + entry.rows] = image + np.cumsum(lengths, dtype="<i8")
            summary.add(episode)
            for room in (main_room, vectors_room, shots_room):
                room.check()
            row, candidate, image = row + entry.rows, candidate + entry.candidates, image + sum(lengths)
    return summary


_SHAPES = {"obs": "SD", "cand": "CD", "split": "E", "failure": "E"}
_POINTERS = {"cand_ptr": "S", "ep_ptr": "E"}


def _create_columns(file: h5py.File, sizes: Mapping[str, int]) -> dict[str, h5py.Dataset]:
    columns = {}
    for name, (_, dtype) in COLUMNS.items():
        if name in _POINTERS:
            shape: tuple[int, ...] = (sizes[_POINTERS[name]] + 1,)
        else:
            shape = tuple(sizes[letter] for letter in _SHAPES.get(name, "S"))
        columns[name] = file.create_dataset(name, shape, dtype)
    return columns


def _copy_vectors(
    columns: Mapping[str, h5py.Dataset], index: int, episode: Episode, row: int, candidate: int, split: int
) -> None:
    """Write an episode's part of `vectors.h5`."""
    steps = episode.steps
    width = columns["obs"].shape[1]
    here = slice(row, row + len(steps))
    counts = [len(step.candidates) for step in steps]
    rewards = np.array([step.reward for step in steps])
    returns = np.full(len(steps), np.nan) if episode.failure else discounted_returns(rewards)
    if width:
        columns["obs"][here] = np.stack([_or_nan(step.state_embedding, (width,)) for step in steps])
        embeddings = [_or_nan(s.candidate_embeddings, (len(s.candidates), width)) for s in steps]
        columns["cand"][candidate : candidate + sum(counts)] = np.concatenate(embeddings)
    columns["cand_ptr"][row + 1 : row + 1 + len(steps)] = candidate + np.cumsum(counts)
    columns["ep_ptr"][index + 1] = row + len(steps)
    columns["chosen"][here] = [step.chosen for step in steps]
    columns["propensity"][here] = [step.propensity for step in steps]
    columns["reward"][here] = rewards
    columns["terminated"][here] = [step.terminated for step in steps]
    columns["truncated"][here] = [step.truncated for step in steps]
    columns["mc_return"][here] = returns
    columns["split"][index] = split
    columns["failure"][index] = FAILURES.index(episode.failure)


def _or_nan(embedding: np.ndarray[Any, np.dtype[np.float16]], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """The embedding, or nan in its shape where the final observation has none."""
    return embedding if embedding.shape == shape else np.full(shape, np.nan, np.float16)


def _metadata(id: str, entries: list[_Entry], width: int, given: dict[str, Any]) -> dict[str, Any]:
    """Minari's metadata, and ours under `webvoyager_gym`."""
    n_candidates = max(1, *(entry.most_candidates for entry in entries))
    bound = [math.inf] * width
    observation_space = {
        "type": "Box",
        "dtype": "float16",
        "shape": [width],
        "low": [-value for value in bound],
        "high": bound,
    }
    action_space = {"type": "Discrete", "dtype": "int64", "start": 0, "n": n_candidates}
    return {
        "dataset_id": id,
        "data_format": "hdf5",
        "jpeg_encoding": False,
        "minari_version": MINARI_VERSION,
        "total_episodes": len(entries),
        "total_steps": sum(entry.rows - 1 for entry in entries),
        "observation_space": json.dumps(observation_space),
        "action_space": json.dumps(action_space),
        "webvoyager_gym": {
            "commit": commit(),
            "n_candidates": n_candidates,
            **given,
            "format_version": FORMAT_VERSION,
            "embedding_width": width,
            "packages": package_versions(),
        },
    }


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _to_disk(folder: Path) -> None:
    """Wait until all files are on the disk, so that after a power cut the dataset is whole or not there."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
