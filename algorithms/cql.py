"""Conservative Q-Learning restricted to the candidates (CQL, arXiv 2006.04779, the variant CQL(H)).

    mean of (Q(s, a) - y)^2  +  alpha * mean of [ log sum_c exp Q(s, c) - Q(s, a) ]

with y as in double DQN and c over the candidates of s. The second term pushes down what Q overestimates among the
candidates that were proposed and not executed, and holds up what was executed. For continuous actions CQL has to draw
its negatives; drawn uniformly, as in `algorithms.continuous_cql`, they are nothing like an embedding. The candidates
are the actions that there are, so the sum over them is exact.

In a table, where the policy that recorded the data takes c with probability b(c), what this converges to is
Q(s, c) = y(s, c) + alpha / 2 * (1 - softmax(Q)(s, c) / b(c)): below the target where Q prefers a candidate more than
the data does.

d3rlpy's DiscreteCQL is the same on a fixed set of actions, with a Huber loss and a target copied at intervals.
"""

from __future__ import annotations

import dataclasses
import math
from typing import ClassVar

from torch import Tensor

from algorithms.batch import CandidateBatch
from algorithms.bootstrap import TargetConfig
from algorithms.candidate import CandidateImpl, Losses, ensemble_values
from algorithms.d3rlpy_import import d3rlpy
from algorithms.double_dqn import CandidateDoubleDQNImpl
from algorithms.set_values import pick
from webvoyager_gym.q_network import mask_values


class CandidateCQLImpl(CandidateDoubleDQNImpl):
    """Double DQN with a penalty on the candidates that were not executed."""

    _config: CandidateCQLConfig

    def loss(self, batch: CandidateBatch) -> Losses:
        values = mask_values(ensemble_values(self._modules.q_funcs, batch.states, batch.candidates), batch.mask)
        executed = pick(values, batch.chosen)
        td_loss, info = self.td_loss(batch, executed)
        gap = conservative_gap(values, executed).sum(0).mean()
        loss = td_loss + self._config.alpha * gap
        return loss, {"total_loss": loss.detach(), **info, "conservative_gap": gap.detach()}


def conservative_gap(values: Tensor, executed: Tensor) -> Tensor:
    """log sum_c exp Q(s, c) - Q(s, a), never below 0: (..., B, N) with -inf for no candidate, (..., B) -> (..., B)."""
    return values.logsumexp(-1) - executed


@dataclasses.dataclass()
class CandidateCQLConfig(TargetConfig):
    """Configuration of CQL over candidates.

    Attributes:
        alpha: weight of the conservative term; 0 is double DQN. 1 is d3rlpy's, for returns of the order of 1 too.
    """

    alpha: float = 1.0

    impl: ClassVar[type[CandidateImpl]] = CandidateCQLImpl

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0.0 <= self.alpha < math.inf:
            raise ValueError(f"alpha must be at least 0, got {self.alpha}; 1.0 is usual.")

    @staticmethod
    def get_type() -> str:
        return "candidate_cql"


d3rlpy.base.register_learnable(CandidateCQLConfig)
