"""How well a selector would do, estimated from episodes that another policy recorded.

A selector takes one candidate of every state for certain. Its value here is the mean of the undiscounted return, the
share of successes within the step limit of the recording. With rho_t = 1[a_t is the selector's] / propensity of a_t,
w = product of all rho_t of an episode, G its return, Q what fitted Q evaluation finds and V(s) = Q(s, selector's):

    importance       mean of w G                              unbiased; few long episodes have w > 0, so it varies
    self-normalised  sum of w G / sum of w                    biased in small samples, varies less (Owen 2013, 9.2)
    per decision     mean of sum_t rho_0 ... rho_t r_t        Precup, Sutton and Singh 2000
    doubly robust    mean of D_0,  D_t = V(s_t) + rho_t (r_t + D_(t+1) - Q(s_t, a_t))      arXiv 1511.03722
    fitted Q         mean of V(s_0)                           no weights; as good as the network (arXiv 1903.08738)

Episodes that the infrastructure broke off have no return; only fitted Q evaluation learns from them.
M counts transitions, N candidates, E episodes.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.batch import CandidateBatch
from algorithms.columns import Columns
from algorithms.d3rlpy_import import d3rlpy
from algorithms.replay import DeviceReplay
from algorithms.sarsa import CandidateSARSAConfig
from algorithms.updates import Updates
from webvoyager_gym.stats import CONFIDENCE, Estimate

RESAMPLES = 2000

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Logged:
    """M recorded transitions, episode after episode, as estimators read them.

    Attributes:
        starts: (E,) the first transition of each episode.
        chosen: (M,) index of the executed candidate.
        propensity: (M,) probability with which it was chosen.
        rewards: (M,).
        known: (E,) whether the episode's rewards are all that it gave.
        selected: (M,) index of the candidate that the selector takes.
    """

    starts: NDArray[np.int64]
    chosen: NDArray[np.int64]
    propensity: Floats
    rewards: Floats
    known: NDArray[np.bool_]
    selected: NDArray[np.int64]

    @property
    def ratios(self) -> Floats:
        """rho (M,)."""
        return np.where(self.chosen == self.selected, 1.0 / self.propensity, 0.0)

    @property
    def reach(self) -> Floats:
        """rho_0 ... rho_t (M,), within each episode."""
        parts = np.split(self.ratios, self.starts[1:])
        return np.concatenate([np.cumprod(part) for part in parts])

    def weights(self) -> Floats:
        """w (E,)."""
        return self.reach[self.ends]

    @property
    def ends(self) -> NDArray[np.int64]:
        """(E,) the last transition of each episode."""
        return np.append(self.starts[1:], len(self.chosen)) - 1

    def per_episode(self, values: Floats) -> Floats:
        """Sums (E,) of values (M,)."""
        return np.add.reduceat(values, self.starts)


def estimates(logged: Logged, q: NDArray[np.floating[Any]], seed: int = 0) -> dict[str, Estimate]:
    """All estimates, with percentile intervals of a bootstrap over episodes.

    The intervals say nothing of the bias of fitted Q evaluation, nor of what an episode that was never recorded would
    have changed.

    Args:
        logged: the recording and the selector's choices.
        q: (M, N) what `fitted_q` gives.
        seed: of the resampling.
    """
    kept = logged.known
    ones = np.ones(int(kept.sum()))
    weights, returns = logged.weights()[kept], logged.per_episode(logged.rewards)[kept]
    steps = np.arange(len(logged.chosen))
    v, executed = (q[steps, index].astype(np.float64) for index in (logged.selected, logged.chosen))
    return {
        "importance": _ratio(weights * returns, ones, seed),
        "self-normalised": _ratio(weights * returns, weights, seed),
        "per decision": _ratio(logged.per_episode(logged.reach * logged.rewards)[kept], ones, seed),
        "doubly robust": _ratio(_doubly_robust(logged, v, executed)[kept], ones, seed),
        "fitted Q": _ratio(v[logged.starts][kept], ones, seed),
    }


def effective_episodes(logged: Logged) -> float:
    """(sum w)^2 / sum w^2: about how many of the selector's own episodes the weighted ones are worth (Kish 1965)."""
    weights = logged.weights()[logged.known]
    return float(weights.sum() ** 2 / max(np.square(weights).sum(), 1e-300))


def _doubly_robust(logged: Logged, v: Floats, executed: Floats) -> Floats:
    """D_0 (E,)."""
    ratios, following = logged.ratios, np.zeros(len(v) + 1)
    last = np.zeros(len(v), bool)
    last[logged.ends] = True
    for t in reversed(range(len(v))):
        ahead = 0.0 if last[t] else following[t + 1]
        following[t] = v[t] + ratios[t] * (logged.rewards[t] + ahead - executed[t])
    return following[logged.starts]


def _ratio(numerators: Floats, denominators: Floats, seed: int) -> Estimate:
    """Sum of numerators over sum of denominators, (E,) each; nan where the latter is 0."""
    if not denominators.sum() > 0:
        return Estimate(np.nan, np.nan, np.nan)
    random, size = np.random.default_rng(seed), len(numerators)
    values = []
    for _ in range(RESAMPLES):
        drawn = random.integers(size, size=size)
        values.append((numerators[drawn].sum(), denominators[drawn].sum()))
    above, below = np.array(values).T
    resampled = above[below > 0] / below[below > 0]
    tail = 50 * (1 - CONFIDENCE)
    low, high = np.percentile(resampled, [tail, 100 - tail])
    return Estimate(float(numerators.sum() / denominators.sum()), float(low), float(high))


def fitted_q(
    columns: Columns,
    selected_next: NDArray[np.int64],
    config: CandidateSARSAConfig | None = None,
    updates: int = 5000,
    seed: int = 0,
    device: str = "cpu:0",
) -> NDArray[np.float32]:
    """Q (M, N) of a selector by fitted Q evaluation: SARSA whose next action is the selector's (arXiv 1903.08738).

    A truncated episode ended, as the step limit is part of what is estimated; one that was broken off goes on.

    Args:
        columns: the transitions.
        selected_next: (M,) what the selector takes in the next state; -1 where it has no candidate.
        config: of SARSA; gamma 1 if None.
        updates: gradient steps.
        seed: of initial weights and draws.
        device: d3rlpy's.
    """
    config = config or CandidateSARSAConfig(gamma=1.0)
    terminals = np.where(columns.return_known & episode_ends(columns), 1.0, columns.terminals).astype(np.float32)
    columns = dataclasses.replace(columns, next_chosen=selected_next, terminals=terminals)
    d3rlpy.seed(seed)
    algo = config.create(device)
    algo.build_with_columns(columns)
    replay = DeviceReplay(columns, device, seed)
    Updates(algo, replay).run(updates)
    return np.concatenate([algo.values_of(part) for part in replay.parts()])


def episode_ends(columns: Columns) -> NDArray[np.bool_]:
    """(M,) whether a transition is the last known one of its episode."""
    return np.append(columns.steps[1:] == 0, True)


def next_observations(batch: CandidateBatch) -> CandidateBatch:
    """The next states in the place of the states; what was executed and followed there is not told."""
    return dataclasses.replace(batch, states=batch.next_states, candidates=batch.next_candidates, mask=batch.next_mask)
