"""How a step counts that ends an episode, for every method that learns values: the target that each of them reports."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from algorithms.continuous import embedded
from algorithms.d3rlpy_import import d3rlpy
from tests.algorithms.fitting import all_transitions, sampled, small
from tests.algorithms.tabular import END, Walk, World, record
from webvoyager_gym.data.convert import to_d3rlpy

G = 0.9
WORLD = World({(0, 0): (1, 0.0), (0, 1): (END, 1.0), (1, 0): (0, 0.0), (1, 1): (END, 0.0), (1, 2): (0, 0.0)}, G)

BOOTSTRAPPING = ["sarsa", "dqn", "double-dqn", "cql", "bcq"]


def algo_with_known_values(name: str, *, q: float = 0.5, step: float = 0.1) -> Any:
    """Q(s, a) = q + a * step in every state, target networks included, and V(s) = q; all in inputs as they are.

    BCQ's policy is uniform, so that no candidate is implausible.
    """
    algo = small(name, "hidden=[1]", f"gamma={G}").create("cpu:0")
    algo.create_impl((WORLD.width,), 3)
    modules = algo.impl.modules
    networks = [*modules.q_funcs, *getattr(modules, "target_q_funcs", [])]
    networks += [getattr(modules, extra) for extra in ("value_func", "policy_func") if hasattr(modules, extra)]
    with torch.no_grad():
        for network in networks:
            network.state_layer.weight.zero_()
            network.state_layer.bias.fill_(q)
            network.trunk[1].weight.fill_(1.0)
            network.trunk[1].bias.zero_()
            if hasattr(network, "action_layer"):
                network.action_layer.weight.copy_(torch.arange(WORLD.width)[None] * step)
        if hasattr(modules, "policy_func"):
            modules.policy_func.action_layer.weight.zero_()
    return algo


def target(name: str, walk: Walk) -> float:
    """Mean target of the transitions of one walk."""
    batch = all_transitions(to_d3rlpy(record(WORLD, [walk])), G)
    return float(algo_with_known_values(name).impl.update_networks(batch)["target_q"])


@pytest.mark.parametrize("name", [*BOOTSTRAPPING, "iql", "monte-carlo"])
def test_nothing_is_to_come_after_a_terminal_step(name: str) -> None:
    assert target(name, Walk(0, [1])) == pytest.approx(1.0)
    assert target(name, Walk(1, [1])) == pytest.approx(0.0)


@pytest.mark.parametrize("name", [*BOOTSTRAPPING, "iql"])
def test_a_truncated_step_bootstraps_from_the_candidates_of_the_final_observation(name: str) -> None:
    """In state 1, Q is 0.5, 0.6, 0.7: SARSA, for which nothing was chosen there, takes their mean, IQL's V is what it
    was fitted to first, and the others take the best."""
    found = target(name, Walk(0, [0], "truncated"))
    if name == "iql":
        assert 0.9 * G * 0.5 < found < 1.1 * G * 0.5
    else:
        assert found == pytest.approx(G * (0.6 if name == "sarsa" else 0.7))


@pytest.mark.parametrize("name", BOOTSTRAPPING)
def test_a_truncated_step_without_candidates_to_bootstrap_from_counts_for_nothing(name: str) -> None:
    """Its loss has no gradient, and it leaves the mean over the others alone."""
    batch = all_transitions(to_d3rlpy(record(WORLD, [Walk(0, [1]), Walk(0, [0], "truncated")])), G)
    batch.next_mask[1] = False
    batch.next_candidates[1] = torch.nan
    algo = algo_with_known_values(name)
    if name != "cql":  # its conservative term has nothing to do with what comes next
        loss, _ = algo.impl.loss(batch)
        assert float(loss.detach()) == pytest.approx((0.6 - 1.0) ** 2)
    info = algo.impl.update_networks(batch)
    assert float(info["target_q"]) == pytest.approx(1.0)
    assert all(torch.isfinite(p).all() for p in algo.impl.modules.q_funcs.parameters())


@pytest.mark.parametrize("name", [*BOOTSTRAPPING, "iql"])
def test_the_step_that_infrastructure_broke_is_left_out_and_the_one_before_goes_on(name: str) -> None:
    """0 -> 1 -> broken: one transition is left, which bootstraps from state 1. What was chosen there is known."""
    dataset = to_d3rlpy(record(WORLD, [Walk(0, [0, 1], "broken")]))
    assert dataset.transition_count == 1
    found = target(name, Walk(0, [0, 1], "broken"))
    expected = {"sarsa": G * 0.6, "iql": found}.get(name, G * 0.7)
    assert found == pytest.approx(expected)
    assert found > 0.4


def test_monte_carlo_takes_the_return_within_the_step_limit_and_none_of_a_broken_episode() -> None:
    assert target("monte-carlo", Walk(0, [0, 0, 1])) == pytest.approx((1 + G + G * G) / 3)
    assert target("monte-carlo", Walk(0, [0, 0], "truncated")) == pytest.approx(0.0)
    broken = Walk(0, [0, 0, 1], "broken")
    alone = all_transitions(to_d3rlpy(record(WORLD, [Walk(0, [1])])), G)
    both = all_transitions(to_d3rlpy(record(WORLD, [Walk(0, [1]), broken])), G)
    losses = [algo_with_known_values("monte-carlo").impl.loss(batch)[0].item() for batch in (alone, both)]
    assert len(both.rewards) == 3
    assert losses[0] == pytest.approx(losses[1])


def test_filtered_bc_learns_nothing_from_failed_or_broken_episodes() -> None:
    """A loss of 0 where all candidates are equally likely would be log 2 or log 3 if anything counted."""
    walks = [Walk(1, [1]), Walk(0, [0], "truncated"), Walk(0, [0, 1], "broken")]
    for name, nothing in (("bc", False), ("filtered-bc", True)):
        batch = all_transitions(to_d3rlpy(record(WORLD, walks)), G)
        loss = algo_with_known_values(name, step=0.0).impl.loss(batch)[0].item()
        assert loss == pytest.approx(0.0 if nothing else (np.log(3) + 2 * np.log(2)) / 3)


def test_no_entropy_is_added_to_the_targets_of_awac() -> None:
    """With target networks that give 0 everywhere, what d3rlpy's AWAC bootstraps from is -log pi(a' | s'), not 0."""
    dataset = to_d3rlpy(record(WORLD, [Walk(0, [0], "truncated")]))
    batch = d3rlpy.TorchMiniBatch.from_batch(sampled(embedded(dataset)), G, False, "cpu:0")
    d3rlpy.seed(0)
    for config, adds in ((small("continuous-awac"), False), (d3rlpy.algos.AWACConfig(), True)):
        algo = config.create("cpu:0")
        algo.create_impl((WORLD.width,), WORLD.width)
        with torch.no_grad():
            for parameter in algo.impl.modules.targ_q_funcs.parameters():
                parameter.zero_()
        assert bool((algo.impl.compute_target(batch) != 0).any()) is adds


@pytest.mark.parametrize("name", ["continuous-iql", "continuous-td3-bc", "continuous-awac", "continuous-cql"])
def test_d3rlpys_algorithms_see_truncated_steps_as_not_terminal(name: str) -> None:
    """d3rlpy's own episodes would lose the last step when truncated."""
    dataset = to_d3rlpy(record(WORLD, [Walk(0, [1]), Walk(0, [0], "truncated"), Walk(0, [0, 1], "broken")]))
    batch = sampled(embedded(dataset))
    assert batch.terminals[:, 0].tolist() == [1.0, 0.0, 0.0]
    np.testing.assert_array_equal(batch.actions, [WORLD.embed(action) for action in (1, 0, 0)])
    d3rlpy.seed(0)
    algo = small(name).create("cpu:0")
    algo.build_with_dataset(dataset)
    assert np.isfinite(list(algo.update(sampled(dataset)).values())).all()
