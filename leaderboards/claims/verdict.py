"""The one rule by which every claim is judged: an effect, its interval, and on which side of zero that lies.

An effect is a number for each (task, seed), above zero where the claim is right, such as the success of one arm less
that of another in the same cell. Its mean has the interval of PROTOCOL.md: a bootstrap over tasks with all their seeds
and all arms, within sites.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from leaderboards.claims.measured import Floats, Measured
from webvoyager_gym.stats import Estimate

Verdict = Literal["holds", "does not hold", "undecided"]
Unit = Literal["points", "tokens"]


@dataclass(frozen=True)
class Effect:
    """What a claim is decided by.

    Attributes:
        words: what it is, such as "Best-of-Q less the first choice".
        cells: (T, S), above zero where the claim is right, nan where nothing was measured.
        low, high: smallest and largest value that a cell can have.
        unit: "points" for shares, which are shown times 100.
    """

    words: str
    cells: Floats = field(repr=False)
    low: float
    high: float
    unit: Unit = "points"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of a claim.

    Attributes:
        verdict: see `judge`.
        words, unit: of the effect.
        effect: its mean with the interval.
        counted: cells that it is the mean of.
    """

    verdict: Verdict
    words: str
    unit: Unit
    effect: Estimate
    counted: int


def decide(effect: Estimate) -> Verdict:
    """ "holds" if the interval is clear of zero on the claim's side, "does not hold" if it is on the other."""
    if math.isnan(effect.value):
        return "undecided"
    return "holds" if effect.low > 0 else "does not hold" if effect.high < 0 else "undecided"


def judge(effect: Effect, measured: Measured) -> Judgement:
    """The verdict on an effect, on the resamples of what was measured."""
    mean = measured.bootstrap.mean(effect.cells, effect.low, effect.high)
    return Judgement(decide(mean), effect.words, effect.unit, mean, int(np.sum(~np.isnan(effect.cells))))


def success_effect(words: str, weights: Mapping[str, float], measured: Measured) -> Effect:
    """The success of some arms, weighted and added up in each cell.

    Args:
        weights: by id of the arm; those of the arms that should do better are positive.
    """
    cells = np.sum([weight * measured[id].success for id, weight in weights.items()], axis=0)
    low = sum(weight for weight in weights.values() if weight < 0)
    return Effect(words, cells, low, sum(weight for weight in weights.values() if weight > 0))
