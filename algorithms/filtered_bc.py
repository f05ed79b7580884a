"""Filtered behaviour cloning: imitate only what led to success (BC-10%, arXiv 2106.01345, section 5.1; with a reward of
0 or 1, the steps of the episodes that succeeded).

    mean of -log softmax_c f(s, c) at the executed candidate,  over steps with a return above 0

An episode that the infrastructure broke off has no return, so its steps are left out.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from torch import Tensor

from algorithms.batch import CandidateBatch
from algorithms.bc import CandidateBCImpl
from algorithms.candidate import CandidateConfig, CandidateImpl
from algorithms.d3rlpy_import import d3rlpy


class CandidateFilteredBCImpl(CandidateBCImpl):
    """Behaviour cloning of successful steps."""

    def worth_imitating(self, batch: CandidateBatch) -> Tensor:
        return batch.return_known & (batch.returns > 0)


@dataclasses.dataclass()
class CandidateFilteredBCConfig(CandidateConfig):
    """Configuration of filtered behaviour cloning; only what all algorithms share.

    gamma matters as far as it must not be 0: a return of 0 would then be that of every step but the last.
    """

    impl: ClassVar[type[CandidateImpl]] = CandidateFilteredBCImpl

    @staticmethod
    def get_type() -> str:
        return "candidate_filtered_bc"


d3rlpy.base.register_learnable(CandidateFilteredBCConfig)
