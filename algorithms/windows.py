"""Transitions with the steps that led there, for algorithms that read a history.

B is the batch, K the most steps before the present one, D the width of an embedding.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import torch
from torch import Tensor

from algorithms.batch import CandidateBatch
from algorithms.columns import Columns
from algorithms.curriculum import Lessons
from algorithms.replay import DeviceReplay


@dataclass(frozen=True, slots=True)
class WindowBatch(CandidateBatch):
    """A batch whose transitions know what came before, the latest step last.

    Attributes:
        past_states: (B, K, D).
        past_actions: (B, K, D) embeddings of the executed candidates.
        past_returns: (B, K) as `returns`.
        past_mask: (B, K) bool, false before the beginning of the episode; what stands there means nothing.
    """

    past_states: Tensor
    past_actions: Tensor
    past_returns: Tensor
    past_mask: Tensor


def without_past(batch: CandidateBatch) -> WindowBatch:
    """The same transitions, as if each began its episode."""
    size, width = batch.states.shape
    columns = {field.name: getattr(batch, field.name) for field in dataclasses.fields(CandidateBatch)}
    return WindowBatch(
        **columns,
        past_states=batch.states.new_zeros(size, 0, width),
        past_actions=batch.states.new_zeros(size, 0, width),
        past_returns=batch.states.new_zeros(size, 0),
        past_mask=batch.mask.new_zeros(size, 0),
    )


class WindowReplay(DeviceReplay):
    """`DeviceReplay` that gives up to `length` earlier steps of the episode with every transition."""

    def __init__(
        self, columns: Columns, device: str = "cpu", seed: int = 0, *, length: int, lessons: Lessons | None = None
    ) -> None:
        super().__init__(columns, device, seed, lessons=lessons)
        self._back = torch.arange(length, 0, -1, device=device)

    def take(self, drawn: Tensor) -> WindowBatch:
        batch = super().take(drawn)
        there = self._steps[drawn][:, None] >= self._back
        past = (drawn[:, None] - self._back).clamp_min(0)
        rows = self._rows[past]
        columns = {field.name: getattr(batch, field.name) for field in dataclasses.fields(CandidateBatch)}
        return WindowBatch(
            **columns,
            past_states=self._states[rows].float(),
            past_actions=self._candidates[self._first[rows] + self._chosen[past]].float().nan_to_num(),
            past_returns=self._returns[past],
            past_mask=there,
        )
