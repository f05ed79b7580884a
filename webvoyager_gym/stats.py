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
        if np.ptp(sums[counted] / counts[counted]) < 1e-12:
            sure = ((1 - self.confidence) / 2) ** (1 / int(counted.sum()))
            return Estimate(value, sure * value + (1 - sure) * low, sure * value + (1 - sure) * high)
        drawn = self._weights @ counts
        means = (self._weights @ sums)[drawn > 0] / drawn[drawn > 0]
        tail = 50 * (1 - self.confidence)
        bounds = np.percentile(means, [tail, 100 - tail])
        return Estimate(value, float(bounds[0]), float(bounds[1]))

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

    def _checked(self, outcomes: ArrayLike) -> Floats:
        array = np.asarray(outcomes, float)
        if array.ndim != 3 or array.shape[1] != self._tasks:
            raise ValueError(f"The outcomes have shape {array.shape}; expected (agents, {self._tasks} tasks, seeds).")
        return array


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
