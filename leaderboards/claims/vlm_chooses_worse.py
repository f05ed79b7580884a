"""A VLM that is asked to choose does worse than Q."""

from __future__ import annotations

from leaderboards.claims.claim import PAPER, Claim, Trial
from leaderboards.claims.figures import successes
from leaderboards.claims.measured import Measured
from leaderboards.claims.needs import MAJORITY, SELECTOR, Arm
from leaderboards.claims.shared import FIRST_CHOICE, best_of_q
from leaderboards.claims.verdict import Effect, success_effect

SHOWN = Arm(SELECTOR, "the VLM, asked to choose", SELECTOR)
VOTE = Arm(MAJORITY, "majority of its samples", MAJORITY)


def _arms(trial: Trial) -> tuple[Arm, ...]:
    return FIRST_CHOICE, SHOWN, VOTE, best_of_q(trial)


def _effect(measured: Measured) -> Effect:
    return success_effect("Best-of-Q less the VLM asked to choose", {"best-of-q": 1, SELECTOR: -1}, measured)


CLAIM = Claim(
    id="vlm-chooses-worse",
    sentence="The VLM, shown its own proposals and asked to choose, does worse than Q.",
    source=f"{PAPER}.",
    why="Both choose among the same proposals; the majority of the VLM's samples stands beside them (2602.12276).",
    arms=_arms,
    effect=_effect,
    figure=successes,
)
