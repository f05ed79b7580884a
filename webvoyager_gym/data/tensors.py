"""A dataset as torch tensors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray

from webvoyager_gym.data.sampling import known_rows
from webvoyager_gym.data.vectors import COLUMNS, Vectors

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class Tensors:
    """`Vectors` on a device, column by column with the same names, shapes and dtypes.

    Attributes:
        rows: (M,) int64, the rows in which the transitions begin that can be learnt from; see `known_rows`. The next
            state of row r is row r + 1.
        site_names, split_names: names of the codes in `site` and `split`.
    """

    obs: Tensor
    cand: Tensor
    cand_ptr: Tensor
    ep_ptr: Tensor
    chosen: Tensor
    propensity: Tensor
    reward: Tensor
    terminated: Tensor
    truncated: Tensor
    mc_return: Tensor
    split: Tensor
    site: Tensor
    success: Tensor
    failure: Tensor
    rows: Tensor
    site_names: tuple[str, ...]
    split_names: tuple[str, ...]


def to_torch(vectors: Vectors, device: str | torch.device = "cpu") -> Tensors:
    """Copy the columns to a device. Embeddings stay float16: `2 * D * (S + C)` bytes."""
    columns: dict[str, Any] = {name: _tensor(getattr(vectors, name), device) for name in COLUMNS}
    return Tensors(
        **columns,
        rows=_tensor(known_rows(vectors), device),
        site_names=vectors.site_names,
        split_names=vectors.split_names,
    )


def _tensor(column: NDArray[Any], device: str | torch.device) -> Tensor:
    # The copy is torch's own: a tensor that shared a read-only map would end the process when written to.
    return torch.from_numpy(np.array(column)).to(device)
