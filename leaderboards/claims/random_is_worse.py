"""A random choice is worse than the first proposal."""

from __future__ import annotations

from leaderboards.claims.claim import PAPER, Claim, Trial
from leaderboards.claims.figures import successes
from leaderboards.claims.measured import Measured
from leaderboards.claims.needs import Arm
from leaderboards.claims.shared import ANY, CEILING, FIRST_CHOICE
from leaderboards.claims.verdict import Effect, success_effect


def _arms(trial: Trial) -> tuple[Arm, ...]:
    return FIRST_CHOICE, ANY, CEILING


def _effect(measured: Measured) -> Effect:
    return success_effect("the first choice less any proposal", {"first": 1, "random": -1}, measured)


CLAIM = Claim(
    id="random-is-worse",
    sentence="Choosing among the proposals at random does worse than taking the first.",
    source=f"{PAPER}: 72.1 % against 82.4 % with GPT-4.1.",
    why="Whether the order of the proposals says anything, and so whether a gain has to come from the choosing.",
    arms=_arms,
    effect=_effect,
    figure=successes,
)
