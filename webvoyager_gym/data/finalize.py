"""Merging the shards of a recording into a dataset.

Two passes over the shards: the first finds what is there and how large it is, the second copies episode by episode,
so that memory holds an index, one episode and a few megabytes. The same shards give the same bytes.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from webvoyager_gym.data import checksums
from webvoyager_gym.data.card import write_card
from webvoyager_gym.data.dataset import Dataset
from webvoyager_gym.data.ids import ID
from webvoyager_gym.data.layout import CARD_FILE, FORMAT_VERSION, METADATA_FILE
from webvoyager_gym.data.lineage import KEY, lineage_after
from webvoyager_gym.data.provenance import commit, versions
from webvoyager_gym.data.recorded import Recorded, Sizes, recorded, sizes_of
from webvoyager_gym.data.room import NO_ROOM, not_written
from webvoyager_gym.data.writing import write_data
from webvoyager_gym.errors import NotFound, WebVoyagerError
from webvoyager_gym.types import Episode

MINARI_VERSION = "0.5.4"
"""Version of Minari's layout that `main_data.hdf5` and `metadata.json` follow."""


def finalize(
    shards_folder: str | os.PathLike[str],
    dataset_folder: str | os.PathLike[str],
    *,
    id: str,
    metadata: Mapping[str, Any] | None = None,
    parent: Dataset | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Dataset:
    """Make a dataset of everything recorded in a folder of shards. The shards are left as they are.

    The dataset appears in its place whole or not at all. Episodes are ordered by task and seed; those of a parent come
    before them, as they are there. For `load_dataset` and `minari.load_dataset` to find it, `dataset_folder` must be
    the datasets folder followed by the id.

    Args:
        dataset_folder: folder of this dataset; must not exist.
        id: `<namespace>/<name>-v<number>`.
        metadata: how it was made, as JSON: proposer, embedder, n_candidates, epsilon, suite and the like.
        parent: the version that this one adds to.
        progress: called with the episodes that are merged and all of them, after each.

    Raises:
        NotFound: no episode was recorded there.
        InvalidFile: the shards hold embeddings of several widths, or are of another version; or the parent is damaged.
        WebVoyagerError: there is a dataset at that place already, or the parent has another embedder.
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
    entries = recorded(shards_folder)
    if not entries:
        raise NotFound(f"There is no finished episode in {shards_folder}; collect some with `webvoyager-gym collect`.")
    if parent is not None:
        _check_parent(parent, given)
    sizes = sizes_of(entries, parent)

    target.parent.mkdir(parents=True, exist_ok=True)
    building = target.parent / f"{_building(target)}{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    try:
        (building / "data").mkdir(parents=True)
        summary = write_data(building, _episodes(entries, parent), sizes, progress)
        described = _metadata(id, sizes, [] if parent is None else lineage_after(parent), given)
        _write_text(building / METADATA_FILE, json.dumps(described, indent=1, sort_keys=True) + "\n")
        _write_text(building / CARD_FILE, write_card(id, summary, sizes.width, described["webvoyager_gym"]))
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


def remove_unfinished(dataset_folder: str | os.PathLike[str]) -> None:
    """Remove what a `finalize` that was killed has left of a dataset; no other process may be making it."""
    target = Path(dataset_folder)
    for left in target.parent.glob(f"{_building(target)}*"):
        shutil.rmtree(left)


def _building(target: Path) -> str:
    """How the names of folders begin in which a dataset is built."""
    return f".{target.name}.building-"


def _checked(metadata: Mapping[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(dict(metadata))
    except (TypeError, ValueError) as error:
        raise ValueError(f"The metadata must be what JSON can hold, and is not: {error}.") from error
    return dict(metadata)


def _episodes(entries: Iterable[Recorded], parent: Dataset | None) -> Iterator[Episode]:
    if parent is not None:
        yield from parent.episodes()
    for entry in entries:
        yield entry.read()


def _check_parent(parent: Dataset, given: Mapping[str, Any]) -> None:
    """Refuse embeddings that cannot be compared with the parent's."""
    before = parent.metadata["webvoyager_gym"].get("embedder")
    if before != given.get("embedder", before):
        raise WebVoyagerError(
            f"{parent.id} has embeddings of {before} and these episodes of {given['embedder']}; collect with the "
            "former, or make a dataset of its own."
        )


def _metadata(id: str, sizes: Sizes, lineage: list[dict[str, Any]], given: dict[str, Any]) -> dict[str, Any]:
    """Minari's metadata, and ours under `webvoyager_gym`."""
    n_candidates, width = sizes.most_candidates, sizes.width
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
        "total_episodes": sizes.episodes,
        "total_steps": sizes.rows - sizes.episodes,
        "observation_space": json.dumps(observation_space),
        "action_space": json.dumps(action_space),
        "webvoyager_gym": {
            "commit": commit(),
            "n_candidates": n_candidates,
            **given,
            "format_version": FORMAT_VERSION,
            "embedding_width": width,
            KEY: lineage,
            "packages": versions(),
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
