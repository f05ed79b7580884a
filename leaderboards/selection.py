"""The track `selection`: how well a method tells the candidates of logged states apart, with no page opened.

The states come from test tasks and each candidate's exact value is known: the discounted return with the expert acting
afterwards (`webvoyager_gym.values`), so the most that is still achievable. A score above it overestimates whatever
policy it is meant for.

S is the number of states, K of seeds, N of candidates; states with fewer are padded with nan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from leaderboards.run import About, Model, Trained
from webvoyager_gym.stats import Bootstrap, Estimate

Floats = NDArray[np.float64]
BINS = 10
"""Of `calibration_error`."""
_TIE = 1e-9
"""Values this close are equal."""


@dataclass(frozen=True)
class States:
    """Logged states.

    Attributes:
        name: of the log, such as "local-test-v1".
        gamma: discount of the values.
        tasks: (S) the task of each.
        ways: (S) indices of the candidates taken from the start, joined by commas.
        values: (S, N) float64 exact values, nan where there is no candidate.
        sha256: of the file.
    """

    name: str
    gamma: float
    tasks: tuple[str, ...]
    ways: tuple[str, ...]
    values: Floats = field(repr=False)
    sha256: str = ""


@dataclass(frozen=True)
class Scores:
    """What a method thinks of the candidates of logged states.

    Attributes:
        about: what people say of it.
        states_sha256: of the log.
        are_values: whether scores are meant as expected returns, so that calibration can be asked for.
        models, trained: as of a `Run`.
        scores: (K, S, N) float64, nan where there is no candidate.
    """

    about: About
    states_sha256: str
    are_values: bool
    models: tuple[Model, ...]
    trained: Trained | None
    scores: Floats = field(repr=False)


@dataclass(frozen=True, slots=True)
class SelectionRow:
    """A method on the selection board; means over tasks, of all seeds, with 95 % intervals.

    Attributes:
        scores: the method's.
        top_1: share of states in which a best candidate has the highest score. Of states whose candidates differ in
            value, as regret and rank correlation.
        regret: value of the best candidate less that of the chosen one.
        rank_correlation: Kendall's tau-b between scores and values in a state.
        calibration: expected calibration error; None where scores are no values.
        overestimation: for n = 1 to N, by how much the highest of the first n scores lies above the value of its
            candidate; empty where scores are no values.
    """

    scores: Scores
    top_1: Estimate
    regret: Estimate
    rank_correlation: Estimate
    calibration: float | None
    overestimation: tuple[Estimate, ...]


def selection_board(states: States, methods: Sequence[Scores]) -> tuple[SelectionRow, ...]:
    """The rows, least regret first."""
    tasks = tuple(dict.fromkeys(states.tasks))
    bootstrap = Bootstrap([task.partition("/")[0] for task in tasks])
    rows = [_row(states, method, tasks, bootstrap) for method in methods]
    return tuple(sorted(rows, key=lambda row: (row.regret.value, row.scores.about.id)))


def chosen(scores: Floats) -> NDArray[np.int64]:
    """(…) index of the highest score along the last axis, the first of equal ones; nan is never chosen."""
    return np.argmax(np.where(np.isnan(scores), -np.inf, scores), axis=-1)


def regret(scores: Floats, values: Floats) -> Floats:
    """(K, S) value of the best candidate less that of the chosen one; scores (K, S, N), values (S, N)."""
    got = np.take_along_axis(np.broadcast_to(values, scores.shape), chosen(scores)[..., None], axis=-1)[..., 0]
    return np.nanmax(values, axis=-1) - got


def kendall(scores: Floats, values: Floats) -> Floats:
    """(K, S) Kendall's tau-b, nan where either has no two different numbers; scores (K, S, N), values (S, N)."""
    left, right = np.triu_indices(values.shape[-1], 1)
    ours = _signs(scores[..., left] - scores[..., right])
    true = _signs(values[..., left] - values[..., right])
    both = ~np.isnan(ours * true)
    ours, true = np.where(both, ours, 0.0), np.where(both, true, 0.0)
    under = np.sqrt(np.sum(ours**2, axis=-1) * np.sum(true**2, axis=-1))
    over = np.sum(ours * true, axis=-1)
    return np.divide(over, under, out=np.full(over.shape, np.nan), where=under > 0)


def calibration_error(scores: Floats, values: Floats) -> float:
    """Mean distance between mean score and mean value in bins of equal count (expected calibration error)."""
    known = ~np.isnan(scores) & ~np.isnan(np.broadcast_to(values, scores.shape))
    ours, true = scores[known], np.broadcast_to(values, scores.shape)[known]
    order = np.argsort(ours, kind="stable")
    bins = [each for each in np.array_split(order, BINS) if len(each)]
    return float(sum(len(each) * abs(ours[each].mean() - true[each].mean()) for each in bins) / len(order))


def overestimation(scores: Floats, values: Floats, n: int) -> Floats:
    """(K, S) highest of the first n scores less the value of its candidate: the winner's curse of choosing among n."""
    first, true = scores[..., :n], values[:, :n]
    best = chosen(first)[..., None]
    got = np.take_along_axis(np.broadcast_to(true, first.shape), best, axis=-1)
    difference: Floats = (np.take_along_axis(first, best, axis=-1) - got)[..., 0]
    return difference


def _row(states: States, method: Scores, tasks: Sequence[str], bootstrap: Bootstrap) -> SelectionRow:
    differ = np.nanmax(states.values, axis=-1) - np.nanmin(states.values, axis=-1) > _TIE

    def mean(cells: Floats, low: float, high: float) -> Estimate:
        return bootstrap.mean(_by_task(cells, states.tasks, tasks), low, high)

    lost = np.where(differ, regret(method.scores, states.values), np.nan)
    hit = np.where(np.isnan(lost), np.nan, (lost <= _TIE).astype(float))
    tau = np.where(differ, kendall(method.scores, states.values), np.nan)
    widths = range(1, states.values.shape[1] + 1) if method.are_values else ()
    return SelectionRow(
        scores=method,
        top_1=mean(hit, 0.0, 1.0),
        regret=mean(lost, 0.0, 1.0),
        rank_correlation=mean(tau, -1.0, 1.0),
        calibration=calibration_error(method.scores, states.values) if method.are_values else None,
        overestimation=tuple(mean(overestimation(method.scores, states.values, n), -1.0, 1.0) for n in widths),
    )


def _by_task(cells: Floats, of: Sequence[str], tasks: Sequence[str]) -> Floats:
    """(T, K) means of (K, S) over the states of each task, so that a long episode counts no more than a short one."""
    place = {task: at for at, task in enumerate(tasks)}
    index = np.array([place[task] for task in of])
    sums, counts = np.zeros((len(tasks), len(cells))), np.zeros((len(tasks), len(cells)))
    np.add.at(sums, index, np.nan_to_num(cells).T)
    np.add.at(counts, index, (~np.isnan(cells)).T.astype(float))
    return np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)


def _signs(differences: Floats) -> Floats:
    return np.where(np.abs(differences) <= _TIE, 0.0, np.sign(differences))
