"""Files of small Q-functions that nobody trained."""

from __future__ import annotations

from pathlib import Path

import torch

from webvoyager_gym.q_network import QConfig, save_q


def q_file(path: Path, seed: int, dataset: str = "local/made-up-v0") -> Path:
    """A Q-function of embeddings of width 4 that says it learned from a dataset; its path."""
    torch.manual_seed(seed)
    config = QConfig(state_size=4, action_size=4, hidden=(3,))
    save_q(path, config.create(), config, {"dataset": dataset, "vectors_sha256": "2" * 64})
    return path
