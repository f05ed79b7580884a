"""What all algorithms over candidate sets have in common, as d3rlpy classes: predicting, fitting, exporting.

d3rlpy's observation is a state embedding (D,) and its action the index of a candidate. To predict, give the candidates
beside the states: `algo.predict([states, candidates, mask])`. B is the batch, N the number of candidates, which may be
another at every call, D the width of an embedding.
"""

from __future__ import annotations

import dataclasses
import math
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from algorithms.batch import CandidateBatch, candidate_batch
from algorithms.columns import Columns, columns_of_buffer
from algorithms.curriculum import CURRICULA, Lessons, lessons
from algorithms.d3rlpy_import import d3rlpy
from algorithms.moments import Statistics, statistics
from algorithms.networks import NetworkFactory
from algorithms.replay import DeviceReplay, FitReplay, fits
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.q_network import Link, QConfig, QNetwork, mask_values, reduced, save_q

PRECISIONS = ("float32", "bfloat16")

Losses = tuple[Tensor, dict[str, Tensor]]
"""What is to be minimised, and scalars to log, which have no gradient and stay on the device."""


@dataclasses.dataclass(frozen=True)
class CandidateModules(d3rlpy.Modules):
    """Whatever d3rlpy saves: `q_funcs` are the networks that score candidates; subclasses add their own."""

    q_funcs: nn.ModuleList
    q_optim: d3rlpy.optimizers.optimizers.OptimizerWrapper


class CandidateImpl(d3rlpy.algos.QLearningAlgoImplBase):
    """The networks of an algorithm and how one batch updates them."""

    link: ClassVar[Link] = "identity"
    """What turns the output of a network into a value."""

    exportable: ClassVar[bool] = True
    """Whether taking the highest value of the networks is all there is to choosing."""

    reads_next: ClassVar[bool] = True
    """Whether updates look at the candidates of next states."""

    _modules: CandidateModules

    def __init__(
        self,
        observation_shape: Sequence[int],
        action_size: int,
        modules: CandidateModules,
        config: Any,
        device: str,
    ) -> None:
        super().__init__(observation_shape=observation_shape, action_size=action_size, modules=modules, device=device)
        self._config = config

    @classmethod
    def create_modules(cls, make: NetworkFactory, config: Any) -> CandidateModules:
        q_funcs = make.q_funcs()
        return CandidateModules(q_funcs, make.optim(q_funcs))

    @abstractmethod
    def update_networks(self, batch: CandidateBatch) -> dict[str, Tensor]:
        """One gradient step on every network; gives scalars to log, which stay on the device."""

    def step(self, batch: CandidateBatch) -> dict[str, Tensor]:
        """`update_networks` in the precision of the configuration."""
        low = self._config.precision == "bfloat16"
        # Without the cache, which would keep weights as they were before the optimiser's step.
        with torch.autocast(torch.device(self._device).type, torch.bfloat16, enabled=low, cache_enabled=False):
            return self.update_networks(batch)

    def inner_update(self, batch: d3rlpy.TorchMiniBatch | CandidateBatch, grad_step: int) -> dict[str, float]:
        """One update with a batch that d3rlpy or `DeviceReplay` sampled."""
        info = self.step(batch if isinstance(batch, CandidateBatch) else candidate_batch(batch))
        # One transfer for all of them: each .item() would wait for the device.
        return dict(zip(info, torch.stack(list(info.values())).tolist(), strict=True))

    def q_values(self, states: Tensor, candidates: Tensor, mask: Tensor | None = None) -> Tensor:
        """The ensemble's values as one: (B, D), (B, N, D), (B, N) -> (B, N), -inf where the mask is false."""
        values = ensemble_values(self._modules.q_funcs, states, candidates)
        return mask_values(reduced(values, self._config.pessimism), mask)

    def values_of(self, batch: CandidateBatch) -> Tensor:
        """`q_values` (B, N) of a batch, with all that the algorithm looks at."""
        return self.q_values(batch.states, batch.candidates, batch.mask)

    def inner_predict_best_action(self, x: Sequence[Tensor]) -> Tensor:
        """Index (B,) of the best candidate."""
        states, candidates, mask = candidate_sets(x)
        return self.q_values(states, candidates, mask).argmax(1)

    def inner_sample_action(self, x: Sequence[Tensor]) -> Tensor:
        """The best candidate: there is no policy to sample from."""
        return self.inner_predict_best_action(x)

    def inner_predict_value(self, x: Sequence[Tensor], action: Tensor) -> Tensor:
        """Q-value (B,) of the candidates with the given indices (B,) or (B, 1)."""
        return self.q_values(*candidate_sets(x)).gather(1, action.reshape(-1, 1)).squeeze(1)

    @property
    def q_function(self) -> nn.ModuleList:
        return self._modules.q_funcs

    @property
    def q_function_optim(self) -> torch.optim.Optimizer:
        return self._modules.q_optim.optim


class OneLossImpl(CandidateImpl):
    """An algorithm that minimises one loss by one optimiser."""

    @abstractmethod
    def loss(self, batch: CandidateBatch) -> Losses:
        """What the networks of `q_funcs` minimise."""

    def update_networks(self, batch: CandidateBatch) -> dict[str, Tensor]:
        loss, info = self.loss(batch)
        descend(self._modules.q_optim, loss)
        return info


class CandidateAlgo(d3rlpy.algos.QLearningAlgoBase):
    """A d3rlpy algorithm over candidate sets: `fit`, `predict`, `save` and `d3rlpy.load_learnable` as usual."""

    _config: CandidateConfig
    _impl: CandidateImpl | None
    _statistics: Statistics | None = None

    def get_action_type(self) -> d3rlpy.ActionSpace:
        return d3rlpy.ActionSpace.DISCRETE

    @property
    def need_returns_to_go(self) -> bool:
        return True

    def build_with_dataset(self, dataset: d3rlpy.dataset.ReplayBufferBase) -> None:
        """Make the networks, with the standardisation that fits the dataset."""
        self.build_with_columns(columns_of_buffer(dataset, self._config.gamma))

    def build_with_columns(self, columns: Columns) -> None:
        """As `build_with_dataset`, from flat arrays."""
        self._statistics = statistics(columns)
        self.create_impl((columns.width,), columns.n_candidates)

    def inner_create_impl(self, observation_shape: Sequence[int], action_size: int) -> None:
        config = self._config
        shape = self._q_config(observation_shape)
        make = NetworkFactory(shape, self._statistics, config.optim_factory, config.learning_rate, self._device)
        modules = config.impl.create_modules(make, config)
        self._impl = config.impl(observation_shape, action_size, modules, config, self._device)

    def fitter(
        self, dataset: d3rlpy.dataset.ReplayBufferBase, n_steps: int, n_steps_per_epoch: int = 10000, **options: Any
    ) -> Iterator[tuple[int, dict[str, float]]]:
        """Train epoch by epoch; all arguments are d3rlpy's.

        d3rlpy trains whole epochs and drops the rest, so that fewer steps than an epoch would be none at all; here they
        are one short epoch. Batches come from a `DeviceReplay` where the dataset allows it.
        """
        d3rlpy.algos.utility.build_scalers_with_transition_picker(self, dataset)
        columns = columns_of_buffer(dataset, self._config.gamma, self._config.reward_scaler)
        if self._impl is None:
            self.build_with_columns(columns)
        if fits(dataset):
            seed = int(np.random.randint(2**31))  # noqa: NPY002 - the generator that d3rlpy.seed() seeds
            dataset = FitReplay(dataset, self._config.replay(columns, self._device, seed))
        yield from super().fitter(dataset, n_steps, min(n_steps, n_steps_per_epoch), **options)

    def enqueue(self, batch: CandidateBatch) -> dict[str, Tensor]:
        """One gradient step that nobody waits for; gives the losses on the device.

        It does not count in `grad_step`, since in a CUDA graph it is called once and done often.
        """
        assert self._impl is not None, "Call fit, build_with_dataset or create_impl first."
        return self._impl.step(batch)

    def update(self, batch: d3rlpy.dataset.TransitionMiniBatch | CandidateBatch) -> dict[str, float]:
        """One gradient step; gives the losses."""
        if not isinstance(batch, CandidateBatch):
            losses: dict[str, float] = super().update(batch)
            return losses
        assert self._impl is not None, "Call fit, build_with_dataset or create_impl first."
        losses = self._impl.update(batch, self._grad_step)
        self._grad_step += 1
        return losses

    def predict_values(self, x: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Values (B, N) of all candidates; x is [states, candidates] or [states, candidates, mask]."""
        assert self._impl is not None, "Call fit, build_with_dataset or create_impl first."
        with torch.no_grad():
            values: NDArray[np.float32] = self._impl.q_values(*candidate_sets(self._tensors(x))).cpu().numpy()
        return values

    def values_of(self, batch: CandidateBatch) -> NDArray[np.float32]:
        """`predict_values` (B, N) of a batch of this algorithm's own replay."""
        assert self._impl is not None, "Call fit, build_with_dataset or create_impl first."
        with torch.no_grad():
            values: NDArray[np.float32] = self._impl.values_of(batch).cpu().numpy()
        return values

    def _tensors(self, arrays: Sequence[NDArray[Any]]) -> list[Tensor]:
        return [torch.tensor(array, dtype=torch.float32, device=self._device) for array in arrays]

    def export_q(self, path: str | Path, metadata: Mapping[str, str] | None = None) -> None:
        """Write the Q-networks for acting, as `webvoyager_gym.q_network.load_q` reads them.

        Raises:
            WebVoyagerError: the algorithm chooses by more than these networks' values.
        """
        assert self._impl is not None, "Call fit, build_with_dataset or create_impl first."
        if not self.exportable:
            raise WebVoyagerError(
                f"{self._config.get_type()} chooses by more than a Q-function, so no q.safetensors can hold it; "
                "use what save() writes."
            )
        networks = cast(list[QNetwork], list(self._impl.q_function))
        save_q(path, networks, self._q_config(self._impl.observation_shape), metadata)

    @property
    def exportable(self) -> bool:
        """Whether `export_q` can write it."""
        return self._config.impl.exportable

    def _q_config(self, observation_shape: Sequence[int]) -> QConfig:
        (width,) = observation_shape
        config = self._config
        return QConfig(width, width, config.hidden, config.n_critics, config.impl.link, config.pessimism)


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
        pessimism: None to have the smallest of their values count; beta for their mean - beta * std, see
            `webvoyager_gym.q_network.reduced`.
        curriculum: which transitions are drawn when, see `algorithms.curriculum`.
        curriculum_updates: until all transitions are drawn, where the curriculum begins with some of them.
        precision: "float32", or "bfloat16" for the matrix products of training; weights, targets and losses stay
            float32.

    The networks standardise their inputs by themselves, so d3rlpy's scalers of observations and actions are refused.
    """

    learning_rate: float = 3e-4
    optim_factory: d3rlpy.optimizers.OptimizerFactory = d3rlpy.optimizers.optimizers.make_optimizer_field()  # noqa: RUF009
    hidden: tuple[int, ...] = ()
    n_critics: int = 1
    pessimism: float | None = None
    curriculum: str = "none"
    curriculum_updates: int = 2000
    precision: str = "float32"

    algo: ClassVar[type[CandidateAlgo]] = CandidateAlgo
    impl: ClassVar[type[CandidateImpl]]
    """The algorithm's losses."""

    def __post_init__(self) -> None:
        self.hidden = tuple(self.hidden)
        if min(self.batch_size, self.n_critics, *self.hidden, 1) < 1:
            raise ValueError("batch_size, n_critics and every size in hidden must be at least 1.")
        if not 0.0 <= self.gamma <= 1.0 or not 0.0 < self.learning_rate < math.inf:
            raise ValueError("gamma must lie between 0 and 1, and learning_rate above 0.")
        if self.pessimism is not None and (not 0.0 <= self.pessimism < math.inf or self.n_critics == 1):
            raise ValueError(
                f"pessimism must be at least 0 and n_critics above 1, got {self.pessimism} and {self.n_critics}; "
                "a network alone has none to disagree with."
            )
        if self.curriculum not in CURRICULA or self.curriculum_updates < 1:
            names = ", ".join(CURRICULA)
            raise ValueError(f"curriculum is one of {names}, not {self.curriculum!r}; curriculum_updates at least 1.")
        if self.precision not in PRECISIONS:
            raise ValueError(f"precision is one of {', '.join(PRECISIONS)}, not {self.precision!r}.")
        if self.observation_scaler is not None or self.action_scaler is not None:
            raise ValueError(
                "The candidate networks standardise embeddings by themselves; "
                "leave observation_scaler and action_scaler at None."
            )
        if self.compile_graph:
            raise ValueError("compile_graph is not supported for candidate sets; leave it at False.")

    def create(self, device: bool | int | str | None = False, enable_ddp: bool = False) -> CandidateAlgo:
        """The algorithm; device is d3rlpy's ("cpu:0", "cuda:0", or True for the first GPU)."""
        if enable_ddp:
            raise ValueError("Distributed training is not supported for candidate sets; leave enable_ddp at False.")
        return self.algo(self, device, enable_ddp)

    def replay(self, columns: Columns, device: str, seed: int) -> DeviceReplay:
        """Where updates get their batches from."""
        return DeviceReplay(columns, device, seed, next_candidates=self.impl.reads_next, lessons=self.lessons(columns))

    def lessons(self, columns: Columns) -> Lessons | None:
        """The curriculum's draws; None where all transitions are always equally likely."""
        return lessons(self.curriculum, columns, self.curriculum_updates)


def descend(optim: d3rlpy.optimizers.optimizers.OptimizerWrapper, loss: Tensor) -> None:
    """One step of an optimiser down the gradient of a loss."""
    optim.zero_grad()
    loss.backward()
    optim.step()


def ensemble_values(q_funcs: nn.ModuleList, states: Tensor, candidates: Tensor) -> Tensor:
    """Values of every network: (B, D), (B, N, D) -> (n_critics, B, N)."""
    return torch.stack([q_func(states, candidates) for q_func in q_funcs])


def candidate_sets(x: Tensor | Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """States (B, D), candidates (B, N, D) and mask (B, N), which is all true if not given."""
    if isinstance(x, Tensor) or len(x) not in (2, 3):
        raise ValueError("Predicting needs the candidates beside the states; give [states, candidates, mask].")
    states, candidates = x[0], x[1]
    mask = x[2].bool() if len(x) == 3 else torch.ones(candidates.shape[:2], dtype=torch.bool, device=candidates.device)
    if not bool(mask.any(1).all()):
        raise ValueError("A state has no candidate to choose from; every row of the mask needs a true entry.")
    return states, candidates, mask
