"""Choosing by Q costs less than asking the VLM to choose."""

from __future__ import annotations

from leaderboards.claims.claim import OURS, Claim, Trial
from leaderboards.claims.figures import costs
from leaderboards.claims.measured import Measured
from leaderboards.claims.needs import SELECTOR, Arm
from leaderboards.claims.shared import ANY, CEILING, FIRST_CHOICE, best_of_q
from leaderboards.claims.verdict import Effect
from leaderboards.claims.vlm_chooses_worse import SHOWN, VOTE


def _arms(trial: Trial) -> tuple[Arm, ...]:
    return FIRST_CHOICE, ANY, SHOWN, VOTE, best_of_q(trial), CEILING


def _effect(measured: Measured) -> Effect:
    asking, ours = measured[SELECTOR].tokens, measured["best-of-q"].tokens
    words = "tokens an episode of the VLM asked to choose less those of Best-of-Q"
    return Effect(words, asking - ours, -float(ours.max()), float(asking.max()), "tokens")


CLAIM = Claim(
    id="cheaper-than-asking",
    sentence="Choosing by Q costs fewer tokens than asking the VLM to choose.",
    source=f"{OURS}.",
    why="Tokens of the frozen models, read and written, embeddings included; the Q-function itself has none.",
    arms=_arms,
    effect=_effect,
    figure=costs,
)
