"""A dataset of candidate sets as flat tensors on the device, from which a batch is a few index operations.

d3rlpy samples transition by transition in Python; with networks as small as these that is a third of an update.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from algorithms.d3rlpy_import import d3rlpy
from algorithms.dataset import CandidateBatch
from webvoyager_gym.data.convert import CandidateTransitionPicker


class DeviceReplay:
    """Stands in for a d3rlpy replay buffer in `fit`; anything but sampling is left to that buffer.

    It draws from numpy's global generator as d3rlpy does, so from the same state the same transitions come.

    Args:
        dataset: a buffer made by `webvoyager_gym.data.convert.to_d3rlpy`.
        device: where to keep the embeddings, as float32: `4 * D` bytes for every observation and every action.
    """

    def __init__(self, dataset: d3rlpy.dataset.ReplayBuffer, device: str) -> None:
        self._dataset = dataset
        episodes = dataset.episodes
        sizes = [episode.size() for episode in episodes]
        # An episode of T actions has T + 1 observations, so before its rows lies one more for each episode before it.
        rows = np.arange(sum(sizes)) + np.repeat(np.arange(len(sizes)), sizes)
        terminals = np.zeros(sum(sizes), np.float32)
        terminals[np.cumsum(sizes) - 1] = [float(episode.terminated) for episode in episodes]

        def stack(parts: list[Any]) -> Tensor:
            return torch.from_numpy(np.concatenate(parts)).to(device)

        self._rows = torch.from_numpy(rows).to(device)
        self._states = stack([episode.observations for episode in episodes])
        self._actions = stack(
            [episode.candidates[np.arange(episode.size()), episode.actions[:, 0]] for episode in episodes]
        )
        self._rewards = stack([episode.rewards[:, 0] for episode in episodes])
        self._terminals = torch.from_numpy(terminals).to(device)
        self._device = device

    @staticmethod
    def fits(dataset: d3rlpy.dataset.ReplayBufferBase) -> bool:
        """Whether the buffer's transitions are what this class takes them for: single steps of candidate episodes."""
        return isinstance(dataset.transition_picker, CandidateTransitionPicker)

    def sample_transition_batch(self, batch_size: int) -> CandidateBatch:
        """Transitions drawn with equal probability, with replacement."""
        drawn = torch.from_numpy(np.random.randint(len(self._rows), size=batch_size)).to(self._device)  # noqa: NPY002
        rows = self._rows[drawn]
        return CandidateBatch(
            states=self._states[rows],
            actions=self._actions[drawn],
            rewards=self._rewards[drawn],
            next_states=self._states[rows + 1],
            terminals=self._terminals[drawn],
            intervals=torch.ones(batch_size, device=self._device),
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dataset, name)
