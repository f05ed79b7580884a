"""A dataset of candidate sets as flat tensors on the device, from which a batch is a few index operations.

d3rlpy samples transition by transition in Python; with networks as small as these that is a third of an update.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from algorithms.batch import CandidateBatch
from algorithms.d3rlpy_import import d3rlpy
from webvoyager_gym.data.convert import CandidateTransitionPicker
from webvoyager_gym.data.vectors import discounted_returns


class DeviceReplay:
    """Stands in for a d3rlpy replay buffer in `fit`; anything but sampling is left to that buffer.

    It draws from numpy's global generator as d3rlpy does, so from the same state the same transitions come.

    Args:
        dataset: a buffer made by `webvoyager_gym.data.convert.to_d3rlpy`.
        device: where to keep the embeddings, as float32: `4 * D * (N + 1)` bytes for every observation.
        gamma: discount of the returns.
        reward_scaler: d3rlpy's, fitted; acts on rewards and returns.
    """

    def __init__(
        self,
        dataset: d3rlpy.dataset.ReplayBuffer,
        device: str,
        gamma: float,
        reward_scaler: d3rlpy.preprocessing.RewardScaler | None = None,
    ) -> None:
        self._dataset = dataset
        self._device = device
        episodes = dataset.episodes
        sizes = np.array([episode.size() for episode in episodes])
        ends = np.cumsum(sizes) - 1
        # An episode of T actions has T + 1 observations, so before its rows lies one more for each episode before it.
        rows = np.arange(sizes.sum()) + np.repeat(np.arange(len(sizes)), sizes)
        terminals = np.zeros(sizes.sum(), np.float32)
        terminals[ends] = [float(episode.terminated) for episode in episodes]
        scale = reward_scaler.transform_numpy if reward_scaler else np.asarray
        rewards = [scale(episode.rewards)[:, 0] for episode in episodes]
        returns = [discounted_returns(part.astype(np.float64), gamma).astype(np.float32) for part in rewards]

        chosen = np.concatenate([episode.actions[:, 0] for episode in episodes])
        next_chosen = np.append(chosen[1:], -1)
        next_chosen[ends] = [episode.last_chosen for episode in episodes]

        # Of every observation, the final ones among them.
        self._states = self._join([episode.observations for episode in episodes])
        self._candidates = self._join([episode.candidates for episode in episodes])
        self._mask = self._join([episode.mask for episode in episodes])
        # Of every transition.
        self._rows = self._join([rows])
        self._chosen = self._join([chosen])
        self._next_chosen = self._join([next_chosen])
        self._rewards = self._join(rewards)
        self._returns = self._join(returns)
        self._return_known = self._join([np.repeat([episode.return_known for episode in episodes], sizes)])
        self._terminals = self._join([terminals])

    def _join(self, parts: list[NDArray[Any]]) -> Tensor:
        return torch.from_numpy(np.concatenate(parts)).to(self._device)

    @staticmethod
    def fits(dataset: d3rlpy.dataset.ReplayBufferBase) -> bool:
        """Whether the buffer's transitions are what this class takes them for: single steps of candidate episodes."""
        return isinstance(dataset.transition_picker, CandidateTransitionPicker)

    def sample_transition_batch(self, batch_size: int) -> CandidateBatch:
        """Transitions drawn with equal probability, with replacement."""
        drawn = torch.from_numpy(np.random.randint(len(self._rows), size=batch_size))  # noqa: NPY002
        return self.take(drawn.to(self._device))

    def take(self, drawn: Tensor) -> CandidateBatch:
        """The transitions with the given numbers (B,) int64."""
        rows = self._rows[drawn]
        return CandidateBatch(
            states=self._states[rows],
            candidates=self._candidates[rows],
            mask=self._mask[rows],
            chosen=self._chosen[drawn],
            rewards=self._rewards[drawn],
            returns=self._returns[drawn],
            return_known=self._return_known[drawn],
            next_states=self._states[rows + 1],
            next_candidates=self._candidates[rows + 1],
            next_mask=self._mask[rows + 1],
            next_chosen=self._next_chosen[drawn],
            terminals=self._terminals[drawn],
            intervals=torch.ones(len(drawn), device=self._device),
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dataset, name)
