"""Small deterministic worlds whose values are computed by going over tables, and recordings of walks in them.

A state and an action are numbers, embedded as one-hot vectors, so that a network can hold any table.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.data.vectors import DISCOUNT, Vectors, discounted_returns

Table = dict[tuple[int, int], float]
"""A number for every state and action."""

END = -1
"""The next state where an action ends the episode."""


@dataclass(frozen=True)
class World:
    """What leads where.

    Attributes:
        moves: next state and reward of every action that is a candidate of a state; the candidates of a state are
            its actions in this order.
        gamma: discount factor.
    """

    moves: dict[tuple[int, int], tuple[int, float]]
    gamma: float = 0.9

    @property
    def n_states(self) -> int:
        return 1 + max(state for state, _ in self.moves)

    @property
    def width(self) -> int:
        """Of an embedding; the state after the end has one too."""
        return max(self.n_states, *(action for _, action in self.moves)) + 1

    def candidates(self, state: int) -> list[int]:
        return [action for at, action in self.moves if at == state]

    def embed(self, number: int) -> NDArray[np.float16]:
        return np.eye(self.width, dtype=np.float16)[self.n_states if number == END else number]


@dataclass(frozen=True)
class Walk:
    """One episode: where it starts, which actions it takes, and how it ends once they are taken."""

    start: int
    actions: Sequence[int]
    ending: Literal["terminated", "truncated", "broken"] = "terminated"

    def states(self, world: World) -> list[int]:
        """T + 1 of them."""
        states = [self.start]
        for action in self.actions:
            states.append(world.moves[states[-1], action][0])
        return states

    def returns(self, world: World) -> NDArray[np.float64]:
        rewards = [world.moves[step][1] for step in zip(self.states(world), self.actions, strict=False)]
        return discounted_returns(np.array(rewards, np.float64), world.gamma)


def record(world: World, walks: Sequence[Walk]) -> Vectors:
    """Walks as a dataset has them; a final observation has the candidates of its state, and none after the end."""
    obs, cand, counts, chosen, rewards, terminated, truncated = [], [], [], [], [], [], []
    for walk in walks:
        states = walk.states(world)
        for t, state in enumerate(states):
            candidates = world.candidates(state)
            last, final = t == len(walk.actions), t == len(walk.actions) - 1
            obs.append(world.embed(state))
            cand += [world.embed(action) for action in candidates]
            counts.append(len(candidates))
            chosen.append(-1 if last else candidates.index(walk.actions[t]))
            rewards.append(0.0 if last else world.moves[state, walk.actions[t]][1])
            terminated.append(final and walk.ending == "terminated")
            truncated.append(final and walk.ending != "terminated")
    sizes = [len(walk.actions) + 1 for walk in walks]
    ends = np.cumsum([0, *sizes])
    reward = np.array(rewards, np.float32)
    returns = [discounted_returns(reward[a:b].astype(np.float64), DISCOUNT) for a, b in itertools.pairwise(ends)]
    return Vectors(
        obs=np.array(obs),
        cand=np.array(cand),
        cand_ptr=np.cumsum([0, *counts]),
        ep_ptr=ends,
        chosen=np.array(chosen, np.int32),
        propensity=np.full(len(obs), 0.5, np.float32),
        reward=reward,
        terminated=np.array(terminated),
        truncated=np.array(truncated),
        mc_return=np.concatenate(returns).astype(np.float32),
        split=np.zeros(len(walks), np.uint8),
        site=np.zeros(len(walks), np.uint8),
        success=np.zeros(len(walks), bool),
        failure=np.array([walk.ending == "broken" for walk in walks], np.uint8),
    )


def behaviour(world: World, walks: Sequence[Walk]) -> Table:
    """How often the walks take an action where they are in a state."""
    steps = Counter(step for walk in walks for step in zip(walk.states(world), walk.actions, strict=False))
    visits = Counter(state for state, _ in steps.elements())
    return {step: steps[step] / visits[step[0]] for step in world.moves}


def monte_carlo(world: World, walks: Sequence[Walk]) -> Table:
    """Mean of the returns that followed an action."""
    found: dict[tuple[int, int], list[float]] = {}
    for walk in walks:
        for step, value in zip(zip(walk.states(world), walk.actions, strict=False), walk.returns(world), strict=False):
            found.setdefault(step, []).append(value)
    return {step: float(np.mean(values)) for step, values in found.items()}


def along_the_walks(world: World, walks: Sequence[Walk]) -> Table:
    """SARSA's: Q(s, a) is the mean, over all times that the walks took a in s, of r + gamma Q of their next step.

    Where what they do in a state depends on how they got there, this is not the value of any policy that looks at the
    state alone.
    """
    following: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for walk in walks:
        steps = list(zip(walk.states(world), walk.actions, strict=False))
        for step, after in zip(steps, [*steps[1:], (END, END)], strict=True):
            following.setdefault(step, []).append(after)
    q: Table = {(END, END): 0.0}
    for _ in range(200):
        q |= {
            step: world.moves[step][1] + world.gamma * float(np.mean([q.get(after, 0.0) for after in afters]))
            for step, afters in following.items()
        }
    return q


Backup = Callable[[NDArray[np.float64], NDArray[np.float64]], float]
"""The value of a state from those of its candidates and how often the data takes each."""

Correction = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]
"""The values of a state's candidates from their targets and how often the data takes each."""


def solve(world: World, policy: Table, backup: Backup, correct: Correction = lambda targets, _: targets) -> Table:
    """Q(s, a) = correct(r + gamma backup(Q(s', .))), iterated until nothing changes."""
    q = dict.fromkeys(world.moves, 0.0)
    for _ in range(1000):
        value = {END: 0.0}
        for state in range(world.n_states):
            steps = [(state, action) for action in world.candidates(state)]
            value[state] = backup(np.array([q[s] for s in steps]), np.array([policy[s] for s in steps]))
        before, q = q, {step: r + world.gamma * value[following] for step, (following, r) in world.moves.items()}
        for state in range(world.n_states):
            steps = [(state, action) for action in world.candidates(state)]
            corrected = correct(np.array([q[s] for s in steps]), np.array([policy[s] for s in steps]))
            q |= dict(zip(steps, corrected.tolist(), strict=True))
        if max(abs(q[step] - before[step]) for step in q) < 1e-9:
            return q
    raise AssertionError("The values do not settle.")


def best(q: NDArray[np.float64], policy: NDArray[np.float64]) -> float:
    """Q-learning's."""
    return float(q.max())


def expectile(level: float) -> Backup:
    """IQL's: the v at which level * E[(q - v)+] = (1 - level) * E[(v - q)+], found by halving."""

    def backup(q: NDArray[np.float64], policy: NDArray[np.float64]) -> float:
        low, high = q.min(), q.max()
        for _ in range(60):
            v = (low + high) / 2
            excess = level * policy @ np.maximum(q - v, 0) - (1 - level) * policy @ np.maximum(v - q, 0)
            low, high = (v, high) if excess > 0 else (low, v)
        return float((low + high) / 2)

    return backup


def best_plausible(threshold: float) -> Backup:
    """BCQ's."""
    return lambda q, policy: float(q[policy > threshold * policy.max()].max())


def conservative(alpha: float) -> Correction:
    """CQL's over candidates: Q = y + alpha / 2 (1 - softmax(Q) / policy), by damped iteration."""

    def correct(targets: NDArray[np.float64], policy: NDArray[np.float64]) -> NDArray[np.float64]:
        q = targets
        for _ in range(2000):
            softmax = np.exp(q - q.max()) / np.exp(q - q.max()).sum()
            q = 0.9 * q + 0.1 * (targets + alpha / 2 * (1 - softmax / policy))
        return q

    return correct
