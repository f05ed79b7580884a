"""Fitting algorithms on small datasets, without logs and progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.batch import CandidateBatch, candidate_batch
from algorithms.configure import configure
from algorithms.d3rlpy_import import d3rlpy
from tests.algorithms.tabular import Table, World

QUIET: dict[str, Any] = {"show_progress": False, "logger_adapter": d3rlpy.logging.NoopAdapterFactory()}


def small(name: str, *settings: str) -> Any:
    """The configuration of an algorithm with networks and batches that cost next to nothing."""
    return configure(name, ["hidden=[8]", "batch_size=8", *settings])


def fitted(config: Any, dataset: d3rlpy.dataset.ReplayBuffer, steps: int, seed: int = 0) -> Any:
    """An algorithm after some updates; the same seed gives the same."""
    d3rlpy.seed(seed)
    algo = config.create("cpu:0")
    algo.fit(dataset, n_steps=steps, **QUIET)
    return algo


def sampled(dataset: d3rlpy.dataset.ReplayBuffer) -> d3rlpy.dataset.TransitionMiniBatch:
    """Every transition of a dataset once."""
    places = [dataset.buffer[index] for index in range(dataset.transition_count)]
    transitions = [dataset.transition_picker(episode, index) for episode, index in places]
    return d3rlpy.dataset.TransitionMiniBatch.from_transitions(transitions)


def all_transitions(dataset: d3rlpy.dataset.ReplayBuffer, gamma: float = 0.9) -> CandidateBatch:
    """Every transition of a dataset once, by d3rlpy's own way from episode to tensors."""
    return candidate_batch(d3rlpy.TorchMiniBatch.from_batch(sampled(dataset), gamma, True, "cpu:0"))


def converged(
    name: str,
    world: World,
    dataset: d3rlpy.dataset.ReplayBuffer,
    *settings: str,
    steps: int = 500,
    change: Callable[[CandidateBatch, int], CandidateBatch] = lambda batch, _: batch,
) -> Any:
    """An algorithm trained on all transitions at once, with a learning rate that falls to 0.

    Args:
        change: what becomes of the batch in each update.
    """
    d3rlpy.seed(0)
    config = configure(name, ["hidden=[64]", "learning_rate=1e-2", f"gamma={world.gamma}", *settings])
    cosine = d3rlpy.optimizers.CosineAnnealingLRFactory(T_max=steps)
    config.optim_factory = d3rlpy.optimizers.AdamFactory(lr_scheduler_factory=cosine)
    algo = config.create("cpu:0")
    algo.build_with_dataset(dataset)
    batch = all_transitions(dataset, world.gamma)
    for step in range(steps):
        algo.update(change(batch, step))
    return algo


def values(algo: Any, world: World) -> Table:
    """What an algorithm gives for every state and candidate, one state at a time."""
    return {
        (state, action): float(value)
        for state in range(world.n_states)
        for action, value in zip(world.candidates(state), of_state(algo, world, state), strict=True)
    }


def of_state(algo: Any, world: World, state: int) -> NDArray[np.float32]:
    candidates = np.stack([world.embed(action) for action in world.candidates(state)])
    found: NDArray[np.float32] = algo.predict_values([world.embed(state)[None], candidates[None]])[0]
    return found
