"""A finished dataset: its episodes, its training view, and the same data for other libraries."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import platformdirs

from webvoyager_gym import errors
from webvoyager_gym.data import checksums, h5
from webvoyager_gym.data.heaps import check_heaps
from webvoyager_gym.data.ids import ID
from webvoyager_gym.data.layout import (
    FORMAT_VERSION,
    MAIN_FILE,
    METADATA_FILE,
    SHOTS_FILE,
    TREE_FILE,
    VECTORS_FILE,
    read_episode,
)
from webvoyager_gym.data.lineage import Ancestor, read_lineage
from webvoyager_gym.data.screenshots import Screenshots
from webvoyager_gym.data.selection import Selection
from webvoyager_gym.data.vectors import Vectors
from webvoyager_gym.types import Episode

if TYPE_CHECKING:
    import d3rlpy
    import minari
    import torch

    from webvoyager_gym.data.tensors import Tensors

TREE_KIND = "transition tree"
"""`Dataset.kind` of a transition tree, which is listed, published and brought as any dataset."""

FOLDER_VARIABLE = "WEBVOYAGER_GYM_DATASETS"
"""Environment variable that says where datasets lie."""

BUNDLED_FOLDER = Path(__file__).with_name("bundled")
"""The datasets that come with the package."""

MOST_METADATA = 4 * 2**20
"""Longest `metadata.json` that is read, in bytes; parsed, JSON may take thirty times as much memory."""

MOST_EPISODES = 2**31
"""Most episodes that a dataset may claim."""


class Dataset:
    """A dataset in a folder. Opening it reads the metadata only.

    Args:
        folder: holds `data/metadata.json` and the files beside it.

    Attributes:
        metadata: Minari's, and ours under `webvoyager_gym`.
        lineage: the versions before this one, oldest first; their episodes are the first ones here.

    Raises:
        InvalidFile: the metadata is missing, damaged, foreign or of an unknown version.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self.metadata: Mapping[str, Any] = _read_metadata(self.folder / METADATA_FILE)
        self.lineage = read_lineage(self.metadata["webvoyager_gym"], str(self.folder / METADATA_FILE))

    @property
    def id(self) -> str:
        """`<namespace>/<name>-v<number>`."""
        return str(self.metadata["dataset_id"])

    @property
    def kind(self) -> str:
        """What the folder holds: "episodes", or "transition tree" (`webvoyager_gym.tree`)."""
        return str(self.metadata["webvoyager_gym"].get("kind", "episodes"))

    @property
    def parent(self) -> Ancestor | None:
        """The version that this one added a round to; None if it began with its own episodes."""
        return self.lineage[-1] if self.lineage else None

    def __len__(self) -> int:
        """Number of episodes, of a transition tree the number of tasks."""
        return int(self.metadata["total_episodes"])

    def __repr__(self) -> str:
        return f"Dataset({str(self.folder)!r}, {len(self)} episodes)"

    def vectors(self) -> Vectors:
        """The training view: flat arrays over all steps, memory-mapped.

        Raises:
            InvalidFile: `vectors.h5` is missing or damaged.
        """
        return self._vectors

    @cached_property
    def everything(self) -> Selection:
        """All episodes as a selection, which has what is done with some: rows, order and batches of transitions."""
        return Selection(self, np.arange(len(self)))

    def where(
        self,
        *,
        site: str | Sequence[str] | None = None,
        split: str | None = None,
        success: bool | None = None,
        round: int | None = None,
    ) -> Selection:
        """The episodes that are as asked; see `Selection.where`."""
        return self.everything.where(site=site, split=split, success=success, round=round)

    def episodes(self, indices: Iterable[int] | None = None) -> Iterator[Episode]:
        """Episodes as they were recorded, one at a time; all of them, or those of some numbers.

        Screenshots are b"" where `shots.h5`, which is large, was not brought.

        Raises:
            IndexError: there is no episode of that number.
            InvalidFile: a file is missing or damaged.
        """
        vectors, shots = self._vectors, self._screenshots
        with h5.reading(self._main_file) as file:
            for index in range(len(self)) if indices is None else indices:
                if not 0 <= index < len(self):
                    raise IndexError(f"There is no episode {index} in {self.id}; it has 0 to {len(self) - 1}.")
                rows = vectors.rows(index)
                candidates = slice(vectors.cand_ptr[rows.start], vectors.cand_ptr[rows.stop])
                images = [b"" if shots is None else shots[row] for row in range(rows.start, rows.stop)]
                yield read_episode(
                    file, index, states=vectors.obs[rows], embeddings=vectors.cand[candidates], screenshots=images
                )

    def screenshots(self) -> Screenshots | None:
        """The encoded screenshots by row of `vectors()`, memory-mapped; None if they were not brought.

        Raises:
            InvalidFile: `shots.h5` is damaged.
        """
        return self._screenshots

    def __getitem__(self, index: int) -> Episode:
        """One episode; the last one is -1."""
        return next(self.episodes([index + len(self) if index < 0 else index]))

    def to_minari(self) -> minari.MinariDataset:
        """The dataset as Minari reads it: embeddings as observations, the index of the executed candidate as action.

        Minari follows whatever an HDF5 file points at, and imports the environment that a metadata file names, so such
        a dataset is refused first.

        Raises:
            MissingDependency: Minari is not installed.
            InvalidFile: `main_data.hdf5` takes rows from another file than `vectors.h5`, the metadata names
                code, or Minari does not read it.
        """
        try:
            import minari
        except ImportError as error:
            raise errors.MissingDependency("Minari is not installed; run `pip install 'minari[hdf5]'`.") from error
        if code := sorted({"env_spec", "eval_env_spec"} & self.metadata.keys()):
            raise errors.InvalidFile(
                f"{self.folder / METADATA_FILE} has {code[0]}, which Minari would import; do not trust its source."
            )
        with h5.reading(self._main_file) as file:
            h5.check_sources(file, self.folder / VECTORS_FILE)
        try:
            return minari.MinariDataset(self.folder / Path(MAIN_FILE).parent)
        except Exception as error:  # whatever it stumbles over in metadata that it does not check
            raise errors.InvalidFile(
                f"Minari does not read {self.folder / METADATA_FILE} ({type(error).__name__}: {str(error)[:200]}); "
                "bring the dataset again."
            ) from error

    def to_d3rlpy(self) -> d3rlpy.dataset.ReplayBuffer:
        """The transitions as a d3rlpy replay buffer with candidate sets; see `webvoyager_gym.data.convert.to_d3rlpy`.

        Raises:
            MissingDependency: d3rlpy is not installed.
            InvalidFile: there are no embeddings, or no transitions.
        """
        return self.everything.to_d3rlpy()

    def to_torch(self, device: str | torch.device = "cpu") -> Tensors:
        """The training view as tensors on a device; see `webvoyager_gym.data.tensors`."""
        return self.everything.to_torch(device)

    def verify(self) -> None:
        """Hold every file against SHA256SUMS. Only the screenshots may be missing.

        Raises:
            InvalidFile: naming the files that are missing or differ.
        """
        wrong = checksums.mismatches(self.folder, optional=[SHOTS_FILE])
        needed = {TREE_FILE} if self.kind == TREE_KIND else {MAIN_FILE, VECTORS_FILE}
        unnamed = {METADATA_FILE, *needed} - checksums.read(self.folder).keys()
        if wrong or unnamed:
            raise errors.InvalidFile(
                f"{', '.join([*wrong, *sorted(unnamed)])} in {self.folder} "
                f"{'is' if len(wrong) + len(unnamed) == 1 else 'are'} not what {checksums.FILE} says; "
                f"remove the dataset and bring it again."
            )

    @cached_property
    def _vectors(self) -> Vectors:
        if self.kind == TREE_KIND:
            raise errors.InvalidFile(
                f"{self.id} is a transition tree and holds no episodes; walk in it with "
                f'gym.make("WebVoyager-BestOfQ-Tree-v0", tree="{self.id}").'
            )
        vectors = Vectors.open(self.folder / VECTORS_FILE)
        if vectors.n_episodes != len(self):
            raise errors.InvalidFile(
                f"{self.folder / VECTORS_FILE} has {vectors.n_episodes} episodes and the metadata {len(self)}; "
                "bring the dataset again."
            )
        return vectors

    @cached_property
    def _main_file(self) -> Path:
        """`main_data.hdf5`, when its texts can be read."""
        path = self.folder / MAIN_FILE
        if path.is_file():
            check_heaps(path)
        return path

    @cached_property
    def _screenshots(self) -> Screenshots | None:
        path = self.folder / SHOTS_FILE
        if not path.exists():
            return None
        shots = Screenshots.open(path)
        if len(shots) != self._vectors.n_rows:
            raise errors.InvalidFile(
                f"{path} has {len(shots)} screenshots for {self._vectors.n_rows} rows; bring it again."
            )
        return shots


def load_dataset(id_or_path: str | os.PathLike[str]) -> Dataset:
    """Open a dataset by its id, `<namespace>/<name>-v<number>`, or by its folder.

    Ids are looked up in `datasets_folder()`, then among those that come with the package (`local/mini-v0`); one that is
    in neither and is in the registry is downloaded first.

    Raises:
        NotFound: there is no such dataset; the nearest ids are named.
        MissingDependency: there is no dataset at all yet, or it would have to be downloaded and downloads are off; what
            to do is named.
        DownloadFailed: no mirror gave it.
        InvalidFile: it is damaged, foreign or of an unknown version.
    """
    folder = Path(id_or_path)
    if (folder / METADATA_FILE).is_file():
        return Dataset(folder)
    name = os.fspath(id_or_path)
    if (found := find_dataset(name)) is not None:
        return Dataset(found)
    from webvoyager_gym.data.registry import read_registry

    published = read_registry()
    if published.find(name) is not None:
        from webvoyager_gym.data.downloading import download_shown

        return download_shown(name)
    from webvoyager_gym.data.recipes import how_to_make, recipes

    known = {*local_datasets(), *(entry.id for entry in published.entries)}
    if known and name not in {recipe.id for recipe in recipes()}:
        raise errors.not_found("dataset", name, known)
    raise errors.MissingDependency(
        f"There is no dataset {name!r} in {datasets_folder()}; make it with {how_to_make(name)}, "
        f"bring a published one with `webvoyager-gym datasets download {name}`, or set {FOLDER_VARIABLE} to where "
        "yours lie."
    )


def find_dataset(id: str) -> Path | None:
    """The folder of a dataset that is on this machine, the package's own among them; None if it is not."""
    if not re.fullmatch(ID, id):
        return None
    places = (datasets_folder() / id, BUNDLED_FOLDER / id)
    return next((place for place in places if (place / METADATA_FILE).is_file()), None)


def datasets_folder() -> Path:
    """Where datasets lie: the environment variable WEBVOYAGER_GYM_DATASETS, else the user's cache."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_cache_path("webvoyager-gym") / "datasets"


def growth_folder(tree: Path) -> Path:
    """Where what is seen beyond a finished transition tree lies."""
    return tree.parent / f".{tree.name}.growing"


def local_datasets(root: Path | None = None) -> list[str]:
    """Ids of the datasets in a folder; in `datasets_folder()` if none is named."""
    root = datasets_folder() if root is None else root
    found = (path.parents[1].relative_to(root).as_posix() for path in root.glob(f"*/*/{METADATA_FILE}"))
    return sorted(name for name in found if re.fullmatch(ID, name))


def _read_metadata(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST_METADATA:
            raise errors.InvalidFile(f"{path} is longer than any metadata; bring the dataset again.")
        metadata = json.loads(path.read_text(encoding="utf-8"))
        ours = metadata["webvoyager_gym"]
        version, episodes, name = ours["format_version"], metadata["total_episodes"], metadata["dataset_id"]
    except FileNotFoundError as error:
        raise errors.InvalidFile(f"{path} is missing, so this is no dataset; name the folder above `data`.") from error
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, errors.InvalidFile):
            raise
        raise errors.InvalidFile(f"{path} is not the metadata of a webvoyager-gym dataset; bring it again.") from error
    counted = type(episodes) is int and 0 <= episodes < MOST_EPISODES
    if not counted or not isinstance(name, str) or not re.fullmatch(ID, name):
        raise errors.InvalidFile(f"{path} has no usable dataset_id or total_episodes; bring the dataset again.")
    if version != FORMAT_VERSION:
        raise errors.InvalidFile(
            f"{path} is in version {version!r} of the dataset format and this package reads {FORMAT_VERSION}; "
            "upgrade webvoyager-gym, or bring the dataset again."
        )
    assert isinstance(metadata, dict)
    return metadata
