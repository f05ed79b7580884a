"""Transitions as flat arrays beside the embeddings that they point into, from a dataset or from d3rlpy's episodes.

S counts rows (observations, the final ones among them), C candidates, M transitions; D is the width of an embedding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.d3rlpy_import import d3rlpy
from webvoyager_gym.data import Vectors
from webvoyager_gym.data.vectors import discounted_returns
from webvoyager_gym.errors import InvalidFile, WebVoyagerError, not_found

_CHUNK = 65_536
"""Candidates looked at together."""


@dataclass(frozen=True, eq=False)
class Columns:
    """What `DeviceReplay` keeps.

    Attributes:
        states: (S, D) float16 or float32; may lie on disk.
        candidates: (C, D) likewise.
        there: (C,) bool, false where a place for a candidate is empty or the candidate could not be embedded.
        first: (S,) int64, where the candidates of a row begin.
        count: (S,) int64, how many places for candidates it has.
        n_candidates: the largest of them.
        rows: (M,) int64, the state of each transition; the next state is one row further.
        steps: (M,) int64, how many transitions of its episode came before it.
        chosen, next_chosen: (M,) int64 as in `CandidateBatch`.
        propensity: (M,) float32, probability with which each candidate was chosen; nan where nobody knows.
        rewards, returns, terminals: (M,) float32.
        return_known: (M,) bool.
        site: (M,) int64, code of the site of each transition.
    """

    states: NDArray[Any]
    candidates: NDArray[Any]
    there: NDArray[np.bool_]
    first: NDArray[np.int64]
    count: NDArray[np.int64]
    n_candidates: int
    rows: NDArray[np.int64]
    steps: NDArray[np.int64]
    chosen: NDArray[np.int64]
    next_chosen: NDArray[np.int64]
    propensity: NDArray[np.float32]
    rewards: NDArray[np.float32]
    returns: NDArray[np.float32]
    return_known: NDArray[np.bool_]
    terminals: NDArray[np.float32]
    site: NDArray[np.int64]

    @property
    def width(self) -> int:
        """D."""
        return int(self.states.shape[1])

    @property
    def nbytes(self) -> int:
        """Of the embeddings; everything else is small beside them."""
        return self.states.nbytes + self.candidates.nbytes

    def check_propensity(self) -> None:
        """Raises WebVoyagerError: the recording does not say how likely its choices were."""
        if not (self.propensity > 0).all():
            raise WebVoyagerError(
                "The dataset does not say how likely its choices were, so nothing can be weighted by it; "
                "collect with an agent that gives propensities."
            )


def columns_of_vectors(vectors: Vectors, split: str, gamma: float) -> Columns:
    """Transitions of one split; embeddings stay where they are, on disk if the dataset was opened there.

    Raises:
        NotFound: no episode is of that split.
        InvalidFile: the dataset holds no embeddings, or no transition to learn from.
    """
    from webvoyager_gym.data.convert import known_transitions  # after d3rlpy_import, which keeps d3rlpy quiet

    present = [name for code, name in enumerate(vectors.split_names) if (vectors.split == code).any()]
    if split not in present:
        raise not_found("split in this dataset", split, vectors.split_names)
    if vectors.width == 0:
        raise InvalidFile(
            "The dataset holds no embeddings; add them with `webvoyager-gym embed`, or collect with an embedder."
        )
    episodes = np.flatnonzero(vectors.split == vectors.split_names.index(split))
    known = [known_transitions(vectors, int(index)) for index in episodes]
    sizes = np.array([size for size, _ in known], np.int64)
    if not sizes.sum():
        raise InvalidFile("The dataset holds no transition whose outcome is known; collect episodes that do not fail.")
    steps = _counted(sizes)
    rows = steps + np.repeat(vectors.ep_ptr[episodes], sizes)
    ends = np.cumsum(sizes)[sizes > 0] - 1
    terminals = np.zeros(len(rows), np.float32)
    terminals[ends] = [float(terminated) for size, terminated in known if size]
    rewards = vectors.reward[rows].astype(np.float32)
    return Columns(
        states=vectors.obs,
        candidates=vectors.cand,
        there=_embedded(vectors.cand),
        first=np.asarray(vectors.cand_ptr[:-1]),
        count=np.diff(vectors.cand_ptr),
        n_candidates=vectors.n_candidates,
        rows=rows,
        steps=steps,
        chosen=vectors.chosen[rows].astype(np.int64),
        next_chosen=vectors.chosen[rows + 1].astype(np.int64),
        propensity=vectors.propensity[rows].astype(np.float32),
        rewards=rewards,
        returns=_returns(rewards, sizes, gamma),
        return_known=np.repeat(vectors.failure[episodes] == 0, sizes),
        terminals=terminals,
        site=np.repeat(vectors.site[episodes].astype(np.int64), sizes),
    )


def columns_of_buffer(
    dataset: d3rlpy.dataset.ReplayBuffer,
    gamma: float,
    reward_scaler: d3rlpy.preprocessing.RewardScaler | None = None,
) -> Columns:
    """The transitions of a buffer made by `webvoyager_gym.data.convert.to_d3rlpy`, in memory.

    Embeddings become float16 where that loses nothing, as of those that were recorded it does not.

    Raises:
        TypeError: the dataset has no candidate sets.
    """
    episodes = dataset.episodes
    if not all(hasattr(episode, "candidates") and hasattr(episode, "mask") for episode in episodes):
        raise TypeError(
            "The episodes of this dataset have no candidate sets, which this algorithm learns from; "
            "build it with webvoyager_gym.data.convert.to_d3rlpy."
        )
    sizes = np.array([episode.size() for episode in episodes])
    steps = _counted(sizes)
    ends = np.cumsum(sizes) - 1
    # An episode of T actions has T + 1 observations.
    rows = steps + np.repeat(np.cumsum(sizes + 1) - (sizes + 1), sizes)
    terminals = np.zeros(len(rows), np.float32)
    terminals[ends] = [float(episode.terminated) for episode in episodes]
    scale: Callable[[NDArray[Any]], NDArray[Any]] = reward_scaler.transform_numpy if reward_scaler else np.asarray
    rewards = np.concatenate([scale(episode.rewards)[:, 0] for episode in episodes]).astype(np.float32)
    chosen = np.concatenate([episode.actions[:, 0] for episode in episodes])
    next_chosen = np.append(chosen[1:], -1)
    next_chosen[ends] = [episode.last_chosen for episode in episodes]
    mask = np.concatenate([episode.mask for episode in episodes])
    n_rows, n = mask.shape
    return Columns(
        states=_joined([episode.observations for episode in episodes]),
        candidates=_joined([episode.candidates.reshape(-1, episode.candidates.shape[-1]) for episode in episodes]),
        there=mask.reshape(-1),
        first=np.arange(n_rows, dtype=np.int64) * n,
        count=np.full(n_rows, n, np.int64),
        n_candidates=n,
        rows=rows,
        steps=steps,
        chosen=chosen,
        next_chosen=next_chosen,
        propensity=np.concatenate([episode.propensity for episode in episodes]),
        rewards=rewards,
        returns=_returns(rewards, sizes, gamma),
        return_known=np.repeat([episode.return_known for episode in episodes], sizes),
        terminals=terminals,
        site=np.repeat(np.array([episode.site for episode in episodes], np.int64), sizes),
    )


def _counted(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, … for each size in turn."""
    return np.arange(sizes.sum(), dtype=np.int64) - np.repeat(np.cumsum(sizes) - sizes, sizes)


def _returns(rewards: NDArray[np.float32], sizes: NDArray[np.int64], gamma: float) -> NDArray[np.float32]:
    """Discounted sums of the rewards to come, episode by episode."""
    parts = np.split(rewards.astype(np.float64), np.cumsum(sizes)[:-1])
    return np.concatenate([discounted_returns(part, gamma) for part in parts]).astype(np.float32)


def _embedded(candidates: NDArray[np.float16]) -> NDArray[np.bool_]:
    parts = (candidates[start : start + _CHUNK] for start in range(0, len(candidates), _CHUNK))
    return np.concatenate([np.zeros(0, bool), *(~np.isnan(part).any(1) for part in parts)])


def _joined(parts: list[NDArray[np.float32]]) -> NDArray[Any]:
    with np.errstate(over="ignore"):
        halves = [part.astype(np.float16) for part in parts]
    lossless = all(np.array_equal(half, part) for half, part in zip(halves, parts, strict=True))
    return np.concatenate(halves if lossless else parts)
