"""Files of small Q-functions that nobody trained."""

from __future__ import annotations

from pathlib import Path

import torch

from algorithms.checkpoint import save_checkpoint
from algorithms.d3rlpy_import import d3rlpy
from tests.algorithms.fitting import small
from webvoyager_gym.q_network import QConfig, save_q

LEARNED_FROM = {"dataset": "local/made-up-v0", "vectors_sha256": "2" * 64}


def q_file(path: Path, seed: int, dataset: str = "local/made-up-v0") -> Path:
    """A Q-function of embeddings of width 4 that says it learned from a dataset; its path."""
    torch.manual_seed(seed)
    config = QConfig(state_size=4, action_size=4, hidden=(3,))
    save_q(path, config.create(), config, {**LEARNED_FROM, "dataset": dataset})
    return path


def model_file(path: Path, name: str, seed: int) -> Path:
    """An algorithm, of embeddings of width 4 and three candidates, that has learnt nothing; its path."""
    d3rlpy.seed(seed)
    algo = small(name).create("cpu:0")
    algo.create_impl((4,), 3)
    save_checkpoint(path, algo, LEARNED_FROM)
    return path
