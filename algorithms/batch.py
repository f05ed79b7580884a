"""A mini-batch of transitions with their candidate sets, as every algorithm reads it.

B is the batch, N the most candidates that a state has, D the width of an embedding.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from algorithms.d3rlpy_import import d3rlpy


@dataclass(frozen=True, slots=True)
class CandidateBatch:
    """Transitions on the device, float32 unless said otherwise, wherever they were sampled.

    Attributes:
        states: (B, D) embeddings.
        candidates: (B, N, D) embeddings; what stands where the mask is false means nothing.
        mask: (B, N) bool, true where there is a candidate.
        chosen: (B,) int64, index of the executed candidate.
        propensity: (B,), probability with which it was; nan where nobody knows.
        rewards: (B,).
        returns: (B,), discounted sum of the rewards from this transition to the end of its episode.
        return_known: (B,) bool, false where the infrastructure broke the episode off, so that `returns` means nothing.
        next_states: (B, D).
        next_candidates: (B, N, D).
        next_mask: (B, N) bool; a row may be all false, after the end of an episode.
        next_chosen: (B,) int64, index of the candidate executed next; -1 where none was: after the end of an episode.
        terminals: (B,), 1.0 where the episode terminated; 0.0 where it goes on or was truncated.
        intervals: (B,), steps between a state and its next state.
    """

    states: Tensor
    candidates: Tensor
    mask: Tensor
    chosen: Tensor
    propensity: Tensor
    rewards: Tensor
    returns: Tensor
    return_known: Tensor
    next_states: Tensor
    next_candidates: Tensor
    next_mask: Tensor
    next_chosen: Tensor
    terminals: Tensor
    intervals: Tensor

    @property
    def actions(self) -> Tensor:
        """(B, D) embeddings of the executed candidates."""
        return self.candidates[torch.arange(len(self.chosen), device=self.chosen.device), self.chosen]


Batch = TypeVar("Batch", bound=CandidateBatch)


def moved(batch: Batch, device: str) -> Batch:
    """The same batch on a device; from pinned memory nobody waits for the copy."""
    columns = {field.name: getattr(batch, field.name) for field in dataclasses.fields(batch)}
    there = {name: column.to(device, non_blocking=True) for name, column in columns.items()}
    return dataclasses.replace(batch, **there)


def candidate_batch(batch: d3rlpy.TorchMiniBatch) -> CandidateBatch:
    """What d3rlpy sampled, with the candidate sets of its transitions.

    d3rlpy converts only its own fields to tensors; the rest is read from the transitions, in one copy each.
    """
    transitions = batch.numpy_batch.transitions

    def column(name: str) -> Tensor:
        return torch.from_numpy(np.stack([getattr(transition, name) for transition in transitions])).to(batch.device)

    return CandidateBatch(
        states=batch.observations,
        candidates=column("candidates"),
        mask=column("mask"),
        chosen=batch.actions.squeeze(-1).long(),
        propensity=column("propensity"),
        rewards=batch.rewards.squeeze(-1),
        returns=batch.returns_to_go.squeeze(-1),
        return_known=column("return_known"),
        next_states=batch.next_observations,
        next_candidates=column("next_candidates"),
        next_mask=column("next_mask"),
        next_chosen=batch.next_actions.squeeze(-1).long(),
        terminals=batch.terminals.squeeze(-1),
        intervals=batch.intervals.squeeze(-1),
    )
