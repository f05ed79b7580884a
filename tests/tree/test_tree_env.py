"""WebVoyager-BestOfQ-Tree-v0 over a tree that knows everything: without a browser, and as Gymnasium has it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import webvoyager_gym  # noqa: F401 - registers the environment
from tests.tree.trees import COST, grow, page
from webvoyager_gym.errors import NotFound, WebVoyagerError
from webvoyager_gym.tree import TransitionTree
from webvoyager_gym.tree.env import TreeEnv
from webvoyager_gym.tree.merge import merge

NAME = "WebVoyager-BestOfQ-Tree-v0"
FIRST, SECOND = "shop/listed-fact/train-0", "shop/listed-fact/train-1"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A finished tree of two tasks: a click leads on, twice; the answer is right on the last page."""
    folder = tmp_path_factory.mktemp("trees")
    grow(folder / "grown")
    with TransitionTree(folder / "grown") as grown:
        return str(merge(grown, folder / "tree-v0", id="local/tree-v0").folder)


@pytest.fixture(scope="module")
def env(tree: str) -> Iterator[TreeEnv]:
    env = TreeEnv(tree, unknown="truncate", screenshots=True)
    yield env
    env.close()


@pytest.mark.filterwarnings("ignore:.*WARN.*")
def test_gymnasiums_own_checker_passes(tree: str) -> None:
    for screenshots in (False, True):
        env = gym.make(NAME, tree=tree, unknown="truncate", screenshots=screenshots)
        check_env(env.unwrapped)
        env.close()


def test_a_walk_gives_what_was_seen(env: TreeEnv) -> None:
    observation, info = env.reset(seed=0, options={"task_id": FIRST})
    random = np.random.default_rng(0)
    first = page(random, "0-0")
    np.testing.assert_array_equal(observation["screenshot"], first.screenshot)
    assert (observation["goal"], observation["url"], observation["outline"]) == (
        "Find lamp 0.",
        first.url,
        first.outline,
    )
    assert observation["candidates"] == ("click [1]", 'answer "42"')
    assert info["known"].tolist() == [1, 1]
    assert {name: value for name, value in info["cost"].items() if name != "seconds"} == COST
    vectors = random.normal(size=(3, 6)).astype(np.float16)
    np.testing.assert_array_equal(observation["state_embedding"], vectors[0].astype(np.float32))
    np.testing.assert_array_equal(observation["candidate_embeddings"], vectors[1:].astype(np.float32))
    assert [action.text for action in env.best_actions()] == ['answer "42"']
    observation, reward, terminated, truncated, info = env.step(0)
    assert (observation["title"], reward, terminated, truncated, info["failure"]) == ("0-1", 0.0, False, False, "")
    assert env.prompt.history == ('click link "Lamp 1 Größe"',)
    env.step(0)
    assert env.check_answer("42").success
    observation, reward, terminated, truncated, info = env.step(1)
    assert (reward, terminated, truncated) == (1.0, True, False)
    assert (info["reason"], info["answer"], info["known"].tolist()) == ("the answer is judged", "42", [0, 0])


def test_where_nobody_has_been_the_episode_ends_with_the_failure_tree(env: TreeEnv) -> None:
    env.reset(options={"task_id": FIRST})
    _, reward, terminated, truncated, info = env.step(7)
    assert (reward, terminated, truncated, info["failure"]) == (0.0, False, True, "tree")
    _, info = env.reset(options={"task_id": "shop/listed-fact/train-77"})
    assert info["failure"] == "tree"
    observation, info = env.reset(options={"task_id": SECOND})
    assert (observation["goal"], info["failure"]) == ("Find lamp 1.", "")


def test_without_a_browser_an_unknown_branch_is_the_failure_tree(tree: str) -> None:
    env = TreeEnv(tree, browser="/nowhere/chromium")
    env.reset(options={"task_id": FIRST})
    _, _, _, truncated, info = env.step(7)
    assert (truncated, info["failure"]) == (True, "tree")
    assert "no browser" in info["reason"]
    env.close()


def test_tasks_are_those_of_the_tree(env: TreeEnv) -> None:
    assert (env.suite.name, env.suite.sites, env.suite.splits) == ("local", ("shop",), ("train",))
    drawn = {env.reset(seed=seed)[1]["task_id"] for seed in range(12)}
    assert drawn == {FIRST, SECOND}
    with pytest.raises(NotFound):
        TreeEnv(env.tree.name, site="papers")


def test_other_settings_than_the_trees_are_refused(tree: str) -> None:
    with pytest.raises(WebVoyagerError, match="viewport"):
        TreeEnv(tree, viewport=(640, 480))
    with pytest.raises(WebVoyagerError, match="n_candidates"):
        TreeEnv(tree, n_candidates=3)


def test_a_new_tree_has_to_be_told_what_it_is_to_be_grown_from(tmp_path: Path) -> None:
    grow(tmp_path / "empty", tasks=0)
    with pytest.raises(NotFound, match="give the suite"):
        TreeEnv(tmp_path / "empty")


def test_a_spec_survives_and_environments_can_be_many(tree: str) -> None:
    envs = gym.vector.SyncVectorEnv(
        [lambda: gym.make(NAME, tree=tree, unknown="truncate", disable_env_checker=True)] * 2
    )
    observation: Any
    envs.reset(seed=[0, 1])
    observation, reward, *_ = envs.step([0, 1])
    assert observation["state_embedding"].shape == (2, 6)
    assert reward.shape == (2,)
    envs.close()
    assert multiprocessing.active_children() == []
