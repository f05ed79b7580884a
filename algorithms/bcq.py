"""Discrete Batch-Constrained Q-learning over candidate sets (BCQ, arXiv 1910.01708).

    Q: mean of (Q(s, a) - y)^2,  y = r + gamma (1 - terminal) Q'(s', a'),  a' = argmax_c Q(s', c) over plausible c
    G: mean of -log G(a | s) + 0.01 * mean over c of g(s, c)^2,            G = softmax_c g(s, c)

A candidate c is plausible where the policy that recorded the data would take it: G(c | s) > threshold * max_c G(c | s).
So no value is read, in learning or in acting, where there was hardly any data. c runs over the candidates of the state.

The paper's code, and d3rlpy's DiscreteBCQ, share a convolutional encoder between Q and G and take a Huber loss; here
the two are networks of their own, and the loss is the squared error. The values given are -inf for implausible
candidates, hence acting needs G too, which q.safetensors cannot hold.
"""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

from torch import Tensor

from algorithms.batch import CandidateBatch
from algorithms.bootstrap import TargetConfig, TargetImpl, TargetModules
from algorithms.candidate import CandidateImpl, descend
from algorithms.d3rlpy_import import d3rlpy
from algorithms.networks import NetworkFactory
from algorithms.set_values import imitation_loss, pick
from webvoyager_gym.q_network import QNetwork, mask_values


@dataclasses.dataclass(frozen=True)
class BCQModules(TargetModules):
    """`policy_func` gives the logits g of G."""

    policy_func: QNetwork
    policy_optim: d3rlpy.optimizers.optimizers.OptimizerWrapper


class CandidateBCQImpl(TargetImpl):
    """Double DQN that chooses among what the data's policy would do."""

    exportable = False

    _modules: BCQModules
    _config: CandidateBCQConfig

    @classmethod
    def create_modules(cls, make: NetworkFactory, config: Any) -> BCQModules:
        q, policy = TargetModules.create(make), make.policy_func()
        return BCQModules(q.q_funcs, q.q_optim, q.target_q_funcs, policy, make.optim(policy))

    def q_values(self, states: Tensor, candidates: Tensor, mask: Tensor | None = None) -> Tensor:
        """Values of the plausible candidates; -inf for the others and where the mask is false."""
        logits = mask_values(self._modules.policy_func(states, candidates), mask)
        return mask_values(super().q_values(states, candidates, mask), plausible(logits, self._config.threshold))

    def next_values(self, batch: CandidateBatch) -> Tensor:
        best = self.q_values(batch.next_states, batch.next_candidates, batch.next_mask).argmax(1)
        return pick(self.target_values(batch), best)

    def policy_loss(self, batch: CandidateBatch) -> Tensor:
        logits = self._modules.policy_func(batch.states, batch.candidates)
        size = (logits.square() * batch.mask).sum(1) / batch.mask.sum(1)
        imitation = imitation_loss(mask_values(logits, batch.mask), batch.chosen)
        return (imitation + self._config.logit_penalty * size).mean()

    def update_networks(self, batch: CandidateBatch) -> dict[str, Tensor]:
        info = super().update_networks(batch)
        policy_loss = self.policy_loss(batch)
        descend(self._modules.policy_optim, policy_loss)
        return {**info, "policy_loss": policy_loss.detach()}


def plausible(logits: Tensor, threshold: float) -> Tensor:
    """(B, N) bool: G(c | s) > threshold * max_c G(c | s), and the likeliest in any case; for logits (B, N)."""
    ratio = (logits - logits.amax(1, keepdim=True)).exp()
    return (ratio > threshold) | (ratio == 1.0)


@dataclasses.dataclass()
class CandidateBCQConfig(TargetConfig):
    """Configuration of discrete BCQ; the defaults are the paper's.

    Attributes:
        threshold: how likely a candidate must be, beside the likeliest, to be chosen. 0 is double DQN, 1 is behaviour
            cloning.
        logit_penalty: weight of the squared logits, which keeps G from being too sure.
    """

    threshold: float = 0.3
    logit_penalty: float = 0.01

    impl: ClassVar[type[CandidateImpl]] = CandidateBCQImpl

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0.0 <= self.threshold <= 1.0 or self.logit_penalty < 0.0:
            raise ValueError("threshold must lie between 0 and 1, and logit_penalty be at least 0.")

    @staticmethod
    def get_type() -> str:
        return "candidate_bcq"


d3rlpy.base.register_learnable(CandidateBCQConfig)
