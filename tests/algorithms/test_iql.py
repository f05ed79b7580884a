"""Discrete IQL over candidate sets: losses by hand, update order, convergence to known values, files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from algorithms.d3rlpy_import import d3rlpy
from algorithms.dataset import CandidateBatch, candidate_batch, embedding_moments
from algorithms.iql import CandidateIQL, CandidateIQLConfig, expectile_loss
from webvoyager_gym.data.convert import to_d3rlpy
from webvoyager_gym.data.vectors import Vectors
from webvoyager_gym.q_network import QFunction

STATES = np.eye(4, dtype=np.float32)
ACTIONS = np.eye(4, dtype=np.float32)[:2]
A, B, C = torch.from_numpy(STATES[:3])
ON, QUIT = torch.from_numpy(ACTIONS)

QUIET: dict[str, Any] = {"show_progress": False, "logger_adapter": d3rlpy.logging.NoopAdapterFactory()}


def three_transitions() -> CandidateBatch:
    """(A, on) -> B; (B, on) -> C, where the episode was truncated; (C, on) -> the end, with reward 1."""
    return CandidateBatch(
        states=torch.stack([A, B, C]),
        actions=torch.stack([ON, ON, ON]),
        rewards=torch.tensor([0.0, 0.0, 1.0]),
        next_states=torch.stack([B, C, torch.zeros(4)]),
        terminals=torch.tensor([0.0, 0.0, 1.0]),
        intervals=torch.ones(3),
    )


def all_transitions(dataset: d3rlpy.dataset.ReplayBuffer) -> CandidateBatch:
    """Every transition of a dataset once, by d3rlpy's own way from episode to tensors."""
    transitions = [
        dataset.transition_picker(episode, index)
        for episode in dataset.episodes
        for index in range(episode.transition_count)
    ]
    batch = d3rlpy.dataset.TransitionMiniBatch.from_transitions(transitions)
    return candidate_batch(d3rlpy.TorchMiniBatch.from_batch(batch, 0.9, False, "cpu:0"))


def table(algo: CandidateIQL, q_values: list[list[float]], on: list[float], v_values: list[float]) -> None:
    """Make the networks linear in one-hot inputs: Q_i(s, on) = q_values[i][s] + on[i], V(s) = v_values[s].

    With one hidden unit, weight 1 after it and a sum that is never negative, the ReLU does nothing.
    """
    modules = algo.impl.modules
    with torch.no_grad():
        for q_funcs in (modules.q_funcs, modules.target_q_funcs):
            for network, states, action in zip(q_funcs, q_values, on, strict=True):
                network.state_layer.weight.copy_(torch.tensor([[*states, 0.0]]))
                network.action_layer.weight.copy_(torch.tensor([[action, 0.0, 0.0, 0.0]]))
        modules.value_func.state_layer.weight.copy_(torch.tensor([[*v_values, 0.0]]))
        for network in (*modules.q_funcs, *modules.target_q_funcs, modules.value_func):
            network.state_layer.bias.zero_()
            network.trunk[1].weight.fill_(1.0)
            network.trunk[1].bias.zero_()


def by_hand() -> CandidateIQL:
    """Q_1 is 0.5, 0.6, 0.7 and Q_2 is 0.5, 0.3, 0.8 for "on" in A, B, C; V is 0.2, 0.4, 0.9."""
    algo = CandidateIQLConfig(hidden=(1,), gamma=0.9, expectile=0.8).create("cpu:0")
    algo.create_impl((4,), 2)
    table(algo, [[0.1, 0.2, 0.3], [0.3, 0.1, 0.6]], [0.4, 0.2], [0.2, 0.4, 0.9])
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


def test_truncated_transitions_bootstrap_and_terminal_ones_do_not(
    make_vectors: Callable[[list[Any]], Vectors],
) -> None:
    """A, on, truncated in B: target 0.9 V(B) = 0.36. A, quit: target 0, although V of what follows is not 0."""
    batch = all_transitions(to_d3rlpy(make_vectors([(0, [0], True), (0, [1], False)])))
    assert batch.terminals.tolist() == [0.0, 1.0]
    torch.testing.assert_close(batch.actions, torch.stack([ON, QUIT]))
    algo = by_hand()
    with torch.no_grad():
        algo.impl.modules.value_func.state_layer.weight[0, 3] = 5.0
    _, info = algo.impl.critic_loss(batch)
    assert float(info["target_q"]) == pytest.approx((0.36 + 0.0) / 2)


class Reference:
    """IQL as its paper and the authors' code have it, in plain torch on concatenated inputs.

    `new_value` says whether Q's target reads V after its update (the authors' order) or before.
    """

    def __init__(self, algo: CandidateIQL, new_value: bool = True) -> None:
        modules = algo.impl.modules
        self.config, self.new_value = algo.config, new_value
        self.q = [self.layers(network) for network in modules.q_funcs]
        self.target = [[p.detach().clone() for p in network] for network in self.q]
        self.v = self.layers(modules.value_func)
        self.q_optim = torch.optim.Adam([p for network in self.q for p in network], lr=self.config.learning_rate)
        self.v_optim = torch.optim.Adam(self.v, lr=self.config.learning_rate)

    @staticmethod
    def layers(network: Any) -> list[Tensor]:
        first = [network.state_layer.weight]
        if hasattr(network, "action_layer"):
            first.append(network.action_layer.weight)
        linear = [layer for layer in network.trunk if isinstance(layer, torch.nn.Linear)]
        tensors = [torch.cat(first, 1), network.state_layer.bias]
        tensors += [tensor for layer in linear for tensor in (layer.weight, layer.bias)]
        return [tensor.detach().clone().requires_grad_() for tensor in tensors]

    @staticmethod
    def mlp(parameters: list[Tensor], x: Tensor) -> Tensor:
        for number in range(0, len(parameters), 2):
            x = (x if number == 0 else x.clamp(min=0)) @ parameters[number].T + parameters[number + 1]
        return x[:, 0]

    def update(self, batch: CandidateBatch) -> None:
        pairs = torch.cat([batch.states, batch.actions], 1)
        old_next_v = self.mlp(self.v, batch.next_states).detach()
        u = torch.minimum(*(self.mlp(network, pairs) for network in self.target)) - self.mlp(self.v, batch.states)
        weight = (self.config.expectile - (u < 0).float()).abs()
        self.v_optim.zero_grad()
        (weight * u**2).mean().backward()
        self.v_optim.step()
        next_v = self.mlp(self.v, batch.next_states).detach() if self.new_value else old_next_v
        y = batch.rewards + self.config.gamma * (1 - batch.terminals) * next_v
        self.q_optim.zero_grad()
        sum(((self.mlp(network, pairs) - y) ** 2 for network in self.q), torch.zeros(())).mean().backward()
        self.q_optim.step()
        with torch.no_grad():
            for target, network in zip(self.target, self.q, strict=True):
                for slow, fast in zip(target, network, strict=True):
                    slow.copy_(self.config.tau * fast + (1 - self.config.tau) * slow)

    def distance(self, algo: CandidateIQL) -> float:
        """Largest difference in any parameter."""
        modules = algo.impl.modules
        theirs = [self.layers(n) for n in (*modules.q_funcs, *modules.target_q_funcs, modules.value_func)]
        ours = [*self.q, *self.target, self.v]
        pairs = [pair for left, right in zip(ours, theirs, strict=True) for pair in zip(left, right, strict=True)]
        return max(float((a - b).detach().abs().max()) for a, b in pairs)


def random_batch(seed: int) -> CandidateBatch:
    random = torch.Generator().manual_seed(seed)
    return CandidateBatch(
        states=torch.randn(16, 4, generator=random),
        actions=torch.randn(16, 4, generator=random),
        rewards=torch.rand(16, generator=random),
        next_states=torch.randn(16, 4, generator=random),
        terminals=torch.randint(2, (16,), generator=random).float(),
        intervals=torch.ones(16),
    )


def test_twenty_updates_agree_with_the_reference_and_not_with_another_order() -> None:
    torch.manual_seed(0)
    algo = CandidateIQLConfig(hidden=(8, 8), learning_rate=1e-2, tau=0.1).create("cpu:0")
    algo.create_impl((4,), 2)
    reference, other_order = Reference(algo), Reference(algo, new_value=False)
    for step in range(20):
        batch = random_batch(step)
        algo.impl.update_networks(batch)
        reference.update(batch)
        other_order.update(batch)
        assert reference.distance(algo) < 1e-5, step
    assert other_order.distance(algo) > 1e-3


def fit_chain(chain: d3rlpy.dataset.ReplayBuffer, expectile: float, steps: int) -> CandidateIQL:
    d3rlpy.seed(0)
    # The learning rate falls to 0, so that in the end the noise of small batches has been averaged out.
    cosine = d3rlpy.optimizers.CosineAnnealingLRFactory(T_max=steps)
    config = CandidateIQLConfig(
        expectile=expectile,
        gamma=0.9,
        hidden=(32,),
        batch_size=32,
        learning_rate=1e-2,
        tau=0.1,
        optim_factory=d3rlpy.optimizers.AdamFactory(lr_scheduler_factory=cosine),
    )
    algo = config.create("cpu:0")
    algo.fit(chain, n_steps=steps, **QUIET)
    return algo


def q_on_and_quit(algo: CandidateIQL) -> np.ndarray:
    """(3, 2): Q of "on" and "quit" in A, B, C."""
    return algo.predict_values([STATES[:3], np.stack([ACTIONS] * 3)])


@pytest.mark.parametrize("expectile", [0.5, 0.9])
def test_fit_converges_to_the_values_known_in_closed_form(chain: d3rlpy.dataset.ReplayBuffer, expectile: float) -> None:
    """Q(A, on) = g^2 e^2, Q(B, on) = g e, Q(C, on) = 1 with g = 0.9 (see conftest), and "quit" is worth 0.

    e = 0.5, the recorded policy:  0.2025, 0.45, 1.     e = 0.9, near the best policy:  0.6561, 0.81, 1.
    """
    algo = fit_chain(chain, expectile, 500)
    g, e = 0.9, expectile
    known = np.array([[g * g * e * e, 0], [g * e, 0], [1, 0]])
    np.testing.assert_allclose(q_on_and_quit(algo), known, atol=0.03)
    assert algo.predict([STATES[:3], np.stack([ACTIONS] * 3)]).tolist() == [0, 0, 0]


def test_fewer_steps_than_an_epoch_are_still_taken(chain: d3rlpy.dataset.ReplayBuffer) -> None:
    algo = CandidateIQLConfig(hidden=(8,), batch_size=4).create("cpu:0")
    results = algo.fit(chain, n_steps=3, **QUIET)
    assert algo.grad_step == 3
    assert set(results[-1][1]) >= {"value_loss", "critic_loss", "q", "v"}


def test_fit_standardises_by_the_moments_of_the_dataset(chain: d3rlpy.dataset.ReplayBuffer) -> None:
    """A third of the transitions each start in A, B and C; "on" and "quit" are candidates in all of them."""
    states, candidates = embedding_moments(chain)
    share = np.array([1, 1, 1, 0]) / 3
    np.testing.assert_allclose(states.mean, share, rtol=1e-6)
    np.testing.assert_allclose(states.std, np.sqrt(share * (1 - share)), rtol=1e-6)
    np.testing.assert_allclose(candidates.mean, [0.5, 0.5, 0, 0])
    algo = CandidateIQLConfig(hidden=(8,)).create("cpu:0")
    algo.fit(chain, n_steps=1, **QUIET)
    modules = algo.impl.modules
    for network in (*modules.q_funcs, *modules.target_q_funcs, modules.value_func):
        torch.testing.assert_close(network.state_input.mean, states.mean)


def test_same_seed_same_bytes(chain: d3rlpy.dataset.ReplayBuffer, tmp_path: Path) -> None:
    for name, seed in (("a", 0), ("b", 1), ("c", 0)):
        d3rlpy.seed(seed)
        algo = CandidateIQLConfig(hidden=(8,), batch_size=8).create("cpu:0")
        algo.fit(chain, n_steps=20, **QUIET)
        algo.export_q(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "c").read_bytes()
    assert (tmp_path / "a").read_bytes() != (tmp_path / "b").read_bytes()


def test_a_saved_algorithm_predicts_and_goes_on_training_as_before(
    chain: d3rlpy.dataset.ReplayBuffer, tmp_path: Path
) -> None:
    algo = fit_chain(chain, 0.7, 20)
    algo.save(tmp_path / "iql.d3")
    loaded = d3rlpy.load_learnable(tmp_path / "iql.d3")
    assert isinstance(loaded, CandidateIQL)
    assert loaded.config == algo.config
    np.testing.assert_array_equal(q_on_and_quit(loaded), q_on_and_quit(algo))
    batch = random_batch(0)
    assert {k: float(v) for k, v in algo.impl.update_networks(batch).items()} == {
        k: float(v) for k, v in loaded.impl.update_networks(batch).items()
    }
    np.testing.assert_array_equal(q_on_and_quit(loaded), q_on_and_quit(algo))


def test_the_exported_q_function_scores_as_the_algorithm_does(
    chain: d3rlpy.dataset.ReplayBuffer, tmp_path: Path
) -> None:
    algo = fit_chain(chain, 0.7, 20)
    algo.export_q(tmp_path / "q.safetensors", {"embedder": "one-hot"})
    q = QFunction.load(tmp_path / "q.safetensors")
    assert q.metadata == {"embedder": "one-hot"}
    scores = q.score_batch(STATES[:3], np.stack([ACTIONS] * 3))
    np.testing.assert_allclose(scores, q_on_and_quit(algo), rtol=1e-5, atol=1e-6)


def test_masked_candidates_are_never_chosen() -> None:
    torch.manual_seed(0)
    algo = CandidateIQLConfig(hidden=(8,)).create("cpu:0")
    algo.create_impl((4,), 5)
    random = np.random.default_rng(0)
    states, candidates = random.normal(size=(200, 4)), random.normal(size=(200, 5, 4))
    mask = random.random((200, 5)) < 0.4
    mask[np.arange(200), random.integers(5, size=200)] = True
    chosen = algo.predict([states, candidates, mask])
    assert mask[np.arange(200), chosen].all()
    values = algo.predict_values([states, candidates, mask])
    np.testing.assert_array_equal(np.isneginf(values), ~mask)
    np.testing.assert_array_equal(values.argmax(1), chosen)
    np.testing.assert_array_equal(algo.predict_value([states, candidates, mask], chosen), values.max(1))
    assert (algo.predict([states, candidates]) != chosen).any()
    mask[7] = False
    with pytest.raises(ValueError, match="no candidate"):
        algo.predict([states, candidates, mask])


def test_half_precision_observations_predict_as_their_float32_copies() -> None:
    torch.manual_seed(0)
    algo = CandidateIQLConfig(hidden=(8,)).create("cpu:0")
    algo.create_impl((4,), 2)
    states, candidates = STATES[:3].astype(np.float16), np.stack([ACTIONS] * 3).astype(np.float16)
    np.testing.assert_array_equal(algo.predict_values([states, candidates]), q_on_and_quit(algo))


def test_predicting_without_candidates_says_what_is_missing() -> None:
    algo = CandidateIQLConfig(hidden=(8,)).create("cpu:0")
    algo.create_impl((4,), 2)
    with pytest.raises(ValueError, match=r"give \[states, candidates, mask\]"):
        algo.predict(STATES[:3])


def test_a_dataset_without_candidate_sets_is_refused() -> None:
    episode = d3rlpy.dataset.Episode(np.zeros((3, 4), np.float32), np.zeros((3, 1)), np.zeros((3, 1)), True)
    plain = d3rlpy.dataset.create_infinite_replay_buffer([episode])
    with pytest.raises(TypeError, match="no candidate sets"):
        CandidateIQLConfig().create("cpu:0").fit(plain, n_steps=1, **QUIET)


@pytest.mark.parametrize(
    "options",
    [
        {"expectile": 1.0},
        {"expectile": 0.0},
        {"compile_graph": True},
        {"observation_scaler": d3rlpy.preprocessing.StandardObservationScaler()},
    ],
)
def test_settings_that_could_not_work_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"expectile|compile_graph|standardise"):
        CandidateIQLConfig(**options)
