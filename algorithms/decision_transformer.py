"""Decision Transformer over candidate sets (arXiv 2106.01345): what was executed on the way to a given return.

    mean of -log softmax_c f(c) at the executed candidate,   f(c) = h . W c / sqrt(width),
    h = GPT(R_1, s_1, a_1, ..., R_t, s_t) at s_t,            R_i = r_i + r_(i+1) + ...

over the candidates c of s_t. To act, R is what one wishes for, a success, and the candidate with the highest f is
taken: the values given are the f under that wish. It imitates, and stitches nothing together from several episodes.

The paper predicts the action after every state of a window at once; here each window predicts the last one, since only
the present step needs its candidates then. Positions count back from the present step instead of from the first.
d3rlpy's DiscreteDecisionTransformer has one logit an action, which needs a fixed set of them; its GPT is used here.
Steps of an episode that the infrastructure broke off have no return and are left out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from algorithms.batch import CandidateBatch
from algorithms.candidate import (
    CandidateAlgo,
    CandidateConfig,
    CandidateImpl,
    CandidateModules,
    Losses,
    OneLossImpl,
    candidate_sets,
)
from algorithms.candidate_transformer import CandidateTransformer
from algorithms.columns import Columns
from algorithms.d3rlpy_import import d3rlpy
from algorithms.networks import NetworkFactory
from algorithms.replay import DeviceReplay
from algorithms.set_values import imitation_loss, mean_where
from algorithms.windows import WindowBatch, WindowReplay, without_past
from webvoyager_gym.q_network import mask_values

DEFAULT_WIDTH = 128
"""The paper's; it does not grow with the embeddings, since attention costs more than the layers of a Q-network."""


class CandidateDTImpl(OneLossImpl):
    """Imitation under the return that followed; choice under the return that is wished for."""

    exportable = False

    _config: CandidateDTConfig

    @classmethod
    def create_modules(cls, make: NetworkFactory, config: CandidateDTConfig) -> CandidateModules:
        width = config.hidden[0] if config.hidden else DEFAULT_WIDTH
        network = CandidateTransformer(make.shape.state_size, width, config.context, config.n_layers, config.n_heads)
        make.standardize(network)
        q_funcs = nn.ModuleList([network.to(make.device)])
        return CandidateModules(q_funcs, make.optim(q_funcs))

    def q_values(self, states: Tensor, candidates: Tensor, mask: Tensor | None = None) -> Tensor:
        """f at the beginning of an episode: nothing came before the state."""
        past = states.new_zeros(len(states), 0, states.shape[-1])
        return self.values_after(states, candidates, mask, past, past)

    def values_after(
        self, states: Tensor, candidates: Tensor, mask: Tensor | None, past_states: Tensor, past_actions: Tensor
    ) -> Tensor:
        """f (B, N) with past states and actions (B, K, D), of which the latest that fit the context are read."""
        past = max(past_states.shape[1] - self._config.context + 1, 0)
        past_states, past_actions = past_states[:, past:], past_actions[:, past:]
        states = torch.cat([past_states, states[:, None]], 1)
        # Rewards come with the last step only, so the wish is the same all along.
        returns = states.new_full(states.shape[:2], self._config.target_return)
        seen = torch.ones(past_states.shape[:2], dtype=torch.bool, device=states.device)
        (network,) = self._modules.q_funcs
        return mask_values(network(returns, states, past_actions, seen, candidates), mask)

    def values_of(self, batch: CandidateBatch) -> Tensor:
        """f (B, N) of windows as when acting: under the return wished for."""
        window = batch if isinstance(batch, WindowBatch) else without_past(batch)
        wished = self._config.target_return
        return mask_values(
            self._read(window, torch.full_like(window.past_returns, wished), torch.full_like(window.returns, wished)),
            window.mask,
        )

    def _read(self, window: WindowBatch, past_returns: Tensor, returns: Tensor) -> Tensor:
        """f (B, N) given the returns (B, K) and (B,) that followed or are wished for."""
        states = torch.cat([window.past_states, window.states[:, None]], 1)
        (network,) = self._modules.q_funcs
        every_return = torch.cat([past_returns, returns[:, None]], 1)
        f: Tensor = network(every_return, states, window.past_actions, window.past_mask, window.candidates)
        return f

    def loss(self, batch: CandidateBatch) -> Losses:
        window = batch if isinstance(batch, WindowBatch) else without_past(batch)
        f = mask_values(self._read(window, window.past_returns, window.returns), window.mask)
        loss = mean_where(imitation_loss(f, window.chosen), window.return_known)
        right = mean_where((f.argmax(1) == window.chosen).float(), window.return_known)
        return loss, {"imitation_loss": loss.detach(), "accuracy": right}


class CandidateDT(CandidateAlgo):
    """The Decision Transformer over candidate sets."""

    _impl: CandidateDTImpl | None

    def predict_values_after(
        self, x: Sequence[NDArray[Any]], past_states: NDArray[Any], past_actions: NDArray[Any]
    ) -> NDArray[np.float32]:
        """`predict_values` (B, N) within episodes, given the states and executed actions (B, K, D) so far."""
        assert self._impl is not None, "Call fit, build_with_dataset or create_impl first."
        *sets, states, actions = self._tensors([*x, past_states, past_actions])
        with torch.no_grad():
            values = self._impl.values_after(*candidate_sets(sets), states, actions)
        found: NDArray[np.float32] = values.cpu().numpy()
        return found


@dataclasses.dataclass()
class CandidateDTConfig(CandidateConfig):
    """Configuration of the Decision Transformer; the defaults are the paper's but for the context.

    Attributes:
        hidden: the first is the transformer's width, a multiple of `n_heads`; empty for `DEFAULT_WIDTH`.
        context: steps it reads, the present one among them; 15 is the usual step limit.
        n_layers, n_heads: of the transformer.
        target_return: the return wished for when acting; 1 is success.
    """

    batch_size: int = 64
    gamma: float = 1.0
    context: int = 15
    n_layers: int = 3
    n_heads: int = 1
    target_return: float = 1.0

    algo: ClassVar[type[CandidateAlgo]] = CandidateDT
    impl: ClassVar[type[CandidateImpl]] = CandidateDTImpl

    def __post_init__(self) -> None:
        super().__post_init__()
        if min(self.context, self.n_layers, self.n_heads) < 1:
            raise ValueError("context, n_layers and n_heads must be at least 1.")
        if self.hidden and self.hidden[0] % self.n_heads:
            raise ValueError(f"hidden[0] must be a multiple of n_heads, got {self.hidden[0]} and {self.n_heads}.")
        if self.n_critics != 1:
            raise ValueError("The Decision Transformer is one network; leave n_critics at 1.")

    def replay(self, columns: Columns, device: str, seed: int) -> DeviceReplay:
        return WindowReplay(columns, device, seed, length=self.context - 1, lessons=self.lessons(columns))

    @staticmethod
    def get_type() -> str:
        return "candidate_decision_transformer"


d3rlpy.base.register_learnable(CandidateDTConfig)
