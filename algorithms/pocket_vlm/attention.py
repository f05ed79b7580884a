"""Causal attention in blocks of queries, for training on a CPU; tests/benchmarks/test_training.py compares it.

A block attends to nothing behind its last query, so the part of the scores above the diagonal is hardly computed.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from transformers import AttentionInterface

NAME = "blocks"
BLOCK = 64


def blocks(
    module: torch.nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    **_: Any,
) -> tuple[Tensor, None]:
    """As `transformers` calls attention: (B, heads, L, D) each, no mask but the causal one, as many keys as queries.

    Returns:
        (B, L, heads, D).
    """
    rows, heads, length, width = query.shape
    scale = width**-0.5 if scaling is None else scaling
    assert attention_mask is None
    assert key.shape == query.shape
    q, k, v = (each.reshape(rows * heads, length, width) for each in (query, key, value))
    mask = torch.full((length, length), -torch.inf, dtype=q.dtype, device=q.device).triu(1)
    parts = []
    for first in range(0, length, BLOCK):
        last = min(first + BLOCK, length)
        scores = torch.baddbmm(mask[first:last, :last], q[:, first:last], k[:, :last].transpose(1, 2), alpha=scale)
        parts.append(scores.softmax(-1) @ v[:, :last])
    return torch.cat(parts, 1).view(rows, heads, length, width).transpose(1, 2), None


AttentionInterface.register(NAME, blocks)
