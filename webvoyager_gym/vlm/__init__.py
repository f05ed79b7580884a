"""Frozen vision-language models: what proposes actions and what embeds them, behind two small protocols."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from webvoyager_gym.errors import MissingDependency, not_found
from webvoyager_gym.vlm.base import Cost, Embedder, Embeddings, Proposer

if TYPE_CHECKING:
    from webvoyager_gym.vlm.transformers_backend import TransformersVLM

POCKET_FOLDER = Path(__file__).parent / "pocket_weights"
"""The pocket VLM as it is shipped with the package."""

__all__ = [
    "POCKET_FOLDER",
    "Cost",
    "Embedder",
    "Embeddings",
    "Proposer",
    "load_embedder",
    "load_proposer",
    "sites_trained_on",
]


def sites_trained_on(folder: Path = POCKET_FOLDER) -> tuple[str, ...]:
    """The local sites that a pocket VLM has learned; on others it is of little use."""
    return tuple(json.loads((folder / "trained_on.json").read_text())["sites"])


def load_proposer(name: str) -> Proposer:
    """The proposer of that name: "pocket", or "transformers:PATH_OR_ID". Loaded once a process.

    Raises:
        NotFound: there is no such backend.
        MissingDependency: the model is not there; the message says how to bring it.
    """
    return _load(name, os.getpid())


def load_embedder(name: str) -> Embedder:
    """The embedder of that name; the same object as the proposer of that name, so that they share the encoded prompt.

    Raises:
        NotFound, MissingDependency: as for `load_proposer`.
    """
    return _load(name, os.getpid())


@functools.lru_cache(maxsize=4)
def _load(name: str, process: int) -> TransformersVLM:
    from webvoyager_gym.vlm.transformers_backend import TransformersVLM

    backend, _, path = name.partition(":")
    if backend == "pocket" and not path:
        if not (POCKET_FOLDER / "model.safetensors").is_file():
            raise MissingDependency(
                f"The pocket VLM's weights are not in {POCKET_FOLDER}; install the package anew, "
                "or train them with the commands in algorithms/pocket_vlm/README.md."
            )
        return TransformersVLM(POCKET_FOLDER, device="cpu", name="pocket")
    if backend == "transformers" and path:
        return TransformersVLM(path)
    raise not_found("model", name, ["pocket", "transformers:PATH_OR_ID"])
