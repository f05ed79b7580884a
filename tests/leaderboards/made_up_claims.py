"""What was measured for claims, made up: which arms complete every task, and which none."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from leaderboards.claims.claim import Claim, Trial
from leaderboards.claims.claim_file import Tried
from leaderboards.claims.measured import Acted, Measured
from leaderboards.claims.needs import BySite, Training
from leaderboards.claims.sizes import QUICK
from leaderboards.claims.verdict import judge

TRIAL = Trial(QUICK, "validation")
TASKS = tuple(f"{site}/made-up/validation-{number}" for number in range(8) for site in ("shop", "maps", "news"))
SEEDS = 2

MADE_WITH = {
    "size": "quick",
    "split": "validation",
    "seeds": SEEDS,
    "proposer": "made up",
    "embedders": [],
    "commit": "0" * 40,
    "versions": {},
    "machine": {},
    "date": "2026-11-01",
}


def made_measured(claim: Claim, succeeding: Collection[str], ends: Mapping[str, str] | None = None) -> Measured:
    """All arms of a claim, those named completing every task but one, the others one.

    Args:
        ends: what else an arm's episodes end with, by its id; "n" otherwise.
    """
    return Measured(
        TASKS,
        tuple(
            Acted(
                id=arm.id,
                label=arm.label,
                agent=arm.chooser if isinstance(arm.chooser, str) else "best-of-q",
                n=arm.n,
                line=arm.line,
                at=arm.at,
                ends=tuple(
                    ("1" if (number == 3) != (arm.id in succeeding) else (ends or {}).get(arm.id, "n")) * SEEDS
                    for number in range(len(TASKS))
                ),
                tokens=np.full((len(TASKS), SEEDS), 900.0 if isinstance(arm.chooser, Training | BySite) else 2000.0),
            )
            for arm in claim.arms(TRIAL)
        ),
    )


def made_tried(claim: Claim, succeeding: Collection[str]) -> Tried:
    """What came of trying out a claim, made up."""
    measured = made_measured(claim, succeeding)
    return Tried(claim.id, measured, judge(claim.effect(measured), measured), "", "made up", MADE_WITH)
