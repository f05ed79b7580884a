"""The validator: whether a dataset is what its checksums, the registry and the layout promise, and if not, why.

Checks are in the order in which a mistake shows best: checksums, metadata, the training view, then on demand every
episode against that view. Each gives the first thing wrong as part of a sentence, or "".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.data import checksums, h5
from webvoyager_gym.data.check import check_episode
from webvoyager_gym.data.dataset import TREE_KIND, Dataset, find_dataset
from webvoyager_gym.data.layout import MAIN_FILE, METADATA_FILE, VECTORS_FILE
from webvoyager_gym.data.lineage import wrong_lineage
from webvoyager_gym.data.registry import read_registry
from webvoyager_gym.data.vectors import DISCOUNT, FAILURES, Vectors, discounted_returns
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.types import Episode

TOLERANCE = 1e-5
"""How far float32 returns may lie from those of the rewards."""


def validate(dataset: Dataset, *, deep: bool = False) -> None:
    """Raise for the first thing that is wrong with a dataset.

    Args:
        deep: whether to read every episode, screenshots too, and where `main_data.hdf5` takes its vectors from.

    Raises:
        InvalidFile: naming the file and what is wrong in it.
    """
    dataset.verify()
    published = read_registry().find(dataset.id)
    sums = published and published.file(checksums.FILE)
    if sums and checksums.file_sha256(dataset.folder / checksums.FILE) != sums.sha256:
        raise InvalidFile(
            f"{dataset.folder} is whole, and another dataset than the one published as {dataset.id}; give yours an id "
            "of its own."
        )
    if dataset.kind == TREE_KIND:
        from webvoyager_gym.tree.validate import validate_tree

        validate_tree(dataset.folder, deep=deep)
        return
    vectors = dataset.vectors()
    _refuse(dataset, METADATA_FILE, wrong_metadata(dataset.metadata, vectors))
    _refuse(dataset, METADATA_FILE, wrong_lineage(dataset.lineage, dataset.id, len(dataset)))
    _refuse(dataset, METADATA_FILE, _other_parent(dataset))
    _refuse(dataset, VECTORS_FILE, wrong_vectors(vectors))
    if deep:
        with h5.reading(dataset.folder / MAIN_FILE) as file:
            h5.check_sources(file, dataset.folder / VECTORS_FILE)
        for index, episode in enumerate(dataset.episodes()):
            _refuse(dataset, MAIN_FILE, wrong_episode(episode, index, vectors))


def _other_parent(dataset: Dataset) -> str:
    """What is wrong with the parent as this dataset has it, as far as the parent is on this machine."""
    parent = dataset.parent
    folder = None if parent is None else find_dataset(parent.id)
    if parent is None or folder is None:
        return ""
    if checksums.file_sha256(folder / checksums.FILE) != parent.sha256:
        return f"the {parent.id} that it adds to is another than the one in {folder}"
    return ""


def wrong_metadata(metadata: Mapping[str, Any], vectors: Vectors) -> str:
    """What contradicts the training view in the metadata."""
    ours = metadata["webvoyager_gym"]
    expected = {
        "total_steps": (metadata.get("total_steps"), vectors.n_steps),
        "embedding_width": (ours.get("embedding_width"), vectors.width),
        "n_candidates": (ours.get("n_candidates"), vectors.n_candidates),
    }
    for name, (said, found) in expected.items():
        # Fewer candidates than were asked for may have been proposed throughout.
        if type(said) is not int or (said < found if name == "n_candidates" else said != found):
            return f"{name} is {said!r:.40}, and the vectors have {found}"
    if metadata.get("data_format") != "hdf5":
        return f"data_format is {metadata.get('data_format')!r:.40}, and must be 'hdf5'"
    try:
        action, observation = (json.loads(metadata[f"{name}_space"]) for name in ("action", "observation"))
        if action["n"] < vectors.n_candidates:
            return f"action_space has {action['n']} actions for {vectors.n_candidates} candidates"
        if observation["shape"] != [vectors.width]:
            return f"observation_space has shape {observation['shape']!s:.40} for embeddings of width {vectors.width}"
    except (KeyError, TypeError, ValueError, RecursionError):
        return "observation_space or action_space is missing or damaged"
    return ""


def wrong_vectors(vectors: Vectors) -> str:
    """What breaks the promises of `Vectors` in its values; shapes and pointers are checked when they are opened."""
    final = np.zeros(vectors.n_rows, bool)
    final[vectors.ep_ptr[1:] - 1] = True
    last_action = np.zeros(vectors.n_rows, bool)
    last_action[:-1] = final[1:] & ~final[:-1]
    ended = vectors.terminated | vectors.truncated
    with np.errstate(invalid="ignore"):
        chances = (vectors.propensity > 0) & (vectors.propensity <= 1)
    return (
        _first(~final & ~chances, "propensity", vectors.propensity, "which is no probability of what was chosen")
        or _first(final & ~np.isnan(vectors.propensity), "propensity", vectors.propensity, "where nothing was chosen")
        or _first(~np.isfinite(vectors.reward), "reward", vectors.reward, "which is not finite")
        or _first(final & (vectors.reward != 0), "reward", vectors.reward, "where nothing was done")
        or _first(ended != last_action, "terminated or truncated", ended, "which only the last action must have set")
        or _wrong_embeddings(vectors, final)
        or _wrong_returns(vectors)
    )


def wrong_episode(episode: Episode, index: int, vectors: Vectors) -> str:
    """What breaks the promises of `Episode`, or differs between an episode and the training view."""
    where = f"episode_{index}"
    try:
        check_episode(episode)
    except ValueError as error:
        return f"{where}: {error}".rstrip(".")
    if episode.split != vectors.split_names[vectors.split[index]]:
        return f"{where}: its split is {episode.split[:40]!r}, and another in the vectors"
    if episode.site != vectors.site_names[vectors.site[index]] or episode.success != vectors.success[index]:
        return f"{where}: its site or success is another in the vectors"
    if episode.failure != FAILURES[vectors.failure[index]]:
        return f"{where}: its failure is {episode.failure!r}, and another in the vectors"
    rows = vectors.rows(index)
    counts = np.diff(vectors.cand_ptr[rows.start : rows.stop + 1])
    for t, step in enumerate(episode.steps):
        row = rows.start + t
        here = (len(step.candidates), step.chosen, np.float32(step.propensity), np.float32(step.reward))
        there = (counts[t], vectors.chosen[row], vectors.propensity[row], vectors.reward[row])
        if not np.array_equal(np.array(here, float), np.array(there, float), equal_nan=True) or (
            (step.terminated, step.truncated) != (vectors.terminated[row], vectors.truncated[row])
        ):
            return f"{where}, row {t}: what was proposed, chosen or rewarded differs from the vectors"
    return ""


def _refuse(dataset: Dataset, name: str, reason: str) -> None:
    if reason:
        raise InvalidFile(
            f"{dataset.folder / name} is not a dataset as the layout has it: {reason}; bring it again, or tell whoever "
            "made it."
        )


def _first(wrong: NDArray[np.bool_], name: str, values: NDArray[Any], why: str) -> str:
    """The first row in which something is wrong."""
    rows = np.flatnonzero(wrong)
    return f"row {rows[0]} has {name} {values[rows[0]]}, {why}" if len(rows) else ""


def _wrong_embeddings(vectors: Vectors, final: NDArray[np.bool_]) -> str:
    """Embeddings are finite; those of a final observation may be nan throughout, all candidates' with the state's."""
    for start in range(0, vectors.n_rows, _ROWS):
        rows = slice(start, min(start + _ROWS, vectors.n_rows))
        states = np.isfinite(vectors.obs[rows]).all(axis=1)
        absent = final[rows] & np.isnan(vectors.obs[rows]).all(axis=1)
        if len(wrong := np.flatnonzero(~states & ~absent)):
            return f"row {start + wrong[0]} has a state embedding that is not finite"
        part = slice(vectors.cand_ptr[rows.start], vectors.cand_ptr[rows.stop])
        owners = np.repeat(np.arange(rows.stop - rows.start), np.diff(vectors.cand_ptr[rows.start : rows.stop + 1]))
        finite = np.isfinite(vectors.cand[part]).all(axis=1)
        if len(wrong := np.flatnonzero(finite != np.take(states, owners))):
            return (
                f"row {start + owners[wrong[0]]} has a candidate embedding that is not finite, or one without a state"
            )
    return ""


_ROWS = 4096
"""Rows whose embeddings are looked at at once, so that memory does not grow with the dataset."""


def _wrong_returns(vectors: Vectors) -> str:
    for index in range(vectors.n_episodes):
        rows = vectors.rows(index)
        found = vectors.mc_return[rows]
        if vectors.failure[index]:
            right = bool(np.isnan(found).all())
        else:
            expected = discounted_returns(vectors.reward[rows].astype(np.float64))
            right = bool(np.allclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE))
        if not right:
            return f"mc_return of episode {index} is not its rewards discounted by {DISCOUNT}, or nan after a failure"
    return ""
