"""Behaviour cloning over candidate sets: which candidate the policy that recorded the data takes.

    mean of -log softmax_c f(s, c) at the executed candidate,  c over the candidates of s

f are the values given for the candidates: logits, whose differences within a state have a meaning and whose level has
none. Rewards and ends of episodes are not looked at, so that steps of episodes that the infrastructure broke off count
as well. d3rlpy's DiscreteBC has one logit an action, which needs a fixed set of actions.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import torch
from torch import Tensor

from algorithms.batch import CandidateBatch
from algorithms.candidate import CandidateConfig, CandidateImpl, Losses, OneLossImpl, ensemble_values
from algorithms.d3rlpy_import import d3rlpy
from algorithms.set_values import imitation_loss, mean_where
from webvoyager_gym.q_network import mask_values


class CandidateBCImpl(OneLossImpl):
    """Classifies the candidates of a state by which one was executed."""

    reads_next = False

    def worth_imitating(self, batch: CandidateBatch) -> Tensor:
        """(B,) bool: the steps to learn from."""
        return torch.ones_like(batch.return_known)

    def loss(self, batch: CandidateBatch) -> Losses:
        logits = mask_values(ensemble_values(self._modules.q_funcs, batch.states, batch.candidates), batch.mask)
        keep = self.worth_imitating(batch)
        loss = mean_where(imitation_loss(logits, batch.chosen).sum(0), keep)
        right = (logits.amin(0).argmax(1) == batch.chosen).float()
        return loss, {"imitation_loss": loss.detach(), "accuracy": mean_where(right, keep)}


@dataclasses.dataclass()
class CandidateBCConfig(CandidateConfig):
    """Configuration of behaviour cloning; only what all algorithms share, of which gamma is not used."""

    impl: ClassVar[type[CandidateImpl]] = CandidateBCImpl

    @staticmethod
    def get_type() -> str:
        return "candidate_bc"


d3rlpy.base.register_learnable(CandidateBCConfig)
