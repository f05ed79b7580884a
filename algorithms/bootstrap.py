"""What methods share that learn Q-values from other Q-values: the target, and slow copies of the networks to read it.

    y = r + gamma^k (1 - terminal) V'(s')        k: steps between s and s', 1 unless a picker skips some

What V' is, is what tells the methods apart. How a step that ends an episode counts is the same for all of them:

    terminated        nothing is to come: y = r
    truncated         V' is read off the candidates of the final observation. Without candidates there, y is unknown
                      and the transition counts for nothing
    broken off by     the broken step is not in the dataset (`webvoyager_gym.data.convert`), the steps before it
    infrastructure    are like any others
"""

from __future__ import annotations

import copy
import dataclasses
import math
from abc import abstractmethod
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from algorithms.batch import CandidateBatch
from algorithms.candidate import CandidateConfig, CandidateModules, Losses, OneLossImpl, descend, ensemble_values
from algorithms.columns import Columns
from algorithms.listwise import with_listwise
from algorithms.networks import NetworkFactory
from algorithms.replay import DeviceReplay
from algorithms.set_values import mean_where
from webvoyager_gym.q_network import reduced


@dataclasses.dataclass()
class TargetConfig(CandidateConfig):
    """Configuration of an algorithm with target networks.

    Attributes:
        tau: how far the target networks move towards the networks in an update (Polyak averaging).
        listwise: weight of a ranking term over the candidate set, see `algorithms.listwise`.
        candidate_dropout: share of the candidates that are left out of every batch, see `algorithms.thinning`.
    """

    tau: float = 0.005
    listwise: float = 0.0
    candidate_dropout: float = 0.0

    reads_sets: ClassVar[bool] = True
    """Whether the loss reads other candidates than the executed ones, without the ranking term."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0.0 < self.tau <= 1.0:
            raise ValueError(f"tau must lie above 0 and be at most 1, got {self.tau}; 0.005 is usual.")
        if not 0.0 <= self.listwise < math.inf or not 0.0 <= self.candidate_dropout <= 1.0:
            raise ValueError("listwise must be at least 0, and candidate_dropout lie between 0 and 1.")
        if self.candidate_dropout and not self.reads_sets and not self.listwise:
            raise ValueError(
                "This algorithm learns from executed candidates alone, so candidate_dropout would change nothing; "
                "set listwise above 0 too, or leave it at 0."
            )

    def replay(self, columns: Columns, device: str, seed: int) -> DeviceReplay:
        if self.listwise:
            columns.check_propensity()
        return DeviceReplay(
            columns,
            device,
            seed,
            next_candidates=self.impl.reads_next,
            lessons=self.lessons(columns),
            dropout=self.candidate_dropout,
        )


@dataclasses.dataclass(frozen=True)
class TargetModules(CandidateModules):
    """`target_q_funcs` follow `q_funcs` slowly."""

    target_q_funcs: nn.ModuleList

    @staticmethod
    def create(make: NetworkFactory) -> TargetModules:
        q_funcs = make.q_funcs()
        return TargetModules(q_funcs, make.optim(q_funcs), copy.deepcopy(q_funcs))


class TargetImpl(OneLossImpl):
    """Squared error against a bootstrapped target."""

    _modules: TargetModules
    _config: TargetConfig

    @classmethod
    def create_modules(cls, make: NetworkFactory, config: Any) -> TargetModules:
        return TargetModules.create(make)

    @abstractmethod
    def next_values(self, batch: CandidateBatch) -> Tensor:
        """V'(s') (B,); without gradient. Rows without next candidates may hold any number, nan and inf among them."""

    def loss(self, batch: CandidateBatch) -> Losses:
        return self.td_loss(batch, executed_q(self._modules.q_funcs, batch))

    def td_loss(self, batch: CandidateBatch, q: Tensor) -> Losses:
        """(Q(s, a) - y)^2 for the executed candidates' values (n_critics, B); summed over the ensemble."""
        with torch.no_grad():
            known = (batch.terminals > 0) | batch.next_mask.any(1)
            target = td_target(batch, self.next_values(batch), self._config.gamma)
        loss = mean_where((q - target.where(known, 0.0)).square().sum(0), known)
        info = {"q": q.detach().mean(), "target_q": mean_where(target, known)}
        return loss, {"critic_loss": loss.detach(), **info}

    def target_values(self, batch: CandidateBatch) -> Tensor:
        """The target networks' value of every next candidate (B, N), whatever it may be where there is none."""
        values = ensemble_values(self._modules.target_q_funcs, batch.next_states, batch.next_candidates)
        return reduced(values, self._config.pessimism)

    def update_networks(self, batch: CandidateBatch) -> dict[str, Tensor]:
        losses = with_listwise(self.loss(batch), self._config.listwise, self._modules.q_funcs, batch)
        descend(self._modules.q_optim, losses[0])
        soft_sync(self._modules.target_q_funcs, self._modules.q_funcs, self._config.tau)
        return losses[1]


def td_target(batch: CandidateBatch, next_values: Tensor, gamma: float) -> Tensor:
    """y (B,) for V'(s') (B,), which is not read where the episode terminated."""
    discount = gamma**batch.intervals
    return batch.rewards + torch.where(batch.terminals > 0, 0.0, discount * next_values)


def executed_q(q_funcs: nn.ModuleList, batch: CandidateBatch) -> Tensor:
    """Q-values of the executed candidates, one row a network: (n_critics, B)."""
    return ensemble_values(q_funcs, batch.states, batch.actions[:, None]).squeeze(-1)


def soft_sync(target: nn.Module, source: nn.Module, tau: float) -> None:
    """Polyak averaging: move every parameter of the target a fraction tau of the way to that of the source."""
    with torch.no_grad():
        torch._foreach_lerp_(list(target.parameters()), list(source.parameters()), tau)
