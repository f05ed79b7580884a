"""d3rlpy's Conservative Q-Learning on action embeddings (CQL, arXiv 2006.04779).

    Q:     mean of (Q_i(s, a) - y)^2
           + alpha * (conservative_weight * (log sum_n exp Q_i(s, a_n) - Q_i(s, a)) - alpha_threshold)
           y = r + gamma (1 - terminal) min_i Q'_i(s', a'),  a' ~ pi(. | s');  alpha is learnt
    actor: that of soft actor-critic

The a_n are drawn from the actor at s and at s', and a third of them uniformly from the range of the actions, where
hardly any point is like an embedding: they are told apart without pushing down any candidate. `algorithms.cql` has
the candidates instead.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from algorithms.continuous import EmbeddingConfig, OnEmbeddings
from algorithms.d3rlpy_import import d3rlpy


class ContinuousCQL(OnEmbeddings, d3rlpy.algos.CQL):
    """d3rlpy's CQL over candidate sets."""


@dataclasses.dataclass()
class ContinuousCQLConfig(EmbeddingConfig, d3rlpy.algos.CQLConfig):
    """Settings and defaults of d3rlpy's CQLConfig, with `hidden` and `choose_by`."""

    algo: ClassVar[type[OnEmbeddings]] = ContinuousCQL

    @staticmethod
    def get_type() -> str:
        return "continuous_cql"


d3rlpy.base.register_learnable(ContinuousCQLConfig)
