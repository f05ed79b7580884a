"""The training view of a dataset: flat arrays over all steps, memory-mapped from `vectors.h5`.

S counts rows, E episodes, C candidates, D the width of an embedding. Episode e is the rows `ep_ptr[e]:ep_ptr[e + 1]`, T
actions and then the final observation; row s has the candidates `cand_ptr[s]:cand_ptr[s + 1]`.
"""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.data import h5
from webvoyager_gym.data.heaps import check_heaps
from webvoyager_gym.data.text import from_stored
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.types import Failure

DISCOUNT = 0.99
"""Discount of `Vectors.mc_return`."""

FAILURES: tuple[str, ...] = typing.get_args(Failure)
"""Names of the codes in `Vectors.failure`; code 0 is no failure."""

COLUMNS: dict[str, tuple[int, str]] = {
    "obs": (2, "<f2"),
    "cand": (2, "<f2"),
    "cand_ptr": (1, "<i8"),
    "ep_ptr": (1, "<i8"),
    "chosen": (1, "<i4"),
    "propensity": (1, "<f4"),
    "reward": (1, "<f4"),
    "terminated": (1, "|b1"),
    "truncated": (1, "|b1"),
    "mc_return": (1, "<f4"),
    "split": (1, "|u1"),
    "site": (1, "|u1"),
    "success": (1, "|b1"),
    "failure": (1, "|u1"),
}
"""Number of dimensions and dtype of every dataset in `vectors.h5`."""


@dataclass(frozen=True, eq=False)
class Vectors:
    """A dataset as flat arrays.

    Attributes:
        obs: (S, D) float16, state embeddings; a row of nan where a final observation could not be embedded.
        cand: (C, D) float16, candidate embeddings; nan likewise.
        cand_ptr: (S + 1,) int64, where each row's candidates begin.
        ep_ptr: (E + 1,) int64, where each episode's rows begin.
        chosen: (S,) int32, index of the executed candidate within its row; -1 on the last row of an episode.
        propensity: (S,) float32, probability with which it was chosen; nan on the last row of an episode.
        reward: (S,) float32, 0 on the last row of an episode.
        terminated, truncated: (S,) bool, after the action; False on the last row of an episode.
        mc_return: (S,) float32, sum of rewards to come, discounted by `DISCOUNT`; nan throughout an episode that the
            infrastructure broke off, since nobody knows what would have come.
        split: (E,) uint8, an index into `split_names`.
        failure: (E,) uint8, an index into `FAILURES`; 0 if the episode counts.
        site: (E,) uint8, an index into `site_names`.
        success: (E,) bool, whether the task was completed; meaningless where `failure` is set.
        split_names, site_names: names of the codes in `split` and `site`.
    """

    obs: NDArray[np.float16]
    cand: NDArray[np.float16]
    cand_ptr: NDArray[np.int64]
    ep_ptr: NDArray[np.int64]
    chosen: NDArray[np.int32]
    propensity: NDArray[np.float32]
    reward: NDArray[np.float32]
    terminated: NDArray[np.bool_]
    truncated: NDArray[np.bool_]
    mc_return: NDArray[np.float32]
    split: NDArray[np.uint8]
    failure: NDArray[np.uint8]
    site: NDArray[np.uint8]
    success: NDArray[np.bool_]
    split_names: tuple[str, ...] = ("train",)
    site_names: tuple[str, ...] = ("",)

    @property
    def n_rows(self) -> int:
        """S."""
        return len(self.obs)

    @property
    def n_episodes(self) -> int:
        """E."""
        return len(self.ep_ptr) - 1

    @property
    def n_steps(self) -> int:
        """Number of actions in all episodes, S - E."""
        return self.n_rows - self.n_episodes

    @property
    def width(self) -> int:
        """D; 0 if the dataset was recorded without an embedder."""
        return int(self.obs.shape[1])

    @cached_property
    def n_candidates(self) -> int:
        """N, the largest number of candidates in a row."""
        return int(np.diff(self.cand_ptr).max(initial=0))

    def rows(self, episode: int) -> slice:
        """The rows of an episode, its final observation among them."""
        return slice(int(self.ep_ptr[episode]), int(self.ep_ptr[episode + 1]))

    def candidates(self, row: int) -> NDArray[np.float16]:
        """(n, D) float16, a view of the candidates of a row."""
        return self.cand[self.cand_ptr[row] : self.cand_ptr[row + 1]]

    def take(self, episodes: NDArray[np.integer[Any]]) -> Vectors:
        """Some of the episodes, in the order given, as copies in memory."""
        starts, ends = self.ep_ptr[episodes], self.ep_ptr[episodes + 1]
        rows = _ranges(starts, ends)
        firsts, lasts = self.cand_ptr[rows], self.cand_ptr[rows + 1]
        by_row = ("obs", "chosen", "propensity", "reward", "terminated", "truncated", "mc_return")
        by_episode = ("split", "site", "success", "failure")
        return dataclasses.replace(
            self,
            **{name: getattr(self, name)[rows] for name in by_row},
            **{name: getattr(self, name)[episodes] for name in by_episode},
            cand=self.cand[_ranges(firsts, lasts)],
            cand_ptr=np.concatenate([[0], np.cumsum(lasts - firsts)]),
            ep_ptr=np.concatenate([[0], np.cumsum(ends - starts)]),
        )

    @classmethod
    def open(cls, path: Path) -> Vectors:
        """Map a `vectors.h5` into memory, read-only; nothing is read until it is used.

        Raises:
            InvalidFile: the file is foreign, damaged, or contradicts itself.
        """
        with h5.reading(path) as file:
            columns: dict[str, Any] = {name: h5.memory_map(file, name, *form) for name, form in COLUMNS.items()}
            # The names of splits and failures are texts.
            check_heaps(path, skip=[h5.extent(file[name]) for name in COLUMNS])
            vectors = cls(**columns, split_names=_names(file["split"]), site_names=_names(file["site"]))
            if _names(file["failure"]) != FAILURES:
                raise InvalidFile(
                    f"{path} names its failures otherwise than this version does; upgrade webvoyager-gym."
                )
        reason = _contradiction(vectors)
        if reason:
            raise InvalidFile(
                f"{path} contradicts itself: {reason}; bring the dataset again or check it with verify()."
            )
        return vectors


def discounted_returns(rewards: NDArray[np.float64], discount: float = DISCOUNT) -> NDArray[np.float64]:
    """(T,) sums of the rewards to come: `g[t] = r[t] + discount * g[t + 1]`, and 0 after the last."""
    returns = np.zeros(len(rewards) + 1)
    for t in reversed(range(len(rewards))):
        returns[t] = rewards[t] + discount * returns[t + 1]
    return returns[:-1]


def _ranges(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """All numbers from each start to before its end, end to end."""
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) + np.repeat(starts - before, lengths)


def _names(column: h5py.Dataset) -> tuple[str, ...]:
    names = np.atleast_1d(np.asarray(column.attrs.get("names", ()), dtype=object))
    try:
        return tuple(from_stored(str(name)) for name in names)
    except ValueError as error:
        raise InvalidFile(
            f"{column.file.filename}:{column.name} has unreadable names; bring the file again."
        ) from error


def _contradiction(vectors: Vectors) -> str:
    """Why the arrays cannot belong together; "" if they do."""
    rows, episodes = vectors.n_rows, vectors.n_episodes
    for name in ("chosen", "propensity", "reward", "terminated", "truncated", "mc_return"):
        if len(getattr(vectors, name)) != rows:
            return f"{name} has {len(getattr(vectors, name))} entries for {rows} rows"
    for name in ("split", "site", "success", "failure"):
        if len(getattr(vectors, name)) != episodes:
            return f"{name} has {len(getattr(vectors, name))} entries for {episodes} episodes"
    if vectors.cand.shape[1] != vectors.width:
        return f"candidates have {vectors.cand.shape[1]} dimensions and states {vectors.width}"
    if len(vectors.cand_ptr) != rows + 1 or not _climbs(vectors.cand_ptr, len(vectors.cand), step=0):
        return "cand_ptr does not divide the candidates among the rows"
    if not _climbs(vectors.ep_ptr, rows, step=1):
        return "ep_ptr does not divide the rows among the episodes"
    for name in ("terminated", "truncated", "success"):
        if getattr(vectors, name).view(np.uint8).max(initial=0) > 1:
            return f"{name} holds values other than false and true"
    names = {"split": vectors.split_names, "site": vectors.site_names, "failure": FAILURES}
    for name, known in names.items():
        if getattr(vectors, name).max(initial=0) >= max(1, len(known)):
            return f"a {name} code has no name"
    last = np.zeros(rows, bool)
    last[vectors.ep_ptr[1:] - 1] = True
    if np.any(
        np.where(last, vectors.chosen != -1, (vectors.chosen < 0) | (vectors.chosen >= np.diff(vectors.cand_ptr)))
    ):
        return "a chosen index is not among its row's candidates"
    return ""


def _climbs(pointers: NDArray[np.int64], end: int, step: int) -> bool:
    return len(pointers) > 0 and pointers[0] == 0 and pointers[-1] == end and bool(np.all(np.diff(pointers) >= step))
