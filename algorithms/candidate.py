"""What all algorithms over candidate sets have in common, as d3rlpy classes: predicting, fitting, exporting.

d3rlpy's observation is a state embedding (D,) and its action the index of a candidate. To predict, give the candidates
beside the states: `algo.predict([states, candidates, mask])`. B is the batch, N the number of candidates, D the width
of an embedding.
"""

from __future__ import annotations

import dataclasses
import math
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from algorithms.d3rlpy_import import d3rlpy
from algorithms.dataset import CandidateBatch, Moments, candidate_batch, embedding_moments
from algorithms.replay import DeviceReplay
from webvoyager_gym.q_network import QConfig, QNetwork, VNetwork, mask_values, save_q


@dataclasses.dataclass()
class CandidateConfig(d3rlpy.base.LearnableConfig):
    """Configuration that the algorithms share.

    Attributes:
        batch_size: transitions an update.
        gamma: discount factor.
        learning_rate: of every optimiser.
        optim_factory: d3rlpy's choice of the optimiser; Adam.
        hidden: widths of the hidden layers; empty for `webvoyager_gym.q_network.hidden_sizes` of the embedding's width.
        n_critics: Q-networks in the ensemble.

    The networks standardise their inputs by themselves, so d3rlpy's scalers of observations and actions are refused.
    """

    learning_rate: float = 3e-4
    optim_factory: d3rlpy.optimizers.OptimizerFactory = d3rlpy.optimizers.optimizers.make_optimizer_field()  # noqa: RUF009
    hidden: tuple[int, ...] = ()
    n_critics: int = 2

    def __post_init__(self) -> None:
        self.hidden = tuple(self.hidden)
        if min(self.batch_size, self.n_critics, *self.hidden, 1) < 1:
            raise ValueError("batch_size, n_critics and every size in hidden must be at least 1.")
        if not 0.0 <= self.gamma <= 1.0 or not 0.0 < self.learning_rate < math.inf:
            raise ValueError("gamma must lie between 0 and 1, and learning_rate above 0.")
        if self.observation_scaler is not None or self.action_scaler is not None:
            raise ValueError(
                "The candidate networks standardise embeddings by themselves; "
                "leave observation_scaler and action_scaler at None."
            )
        if self.compile_graph:
            raise ValueError("compile_graph is not supported for candidate sets; leave it at False.")


@dataclasses.dataclass(frozen=True)
class CandidateModules(d3rlpy.Modules):
    """Whatever d3rlpy saves: `q_funcs` are the networks that predict; subclasses add their own."""

    q_funcs: nn.ModuleList
    q_optim: d3rlpy.optimizers.optimizers.OptimizerWrapper


class CandidateImpl(d3rlpy.algos.QLearningAlgoImplBase):
    """The networks of an algorithm and how one batch updates them."""

    _modules: CandidateModules

    @abstractmethod
    def update_networks(self, batch: CandidateBatch) -> dict[str, Tensor]:
        """One gradient step on every network; gives scalars to log, which stay on the device."""

    def inner_update(self, batch: d3rlpy.TorchMiniBatch | CandidateBatch, grad_step: int) -> dict[str, float]:
        """One update with a batch that d3rlpy or `DeviceReplay` sampled."""
        info = self.update_networks(batch if isinstance(batch, CandidateBatch) else candidate_batch(batch))
        # One transfer for all of them: each .item() would wait for the device.
        return dict(zip(info, torch.stack(list(info.values())).tolist(), strict=True))

    def q_values(self, states: Tensor, candidates: Tensor, mask: Tensor | None = None) -> Tensor:
        """Minimum over the ensemble: (B, D), (B, N, D), (B, N) -> (B, N), -inf where the mask is false."""
        ensemble = torch.stack([q_func(states, candidates) for q_func in self._modules.q_funcs])
        return mask_values(ensemble.amin(0), mask)

    def inner_predict_best_action(self, x: Sequence[Tensor]) -> Tensor:
        """Index (B,) of the best candidate."""
        states, candidates, mask = _unpack(x)
        if not bool(mask.any(1).all()):
            raise ValueError("A state has no candidate to choose from; every row of the mask needs a true entry.")
        return self.q_values(states, candidates, mask).argmax(1)

    def inner_sample_action(self, x: Sequence[Tensor]) -> Tensor:
        """The best candidate: there is no policy to sample from."""
        return self.inner_predict_best_action(x)

    def inner_predict_value(self, x: Sequence[Tensor], action: Tensor) -> Tensor:
        """Q-value (B,) of the candidates with the given indices (B,) or (B, 1)."""
        states, candidates, mask = _unpack(x)
        return self.q_values(states, candidates, mask).gather(1, action.reshape(-1, 1)).squeeze(1)

    @property
    def q_function(self) -> nn.ModuleList:
        return self._modules.q_funcs

    @property
    def q_function_optim(self) -> torch.optim.Optimizer:
        return self._modules.q_optim.optim


class CandidateAlgo(d3rlpy.algos.QLearningAlgoBase):
    """A d3rlpy algorithm over candidate sets: `fit`, `predict`, `save` and `d3rlpy.load_learnable` as usual."""

    _config: CandidateConfig
    _impl: CandidateImpl | None
    _moments: tuple[Moments, Moments] | None = None

    def get_action_type(self) -> d3rlpy.ActionSpace:
        return d3rlpy.ActionSpace.DISCRETE

    def build_with_dataset(self, dataset: d3rlpy.dataset.ReplayBufferBase) -> None:
        """Make the networks, with the standardisation that fits the dataset."""
        self._moments = embedding_moments(dataset)
        super().build_with_dataset(dataset)

    def fitter(
        self, dataset: d3rlpy.dataset.ReplayBufferBase, n_steps: int, n_steps_per_epoch: int = 10000, **options: Any
    ) -> Iterator[tuple[int, dict[str, float]]]:
        """Train epoch by epoch; all arguments are d3rlpy's.

        d3rlpy trains whole epochs and drops the rest, so that fewer steps than an epoch would be none at all; here they
        are one short epoch. Batches come from a `DeviceReplay` where the dataset allows it.
        """
        if self._impl is None:
            self._moments = embedding_moments(dataset)
        if DeviceReplay.fits(dataset):
            dataset = DeviceReplay(dataset, self._device)
        yield from super().fitter(dataset, n_steps, min(n_steps, n_steps_per_epoch), **options)

    def update(self, batch: d3rlpy.dataset.TransitionMiniBatch | CandidateBatch) -> dict[str, float]:
        """One gradient step; gives the losses."""
        if not isinstance(batch, CandidateBatch):
            losses: dict[str, float] = super().update(batch)
            return losses
        assert self._impl is not None, "Call fit, build_with_dataset or create_impl first."
        if self._config.reward_scaler is not None:
            batch = dataclasses.replace(batch, rewards=self._config.reward_scaler.transform(batch.rewards))
        losses = self._impl.update(batch, self._grad_step)
        self._grad_step += 1
        return losses

    def predict_values(self, x: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Q-values (B, N) of all candidates; x is [states, candidates] or [states, candidates, mask]."""
        assert self._impl is not None, "Call fit, build_with_dataset or create_impl first."
        tensors = [torch.tensor(array, dtype=torch.float32, device=self._device) for array in x]
        with torch.no_grad():
            values: NDArray[np.float32] = self._impl.q_values(*_unpack(tensors)).cpu().numpy()
        return values

    def export_q(self, path: str | Path, metadata: Mapping[str, str] | None = None) -> None:
        """Write the Q-networks for acting, as `webvoyager_gym.q_network.load_q` reads them."""
        assert self._impl is not None, "Call fit, build_with_dataset or create_impl first."
        networks = cast(list[QNetwork], list(self._impl.q_function))
        save_q(path, networks, self._q_config(self._impl.observation_shape), metadata)

    def _q_config(self, observation_shape: Sequence[int]) -> QConfig:
        (width,) = observation_shape
        return QConfig(width, width, self._config.hidden, self._config.n_critics)

    def _create_q_funcs(self, observation_shape: Sequence[int]) -> nn.ModuleList:
        networks = self._q_config(observation_shape).create()
        for network in networks:
            self._standardize(network)
        return nn.ModuleList(networks).to(self._device)

    def _create_value_func(self, observation_shape: Sequence[int]) -> VNetwork:
        config = self._q_config(observation_shape)
        network = VNetwork(config.state_size, config.hidden)
        self._standardize(network)
        return network.to(self._device)

    def _standardize(self, network: QNetwork | VNetwork) -> None:
        if self._moments is not None:
            states, candidates = self._moments
            network.state_input.fit(states.mean, states.std)
            if isinstance(network, QNetwork):
                network.action_input.fit(candidates.mean, candidates.std)

    def _create_optim(self, network: nn.Module) -> d3rlpy.optimizers.optimizers.OptimizerWrapper:
        optim = self._config.optim_factory.create(
            network.named_modules(), lr=self._config.learning_rate, compiled=False
        )
        for group in optim.optim.param_groups:
            # d3rlpy's factories cannot ask for it. These networks are small, so one kernel a step is worth having.
            if "fused" in group:
                group["fused"] = True
        return optim


def soft_sync(target: nn.Module, source: nn.Module, tau: float) -> None:
    """Polyak averaging: move every parameter of the target a fraction tau of the way to that of the source."""
    with torch.no_grad():
        torch._foreach_lerp_(list(target.parameters()), list(source.parameters()), tau)


def _unpack(x: Tensor | Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """States (B, D), candidates (B, N, D) and mask (B, N), which is all true if not given."""
    if isinstance(x, Tensor) or len(x) not in (2, 3):
        raise ValueError("Predicting needs the candidates beside the states; give [states, candidates, mask].")
    states, candidates = x[0], x[1]
    mask = x[2].bool() if len(x) == 3 else torch.ones(candidates.shape[:2], dtype=torch.bool, device=candidates.device)
    return states, candidates, mask
