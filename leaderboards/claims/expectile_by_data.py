"""The better expectile depends on the quality of the data."""

from __future__ import annotations

from leaderboards.claims.claim import PAPER, Claim, Trial
from leaderboards.claims.figures import successes
from leaderboards.claims.measured import Measured
from leaderboards.claims.needs import ORACLE, RANDOM, Arm, Data, Training
from leaderboards.claims.shared import FIRST_CHOICE, collected
from leaderboards.claims.verdict import Effect, success_effect

LOW, HIGH = 0.7, 0.8


def _arms(trial: Trial) -> tuple[Arm, ...]:
    kinds = (
        ("weak", "random data", collected(trial, RANDOM, "random")),
        ("strong", "expert data", collected(trial, ORACLE, "expert")),
    )
    return FIRST_CHOICE, *(
        Arm(f"{name}-{expectile}", f"{words}, {expectile}", _training(trial, data, expectile))
        for name, words, data in kinds
        for expectile in (LOW, HIGH)
    )


def _training(trial: Trial, data: Data, expectile: float) -> Training:
    return Training(data, trial.size.updates, settings=(f"expectile={expectile}",))


def _effect(measured: Measured) -> Effect:
    weights = {f"weak-{LOW}": 0.5, f"strong-{HIGH}": 0.5, f"weak-{HIGH}": -0.5, f"strong-{LOW}": -0.5}
    return success_effect("the expectile meant for the data less the other, mean over both kinds", weights, measured)


CLAIM = Claim(
    id="expectile-by-data",
    sentence="An expectile of 0.8 suits data of a strong policy, 0.7 data in which failures dominate.",
    source=f"{PAPER}.",
    why="Data of any proposal and data of the expert's, each learned from with both expectiles, all else being equal.",
    arms=_arms,
    effect=_effect,
    figure=successes,
)
