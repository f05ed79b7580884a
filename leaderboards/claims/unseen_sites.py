"""Data of other sites is worth less than as many successes of the same."""

from __future__ import annotations

from leaderboards.claims.claim import PAPER, Claim, Trial
from leaderboards.claims.figures import successes
from leaderboards.claims.measured import Measured
from leaderboards.claims.needs import Arm, BySite, Part, Training
from leaderboards.claims.shared import FIRST_CHOICE, mixed
from leaderboards.claims.verdict import Effect, success_effect


def _arms(trial: Trial) -> tuple[Arm, ...]:
    size = trial.size
    folds = [(held, tuple(site for site in size.sites if site not in held)) for held in size.held_out]
    same = tuple((held, _training(trial, held, others)) for held, others in folds)
    other = tuple((held, _training(trial, others, held)) for held, others in folds)
    return (
        FIRST_CHOICE,
        Arm("same-sites", "trained on the same sites", BySite(same)),
        Arm("other-sites", "trained on other sites", BySite(other)),
    )


def _training(trial: Trial, sites: tuple[str, ...], others: tuple[str, ...]) -> Training:
    return Training(Part(mixed(trial), sites, others), trial.size.updates)


def _effect(measured: Measured) -> Effect:
    return success_effect("same sites less other sites", {"same-sites": 1, "other-sites": -1}, measured)


CLAIM = Claim(
    id="unseen-sites",
    sentence="Training on other sites is worse than on the same sites with as many successes.",
    source=f"{PAPER}.",
    why=(
        "Five folds of three sites. In each, one Q-function learns from its sites and one from the twelve others, with "
        "episodes drawn until both have as many successes, and both act on its sites."
    ),
    arms=_arms,
    effect=_effect,
    figure=successes,
)
