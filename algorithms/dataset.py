"""What the algorithms read from a d3rlpy dataset of candidate sets.

`webvoyager_gym.data.convert.to_d3rlpy` makes such a dataset: its episodes have `candidates` (T+1, N, D) and `mask`
(T+1, N). D is the width of an embedding.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from algorithms.d3rlpy_import import d3rlpy
from webvoyager_gym.data import Vectors
from webvoyager_gym.errors import not_found

_CHUNK = 4096
"""Rows converted to float64 at a time."""


def only_split(vectors: Vectors, split: str) -> Vectors:
    """The episodes of one split; a copy if there are others.

    Raises:
        NotFound: no episode is of that split.
    """
    if split not in vectors.split_names:
        raise not_found("split in this dataset", split, vectors.split_names)
    keep = vectors.split == vectors.split_names.index(split)
    if keep.all():
        return vectors
    episode_sizes, row_sizes = np.diff(vectors.ep_ptr), np.diff(vectors.cand_ptr)
    rows = np.repeat(keep, episode_sizes)
    by_row = ("obs", "chosen", "propensity", "reward", "terminated", "truncated", "mc_return")
    return dataclasses.replace(
        vectors,
        **{name: getattr(vectors, name)[rows] for name in by_row},
        cand=vectors.cand[np.repeat(rows, row_sizes)],
        cand_ptr=np.concatenate([[0], np.cumsum(row_sizes[rows])]),
        ep_ptr=np.concatenate([[0], np.cumsum(episode_sizes[keep])]),
        split=vectors.split[keep],
        failure=vectors.failure[keep],
    )


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and standard deviation of embeddings, (D,) float32 each."""

    mean: Tensor
    std: Tensor


def embedding_moments(dataset: d3rlpy.dataset.ReplayBufferBase) -> tuple[Moments, Moments]:
    """Moments of the state embeddings of a dataset, and of its candidate embeddings, executed or not.

    Final observations are left out: no action was taken there, and one that could not be embedded is all zeros.

    Raises:
        TypeError: the dataset has no candidate sets.
    """
    episodes = dataset.episodes
    if not all(hasattr(episode, "candidates") and hasattr(episode, "mask") for episode in episodes):
        raise TypeError(
            "The episodes of this dataset have no candidate sets, which this algorithm learns from; "
            "build it with webvoyager_gym.data.convert.to_d3rlpy."
        )
    return (
        _moments(episode.observations[:-1] for episode in episodes),
        _moments(episode.candidates[:-1][episode.mask[:-1]] for episode in episodes),
    )


def _moments(parts: Iterable[NDArray[Any]]) -> Moments:
    """Over the rows of arrays (n, D), in one pass and in float64 (Chan, Golub and LeVeque 1979, for merging parts)."""
    count, mean, squares = 0, np.float64(0), np.float64(0)
    for rows in _chunks(parts):
        n, part_mean = len(rows), rows.mean(0)
        delta = part_mean - mean
        squares = squares + np.square(rows - part_mean).sum(0) + np.square(delta) * (count * n / (count + n))
        mean = mean + delta * (n / (count + n))
        count += n
    std = np.sqrt(squares / max(count, 1))
    return Moments(torch.from_numpy(np.float32(mean)), torch.from_numpy(np.float32(std)))


def _chunks(parts: Iterable[NDArray[Any]]) -> Iterator[NDArray[np.float64]]:
    for part in parts:
        for start in range(0, len(part), _CHUNK):
            yield np.asarray(part[start : start + _CHUNK], np.float64)
