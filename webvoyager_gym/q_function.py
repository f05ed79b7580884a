"""A trained Q-function as an agent uses it: embeddings in, scores out.

B is the batch, N the number of candidates, D the width of an embedding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.q_network import QConfig, QNetwork, load_q, mask_values, reduced


class WidthMismatch(WebVoyagerError, ValueError):
    """Embeddings of another width than the Q-function was trained for."""


class QFunction:
    """A trained ensemble as the agent uses it: numpy in, numpy out.

    Args:
        networks: the ensemble.
        config: how it was built.
        metadata: what was saved with it.
        reduction: None makes one value out of the ensemble's as training does where it reads Q, and so prefers
            candidates that all networks think well of; "min" takes the smallest, "mean" the average.
        device: where to compute.
    """

    def __init__(
        self,
        networks: Sequence[QNetwork],
        config: QConfig,
        metadata: Mapping[str, str] | None = None,
        *,
        reduction: Literal["min", "mean"] | None = None,
        device: str | torch.device = "cpu",
    ) -> None:
        self.config = config
        self.metadata = dict(metadata or {})
        self.reduction = reduction
        self._device = torch.device(device)
        self._networks = nn.ModuleList(networks).to(self._device).eval()

    @classmethod
    def load(
        cls, path: str | Path, *, reduction: Literal["min", "mean"] | None = None, device: str | torch.device = "cpu"
    ) -> QFunction:
        """Read a file written by `save_q`; raises what `load_q` raises."""
        networks, config, metadata = load_q(path)
        return cls(networks, config, metadata, reduction=reduction, device=device)

    def score(self, state: NDArray[np.floating], candidates: NDArray[np.floating]) -> NDArray[np.float32]:
        """Q-values of one state's candidates.

        Args:
            state: (D,) embedding, any float dtype.
            candidates: (N, D) embeddings; N may be 0.

        Returns:
            (N,) float32.

        Raises:
            WidthMismatch: the embeddings have another width than those of the training data.
        """
        return self.score_batch(state[None], candidates[None])[0]

    @torch.inference_mode()
    def score_batch(
        self,
        states: NDArray[np.floating],
        candidates: NDArray[np.floating],
        mask: NDArray[np.bool_] | NDArray[np.int8] | None = None,
    ) -> NDArray[np.float32]:
        """Q-values of many states' candidates.

        Args:
            states: (B, D) embeddings, any float dtype.
            candidates: (B, N, D) embeddings, padded where a state has fewer than N.
            mask: (B, N), true or 1 where a candidate is; None if all are.

        Returns:
            (B, N) float32, -inf where there is no candidate.

        Raises:
            WidthMismatch: the embeddings have another width than those of the training data.
        """
        self._check("state", states.shape[-1], self.config.state_size)
        self._check("candidate", candidates.shape[-1], self.config.action_size)
        # A copy, since memory-mapped datasets are read-only and torch warns of tensors on read-only memory.
        state = torch.tensor(states, device=self._device)
        actions = torch.tensor(candidates, device=self._device)
        ensemble = torch.stack([network(state, actions) for network in self._networks])
        given = {None: self.config.pessimism, "min": None, "mean": 0.0}
        values = reduced(ensemble, given[self.reduction])
        masked = mask_values(values, None if mask is None else torch.tensor(mask, device=self._device))
        scores: NDArray[np.float32] = masked.cpu().numpy()
        return scores

    def _check(self, kind: str, width: int, expected: int) -> None:
        if width != expected:
            embedder = self.metadata.get("embedder")
            raise WidthMismatch(
                f"This Q-function was trained for {kind} embeddings of width {expected}, got {width}; use the "
                f"embedder it was trained with{f' ({embedder})' if embedder else ''}, or train one for yours with "
                "`python -m algorithms.train`."
            )
