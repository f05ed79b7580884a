"""What each candidate of a state is truly worth: found out by trying it, since local pages can be come back to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.agents import Agent, First
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.tasks import NoExpert


@dataclass(frozen=True, slots=True, eq=False)
class CandidateValues:
    """Discounted values of the n candidates of one state; the reward is 1 when the task is done.

    Attributes:
        actions: the candidates as text.
        best: (n,) float64, with the expert acting afterwards: what is still achievable.
        policy: (n,) float64, mean over rollouts with the policy acting afterwards.
        error: (n,) float64, standard error of `policy`; nan with a single rollout.
    """

    actions: tuple[str, ...]
    best: NDArray[np.float64]
    policy: NDArray[np.float64]
    error: NDArray[np.float64]


def candidate_values(
    env: BestOfQEnv, *, gamma: float = 0.99, policy: Agent | None = None, rollouts: int = 1, seed: int = 0
) -> CandidateValues:
    """Values of the candidates of an environment's present state, found by trying each; then back to the state.

    An episode still ends after the environment's `max_steps`, so a value may be 0 because the steps ran out.

    Args:
        env: of a suite whose pages follow from task and actions, such as "local"; its episode is running.
        policy: who acts after the candidate; the first proposal if None.
        rollouts: of the policy, for each candidate; more than one is of use only if it draws lots.
        seed: of what the policy draws.

    Raises:
        InfrastructureFailure: a part failed on the way; the values found so far would not compare.
    """
    follower = policy or First()
    prefix, candidates = env.taken, tuple(candidate.text for candidate in env.candidates)
    best = np.zeros(len(candidates))
    returns = np.zeros((len(candidates), rollouts))
    for number, action in enumerate(candidates):
        best[number] = _with_expert(env, [*prefix, action], gamma)
        for rollout in range(rollouts):
            random = np.random.default_rng([seed, number, rollout])
            returns[number, rollout] = _with_policy(env, [*prefix, action], gamma, follower, random)
    _checked(env.branch(prefix)[4])
    error = returns.std(1, ddof=1) / np.sqrt(rollouts) if rollouts > 1 else np.full(len(candidates), np.nan)
    return CandidateValues(candidates, best, returns.mean(1), error)


def _with_expert(env: BestOfQEnv, actions: list[str], gamma: float) -> float:
    """The return of the last action, discounted from there, with the expert acting after it."""
    _, reward, terminated, truncated, info = WebVoyagerEnv.branch(env, actions)
    _checked(info)
    discount = 1.0
    while not (terminated or truncated):
        try:
            action = env.best_actions()[0].text
        except NoExpert:
            return 0.0
        _, reward, terminated, truncated, info = WebVoyagerEnv.step(env, action)
        _checked(info)
        discount *= gamma
    return discount * reward


def _with_policy(
    env: BestOfQEnv, actions: list[str], gamma: float, policy: Agent, random: np.random.Generator
) -> float:
    """The return of the last action, discounted from there, with the policy acting after it."""
    _, reward, terminated, truncated, info = env.branch(actions)
    _checked(info)
    discount = 1.0
    while not (terminated or truncated):
        _, reward, terminated, truncated, info = env.step(policy.choose(env, random).index)
        _checked(info)
        discount *= gamma
    return discount * reward


def _checked(info: dict[str, object]) -> None:
    if info["failure"]:
        raise InfrastructureFailure(info["failure"], str(info["reason"]))  # type: ignore[arg-type]
