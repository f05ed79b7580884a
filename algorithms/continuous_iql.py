"""d3rlpy's Implicit Q-Learning on action embeddings (IQL, arXiv 2110.06169).

    V, Q:  as in `algorithms.iql`
    actor: mean of -min(exp(weight_temp * A), max_weight) log pi(a | s),   A = min_i Q'_i(s, a) - V(s)

Beside `algorithms.iql` it shows what d3rlpy's order of updates (all gradients at the old parameters) and its networks
change, and with choose_by="actor" what it costs to go by way of a policy.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from algorithms.continuous import EmbeddingConfig, OnEmbeddings
from algorithms.d3rlpy_import import d3rlpy


class ContinuousIQL(OnEmbeddings, d3rlpy.algos.IQL):
    """d3rlpy's IQL over candidate sets."""


@dataclasses.dataclass()
class ContinuousIQLConfig(EmbeddingConfig, d3rlpy.algos.IQLConfig):
    """Settings and defaults of d3rlpy's IQLConfig, with `hidden` and `choose_by`."""

    algo: ClassVar[type[OnEmbeddings]] = ContinuousIQL

    @staticmethod
    def get_type() -> str:
        return "continuous_iql"


d3rlpy.base.register_learnable(ContinuousIQLConfig)
