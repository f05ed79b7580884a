"""All claims, in the order in which they are shown."""

from __future__ import annotations

from leaderboards.claims import (
    another_n_hurts,
    beats_first,
    cheaper_than_asking,
    early_gains,
    embedder_size,
    expectile_by_data,
    failure_split,
    n_robust_training,
    q_size,
    random_is_worse,
    unseen_sites,
    vlm_chooses_worse,
)
from leaderboards.claims.claim import Claim

CLAIMS: dict[str, Claim] = {
    module.CLAIM.id: module.CLAIM
    for module in (
        beats_first,
        random_is_worse,
        vlm_chooses_worse,
        failure_split,
        cheaper_than_asking,
        another_n_hurts,
        n_robust_training,
        early_gains,
        expectile_by_data,
        unseen_sites,
        q_size,
        embedder_size,
    )
}
"""By id."""
