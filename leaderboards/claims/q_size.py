"""The size of the Q-network matters little."""

from __future__ import annotations

import math
from itertools import pairwise

from markupsafe import Markup

from leaderboards.claims.claim import OURS, Claim, Trial
from leaderboards.claims.figures import curves
from leaderboards.claims.measured import Measured
from leaderboards.claims.needs import Arm, Training
from leaderboards.claims.shared import FIRST_CHOICE, mixed
from leaderboards.claims.verdict import Effect, success_effect

STEPS = 3
"""How many sizes are tried, at equal distances on a logarithmic scale."""


def sizes(smallest: int, largest: int) -> tuple[int, ...]:
    """Numbers of parameters, from the smallest to the largest."""
    ratio = (largest / smallest) ** (1 / (STEPS - 1))
    return tuple(round(smallest * ratio**step) for step in range(STEPS))


def hidden_of(parameters: int, width: int) -> tuple[int, int, int]:
    """Widths of the hidden layers of a Q-network of about so many parameters, each half of the one before.

    For h, h/2 and h/4 behind an input of twice the embedding's width D that is 2 D h + 5/8 h^2, biases left out.
    """
    first = (math.sqrt(4 * width**2 + 2.5 * parameters) - 2 * width) / 1.25
    return max(8, round(first)), max(4, round(first / 2)), max(2, round(first / 4))


def parameters_of(hidden: tuple[int, ...], width: int) -> int:
    """Parameters of a Q-network with these hidden layers, biases included."""
    return sum(before * after + after for before, after in pairwise((2 * width, *hidden, 1)))


def _arms(trial: Trial) -> tuple[Arm, ...]:
    size = trial.size
    return FIRST_CHOICE, *(
        Arm(
            f"q-{number}",
            f"{parameters / 1e6:.2g} M parameters",
            Training(mixed(trial), size.updates, parameters=parameters),
            line="Best-of-Q",
            at=parameters,
        )
        for number, parameters in enumerate(sizes(size.small_q, size.large_q))
    )


def _effect(measured: Measured) -> Effect:
    weights = {"q-0": 2.0, "first": -1.0, f"q-{STEPS - 1}": -1.0}
    return success_effect("what the smallest network gains less what the largest adds to it", weights, measured)


def _figure(measured: Measured) -> Markup:
    return curves(measured, "parameters of a Q-network (logarithmic)", logarithmic=True)


CLAIM = Claim(
    id="q-size",
    sentence="The size of the Q-network matters little: the largest adds less than the smallest gains.",
    source=f"{OURS}; the network of arXiv 2601.22701 has about 11 M parameters.",
    why="The same data, updates and learning rate for all sizes; published from 0.5 to 40 M parameters.",
    arms=_arms,
    effect=_effect,
    figure=_figure,
)
