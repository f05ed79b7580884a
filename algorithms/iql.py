"""Discrete Implicit Q-Learning over candidate sets (IQL, arXiv 2110.06169; over candidates: Best-of-Q, 2601.22701).

    V: mean of |expectile - 1(u < 0)| u^2,  u = min_i Q'_i(s, a) - V(s)           (eq. 5; Q' the target networks)
    Q: mean of (Q_i(s, a) - y)^2,           y = r + gamma (1 - terminal) V(s')     (eq. 6)

Reranking takes the argmax of Q over the candidates, so there is no actor to train. The update follows the authors'
implementation (github.com/ikostrikov/implicit_q_learning, learner.py): V first, then Q with the new V, then the target.
d3rlpy's own IQL takes both gradients at the old parameters, is for continuous actions only, and always trains an actor.

Neither loss reads any candidate but the executed one, so a truncated step has its target even where the final
observation has no candidates. With `listwise` the critic has a ranking term beside its loss, which reads all of them.
"""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

import torch
from torch import Tensor

from algorithms.batch import CandidateBatch
from algorithms.bootstrap import TargetConfig, TargetModules, executed_q, soft_sync, td_target
from algorithms.candidate import CandidateImpl, Losses, descend
from algorithms.d3rlpy_import import d3rlpy
from algorithms.listwise import with_listwise
from algorithms.networks import NetworkFactory
from webvoyager_gym.q_network import VNetwork, reduced


@dataclasses.dataclass(frozen=True)
class IQLModules(TargetModules):
    """Networks and optimisers of IQL; d3rlpy saves all of them."""

    value_func: VNetwork
    value_optim: d3rlpy.optimizers.optimizers.OptimizerWrapper


class CandidateIQLImpl(CandidateImpl):
    """The losses of IQL and the order in which they are applied."""

    reads_next = False

    _modules: IQLModules
    _config: CandidateIQLConfig

    @classmethod
    def create_modules(cls, make: NetworkFactory, config: Any) -> IQLModules:
        q = TargetModules.create(make)
        value_func = make.value_func()
        return IQLModules(q.q_funcs, q.q_optim, q.target_q_funcs, value_func, make.optim(value_func))

    def value_loss(self, batch: CandidateBatch) -> Losses:
        """Expectile regression of V(s) on the target Q of the executed candidate (eq. 5), by default the smallest."""
        with torch.no_grad():
            q = reduced(executed_q(self._modules.target_q_funcs, batch), self._config.pessimism)
        v = self._modules.value_func(batch.states)
        loss = expectile_loss(q - v, self._config.expectile).mean()
        return loss, {"value_loss": loss.detach(), "v": v.detach().mean(), "advantage": (q - v.detach()).mean()}

    def critic_loss(self, batch: CandidateBatch) -> Losses:
        """Squared error of Q(s, a) against r + gamma (1 - terminal) V(s') (eq. 6).

        Summed over the ensemble, as the authors do, and averaged over the batch.
        """
        with torch.no_grad():
            target_q = td_target(batch, self._modules.value_func(batch.next_states), self._config.gamma)
        q = executed_q(self._modules.q_funcs, batch)
        loss = (q - target_q).square().sum(0).mean()
        return loss, {"critic_loss": loss.detach(), "q": q.detach().mean(), "target_q": target_q.mean()}

    def update_networks(self, batch: CandidateBatch) -> dict[str, Tensor]:
        modules = self._modules
        value_loss, value_info = self.value_loss(batch)
        descend(modules.value_optim, value_loss)
        critic_losses = self.critic_loss(batch)
        critic_loss, critic_info = with_listwise(critic_losses, self._config.listwise, modules.q_funcs, batch)
        descend(modules.q_optim, critic_loss)
        soft_sync(modules.target_q_funcs, modules.q_funcs, self._config.tau)
        return value_info | critic_info


def expectile_loss(difference: Tensor, expectile: float) -> Tensor:
    """|expectile - 1(u < 0)| u^2, element by element, for u = target - prediction."""
    weight = torch.where(difference > 0, expectile, 1.0 - expectile)
    return weight * difference.square()


@dataclasses.dataclass()
class CandidateIQLConfig(TargetConfig):
    """Configuration of discrete IQL; the defaults are those of the IQL paper.

    Attributes:
        expectile: 0.5 gives the value of the policy that recorded the data, towards 1 that of the best actions in the
            data. Best-of-Q takes 0.7 where failures dominate and 0.8 for the data of a strong policy.
    """

    n_critics: int = 2
    expectile: float = 0.7

    impl: ClassVar[type[CandidateImpl]] = CandidateIQLImpl
    reads_sets: ClassVar[bool] = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0.0 < self.expectile < 1.0:
            raise ValueError(f"expectile must lie between 0 and 1, got {self.expectile}; 0.7 is usual.")

    @staticmethod
    def get_type() -> str:
        return "candidate_iql"


d3rlpy.base.register_learnable(CandidateIQLConfig)
