"""Acting with another number of candidates than in training hurts."""

from __future__ import annotations

from markupsafe import Markup

from leaderboards.claims.claim import PAPER, Claim, Trial
from leaderboards.claims.figures import curves
from leaderboards.claims.measured import Measured
from leaderboards.claims.needs import MIXED, Arm, Data, Training
from leaderboards.claims.shared import collected, mixed
from leaderboards.claims.verdict import Effect, success_effect

FEW, MANY = 3, 8
ACTED_WITH = (FEW, 5, MANY)


def many(trial: Trial) -> Data:
    """The same data with more candidates."""
    return collected(trial, MIXED, n=MANY)


def trained_arms(name: str, words: str, training: Training) -> tuple[Arm, ...]:
    """A Q-function with each number of candidates."""
    return tuple(
        Arm(f"{name}-{n}", f"{words}, {n} to choose from", training, n=n, line=words, at=n) for n in ACTED_WITH
    )


def by_n(measured: Measured) -> Markup:
    """Success by the number of candidates that there are to choose from."""
    return curves(measured, "candidates to choose from")


def _arms(trial: Trial) -> tuple[Arm, ...]:
    updates = trial.size.updates
    return (
        *trained_arms("few", f"trained with {FEW}", Training(mixed(trial), updates)),
        *trained_arms("many", f"trained with {MANY}", Training(many(trial), updates)),
    )


def _effect(measured: Measured) -> Effect:
    weights = {"few-3": 0.5, "many-8": 0.5, "few-8": -0.5, "many-3": -0.5}
    return success_effect("as many as in training less another number, mean over 3 and 8", weights, measured)


CLAIM = Claim(
    id="another-n-hurts",
    sentence="Acting with another number of candidates than the Q-function was trained with hurts.",
    source=f"{PAPER}.",
    why=(
        "More candidates hold more good ones, so success with 3 and with 8 cannot be compared as such. Of the four "
        "ways to train and to act with 3 or 8 candidates, the two equal ones are compared with the two unequal ones."
    ),
    arms=_arms,
    effect=_effect,
    figure=by_n,
)
