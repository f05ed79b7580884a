"""IQL as its paper and the authors' code have it, in NumPy: forward, backward and Adam by hand.

Torch only hands over the weights to start from.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from algorithms.batch import CandidateBatch

Array = NDArray[np.float64]


class MLP:
    """Layers of a network on concatenated inputs (B, I), with ReLU between them; one output."""

    def __init__(self, network: Any) -> None:
        first = [getattr(network, name).weight for name in ("state_layer", "action_layer") if hasattr(network, name)]
        tensors = [torch.cat(first, 1), network.state_layer.bias, *network.trunk.parameters()]
        self.parameters: list[Array] = [tensor.detach().double().numpy().copy() for tensor in tensors]
        self.moments = [(np.zeros_like(p), np.zeros_like(p)) for p in self.parameters]
        self.steps = 0

    def forward(self, x: Array) -> list[Array]:
        """The input of every layer, and the output (B, 1)."""
        values = [x]
        for number in range(0, len(self.parameters), 2):
            inside = np.maximum(values[-1], 0) if number else values[-1]
            values.append(inside @ self.parameters[number].T + self.parameters[number + 1])
        return values

    def __call__(self, x: Array) -> Array:
        return self.forward(x)[-1][:, 0]

    def descend(self, x: Array, slope: Array, rate: float) -> None:
        """One step of Adam, given the derivative (B,) of the loss by the outputs."""
        values, back = self.forward(x), slope[:, None]
        gradients: list[Array] = []
        for number in reversed(range(0, len(self.parameters), 2)):
            into = values[number // 2]
            gradients = [back.T @ (np.maximum(into, 0) if number else into), back.sum(0), *gradients]
            back = back @ self.parameters[number] * (into > 0)
        self.steps += 1
        for index, g in enumerate(gradients):
            m, v = self.moments[index]
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
            self.moments[index] = m, v
            unbiased = m / (1 - 0.9**self.steps), np.sqrt(v / (1 - 0.999**self.steps))
            self.parameters[index] = self.parameters[index] - rate * unbiased[0] / (unbiased[1] + 1e-8)


class Reference:
    """Starts where an algorithm stands. `new_value`: whether Q's target reads V after its update, as the authors do."""

    def __init__(self, algo: Any, new_value: bool = True) -> None:
        self.config, self.new_value = algo.config, new_value
        self.networks = self._networks(algo)

    @staticmethod
    def _networks(algo: Any) -> tuple[list[MLP], list[MLP], MLP]:
        modules = algo.impl.modules
        return [MLP(n) for n in modules.q_funcs], [MLP(n) for n in modules.target_q_funcs], MLP(modules.value_func)

    def update(self, batch: CandidateBatch) -> tuple[float, float]:
        """The losses of V and Q."""
        (qs, targets, v), config = self.networks, self.config
        s, a, r, following, terminal = (
            tensor.double().numpy()
            for tensor in (batch.states, batch.actions, batch.rewards, batch.next_states, batch.terminals)
        )
        pairs, old_value = np.concatenate([s, a], 1), v(following)
        u = np.minimum(*(target(pairs) for target in targets)) - v(s)
        weight = np.abs(config.expectile - (u < 0))
        v.descend(s, -2 * weight * u / len(u), config.learning_rate)
        y = r + config.gamma * (1 - terminal) * (v(following) if self.new_value else old_value)
        errors = [q(pairs) - y for q in qs]
        for q, target, error in zip(qs, targets, errors, strict=True):
            q.descend(pairs, 2 * error / len(u), config.learning_rate)
            target.parameters = [
                config.tau * fast + (1 - config.tau) * slow
                for fast, slow in zip(q.parameters, target.parameters, strict=True)
            ]
        return float(np.mean(weight * u**2)), float(np.mean(np.square(errors).sum(0)))

    def distance(self, algo: Any) -> float:
        """Largest difference in any parameter."""
        (qs, targets, v), (other_qs, other_targets, other_v) = self.networks, self._networks(algo)
        pairs = zip([*qs, *targets, v], [*other_qs, *other_targets, other_v], strict=True)
        return max(
            float(np.abs(ours - theirs).max())
            for one, other in pairs
            for ours, theirs in zip(one.parameters, other.parameters, strict=True)
        )
