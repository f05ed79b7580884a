"""How well an algorithm's values choose, measured on logged steps that it did not learn from.

A logged step has the outcome of one candidate only, so these figures say less than rollouts do; they cost next to
nothing and show whether training has turned to learning its data by heart. `algorithms.off_policy` estimates success.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.batch import CandidateBatch, moved
from algorithms.updates import Algorithm
from webvoyager_gym.errors import InvalidFile


def selection_metrics(
    values: NDArray[np.floating[Any]],
    chosen: NDArray[np.int64],
    returns: NDArray[np.floating[Any]],
    known: NDArray[np.bool_],
) -> dict[str, float]:
    """Figures of M logged steps; nan where there is nothing to count.

    Args:
        values: (M, N), -inf where there is no candidate.
        chosen: (M,) index of the executed one.
        returns: (M,) what followed.
        known: (M,) whether that is all there was to come.

    Returns:
        agreement: on steps of episodes that went on to succeed (return above 0), how often the highest value is the
            executed candidate's.
        chance: what agreement would be by drawing lots, the mean of 1 / number of candidates.
        auc: probability that an executed candidate which led to success has a higher value than one which did not;
            0.5 if values say nothing.
        error: mean squared difference of the executed candidate's value and the return; only of use where values are
            meant to be returns.
    """
    executed = values[np.arange(len(chosen)), chosen]
    good, bad = known & (returns > 0), known & (returns <= 0)
    there = np.isfinite(values).sum(1)
    return {
        "agreement": _mean((values.argmax(1) == chosen)[good]),
        "chance": _mean(1 / np.maximum(there[good], 1)),
        "auc": area_under_curve(executed[good], executed[bad]),
        "error": _mean(np.square(executed - returns)[known & np.isfinite(executed)]),
    }


def area_under_curve(positive: NDArray[Any], negative: NDArray[Any]) -> float:
    """Probability that a positive is above a negative, ties counting half (Mann and Whitney 1947); nan without both."""
    if not len(positive) or not len(negative):
        return float("nan")
    ordered = np.sort(negative)
    below, up_to = (np.searchsorted(ordered, positive, side) for side in ("left", "right"))
    return float((below + up_to).mean() / (2 * len(negative)))


def _mean(values: NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def measure(algo: Algorithm, parts: Iterable[CandidateBatch]) -> dict[str, float]:
    """`selection_metrics` of an algorithm on transitions.

    Raises:
        InvalidFile: there are none.
    """
    assert algo.impl is not None
    on_device = (moved(part, algo.impl.device) for part in parts)
    rows = [
        (algo.values_of(part), *(column.cpu().numpy() for column in (part.chosen, part.returns, part.return_known)))
        for part in on_device
    ]
    if not rows:
        raise InvalidFile("There are no transitions to measure on; give a split that has some.")
    values, chosen, returns, known = (np.concatenate(column) for column in zip(*rows, strict=True))
    return selection_metrics(values, chosen, returns, known)
