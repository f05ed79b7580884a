"""Monte-Carlo regression over candidate sets with a binary loss: how likely a recorded success was from here on.

    mean of -[ G log Q(s, a) + (1 - G) log(1 - Q(s, a)) ],  Q = sigmoid(network),  G = sum_k gamma^k r_(t+k)

Its minimum is Q(s, a) = E[G | s, a], the discounted value of the policy that recorded the data, as with a squared
error; but a success that was thought impossible costs without bound, which suits returns that are nearly all 0 or 1
(the cross-entropy for values: arXiv 2403.03950; step-level values of web agents so: arXiv 2409.09345). There is no
bootstrapping, so errors do not add up along an episode, and nothing is stitched together from several.

An episode that was truncated by the step limit counts as it is, with what it got until then. One that the
infrastructure broke off has no return, and none of its steps is learnt from.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar, cast

import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from algorithms.batch import CandidateBatch
from algorithms.candidate import CandidateConfig, CandidateImpl, Losses, OneLossImpl
from algorithms.d3rlpy_import import d3rlpy
from algorithms.set_values import mean_where
from webvoyager_gym.q_network import Link, QNetwork


class CandidateMonteCarloImpl(OneLossImpl):
    """Classifies executed candidates by the return that followed."""

    link: ClassVar[Link] = "sigmoid"
    reads_next = False

    def loss(self, batch: CandidateBatch) -> Losses:
        executed = batch.actions[:, None]
        networks = cast(list[QNetwork], list(self._modules.q_funcs))
        logits = torch.stack([network.outputs(batch.states, executed).squeeze(1) for network in networks])
        returns = batch.returns.expand_as(logits)
        losses = binary_cross_entropy_with_logits(logits, returns, reduction="none").sum(0)
        loss = mean_where(losses, batch.return_known)
        info = {"q": logits.detach().sigmoid().mean(), "target_q": mean_where(batch.returns, batch.return_known)}
        return loss, {"critic_loss": loss.detach(), **info}


@dataclasses.dataclass()
class CandidateMonteCarloConfig(CandidateConfig):
    """Configuration of Monte-Carlo regression; only what all algorithms share.

    Rewards are taken as they are, 1 for success, since a return must lie between 0 and 1 to be a probability.
    """

    impl: ClassVar[type[CandidateImpl]] = CandidateMonteCarloImpl

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.reward_scaler is not None:
            raise ValueError("Returns must stay between 0 and 1 for a binary loss; leave reward_scaler at None.")

    @staticmethod
    def get_type() -> str:
        return "candidate_monte_carlo"


d3rlpy.base.register_learnable(CandidateMonteCarloConfig)
