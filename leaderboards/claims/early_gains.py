"""Success grows with the trajectories of three rounds, early and then less."""

from __future__ import annotations

from markupsafe import Markup

from leaderboards.claims.claim import PAPER, Claim, Trial
from leaderboards.claims.figures import curves
from leaderboards.claims.measured import Measured
from leaderboards.claims.needs import Arm, Round, Rounds
from leaderboards.claims.shared import FIRST_CHOICE
from leaderboards.claims.verdict import Effect, success_effect


def _arms(trial: Trial) -> tuple[Arm, ...]:
    size = trial.size
    rounds = Rounds(size.rounds, size.round_episodes, size.updates, size.round_tasks)
    after = (
        Arm(
            f"round-{number}",
            f"after round {number}",
            Round(rounds, number),
            line="Best-of-Q",
            at=(number + 1) * size.round_episodes,
        )
        for number in range(size.rounds + 1)
    )
    return FIRST_CHOICE, *after


def _effect(measured: Measured) -> Effect:
    last = measured.arms[-1].id
    weights = {"round-0": 2.0, "first": -1.0, last: -1.0}
    return success_effect("what the first round gains less what all later ones add", weights, measured)


def _figure(measured: Measured) -> Markup:
    return curves(measured, "trajectories collected")


CLAIM = Claim(
    id="early-gains",
    sentence="Over rounds of collecting and training, most of the gain comes with the first trajectories.",
    source=f"{PAPER}: gains come early and flatten with data.",
    why=(
        "Each round adds as many trajectories. What training on the first round gains over the first choice is "
        "compared with what all later rounds add to it. The rounds were gone through once, with one seed."
    ),
    arms=_arms,
    effect=_effect,
    figure=_figure,
)
