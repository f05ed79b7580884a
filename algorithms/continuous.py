"""d3rlpy's algorithms for continuous actions, as d3rlpy ships them, with the embedding of a candidate as the action.

They learn from the embeddings of the executed candidates and never see the others. Candidates come in when choosing,
in one of two ways:

    choose_by="q"        by the critic's value of each candidate
    choose_by="actor"    by how near each candidate is to the action that the actor would take

The actor's actions lie between -1 and 1, so actions are brought there from the range of all candidates in the dataset,
dimension by dimension; states are standardised. A truncated step bootstraps from what the actor would do in the final
observation, so it needs no candidates there; terminal and broken-off steps count as in `algorithms.bootstrap`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from algorithms.batch import CandidateBatch
from algorithms.candidate import candidate_sets
from algorithms.columns import Columns, columns_of_buffer
from algorithms.d3rlpy_import import d3rlpy
from algorithms.moments import statistics
from algorithms.replay import DeviceReplay
from webvoyager_gym.data.convert import CandidateTransition, CandidateTransitionPicker
from webvoyager_gym.q_network import hidden_sizes, mask_values

CHOOSE_BY = ("q", "actor")


@dataclasses.dataclass()
class EmbeddingConfig(d3rlpy.base.LearnableConfig):
    """Put before the configuration of one of d3rlpy's algorithms, whose settings and defaults stay as they are.

    Attributes:
        hidden: widths of the hidden layers; empty for `webvoyager_gym.q_network.hidden_sizes` of the embedding's width.
        choose_by: "q" or "actor", as in the module's text.
    """

    hidden: tuple[int, ...] = ()
    choose_by: str = "q"

    algo: ClassVar[type[OnEmbeddings]]

    def __post_init__(self) -> None:
        self.hidden = tuple(self.hidden)
        if self.choose_by not in CHOOSE_BY:
            raise ValueError(f"choose_by is one of {', '.join(CHOOSE_BY)}, not {self.choose_by!r}.")
        if min(*self.hidden, self.batch_size, 1) < 1:
            raise ValueError("batch_size and every size in hidden must be at least 1.")

    def create(self, device: bool | int | str | None = False, enable_ddp: bool = False) -> OnEmbeddings:
        """The algorithm; device is d3rlpy's ("cpu:0", "cuda:0", or True for the first GPU)."""
        return self.algo(self, device, enable_ddp)

    def replay(self, columns: Columns, device: str, seed: int) -> DeviceReplay:
        """Where updates get their batches from."""
        return DeviceReplay(columns, device, seed, next_candidates=False)


class OnEmbeddings(d3rlpy.algos.QLearningAlgoBase):
    """Put before one of d3rlpy's algorithms: gives it candidate sets to learn from and to choose among."""

    exportable = False
    """Its networks are d3rlpy's own, which q.safetensors does not hold."""

    _config: EmbeddingConfig

    def build_with_dataset(self, dataset: d3rlpy.dataset.ReplayBufferBase) -> None:
        self.build_with_columns(columns_of_buffer(dataset, self._config.gamma))

    def build_with_columns(self, columns: Columns) -> None:
        """As `build_with_dataset`, from flat arrays."""
        self._fit_scalers(columns)
        self.create_impl((columns.width,), columns.width)

    def fitter(
        self, dataset: d3rlpy.dataset.ReplayBufferBase, n_steps: int, n_steps_per_epoch: int = 10000, **options: Any
    ) -> Iterator[tuple[int, dict[str, float]]]:
        """Train epoch by epoch; all arguments are d3rlpy's. Fewer steps than an epoch are one short epoch."""
        if self._impl is None:
            self.build_with_dataset(dataset)
        steps = min(n_steps, n_steps_per_epoch)
        yield from super().fitter(embedded(dataset), n_steps, steps, **options)

    def update(self, batch: d3rlpy.dataset.TransitionMiniBatch | CandidateBatch) -> dict[str, float]:
        """One gradient step with transitions of candidate sets, or of embeddings; gives the losses."""
        if isinstance(batch, CandidateBatch):
            losses = {name: float(value) for name, value in self.enqueue(batch).items()}
            self._grad_step += 1
            return losses
        transitions = [
            with_embedding(transition) if isinstance(transition, CandidateTransition) else transition
            for transition in batch.transitions
        ]
        batch = d3rlpy.dataset.TransitionMiniBatch.from_transitions(transitions)
        updated: dict[str, float] = super().update(batch)
        return updated

    def enqueue(self, batch: CandidateBatch) -> dict[str, Tensor]:
        """One gradient step that does not count in `grad_step`; gives the losses."""
        scale_state, scale_action = self._config.observation_scaler, self._config.action_scaler
        states, next_states = (
            scale_state.transform(rows) if scale_state else rows for rows in (batch.states, batch.next_states)
        )
        embedded_batch = d3rlpy.TorchMiniBatch(
            observations=states,
            actions=scale_action.transform(batch.actions) if scale_action else batch.actions,
            rewards=batch.rewards[:, None],
            next_observations=next_states,
            next_actions=torch.zeros_like(states),
            returns_to_go=batch.returns[:, None],
            terminals=batch.terminals[:, None],
            intervals=batch.intervals[:, None],
            device=self._device,
        )
        losses = self._impl.update(embedded_batch, self._grad_step)
        return {name: torch.as_tensor(value, dtype=torch.float32) for name, value in losses.items()}

    def inner_create_impl(self, observation_shape: Sequence[int], action_size: int) -> None:
        """Make d3rlpy's networks, of the width that the candidate networks would have."""
        sizes = list(self._config.hidden or hidden_sizes(action_size))
        names = [field.name for field in dataclasses.fields(self._config) if field.name.endswith("encoder_factory")]
        encoders = {name: d3rlpy.models.encoders.VectorEncoderFactory(hidden_units=sizes) for name in names}
        self._config = dataclasses.replace(self._config, **encoders)
        super().inner_create_impl(observation_shape, action_size)

    def predict_values(self, x: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Scores (B, N), -inf for no candidate; x is [states, candidates] or [states, candidates, mask].

        By "q" the critic's values, the mean of its ensemble; by "actor" minus the mean squared distance to the actor's
        action, in units of half a dimension's range.
        """
        tensors = [torch.tensor(array, dtype=torch.float32, device=self._device) for array in x]
        states, candidates, mask = candidate_sets(tensors)
        scale_state, scale_action = self._config.observation_scaler, self._config.action_scaler
        with torch.no_grad():
            states = scale_state.transform(states) if scale_state else states
            actions = scale_action.transform(candidates) if scale_action else candidates
            if self._config.choose_by == "actor":
                wanted = self._impl.predict_best_action(states)
                scores = -(actions - wanted[:, None]).square().mean(-1)
            else:
                pairs = states[:, None].expand_as(actions).flatten(0, 1), actions.flatten(0, 1)
                scores = self._impl.predict_value(*pairs).reshape(mask.shape)
        found: NDArray[np.float32] = mask_values(scores, mask).cpu().numpy()
        return found

    def values_of(self, batch: CandidateBatch) -> NDArray[np.float32]:
        """`predict_values` (B, N) of a batch."""
        return self.predict_values([part.cpu().numpy() for part in (batch.states, batch.candidates, batch.mask)])

    def predict(self, x: Any) -> NDArray[Any]:
        """Index (B,) of the best candidate for [states, candidates, mask]; for states alone the actor's action."""
        if isinstance(x, np.ndarray):
            action: NDArray[Any] = super().predict(x)
            return action
        return self.predict_values(x).argmax(1)

    def predict_value(self, x: Any, action: NDArray[Any]) -> NDArray[Any]:
        """Score (B,) of the candidates with the given indices (B,), or for states alone the critic's, of actions."""
        if isinstance(x, np.ndarray):
            value: NDArray[Any] = super().predict_value(x, action)
            return value
        return np.take_along_axis(self.predict_values(x), action.reshape(-1, 1), 1)[:, 0]

    def _fit_scalers(self, columns: Columns) -> None:
        """In a configuration of this algorithm's own, so that one configuration serves several datasets."""
        found = statistics(columns)
        # A dimension that never moves has no range to divide by.
        high = np.where(found.high > found.low, found.high, found.low + 1.0)
        std = found.states.std.numpy()
        scalers = {
            "observation_scaler": d3rlpy.preprocessing.StandardObservationScaler(
                mean=found.states.mean.numpy(), std=np.where(std > 1e-6, std, 1.0)
            ),
            "action_scaler": d3rlpy.preprocessing.MinMaxActionScaler(minimum=found.low, maximum=high),
        }
        self._config = dataclasses.replace(self._config, **scalers)


class EmbeddedTransitionPicker:
    """Transitions whose action is the executed candidate's embedding (D,)."""

    _pick = CandidateTransitionPicker()

    def __call__(self, episode: d3rlpy.dataset.EpisodeBase, index: int) -> d3rlpy.dataset.Transition:
        return with_embedding(self._pick(episode, index))


def with_embedding(transition: CandidateTransition) -> d3rlpy.dataset.Transition:
    """A transition as d3rlpy's continuous algorithms read it; they never look at `next_action`, which is zero."""
    action = transition.candidates[int(transition.action[0])]
    plain = {field.name: getattr(transition, field.name) for field in dataclasses.fields(d3rlpy.dataset.Transition)}
    return d3rlpy.dataset.Transition(**plain | {"action": action, "next_action": np.zeros_like(action)})


def embedded(dataset: d3rlpy.dataset.ReplayBufferBase) -> d3rlpy.dataset.ReplayBuffer:
    """The same episodes, nothing copied, as a dataset of continuous actions."""
    width = dataset.episodes[0].candidates.shape[-1]
    return d3rlpy.dataset.ReplayBuffer(
        d3rlpy.dataset.InfiniteBuffer(),
        transition_picker=EmbeddedTransitionPicker(),
        episodes=dataset.episodes,
        observation_signature=dataset.dataset_info.observation_signature,
        action_signature=d3rlpy.dataset.Signature(dtype=[np.dtype(np.float32)], shape=[(width,)]),
        reward_signature=dataset.dataset_info.reward_signature,
        action_space=d3rlpy.ActionSpace.CONTINUOUS,
        action_size=width,
    )
