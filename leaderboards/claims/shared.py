"""Runs that several claims share, so that equal ones are made once."""

from __future__ import annotations

from leaderboards.claims.claim import Trial
from leaderboards.claims.needs import FIRST, MIXED, ORACLE, RANDOM, Arm, Data, Training

FIRST_CHOICE = Arm(FIRST, "first choice", FIRST)
ANY = Arm(RANDOM, "any proposal", RANDOM)
CEILING = Arm(ORACLE, "best of N by the expert", ORACLE)


def collected(trial: Trial, policy: str, rung: str = "", n: int = 3, embedder: str = "same") -> Data:
    """Data of a policy.

    Args:
        rung: of the published ladder, where that is the same data.
    """
    published = f"local/{rung}-v0" if trial.size.ladder and rung else ""
    return Data(policy, trial.size.episodes, n, embedder, published)


def mixed(trial: Trial) -> Data:
    """What Best-of-Q learns from in the first place."""
    return collected(trial, MIXED, "mixed")


def best_of_q(trial: Trial) -> Arm:
    """Best-of-Q as the paper has it: IQL on that data, three candidates."""
    return Arm("best-of-q", "Best-of-Q", Training(mixed(trial), trial.size.updates))
