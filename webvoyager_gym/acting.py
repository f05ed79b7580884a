"""An agent acts in an environment until the episode is over. What is noted of each state is the caller's affair."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from webvoyager_gym.agents import Agent, Choice
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.worker import Beat

if TYPE_CHECKING:
    from webvoyager_gym.best_of_q import BestOfQEnv

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Act(Generic[T]):
    """One action.

    Attributes:
        seen: what was noted of the state before it.
        choice: the agent's.
        reward: of the action.
        terminated: whether the task ended with it.
        truncated: whether the episode was broken off with it.
        error: why it could not be carried out, "" if it was.
        info: what the environment said of it.
        seconds: from the choice to the next observation.
    """

    seen: T
    choice: Choice
    reward: float
    terminated: bool
    truncated: bool
    error: str
    info: dict[str, Any]
    seconds: float


@dataclass(frozen=True, slots=True)
class Acted(Generic[T]):
    """An episode from its first to its last action.

    Attributes:
        acts: the actions.
        info: the environment's last word, or what the agent's failure was.
        unchosen: whether it ended because something the agent stands on failed before it chose.
        seconds: the reset and all actions.
        cost: the sum of `info["cost"]`.
    """

    acts: tuple[Act[T], ...]
    info: dict[str, Any]
    unchosen: bool
    seconds: float
    cost: dict[str, float]


def act(
    env: BestOfQEnv,
    agent: Agent,
    task_id: str,
    *,
    seed: int,
    see: Callable[[int], T],
    beat: Beat = lambda: None,
) -> Acted[T]:
    """Run one episode of one agent.

    Args:
        seed: of `reset` and, together with the task, of what the agent draws.
        see: notes what is to be kept of the present state; is given the number of the action to come.
        beat: called after every action.
    """
    random = np.random.default_rng([seed, zlib.crc32(task_id.encode())])
    started = time.perf_counter()
    _, info = env.reset(seed=seed, options={"task_id": task_id})
    seconds = time.perf_counter() - started
    cost = dict(info["cost"])
    acts: list[Act[T]] = []
    over = unchosen = False
    while not (info["failure"] or over):
        try:
            seen = see(len(acts))
            started = time.perf_counter()
            choice = agent.choose(env, random)
        except InfrastructureFailure as broken:
            info = {**info, "failure": broken.part, "success": False, "reason": str(broken)}
            unchosen = True
            break
        _, reward, terminated, truncated, info = env.step(choice.index)
        spent = time.perf_counter() - started
        error = env.prompt.last_error
        acts.append(Act(seen, choice, float(reward), terminated, truncated, error, info, spent))
        over = terminated or truncated
        seconds += spent
        cost = {key: cost.get(key, 0.0) + value for key, value in info["cost"].items()}
        beat()
    return Acted(tuple(acts), info, unchosen, seconds, cost)
