"""Training on random subsets of the candidates mends what another number of them costs."""

from __future__ import annotations

from leaderboards.claims.another_n_hurts import ACTED_WITH, MANY, by_n, many, trained_arms
from leaderboards.claims.claim import OURS, Claim, Trial
from leaderboards.claims.measured import Measured
from leaderboards.claims.needs import Arm, Training
from leaderboards.claims.verdict import Effect, success_effect

SETS, SUBSETS = "listwise=0.1", "candidate_dropout=0.5"
"""IQL by itself learns from executed candidates alone, so that subsets change nothing; its listwise term reads all."""


def _arms(trial: Trial) -> tuple[Arm, ...]:
    data, updates = many(trial), trial.size.updates
    plain, thinned = (Training(data, updates, settings=settings) for settings in ((SETS,), (SETS, SUBSETS)))
    return (
        *trained_arms("many", f"trained with {MANY}", plain),
        *trained_arms("subsets", f"trained with subsets of {MANY}", thinned),
    )


def _effect(measured: Measured) -> Effect:
    other = [n for n in ACTED_WITH if n != MANY]
    weights = {f"{name}-{n}": sign / len(other) for name, sign in (("subsets", 1), ("many", -1)) for n in other}
    return success_effect(f"subsets less all {MANY}, mean over 3 and 5 to choose from", weights, measured)


CLAIM = Claim(
    id="n-robust-training",
    sentence="Training on random subsets of the candidates makes up for acting with fewer of them.",
    source=f"{OURS}.",
    why=(
        "The same data with eight candidates, of which in one of two trainings half are left out at random in every "
        "update; both then choose among three and five. Both have a listwise term, since IQL alone learns from "
        "executed candidates only."
    ),
    arms=_arms,
    effect=_effect,
    figure=by_n,
)
