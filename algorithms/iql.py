"""Discrete Implicit Q-Learning over candidate sets (IQL, arXiv 2110.06169; over candidates: Best-of-Q, 2601.22701).

Reranking takes the argmax of Q over the candidates, so there is no actor to train. The update follows the authors'
implementation (github.com/ikostrikov/implicit_q_learning, learner.py): V first, then Q with the new V, then the target.
d3rlpy's own IQL takes both gradients at the old parameters, is for continuous actions only, and always trains an actor.
B is the batch, D the width of an embedding.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from algorithms.candidate import CandidateAlgo, CandidateConfig, CandidateImpl, CandidateModules, soft_sync
from algorithms.d3rlpy_import import d3rlpy
from algorithms.dataset import CandidateBatch
from webvoyager_gym.q_network import VNetwork


@dataclasses.dataclass(frozen=True)
class IQLModules(CandidateModules):
    """Networks and optimisers of IQL; d3rlpy saves all of them."""

    target_q_funcs: nn.ModuleList
    value_func: VNetwork
    value_optim: d3rlpy.optimizers.optimizers.OptimizerWrapper


class CandidateIQLImpl(CandidateImpl):
    """The losses of IQL and the order in which they are applied."""

    _modules: IQLModules

    def __init__(
        self,
        observation_shape: Sequence[int],
        action_size: int,
        modules: IQLModules,
        config: CandidateIQLConfig,
        device: str,
    ) -> None:
        super().__init__(observation_shape=observation_shape, action_size=action_size, modules=modules, device=device)
        self._config = config

    def value_loss(self, batch: CandidateBatch) -> tuple[Tensor, dict[str, Tensor]]:
        """Expectile regression of V(s) on the smallest target Q of the executed candidate (eq. 5).

        With u = min_i Q_target_i(s, a) - V(s), the mean over the batch of |expectile - 1(u < 0)| u^2.
        """
        with torch.no_grad():
            q = executed_q(self._modules.target_q_funcs, batch).amin(0)
        v = self._modules.value_func(batch.states)
        loss = expectile_loss(q - v, self._config.expectile).mean()
        return loss, {"value_loss": loss.detach(), "v": v.detach().mean(), "advantage": (q - v.detach()).mean()}

    def critic_loss(self, batch: CandidateBatch) -> tuple[Tensor, dict[str, Tensor]]:
        """Squared error of Q(s, a) against r + gamma (1 - terminal) V(s') (eq. 6).

        Summed over the ensemble, as the authors do, and averaged over the batch.
        """
        with torch.no_grad():
            next_v = self._modules.value_func(batch.next_states)
            discount = self._config.gamma**batch.intervals * (1.0 - batch.terminals)
            target_q = batch.rewards + discount * next_v
        q = executed_q(self._modules.q_funcs, batch)
        loss = (q - target_q).square().sum(0).mean()
        return loss, {"critic_loss": loss.detach(), "q": q.detach().mean(), "target_q": target_q.mean()}

    def update_networks(self, batch: CandidateBatch) -> dict[str, Tensor]:
        modules = self._modules

        value_loss, value_info = self.value_loss(batch)
        modules.value_optim.zero_grad()
        value_loss.backward()
        modules.value_optim.step()

        critic_loss, critic_info = self.critic_loss(batch)
        modules.q_optim.zero_grad()
        critic_loss.backward()
        modules.q_optim.step()

        soft_sync(modules.target_q_funcs, modules.q_funcs, self._config.tau)
        return value_info | critic_info


def executed_q(q_funcs: nn.ModuleList, batch: CandidateBatch) -> Tensor:
    """Q-values of the executed candidates, one row a network: (n_critics, B)."""
    candidates = batch.actions[:, None]
    return torch.stack([q_func(batch.states, candidates).squeeze(1) for q_func in q_funcs])


def expectile_loss(difference: Tensor, expectile: float) -> Tensor:
    """|expectile - 1(u < 0)| u^2, element by element, for u = target - prediction."""
    weight = torch.where(difference > 0, expectile, 1.0 - expectile)
    return weight * difference.square()


class CandidateIQL(CandidateAlgo):
    """Discrete IQL over candidate sets; made by `CandidateIQLConfig().create(device=...)`."""

    _config: CandidateIQLConfig

    def inner_create_impl(self, observation_shape: Sequence[int], action_size: int) -> None:
        q_funcs = self._create_q_funcs(observation_shape)
        value_func = self._create_value_func(observation_shape)
        modules = IQLModules(
            q_funcs=q_funcs,
            q_optim=self._create_optim(q_funcs),
            target_q_funcs=copy.deepcopy(q_funcs),
            value_func=value_func,
            value_optim=self._create_optim(value_func),
        )
        self._impl = CandidateIQLImpl(observation_shape, action_size, modules, self._config, self._device)


@dataclasses.dataclass()
class CandidateIQLConfig(CandidateConfig):
    """Configuration of discrete IQL; the defaults are those of the IQL paper.

    Attributes:
        tau: how far the target networks move towards the networks in an update (Polyak averaging).
        expectile: 0.5 gives the value of the policy that recorded the data, towards 1 that of the best actions in the
            data. Best-of-Q takes 0.7 where failures dominate and 0.8 for the data of a strong policy.
    """

    tau: float = 0.005
    expectile: float = 0.7

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0.0 < self.expectile < 1.0:
            raise ValueError(f"expectile must lie between 0 and 1, got {self.expectile}; 0.7 is usual.")
        if not 0.0 < self.tau <= 1.0:
            raise ValueError(f"tau must lie above 0 and be at most 1, got {self.tau}; 0.005 is usual.")

    def create(self, device: bool | int | str | None = False, enable_ddp: bool = False) -> CandidateIQL:
        """The algorithm; device is d3rlpy's ("cpu:0", "cuda:0", or True for the first GPU)."""
        if enable_ddp:
            raise ValueError("Distributed training is not supported for candidate sets; leave enable_ddp at False.")
        return CandidateIQL(self, device, enable_ddp)

    @staticmethod
    def get_type() -> str:
        return "candidate_iql"


d3rlpy.base.register_learnable(CandidateIQLConfig)
