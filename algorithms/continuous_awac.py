"""d3rlpy's Advantage-Weighted Actor-Critic on action embeddings (AWAC, arXiv 2006.09359).

    Q:     mean of (Q_i(s, a) - y)^2,  y = r + gamma (1 - terminal) min_i Q'_i(s', a'),  a' ~ pi(. | s')
    actor: mean of -exp(A / lam) log pi(a | s),  A = Q(s, a) - mean of Q(s, a') over a' ~ pi(. | s)

The weights are normalised over the batch, so d3rlpy's batch is large, 1,024 transitions.

One thing is mended. d3rlpy 2.8.1 takes the target from its soft actor-critic and so subtracts log pi(a' | s') from V',
at a temperature of 1 that is never learnt. The paper has no such term, and in as many dimensions as an embedding has
it is hundreds of times larger than any return. Here the temperature is 0.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import ClassVar

import torch

from algorithms.continuous import EmbeddingConfig, OnEmbeddings
from algorithms.d3rlpy_import import d3rlpy


class ContinuousAWAC(OnEmbeddings, d3rlpy.algos.AWAC):
    """d3rlpy's AWAC over candidate sets."""

    def inner_create_impl(self, observation_shape: Sequence[int], action_size: int) -> None:
        super().inner_create_impl(observation_shape, action_size)
        get_parameter = d3rlpy.models.torch.parameters.get_parameter
        torch.nn.init.constant_(get_parameter(self._impl.modules.log_temp), -torch.inf)


@dataclasses.dataclass()
class ContinuousAWACConfig(EmbeddingConfig, d3rlpy.algos.AWACConfig):
    """Settings and defaults of d3rlpy's AWACConfig, with `hidden` and `choose_by`."""

    algo: ClassVar[type[OnEmbeddings]] = ContinuousAWAC

    @staticmethod
    def get_type() -> str:
        return "continuous_awac"


d3rlpy.base.register_learnable(ContinuousAWACConfig)
