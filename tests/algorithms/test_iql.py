"""Discrete IQL over candidate sets: losses by hand, and twenty updates as NumPy computes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from algorithms.batch import CandidateBatch
from algorithms.columns import columns_of_buffer
from algorithms.d3rlpy_import import d3rlpy
from algorithms.iql import CandidateIQLConfig, expectile_loss
from algorithms.moments import statistics
from tests.algorithms.fitting import QUIET, small
from tests.algorithms.iql_in_numpy import Reference

A, B, C = torch.eye(4)[:3]
ON = torch.eye(4)[0]


def batch_of(
    states: Tensor, actions: Tensor, rewards: Tensor, next_states: Tensor, terminals: Tensor
) -> CandidateBatch:
    """Transitions with one candidate each, the executed one."""
    size = len(states)
    return CandidateBatch(
        states=states,
        candidates=actions[:, None],
        mask=torch.ones(size, 1, dtype=torch.bool),
        chosen=torch.zeros(size, dtype=torch.int64),
        propensity=torch.ones(size),
        rewards=rewards,
        returns=rewards,
        return_known=torch.ones(size, dtype=torch.bool),
        next_states=next_states,
        next_candidates=actions[:, None],
        next_mask=torch.zeros(size, 1, dtype=torch.bool),
        next_chosen=torch.full((size,), -1),
        terminals=terminals,
        intervals=torch.ones(size),
    )


def three_transitions() -> CandidateBatch:
    """(A, on) -> B; (B, on) -> C, where the episode was truncated; (C, on) -> the end, with reward 1."""
    return batch_of(
        states=torch.stack([A, B, C]),
        actions=torch.stack([ON, ON, ON]),
        rewards=torch.tensor([0.0, 0.0, 1.0]),
        next_states=torch.stack([B, C, torch.zeros(4)]),
        terminals=torch.tensor([0.0, 0.0, 1.0]),
    )


def by_hand() -> Any:
    """Q_1 is 0.5, 0.6, 0.7 and Q_2 is 0.5, 0.3, 0.8 for "on" in A, B, C; V is 0.2, 0.4, 0.9.

    The networks are made linear in one-hot inputs: with one hidden unit, weight 1 after it and a sum that is never
    negative, the ReLU does nothing.
    """
    algo = CandidateIQLConfig(hidden=(1,), gamma=0.9, expectile=0.8).create("cpu:0")
    algo.create_impl((4,), 2)
    modules = algo.impl.modules
    with torch.no_grad():
        for q_funcs in (modules.q_funcs, modules.target_q_funcs):
            for network, states, on in zip(q_funcs, [[0.1, 0.2, 0.3], [0.3, 0.1, 0.6]], [0.4, 0.2], strict=True):
                network.state_layer.weight.copy_(torch.tensor([[*states, 0.0]]))
                network.action_layer.weight.copy_(torch.tensor([[on, 0.0, 0.0, 0.0]]))
        modules.value_func.state_layer.weight.copy_(torch.tensor([[0.2, 0.4, 0.9, 0.0]]))
        for network in (*modules.q_funcs, *modules.target_q_funcs, modules.value_func):
            network.state_layer.bias.zero_()
            network.trunk[1].weight.fill_(1.0)
            network.trunk[1].bias.zero_()
    return algo


def test_value_loss_equals_the_hand_worked_number() -> None:
    """The smaller Q is 0.5, 0.3, 0.7, so u = Q - V is 0.3, -0.1, -0.2.

    Weights at expectile 0.8 are 0.8, 0.2, 0.2; the terms 0.8 * 0.09 = 0.072, 0.2 * 0.01 = 0.002, 0.2 * 0.04 = 0.008.
    Loss = 0.082 / 3.
    """
    loss, info = by_hand().impl.value_loss(three_transitions())
    assert float(loss.detach()) == pytest.approx(0.082 / 3, rel=1e-5)
    assert float(info["v"]) == pytest.approx(0.5)
    assert float(info["advantage"]) == pytest.approx(0.0, abs=1e-6)


def test_value_loss_reads_the_target_networks() -> None:
    """With the targets' "on" lowered by 0.1 each, u is 0.2, -0.2, -0.3: (0.8 * 0.04 + 0.2 * 0.04 + 0.2 * 0.09) / 3."""
    algo = by_hand()
    with torch.no_grad():
        for network in algo.impl.modules.target_q_funcs:
            network.action_layer.weight[0, 0] -= 0.1
    loss, _ = algo.impl.value_loss(three_transitions())
    assert float(loss.detach()) == pytest.approx(0.058 / 3, rel=1e-5)


def test_critic_loss_equals_the_hand_worked_number() -> None:
    """Targets r + 0.9 V(s'): 0.9 * 0.4 = 0.36; 0.9 * 0.9 = 0.81, the truncated one; 1, the terminal one.

    Errors of Q_1: 0.14, -0.21, -0.30; squares 0.0196 + 0.0441 + 0.0900 = 0.1537.
    Errors of Q_2: 0.14, -0.51, -0.20; squares 0.0196 + 0.2601 + 0.0400 = 0.3197.
    Loss = 0.4734 / 3.
    """
    loss, info = by_hand().impl.critic_loss(three_transitions())
    assert float(loss.detach()) == pytest.approx(0.4734 / 3, rel=1e-5)
    assert float(info["target_q"]) == pytest.approx(2.17 / 3, rel=1e-5)


def test_losses_send_gradients_only_where_they_should() -> None:
    modules = (algo := by_hand()).impl.modules
    algo.impl.value_loss(three_transitions())[0].backward()
    assert all(p.grad is None for p in (*modules.q_funcs.parameters(), *modules.target_q_funcs.parameters()))
    modules.value_func.zero_grad()
    algo.impl.critic_loss(three_transitions())[0].backward()
    assert all(p.grad is None for p in (*modules.value_func.parameters(), *modules.target_q_funcs.parameters()))


def test_expectile_loss() -> None:
    """0.9 * 2^2, 0.1 * 1^2 and nothing at all."""
    torch.testing.assert_close(expectile_loss(torch.tensor([2.0, -1.0, 0.0]), 0.9), torch.tensor([3.6, 0.1, 0.0]))


def random_batch(seed: int) -> CandidateBatch:
    random = torch.Generator().manual_seed(seed)
    return batch_of(
        states=torch.randn(16, 4, generator=random),
        actions=torch.randn(16, 4, generator=random),
        rewards=torch.rand(16, generator=random),
        next_states=torch.randn(16, 4, generator=random),
        terminals=torch.randint(2, (16,), generator=random).float(),
    )


def test_twenty_updates_agree_with_the_reference_and_not_with_another_order() -> None:
    torch.manual_seed(0)
    algo = CandidateIQLConfig(hidden=(8, 8), learning_rate=1e-2, tau=0.1).create("cpu:0")
    algo.create_impl((4,), 2)
    reference, other_order = Reference(algo), Reference(algo, new_value=False)
    for step in range(20):
        batch = random_batch(step)
        info = algo.impl.update_networks(batch)
        value_loss, critic_loss = reference.update(batch)
        other_order.update(batch)
        assert float(info["value_loss"]) == pytest.approx(value_loss, rel=1e-3), step
        assert float(info["critic_loss"]) == pytest.approx(critic_loss, rel=1e-3), step
        assert reference.distance(algo) < 1e-4, step
    assert other_order.distance(algo) > 1e-3


def test_fewer_steps_than_an_epoch_are_still_taken(chain: d3rlpy.dataset.ReplayBuffer) -> None:
    algo = small("iql").create("cpu:0")
    results = algo.fit(chain, n_steps=3, **QUIET)
    assert algo.grad_step == 3
    assert set(results[-1][1]) >= {"value_loss", "critic_loss", "q", "v"}


def test_fit_standardises_by_the_moments_of_the_dataset(chain: d3rlpy.dataset.ReplayBuffer) -> None:
    """A third of the transitions each start in A, B and C; "on" and "quit" are candidates in all of them."""
    found = statistics(columns_of_buffer(chain, 0.9))
    states, candidates = found.states, found.candidates
    share = np.array([1, 1, 1, 0]) / 3
    np.testing.assert_allclose(states.mean, share, rtol=1e-6)
    np.testing.assert_allclose(states.std, np.sqrt(share * (1 - share)), rtol=1e-6)
    np.testing.assert_allclose(candidates.mean, [0.5, 0.5, 0, 0])
    algo = small("iql").create("cpu:0")
    algo.fit(chain, n_steps=1, **QUIET)
    modules = algo.impl.modules
    for network in (*modules.q_funcs, *modules.target_q_funcs, modules.value_func):
        torch.testing.assert_close(network.state_input.mean, states.mean)


def test_half_precision_embeddings_predict_as_their_float32_copies() -> None:
    torch.manual_seed(0)
    algo = small("iql").create("cpu:0")
    algo.create_impl((4,), 2)
    states, candidates = np.eye(4, dtype=np.float16)[:3], np.tile(np.eye(4, dtype=np.float16)[:2], (3, 1, 1))
    values = algo.predict_values([states.astype(np.float32), candidates.astype(np.float32)])
    np.testing.assert_array_equal(algo.predict_values([states, candidates]), values)


def test_predicting_without_candidates_says_what_is_missing() -> None:
    algo = small("iql").create("cpu:0")
    algo.create_impl((4,), 2)
    with pytest.raises(ValueError, match=r"give \[states, candidates, mask\]"):
        algo.predict(np.eye(4, dtype=np.float32)[:3])
