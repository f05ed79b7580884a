"""Success rates, their differences, and how far to trust them.

Outcomes come as one array `(agents, tasks, seeds)` of 1.0 (success) and 0.0 (failure), nan where the infrastructure
failed: such a cell counts for nobody, and in a difference its partner is left out too. A task is on one site; tasks of
the same site are a stratum.

Intervals are percentile intervals of a stratified bootstrap over tasks. A task is drawn with all its seeds and all its
agents, since seeds of one task are not independent of each other and agents are compared on the same tasks. From a
site with n tasks n - 1 are drawn with replacement, so that the variance is right for small n as well (McCarthy &
Snowden 1985; drawing n gives (n - 1)/n of it). The same seed gives the same numbers.

A is the number of agents, T of tasks, S of seeds, B of resamples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

RESAMPLES = 10_000
CONFIDENCE = 0.95

_NOTHING = 1e-12
"""What rounding may leave of zero."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number and its confidence interval. All three are nan where nothing was counted."""

    value: float
    low: float
    high: float

    @property
    def clear_of_zero(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """An agent against a baseline on the same (task, seed) cells.

    Attributes:
        difference: agent's success rate less the baseline's, from -1 to 1.
        improvement: probability of improvement (Agarwal et al. 2021, arXiv 2108.13264, section 4.3): that the agent
            does better than the baseline on a task drawn at random, ties counting half; 0.5 when they are equal. It
            compares every counted seed of the one with every counted seed of the other.
        wins, losses, ties: cells in which the agent did better, worse, as well.
    """

    difference: Estimate
    improvement: Estimate
    wins: int
    losses: int
    ties: int


class Bootstrap:
    """The resamples of one set of tasks. Everything asked of one object is drawn on the same resamples.

    Args:
        sites: (T,) the site of each task.
        resamples: B.
        confidence: of the intervals, between 0 and 1.
        seed: of the resampling.

    Raises:
        ValueError: no tasks, or a confidence that is no probability.
    """

    def __init__(
        self, sites: Sequence[str], *, resamples: int = RESAMPLES, confidence: float = CONFIDENCE, seed: int = 0
    ) -> None:
        if not len(sites):
            raise ValueError("There are no tasks to resample; evaluate at least one.")
        if not 0 < confidence < 1:
            raise ValueError(f"The confidence is {confidence}; it has to lie between 0 and 1.")
        self.confidence = confidence
        self._tasks = len(sites)
        self._sites = np.unique(np.asarray(sites, dtype=str), return_inverse=True)[1]
        self._weights = _weights(strata(sites), resamples, np.random.default_rng(seed))

    def success_rates(self, outcomes: ArrayLike) -> list[Estimate]:
        """Each agent's share of successes among its counted cells, with an interval.

        Args:
            outcomes: (A, T, S), nan for cells that do not count.
        """
        return [self.mean(cells) for cells in self._checked(outcomes)]

    def mean(self, cells: ArrayLike, low: float = 0.0, high: float = 1.0) -> Estimate:
        """The mean of all counted cells, with an interval.

        Where every counted task has the same mean the resamples hold nothing but it; then the interval is what n such
        tasks in a row allow (the exact binomial one: 0 of n successes give 0 to 1 - 0.025^(1/n) at 95 %).

        Args:
            cells: (T, S), nan for cells that do not count.
            low, high: smallest and largest value a cell can have.
        """
        values = np.asarray(cells, float)
        sums, counts = np.nansum(values, axis=1), np.sum(~np.isnan(values), axis=1)
        counted = counts > 0
        if not counted.any():
            return Estimate(np.nan, np.nan, np.nan)
        value = float(sums.sum() / counts.sum())
        if np.ptp(sums[counted] / counts[counted]) < _NOTHING:
            return self._in_a_row(value, int(counted.sum()), low, high)
        drawn = self._weights @ counts
        return self._percentiles(value, (self._weights @ sums)[drawn > 0] / drawn[drawn > 0])

    def interquartile_means(self, outcomes: ArrayLike) -> list[Estimate]:
        """Each agent's interquartile mean (Agarwal et al. 2021, arXiv 2108.13264, section 4.3) of its success rates on
        every (site, seed): the mean of the middle half of them, with an interval.

        Of sites and seeds, because one cell is 0 or 1 and the middle half of such numbers says little more than which
        of the two is the more frequent. So a site that an agent solves or fails altogether, or a seed that trained
        badly, decides nothing by itself.

        Args:
            outcomes: (A, T, S), nan for cells that do not count.
        """
        return [self._interquartile_mean(cells) for cells in self._checked(outcomes)]

    def p_values(self, outcomes: ArrayLike, baseline: int = 0) -> Floats:
        """(A,) two-sided p-values of each agent's difference to the baseline, paired as in `compare`; nan where nothing
        was counted. One is the smallest share that intervals may leave out and still exclude zero, so that p < 0.05
        and a 95 % interval clear of zero say the same, but for one resample in B that is added so that none is 0.

        Where every task has the same difference the resamples hold nothing but it; then it is what n such tasks in a
        row allow, which is the sign test's where all are won.

        Args:
            outcomes: (A, T, S), nan for cells that do not count; a cell counts if it does for both.
            baseline: the index of the agent that the others are compared with; its own p-value is 1.
        """
        array = self._checked(outcomes)
        difference = array - array[baseline]
        sums, counts = np.nansum(difference, axis=2), np.sum(~np.isnan(difference), axis=2)
        drawn = self._weights @ counts.T
        means = np.divide(self._weights @ sums.T, drawn, out=np.full(drawn.shape, np.nan), where=drawn > 0)
        below, above = np.sum(means <= _NOTHING, axis=0), np.sum(means >= -_NOTHING, axis=0)
        resamples = np.sum(drawn > 0, axis=0)
        p = np.minimum(1.0, 2 * (1 + np.minimum(below, above)) / (1 + resamples))
        for agent in range(len(array)):
            counted = counts[agent] > 0
            each = sums[agent, counted] / counts[agent, counted]
            if not len(each):
                p[agent] = np.nan
            elif np.ptp(each) < _NOTHING:
                p[agent] = min(1.0, 2 * (1 + abs(each[0])) ** -len(each))
        return p

    def compare(self, agent: ArrayLike, baseline: ArrayLike) -> Comparison:
        """An agent against a baseline.

        Args:
            agent, baseline: (T, S), nan for cells that do not count; a cell counts if it does in both.
        """
        ours, theirs = self._checked([np.asarray(agent), np.asarray(baseline)])
        difference = ours - theirs
        return Comparison(
            difference=self.mean(difference, low=-1.0),
            improvement=self.mean(_better(ours, theirs)[:, None]),
            wins=int(np.sum(difference > 0)),
            losses=int(np.sum(difference < 0)),
            ties=int(np.sum(difference == 0)),
        )

    def _interquartile_mean(self, cells: Floats) -> Estimate:
        """Of one agent's cells (T, S)."""
        values, counts = np.nan_to_num(cells), (~np.isnan(cells)).astype(float)
        members = [np.flatnonzero(self._sites == site) for site in range(self._sites.max() + 1)]

        def rates(weights: Floats) -> Floats:
            """(B, sites x S) success rates for weights (B, T), nan where nothing was counted."""
            won, all_of = (
                np.concatenate([weights[:, each] @ table[each] for each in members], axis=1)
                for table in (values, counts)
            )
            return np.divide(won, all_of, out=np.full(won.shape, np.nan), where=all_of > 0)

        value = float(interquartile_mean(rates(np.ones((1, self._tasks))))[0])
        if np.isnan(value):
            return Estimate(value, value, value)
        drawn = interquartile_mean(rates(self._weights))
        drawn = drawn[~np.isnan(drawn)]
        if np.ptp(drawn) < _NOTHING:
            return self._in_a_row(value, max(1, int(np.sum(counts.any(axis=1))) // 2), 0.0, 1.0)
        return self._percentiles(value, drawn)

    def _percentiles(self, value: float, drawn: Floats) -> Estimate:
        tail = 50 * (1 - self.confidence)
        low, high = np.percentile(drawn, [tail, 100 - tail])
        return Estimate(value, float(low), float(high))

    def _in_a_row(self, value: float, n: int, low: float, high: float) -> Estimate:
        """The interval that n tasks allow which all have the same value."""
        sure = ((1 - self.confidence) / 2) ** (1 / n)
        return Estimate(value, sure * value + (1 - sure) * low, sure * value + (1 - sure) * high)

    def _checked(self, outcomes: ArrayLike) -> Floats:
        array = np.asarray(outcomes, float)
        if array.ndim != 3 or array.shape[1] != self._tasks:
            raise ValueError(f"The outcomes have shape {array.shape}; expected (agents, {self._tasks} tasks, seeds).")
        return array


def interquartile_mean(values: ArrayLike) -> Floats:
    """The mean of the middle half along the last axis, nan left out; nan where nothing is left. Of n values floor(n/4)
    are cut at each end, as by `scipy.stats.trim_mean(values, 0.25)`."""
    ordered = np.sort(np.asarray(values, float), axis=-1)
    n = np.sum(~np.isnan(ordered), axis=-1, keepdims=True)
    cut = n // 4
    place = np.arange(ordered.shape[-1])
    kept = (place >= cut) & (place < n - cut)
    sums, counts = np.sum(np.where(kept, ordered, 0.0), axis=-1), np.sum(kept, axis=-1)
    return np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)


def holm(p_values: ArrayLike) -> Floats:
    """p-values as they stand after so many questions were asked at once (Holm 1979): the smallest times their number m,
    the next times m - 1, …, never less than the one before and at most 1. nan stays and is not counted."""
    p = np.asarray(p_values, float)
    asked = np.flatnonzero(~np.isnan(p))
    order = asked[np.argsort(p[asked], kind="stable")]
    adjusted = p.copy()
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)))
    return adjusted


def infrastructure_share(outcomes: ArrayLike) -> Floats:
    """(A,) share of each agent's cells that the infrastructure failed; outcomes (A, T, S)."""
    return np.isnan(np.asarray(outcomes, float)).mean(axis=(1, 2))


def strata(sites: Sequence[str]) -> NDArray[np.int64]:
    """(T,) the stratum of each task: its site, but sites with a single task share one.

    A single task has no spread of its own. Where only one site is like that, its task joins the largest site.
    """
    names, index, sizes = np.unique(np.asarray(sites, dtype=str), return_inverse=True, return_counts=True)
    alone = np.flatnonzero(sizes == 1)
    if len(alone) and len(names) > 1:
        home = alone[0] if len(alone) > 1 else np.argmax(sizes)
        index = np.where(np.isin(index, alone), home, index)
    return index.astype(np.int64)


def _weights(stratum: NDArray[np.int64], resamples: int, random: np.random.Generator) -> Floats:
    """(B, T) how much each task counts in each resample; the weights of a stratum always sum to its size."""
    weights = np.ones((resamples, len(stratum)))
    for name in np.unique(stratum):
        members = np.flatnonzero(stratum == name)
        n = len(members)
        if n > 1:
            weights[:, members] = random.multinomial(n - 1, np.full(n, 1 / n), size=resamples) * (n / (n - 1))
    return weights


def _better(ours: Floats, theirs: Floats) -> Floats:
    """(T,) share of all pairs of counted seeds in which ours is the larger, ties half; nan for a task without pairs."""
    sign = np.sign(ours[:, :, None] - theirs[:, None, :])
    pairs = np.sum(~np.isnan(sign), axis=(1, 2))
    won = np.nansum((sign + 1) / 2, axis=(1, 2))
    return np.divide(won, pairs, out=np.full(len(ours), np.nan), where=pairs > 0)
