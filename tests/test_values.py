"""Coming back to a state and trying every candidate there, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.scripted import Scripted
from webvoyager_gym.agents import Random
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.evaluate import candidate_values
from webvoyager_gym.tasks.local import LocalTask

TASK = LocalTask("shop", "add-to-wish-list", "train", 0)
GAMMA = 0.9


def experts_way() -> list[str]:
    """The actions that complete the task, by the expert."""
    env = WebVoyagerEnv()
    env.reset(options={"task_id": TASK.id})
    terminated = False
    while not terminated:
        _, _, terminated, truncated, info = env.step(env.best_actions()[0].text)
        assert not truncated, info["reason"]
    env.close()
    return list(env.taken)


@pytest.fixture(scope="module")
def way() -> list[str]:
    return experts_way()


@pytest.fixture
def env(way: list[str]) -> Iterator[BestOfQEnv]:
    """Proposes everywhere: the way's first action, a way home, a wrong answer."""
    env = BestOfQEnv(proposer=Scripted({TASK.goal: [way[0], "click [1]", 'answer "x"']}), embedder=None, max_steps=6)
    env.reset(seed=3, options={"task_id": TASK.id})
    yield env
    env.close()


def test_a_branch_comes_back_to_the_same_bytes(env: BestOfQEnv) -> None:
    first, _, _, _, _ = env.step(0)
    env.step(1)
    again, reward, terminated, truncated, info = env.branch(env.taken[:1])
    assert (reward, terminated, truncated, info["failure"]) == (0.0, False, False, "")
    assert env.taken == (env.candidates[0].text,)
    assert env.seed == 3
    for key, value in first.items():
        assert np.array_equal(value, again[key]), key


def test_a_branch_may_end_the_episode_but_not_before_its_last_action(env: BestOfQEnv, way: list[str]) -> None:
    _, reward, terminated, _, info = env.branch(way)
    assert (reward, terminated, info["success"]) == (1.0, True, True)
    with pytest.raises(ValueError, match="ended with action"):
        env.branch([*way, "click [1]"])


def test_values_are_those_of_trying(env: BestOfQEnv, way: list[str]) -> None:
    values = candidate_values(env, gamma=GAMMA)
    assert values.actions == (way[0], "click [1]", 'answer "x"')
    assert values.best == pytest.approx([GAMMA ** (len(way) - 1), GAMMA ** len(way), 0.0])
    # The first proposal is the same search again and again.
    assert values.policy.tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(values.error).all()
    assert env.taken == ()
    assert len(env.candidates) == 3


def test_a_policy_that_draws_lots_has_a_standard_error(env: BestOfQEnv, way: list[str]) -> None:
    env.branch(way[:-1])
    env.proposer = Scripted({TASK.goal: [way[-1], "click [1]"]})
    env.branch(way[:-1])
    values = candidate_values(env, gamma=GAMMA, policy=Random(), rollouts=4)
    assert values.policy[0] == 1.0
    assert values.error[0] == 0.0
    assert values.best[0] == 1.0
    assert 0.0 <= values.policy[1] < 1.0
