"""The figures of claims, from what was measured."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from markupsafe import Markup

from leaderboards.board import kind_of
from leaderboards.charts import Drawn, cost_chart, failure_chart, success_chart
from leaderboards.claims.measured import KINDS, Acted, Measured
from leaderboards.curves import Line, curve_chart


def successes(measured: Measured) -> Markup:
    """Success of every arm with its interval."""
    return success_chart([_drawn(measured, arm) for arm in measured.arms])


def costs(measured: Measured) -> Markup:
    """Success of every arm against its tokens."""
    return cost_chart([_drawn(measured, arm) for arm in measured.arms])


def failures(measured: Measured) -> Markup:
    """What became of the episodes of every arm."""
    return failure_chart([_drawn(measured, arm) for arm in measured.arms])


def curves(measured: Measured, words: str, logarithmic: bool = False) -> Markup:
    """Success by the arms' `at`, a line for each of their lines; arms without one are drawn all across."""
    named = sorted(measured.arms, key=lambda arm: [each.line for each in measured.arms].index(arm.line))
    lines = [
        Line(name, tuple((arm.at, measured.rates[arm.id]) for arm in sorted(arms, key=lambda arm: arm.at)))
        for name, arms in groupby((arm for arm in named if arm.line), key=lambda arm: arm.line)
    ]
    levels = [
        Line(arm.label, ((0.0, measured.rates[arm.id]),), kind_of(arm.agent) == "baseline")
        for arm in measured.arms
        if not arm.line
    ]
    return curve_chart([*lines, *levels], words, logarithmic)


def _drawn(measured: Measured, arm: Acted) -> Drawn:
    shares = {kind: float(np.mean(arm.letters == letter)) for letter, kind in KINDS.items() if kind}
    return Drawn(arm.label, kind_of(arm.agent), measured.rates[arm.id], float(arm.tokens.mean()), shares)
