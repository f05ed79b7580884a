"""Deep Q-learning over candidate sets, offline (DQN, Mnih et al. 2015, doi 10.1038/nature14236; arXiv 1312.5602).

    mean of (Q(s, a) - y)^2,  y = r + gamma (1 - terminal) max_a' Q'(s', a')        a' over the candidates of s'

The value of always taking the best candidate. Only executed candidates are ever corrected, and the maximum seeks out
those whose value is overestimated: this is what the offline methods beside it guard against. d3rlpy's DQN has a Huber
loss and copies the target network every 8,000 updates; here the loss is the squared error, so that all value methods
estimate means, and the target follows slowly, which needs no interval to be tuned to short trainings.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from torch import Tensor

from algorithms.batch import CandidateBatch
from algorithms.bootstrap import TargetConfig, TargetImpl
from algorithms.candidate import CandidateImpl
from algorithms.d3rlpy_import import d3rlpy
from webvoyager_gym.q_network import mask_values


class CandidateDQNImpl(TargetImpl):
    """Bootstraps from the best candidate."""

    def next_values(self, batch: CandidateBatch) -> Tensor:
        return mask_values(self.target_values(batch), batch.next_mask).amax(1)


@dataclasses.dataclass()
class CandidateDQNConfig(TargetConfig):
    """Configuration of DQN; only what the algorithms with target networks share.

    With `n_critics` above 1 the target reads the smallest of them (clipped double Q-learning, arXiv 1802.09477).
    """

    impl: ClassVar[type[CandidateImpl]] = CandidateDQNImpl

    @staticmethod
    def get_type() -> str:
        return "candidate_dqn"


d3rlpy.base.register_learnable(CandidateDQNConfig)
