"""Which transitions there are to learn from, and in which order an epoch visits them.

The order is a function of (seed, epoch) alone, so a training that was broken off goes on where it was without a state
to keep. Rows are numbers of `Vectors`: a transition begins in row r and ends in row r + 1.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.data.vectors import Vectors


def known_rows(vectors: Vectors) -> NDArray[np.int64]:
    """(M,) rows in which the transitions begin whose outcome is known, in order.

    Left out are the final observations, in which nothing was decided; the last action before the infrastructure broke
    an episode off; and the last one of a truncated episode whose final observation was not embedded, so that nothing
    says what was to come. They are the transitions of `to_d3rlpy`.
    """
    known = np.ones(vectors.n_rows, bool)
    final = vectors.ep_ptr[1:] - 1
    acted = np.diff(vectors.ep_ptr) > 1
    last_action = np.where(acted, final - 1, final)
    unembedded = np.isnan(vectors.obs[final]).any(axis=1) & ~vectors.terminated[last_action]
    known[final] = False
    known[last_action[(vectors.failure > 0) | unembedded]] = False
    return np.flatnonzero(known)


def order(rows: NDArray[np.int64], seed: int, epoch: int) -> NDArray[np.int64]:
    """The rows in the order of an epoch, each once."""
    return np.random.default_rng([seed, epoch]).permutation(rows)


def batches(
    rows: NDArray[np.int64], size: int, *, seed: int, epoch: int = 0, start: int = 0
) -> Iterator[NDArray[np.int64]]:
    """Batches of rows without end, from batch `start` of an epoch on; the last one of an epoch may be smaller.

    Raises:
        ValueError: there is nothing to draw from, or a batch would be empty.
    """
    if not len(rows) or size < 1:
        raise ValueError(f"Batches of {size} cannot be drawn from {len(rows)} transitions; both must be at least 1.")
    while True:
        drawn = order(rows, seed, epoch)
        for at in range(start * size, len(drawn), size):
            yield drawn[at : at + size]
        epoch, start = epoch + 1, 0
