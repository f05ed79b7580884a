"""SARSA over candidate sets: the value of the policy that recorded the data (Rummery and Niranjan 1994, technical
report CUED/F-INFENG/TR 166; as one step of offline RL: arXiv 2106.08909).

    mean of (Q(s, a) - y)^2,  y = r + gamma (1 - terminal) Q'(s', a')        Q' the target network, a' executed next

Acting takes the best candidate by the behaviour's values: one step of policy improvement, and no more. a' is what was
executed after this very step, so where the behaviour does different things in s' after different ways there, the values
follow the ways; V(s') of IQL at expectile 0.5 averages over them. At the end of a
truncated episode no a' was executed; there y takes the mean of Q' over the candidates, the value of any one of them
with equal probability. d3rlpy has no discrete SARSA.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from torch import Tensor

from algorithms.batch import CandidateBatch
from algorithms.bootstrap import TargetConfig, TargetImpl
from algorithms.candidate import CandidateImpl
from algorithms.d3rlpy_import import d3rlpy
from algorithms.set_values import pick


class CandidateSARSAImpl(TargetImpl):
    """Bootstraps from the candidate that was executed next."""

    def next_values(self, batch: CandidateBatch) -> Tensor:
        values = self.target_values(batch)
        average = values.where(batch.next_mask, 0.0).sum(1) / batch.next_mask.sum(1)
        return pick(values, batch.next_chosen.clamp_min(0)).where(batch.next_chosen >= 0, average)


@dataclasses.dataclass()
class CandidateSARSAConfig(TargetConfig):
    """Configuration of SARSA; only what the algorithms with target networks share.

    One network, since the smallest of several would lie below the behaviour's value.
    """

    impl: ClassVar[type[CandidateImpl]] = CandidateSARSAImpl
    reads_sets: ClassVar[bool] = False

    @staticmethod
    def get_type() -> str:
        return "candidate_sarsa"


d3rlpy.base.register_learnable(CandidateSARSAConfig)
