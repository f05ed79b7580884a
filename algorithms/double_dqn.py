"""Double DQN over candidate sets: one network chooses, the other one values (arXiv 1509.06461).

    mean of (Q(s, a) - y)^2,  y = r + gamma (1 - terminal) Q'(s', argmax_a' Q(s', a'))     a' over the candidates of s'

It estimates what DQN does, the value of always taking the best candidate, and overestimates it less: an error that
makes Q choose a candidate is not the one that Q' values it with. Loss and target network differ from d3rlpy's as those
of `algorithms.dqn` do.
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


class CandidateDoubleDQNImpl(TargetImpl):
    """Bootstraps from the target value of the candidate that the present networks prefer."""

    def next_values(self, batch: CandidateBatch) -> Tensor:
        preferred = self.q_values(batch.next_states, batch.next_candidates, batch.next_mask).argmax(1)
        return pick(self.target_values(batch), preferred)


@dataclasses.dataclass()
class CandidateDoubleDQNConfig(TargetConfig):
    """Configuration of double DQN; only what the algorithms with target networks share."""

    impl: ClassVar[type[CandidateImpl]] = CandidateDoubleDQNImpl

    @staticmethod
    def get_type() -> str:
        return "candidate_double_dqn"


d3rlpy.base.register_learnable(CandidateDoubleDQNConfig)
