"""A larger embedder helps little."""

from __future__ import annotations

from leaderboards.claims.claim import PAPER, Claim, Trial
from leaderboards.claims.figures import successes
from leaderboards.claims.measured import Measured
from leaderboards.claims.needs import MIXED, Arm, Training
from leaderboards.claims.shared import FIRST_CHOICE, best_of_q, collected
from leaderboards.claims.verdict import Effect, success_effect


def _arms(trial: Trial) -> tuple[Arm, ...]:
    return FIRST_CHOICE, *(
        _embedded(trial, id, words, name)
        for id, words, name in zip(("small", "large"), ("smaller", "larger"), trial.embedders, strict=True)
    )


def _embedded(trial: Trial, id: str, words: str, name: str) -> Arm:
    label = f"{words} embedder"
    if name == trial.proposer:
        return Arm(id, label, best_of_q(trial).chooser)
    data = collected(trial, MIXED, embedder=name)
    return Arm(id, label, Training(data, trial.size.updates), embedder=name)


def _effect(measured: Measured) -> Effect:
    weights = {"small": 2.0, "first": -1.0, "large": -1.0}
    return success_effect("what choosing by Q gains less what the larger embedder adds to it", weights, measured)


CLAIM = Claim(
    id="embedder-size",
    sentence="A larger embedder helps little: it adds less than choosing by Q on the smaller one gains.",
    source=f"{PAPER}.",
    why=(
        "The same episodes, embedded twice. With the pocket VLM the smaller embedding is its last token's (D = 128), "
        "and the larger one has the mean of all tokens beside it (D = 256)."
    ),
    arms=_arms,
    effect=_effect,
    figure=successes,
)
