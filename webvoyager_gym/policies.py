"""Policies that draw lots: what datasets are collected with, each choice with its exact probability.

    softmax:T:AGENT          a candidate in proportion to exp(score / T), of an agent that scores candidates
    mixture:W*AGENT+W*AGENT  every step by one of several agents, drawn with these weights

A logged propensity is the probability with which the whole policy chooses that candidate in that state, whichever way
it was come by: of a mixture the weighted sum over its agents, not that of the one that was drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.agents import Agent, Choice, EpsilonGreedy, Random, load_agent

if TYPE_CHECKING:
    from webvoyager_gym.best_of_q import BestOfQEnv

Probabilities = NDArray[np.float64]
"""(N,) float64 that sum to 1."""


@dataclass(frozen=True)
class Softmax:
    """Candidates in proportion to exp(score / temperature): the better `base` thinks of one, the more often.

    Attributes:
        base: an agent that scores candidates, such as best-of-q.
        temperature: above 0, in units of the scores.
    """

    base: Agent
    temperature: float
    name: str = field(init=False)

    def __post_init__(self) -> None:
        if not 0.0 < self.temperature < math.inf:
            raise ValueError(f"The temperature of softmax is {self.temperature}; it has to be above 0.")
        object.__setattr__(self, "name", f"softmax:{self.temperature:g}:{self.base.name}")

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        """Draw a candidate.

        Raises:
            ValueError: the base does not score candidates.
        """
        probabilities, scores = self.weigh(env, random)
        return _drawn(probabilities, random, scores)

    def weigh(self, env: BestOfQEnv, random: np.random.Generator) -> tuple[Probabilities, NDArray[np.float32]]:
        """The probability of every candidate, and the scores that it comes from."""
        scores = self.base.choose(env, random).scores
        if scores is None:
            raise ValueError(f"The agent {self.base.name} does not score candidates; give Softmax one like best-of-q.")
        exponents = np.exp((scores.astype(np.float64) - scores.max()) / self.temperature)
        return exponents / exponents.sum(), scores


@dataclass(frozen=True)
class Mixture:
    """At every step one of several agents, drawn with fixed weights, chooses.

    Attributes:
        parts: (weight, agent); the weights sum to 1.
    """

    parts: tuple[tuple[float, Agent], ...]
    name: str = field(init=False)

    def __post_init__(self) -> None:
        weights = [weight for weight, _ in self.parts]
        if not weights or min(weights) <= 0 or not math.isclose(sum(weights), 1, abs_tol=1e-9):
            raise ValueError(f"The weights of a mixture are above 0 and sum to 1, and cannot be {weights}.")
        named = (f"{weight:g}*{agent.name}" for weight, agent in self.parts)
        object.__setattr__(self, "name", f"mixture:{'+'.join(named)}")

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        """Draw a candidate.

        Raises:
            ValueError: a part draws lots and does not say how likely each candidate was.
        """
        mixed = sum(weight * probabilities(agent, env, random) for weight, agent in self.parts)
        return _drawn(np.asarray(mixed), random)


def probabilities(agent: Agent, env: BestOfQEnv, random: np.random.Generator) -> Probabilities:
    """How likely an agent is to choose each candidate of the present state.

    Raises:
        ValueError: it draws lots and does not say.
    """
    count = len(env.candidates)
    match agent:
        case Random():
            return np.full(count, 1 / count)
        case EpsilonGreedy(base=base, epsilon=epsilon):
            return epsilon / count + (1 - epsilon) * probabilities(base, env, random)
        case Softmax():
            return agent.weigh(env, random)[0]
        case Mixture(parts=parts):
            return np.asarray(sum(weight * probabilities(part, env, random) for weight, part in parts))
    choice = agent.choose(env, random)
    if choice.propensity != 1.0:
        raise ValueError(f"The agent {agent.name} draws lots and says only how likely its choice was; mix others.")
    return np.eye(count)[choice.index]


def load_softmax(rest: str) -> Softmax:
    """The policy that "softmax:<rest>" names.

    Raises:
        ValueError: there is no temperature or no agent.
    """
    temperature, _, base = rest.partition(":")
    if not base:
        raise ValueError("The agent softmax needs a temperature and an agent; write softmax:0.1:best-of-q:PATH.")
    return Softmax(load_agent(base), _number("softmax", temperature))


def load_mixture(rest: str) -> Mixture:
    """The policy that "mixture:<rest>" names.

    Raises:
        ValueError: a part is not WEIGHT*AGENT, or the weights do not sum to 1.
    """
    return Mixture(tuple(_part(text) for text in _parts(rest)))


def _parts(rest: str) -> Sequence[str]:
    return rest.split("+") if rest else ()


def _part(text: str) -> tuple[float, Agent]:
    weight, times, agent = text.partition("*")
    if not times:
        raise ValueError(
            f"A part of a mixture is WEIGHT*AGENT, not {text!r}; write mixture:0.5*oracle-of-n+0.5*random."
        )
    return _number("mixture", weight), load_agent(agent)


def _number(agent: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"The agent {agent} needs a number, not {text!r}.") from None


def _drawn(
    probabilities: Probabilities, random: np.random.Generator, scores: NDArray[np.float32] | None = None
) -> Choice:
    # What is drawn is what is logged, to the last bit, however the sum was rounded.
    index = int(np.searchsorted(np.cumsum(probabilities), random.random() * probabilities.sum(), side="right"))
    index = min(index, int(np.flatnonzero(probabilities)[-1]))
    return Choice(index, min(1.0, float(probabilities[index])), scores)
