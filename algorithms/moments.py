"""What the networks are standardised by: moments and ranges of a dataset's embeddings. D is their width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from algorithms.columns import Columns

MOST_ROWS = 65_536
"""Of a larger dataset as many are read, evenly spaced: that is sure enough, and a million take minutes."""

_CHUNK = 4096
"""Rows converted to float64 at a time."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and standard deviation of embeddings, (D,) float32 each."""

    mean: Tensor
    std: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """Of the states in which an action was taken, and of all their candidates, executed or not.

    Final observations are left out: no action was taken there, and one that could not be embedded has no numbers.

    Attributes:
        states, candidates: moments.
        low, high: (D,) float32, the candidates' range.
    """

    states: Moments
    candidates: Moments
    low: NDArray[np.float32]
    high: NDArray[np.float32]


def statistics(columns: Columns) -> Statistics:
    """Of the transitions."""
    rows = columns.rows[:: max(1, -(-len(columns.rows) // MOST_ROWS))]
    ranges = [(part.min(0), part.max(0)) for part in _candidates(columns, rows)]
    return Statistics(
        states=_moments(columns.states[part] for part in _chunks(rows)),
        candidates=_moments(_candidates(columns, rows)),
        low=np.min([low for low, _ in ranges], 0).astype(np.float32),
        high=np.max([high for _, high in ranges], 0).astype(np.float32),
    )


def _chunks(rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]


def _candidates(columns: Columns, rows: NDArray[np.int64]) -> Iterator[NDArray[Any]]:
    """Candidates (n, D) of some rows, so many rows at a time."""
    places = np.arange(columns.n_candidates)
    for part in _chunks(rows):
        within = places < columns.count[part][:, None]
        numbers = (columns.first[part][:, None] + places)[within]
        numbers = numbers[columns.there[numbers]]
        if len(numbers):
            yield columns.candidates[numbers]


def _moments(parts: Iterable[NDArray[Any]]) -> Moments:
    """Over the rows of arrays (n, D), in one pass and in float64 (Chan, Golub and LeVeque 1979, for merging parts)."""
    count, mean, squares = 0, np.float64(0), np.float64(0)
    for part in parts:
        rows = np.asarray(part, np.float64)
        n, part_mean = len(rows), rows.mean(0)
        delta = part_mean - mean
        squares = squares + np.square(rows - part_mean).sum(0) + np.square(delta) * (count * n / (count + n))
        mean = mean + delta * (n / (count + n))
        count += n
    std = np.sqrt(squares / max(count, 1))
    return Moments(torch.from_numpy(np.float32(mean)), torch.from_numpy(np.float32(std)))
