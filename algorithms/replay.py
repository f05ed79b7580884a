"""A dataset of candidate sets on the device, in half precision, from which a batch is a few index operations.

Nothing is asked of the host in between: which transitions are drawn follows from seed and update (`algorithms.draws`).
d3rlpy samples transition by transition in Python and converts each batch anew, 13 ms for 256 transitions of 3,584
dimensions, several times what a GPU takes for the update itself.

On a CPU the embeddings are not even copied: a dataset on disk is read as its rows are drawn, through the memory map.
`algorithms.streamed` does so for a GPU that the dataset does not fit on.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from algorithms.batch import CandidateBatch
from algorithms.columns import Columns, columns_of_buffer
from algorithms.curriculum import Lessons
from algorithms.d3rlpy_import import d3rlpy
from algorithms.draws import draw, start_value, stream, uniform
from algorithms.thinning import thinned
from webvoyager_gym.data.convert import CandidateTransitionPicker


class DeviceReplay:
    """Transitions to draw batches from, with replacement.

    Args:
        columns: the transitions.
        device: where everything is kept; `2 * D * (S + C)` bytes, unless it is the CPU and the dataset lies on disk.
        seed: of the draws.
        next_candidates: False to leave the candidates of next states out, nearly half of a batch, where nobody reads
            them; `next_candidates` (B, 0, D) and `next_mask` (B, 0) are empty then.
        lessons: what is drawn when; None for all transitions with equal probability.
        dropout: share of the candidates that batches are without (`algorithms.thinning`).
    """

    def __init__(
        self,
        columns: Columns,
        device: str = "cpu",
        seed: int = 0,
        *,
        next_candidates: bool = True,
        lessons: Lessons | None = None,
        dropout: float = 0.0,
    ) -> None:
        self.device = device
        self._lessons, self._dropout = lessons.to(device) if lessons else None, dropout
        self._next_candidates = next_candidates
        self.width, self.n_candidates = columns.width, columns.n_candidates
        self._start = start_value(seed, device)
        self._states, self._candidates, self._there = map(
            self._kept, (columns.states, columns.candidates, columns.there)
        )
        self._first, self._count = self._kept(columns.first), self._kept(columns.count)
        self._places = torch.arange(columns.n_candidates, device=device)
        # Of every transition.
        self._rows, self._steps = self._kept(columns.rows), self._kept(columns.steps)
        self._chosen, self._next_chosen = self._kept(columns.chosen), self._kept(columns.next_chosen)
        self._propensity = self._kept(columns.propensity)
        self._rewards, self._returns = self._kept(columns.rewards), self._kept(columns.returns)
        self._return_known, self._terminals = self._kept(columns.return_known), self._kept(columns.terminals)

    def _kept(self, array: NDArray[Any]) -> Tensor:
        with warnings.catch_warnings():
            # A memory map is read-only, and so is all that is done with it.
            warnings.filterwarnings("ignore", "The given NumPy array is not writable", UserWarning)
            return torch.from_numpy(np.asarray(array)).to(self.device)

    def __len__(self) -> int:
        """M, the number of transitions."""
        return len(self._rows)

    def seeded(self, seed: int) -> DeviceReplay:
        """The same transitions, in the same memory, drawn by another seed."""
        other = copy.copy(self)
        other._start = start_value(seed, self.device)
        return other

    def batch(self, update: int | Tensor, size: int) -> CandidateBatch:
        """The batch of an update, counted from 0; a tensor () int64 on the device in a CUDA graph."""
        number = update if isinstance(update, Tensor) else torch.tensor(update, device=self.device)
        batch = self.take(self.drawn(number, size))
        if not self._dropout:
            return batch
        return thinned(batch, self._dropout, uniform(stream(self._start, 1), number, (2, *batch.mask.shape)))

    def drawn(self, update: Tensor, size: int) -> Tensor:
        """Numbers (size,) of the transitions of that batch."""
        if self._lessons is not None:
            return self._lessons.draw(self._start, update, size)
        return draw(self._start, update, size, len(self))

    def take(self, drawn: Tensor) -> CandidateBatch:
        """The transitions with the given numbers (B,) int64."""
        rows = self._rows[drawn]
        size = len(drawn)
        candidates, mask = self._candidates_of(torch.cat([rows, rows + 1]) if self._next_candidates else rows)
        next_candidates, next_mask = candidates[size:], mask[size:]
        if not self._next_candidates:
            next_candidates, next_mask = candidates[:, :0], mask[:, :0]
        return CandidateBatch(
            states=self._states[rows].float(),
            candidates=candidates[:size],
            mask=mask[:size],
            chosen=self._chosen[drawn],
            propensity=self._propensity[drawn],
            rewards=self._rewards[drawn],
            returns=self._returns[drawn],
            return_known=self._return_known[drawn],
            # After a terminal transition no target reads it, but nan times zero would still be nan.
            next_states=self._states[rows + 1].float().nan_to_num(),
            next_candidates=next_candidates,
            next_mask=next_mask,
            next_chosen=self._next_chosen[drawn],
            terminals=self._terminals[drawn],
            intervals=torch.ones(size, device=self.device),
        )

    def _candidates_of(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Candidates (R, N, D) of observations, zero where there is none, and their mask (R, N)."""
        within = self._places < self._count[rows][:, None]
        places = torch.where(within, self._first[rows][:, None] + self._places, 0)
        mask = within & self._there[places]
        return torch.where(mask[..., None], self._candidates[places], 0.0).float(), mask

    def close(self) -> None:
        """Nothing to be ended."""

    def parts(self, size: int = 4096) -> Iterator[CandidateBatch]:
        """All transitions once, in order, so many at a time."""
        for numbers in torch.arange(len(self), device=self.device).split(size):
            yield self.take(numbers)


@dataclass
class FitReplay:
    """Stands in for a d3rlpy replay buffer in `fit`; anything but sampling is left to that buffer.

    Attributes:
        dataset: the buffer.
        replay: its transitions.
        update: the next one's number.
    """

    dataset: d3rlpy.dataset.ReplayBuffer
    replay: DeviceReplay
    update: int = 0

    def sample_transition_batch(self, batch_size: int) -> CandidateBatch:
        """The next batch."""
        batch = self.replay.batch(self.update, batch_size)
        self.update += 1
        return batch

    def __getattr__(self, name: str) -> Any:
        return getattr(self.dataset, name)


def fits(dataset: d3rlpy.dataset.ReplayBufferBase) -> bool:
    """Whether the buffer's transitions are what `columns_of_buffer` takes: single steps of candidate episodes."""
    return isinstance(dataset.transition_picker, CandidateTransitionPicker)


def replay_of_buffer(
    dataset: d3rlpy.dataset.ReplayBuffer,
    device: str,
    gamma: float,
    reward_scaler: d3rlpy.preprocessing.RewardScaler | None = None,
    seed: int = 0,
) -> DeviceReplay:
    """The transitions of a d3rlpy buffer on a device; the scaler, fitted, acts on rewards and returns."""
    return DeviceReplay(columns_of_buffer(dataset, gamma, reward_scaler), device, seed)
