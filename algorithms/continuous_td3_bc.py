"""d3rlpy's TD3+BC on action embeddings (arXiv 2106.06860).

    Q:     mean of (Q_i(s, a) - y)^2,  y = r + gamma (1 - terminal) min_i Q'_i(s', pi'(s') + clipped noise)
    actor: mean of -lambda Q(s, pi(s)) + (a - pi(s))^2,  lambda = alpha / mean |Q(s, a)|

The target's action is the actor's, an embedding that no candidate need have: values spread through points where there
was no data, which is what methods over candidates avoid.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from algorithms.continuous import EmbeddingConfig, OnEmbeddings
from algorithms.d3rlpy_import import d3rlpy


class ContinuousTD3BC(OnEmbeddings, d3rlpy.algos.TD3PlusBC):
    """d3rlpy's TD3PlusBC over candidate sets."""


@dataclasses.dataclass()
class ContinuousTD3BCConfig(EmbeddingConfig, d3rlpy.algos.TD3PlusBCConfig):
    """Settings and defaults of d3rlpy's TD3PlusBCConfig, with `hidden` and `choose_by`."""

    algo: ClassVar[type[OnEmbeddings]] = ContinuousTD3BC

    @staticmethod
    def get_type() -> str:
        return "continuous_td3_bc"


d3rlpy.base.register_learnable(ContinuousTD3BCConfig)
