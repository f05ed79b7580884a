"""Failures are more often for want of a good candidate than for choosing another."""

from __future__ import annotations

import numpy as np

from leaderboards.claims.claim import PAPER, Claim, Trial
from leaderboards.claims.figures import failures
from leaderboards.claims.measured import ENDS, Measured
from leaderboards.claims.needs import Arm
from leaderboards.claims.shared import FIRST_CHOICE, best_of_q
from leaderboards.claims.verdict import Effect


def _arms(trial: Trial) -> tuple[Arm, ...]:
    return FIRST_CHOICE, best_of_q(trial)


def _effect(measured: Measured) -> Effect:
    letters = measured["best-of-q"].letters
    none, missed = letters == ENDS["no_good_candidate"], letters == ENDS["good_not_chosen"]
    failed = ~np.isin(letters, [ENDS[""], ENDS["environment"]])
    cells = np.where(failed, none.astype(float) - missed.astype(float), np.nan)
    return Effect("of Best-of-Q's failures, without a good candidate less with one not chosen", cells, -1.0, 1.0)


CLAIM = Claim(
    id="failure-split",
    sentence="Best-of-Q fails more often for want of a good candidate than for choosing another.",
    source=f"{PAPER}, section 5: 50.3 % and 36.2 % of the failures that people looked through.",
    why=(
        "At the first step off the best way, either no candidate was a best action or one was and another was taken. "
        "Here an expert says so in the place of people."
    ),
    arms=_arms,
    effect=_effect,
    figure=failures,
)
