"""An initialiser that has learned to copy: previous-token heads and matching heads, wired before training.

To continue "... Dapple Castle ... type [5] "Dapple" with "Castle", a transformer needs two heads in a row (Olsson et
al., "In-context learning and induction heads", 2022): one that brings each token's predecessor along, and one that
looks for places whose predecessor is the present token and copies what stands there. A small model trained from scratch
takes long to find them; with both wired by hand it copies almost from the start. Training is free to change everything
about them.
"""

from __future__ import annotations

from typing import Any

import torch
from transformers import Qwen2_5_VLForConditionalGeneration

HEADS = 2
"""How many heads of the first and of the second layer are wired."""
_BACK = 8.0
"""Biases of the previous-token heads: how sharply they look one token back."""
_CARRY, _MATCH, _COPY = 0.12, 2.5, 0.6
"""Scales of what they bring along, of the comparison, and of what is copied."""
_REST = 0.05
"""Scale of what the other parts add to the residual stream, so that they do not drown the wired ones at first."""


def wire_copying(model: Qwen2_5_VLForConditionalGeneration, generator: torch.Generator) -> None:
    """Wire the copying heads of an untrained model in place.

    Rotary positions turn keys and queries by an angle for each frequency: a fixed pair of them meets best at one
    distance, told by the high frequencies; contents are compared in the low ones, which hardly turn.
    """
    text: Any = model.config.text_config
    width, size = text.hidden_size, text.hidden_size // text.num_attention_heads
    frequency: torch.Tensor = text.rope_parameters["rope_theta"] ** (-torch.arange(size // 2) / (size // 2))
    near, far = (frequency > 0.05).float(), (frequency < 0.01).float()
    layers = model.model.language_model.layers
    first, second = layers[0].self_attn, layers[1].self_attn
    elsewhere = _rotation(width, generator)
    subspaces = _rotation(width, generator)
    with torch.no_grad():
        for layer in layers:
            layer.mlp.down_proj.weight *= _REST
            layer.self_attn.o_proj.weight *= _REST
        for head in range(HEADS):
            rows = slice(head * size, (head + 1) * size)
            subspace = subspaces[rows]
            # One token back.
            first.q_proj.weight[rows] *= 0.1
            first.k_proj.weight[rows] *= 0.1
            first.q_proj.bias[rows] = _BACK * torch.cat([near, torch.zeros_like(near)])
            first.k_proj.bias[rows] = _BACK * torch.cat([near * frequency.cos(), near * frequency.sin()])
            first.v_proj.weight[rows] = subspace
            first.o_proj.weight[:, rows] = _CARRY * (elsewhere @ subspace.T)
            # Where the predecessor is the present token.
            compared = subspace * torch.cat([far, far])[:, None]
            second.q_proj.weight[rows] = _MATCH * compared
            second.k_proj.weight[rows] = _MATCH * (compared @ elsewhere.T)
        wired = slice(0, HEADS * size)
        copied = _rotation(width, generator)[wired]
        second.v_proj.weight[wired] = copied
        second.o_proj.weight[:, wired] = _COPY * copied.T


def _rotation(width: int, generator: torch.Generator) -> torch.Tensor:
    """(width, width) random orthonormal rows."""
    rotation: torch.Tensor = torch.linalg.qr(torch.randn(width, width, generator=generator))[0]
    return rotation
