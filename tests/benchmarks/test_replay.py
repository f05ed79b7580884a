"""IQL by d3rlpy's own `fit` and from flat tensors, by turns; and what stacking the networks of several seeds brings.

Prints tables. Times never decide a test.

    make bench ARGS="-k replay"
"""

from __future__ import annotations

import statistics
from collections.abc import Callable

import pytest
import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor
from torch.func import functional_call, stack_module_state, vmap

from algorithms.speed import against_fit, seconds
from webvoyager_gym.q_network import QNetwork, hidden_sizes

DEVICE = "cuda:0" if torch.cuda.is_available() else "cpu:0"
BATCH, SEEDS, ROUNDS = 256, 5, 5


@pytest.mark.timeout(3600)
def test_replay_against_fit() -> None:
    torch.set_num_threads(1)
    title = f"Update of IQL, batch {BATCH}, {DEVICE}"
    table = Table("D", "fit, ms", "ours, ms", "ratio", "data path of fit", "data path of ours", title=title)
    for width in (256, 2048, 3584):
        found = against_fit(width, DEVICE, updates=2, rounds=2)
        times = (f"{1000 * found[way]:.1f}" for way in ("fit", "ours"))
        shares = (
            f"{100 * found[batch] / found[way]:.1f} %" for batch, way in (("fit_batch", "fit"), ("batch", "ours"))
        )
        table.add_row(str(width), *times, f"{found['fit'] / found['ours']:.2f}", *shares)
        assert all(taken > 0 for taken in found.values())
    Console(width=100).print(table)


def gradients(networks: list[QNetwork], states: Tensor, candidates: Tensor, *, stacked: bool) -> Callable[[], None]:
    """What computes the gradient of each seed's loss, one after another or all in one."""

    def in_turns() -> None:
        for number, network in enumerate(networks):
            network(states[number], candidates[number]).square().mean().backward()

    parameters, buffers = stack_module_state(networks)
    (base,) = networks[:1]

    def one(weights: dict[str, Tensor], kept: dict[str, Tensor], state: Tensor, candidate: Tensor) -> Tensor:
        values: Tensor = functional_call(base, (weights, kept), (state, candidate))
        return values.square().mean()

    def at_once() -> None:
        vmap(one)(parameters, buffers, states, candidates).sum().backward()

    return at_once if stacked else in_turns


@pytest.mark.timeout(1200)
def test_replay_seeds_stacked_or_in_turns() -> None:
    torch.set_num_threads(1)
    title = f"Gradients of {SEEDS} seeds, batch {BATCH}, {DEVICE}"
    table = Table("D", "in turns, ms", "stacked, ms", "in turns / stacked", title=title)
    for width in (64, 256, 1024):
        networks = [QNetwork(width, width, hidden_sizes(width)).to(DEVICE) for _ in range(SEEDS)]
        states = torch.randn(SEEDS, BATCH, width, device=DEVICE)
        candidates = torch.randn(SEEDS, BATCH, 1, width, device=DEVICE)
        ways = {stacked: gradients(networks, states, candidates, stacked=stacked) for stacked in (False, True)}
        times: dict[bool, list[float]] = {stacked: [] for stacked in ways}
        for turn in range(ROUNDS + 1):
            for stacked, work in ways.items():
                taken = seconds(work, DEVICE)
                if turn:
                    times[stacked].append(taken)
        turns, together = (1000 * statistics.median(times[stacked]) for stacked in (False, True))
        table.add_row(str(width), f"{turns:.1f}", f"{together:.1f}", f"{turns / together:.2f}")
        assert len(times[True]) == ROUNDS
    Console(width=100).print(table)
