"""Best-of-Q beats the first proposal."""

from __future__ import annotations

from leaderboards.claims.claim import PAPER, Claim, Trial
from leaderboards.claims.figures import successes
from leaderboards.claims.measured import Measured
from leaderboards.claims.needs import Arm
from leaderboards.claims.shared import ANY, CEILING, FIRST_CHOICE, best_of_q
from leaderboards.claims.verdict import Effect, success_effect


def _arms(trial: Trial) -> tuple[Arm, ...]:
    return FIRST_CHOICE, ANY, best_of_q(trial), CEILING


def _effect(measured: Measured) -> Effect:
    return success_effect("Best-of-Q less the first choice", {"best-of-q": 1, "first": -1}, measured)


CLAIM = Claim(
    id="beats-first",
    sentence="Choosing among the proposals by Q does better than taking the first.",
    source=f"{PAPER}: 38.8 to 55.7 % with Qwen2.5-VL-7B, 82.4 to 88.8 % with GPT-4.1.",
    why="The same VLM with the same proposals on the same tasks; only who chooses differs.",
    arms=_arms,
    effect=_effect,
    figure=successes,
)
