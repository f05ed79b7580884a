"""webvoyager-gym: web agents built on frozen vision-language models, as Gymnasium environments.

>>> import gymnasium as gym
>>> import webvoyager_gym
>>> env = gym.make("WebVoyager-BestOfQ-v0")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gymnasium as gym

__version__ = "0.1.0"

if TYPE_CHECKING:
    from webvoyager_gym.data import load_dataset

gym.register(id="WebVoyager-v0", entry_point="webvoyager_gym.env:WebVoyagerEnv")
gym.register(
    id="WebVoyager-BestOfQ-v0",
    entry_point="webvoyager_gym.best_of_q:BestOfQEnv",
    vector_entry_point="webvoyager_gym.vector:BestOfQVectorEnv",
)
gym.register(id="WebVoyager-BestOfQ-Tree-v0", entry_point="webvoyager_gym.tree.env:TreeEnv")

__all__ = ["__version__", "load_dataset"]


def __getattr__(name: str) -> Any:
    # h5py takes a while to import, and `webvoyager-gym --help` does not need it.
    if name == "load_dataset":
        from webvoyager_gym.data import load_dataset

        return load_dataset
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
