"""Arithmetic on the values of candidate sets: (..., B, N), -inf where there is no candidate."""

from __future__ import annotations

from torch import Tensor


def pick(values: Tensor, index: Tensor) -> Tensor:
    """One value of each row: (..., B, N), (B,) -> (..., B)."""
    return values.gather(-1, index.expand(values.shape[:-1])[..., None]).squeeze(-1)


def mean_where(values: Tensor, keep: Tensor) -> Tensor:
    """Mean of the values (B,) that a mask (B,) keeps; 0 if it keeps none."""
    return values.where(keep, 0.0).sum() / keep.sum().clamp_min(1)


def imitation_loss(logits: Tensor, chosen: Tensor) -> Tensor:
    """-log softmax at the executed candidate: (..., B, N), (B,) -> (..., B)."""
    return logits.logsumexp(-1) - pick(logits, chosen)
