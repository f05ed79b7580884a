"""The environments as Gymnasium knows them: spaces, checks, vector environments, pickling, errors, determinism."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Iterator
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import webvoyager_gym
from tests.repeating import assert_repeats
from webvoyager_gym.actions import parse
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.browser.loop import browser_loop
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.errors import EnvClosed, NotFound

IDS = ("WebVoyager-v0", "WebVoyager-BestOfQ-v0")
SMALL: dict[str, Any] = {"viewport": (640, 480), "max_steps": 3}
TASK = "shop/listed-fact/train-3"

assert webvoyager_gym.__version__


@pytest.fixture(scope="module")
def env() -> Iterator[WebVoyagerEnv]:
    environment = WebVoyagerEnv(render_mode="rgb_array")
    yield environment
    environment.close()


@pytest.fixture(scope="module")
def best_of_q() -> Iterator[BestOfQEnv]:
    environment = BestOfQEnv(render_mode="rgb_array")
    yield environment
    environment.close()


@pytest.mark.filterwarnings("ignore:.*infinity.*", "ignore:.*render_modes.*", "ignore:.*not symmetric and normalized.*")
@pytest.mark.filterwarnings("ignore:.*WARN.*")
@pytest.mark.parametrize("name", IDS)
def test_gymnasiums_own_checker_passes(name: str) -> None:
    env = gym.make(name, disable_env_checker=True, render_mode="rgb_array", **SMALL)
    check_env(env.unwrapped)
    env.close()


@pytest.mark.parametrize("name", IDS)
def test_a_spec_survives_pickling_and_makes_an_equal_environment(name: str) -> None:
    spec = gym.make(name, **SMALL).spec
    again = gym.make(pickle.loads(pickle.dumps(spec)))  # noqa: S301 - our own bytes
    assert again.spec == spec
    space = pickle.loads(pickle.dumps(again.observation_space))  # noqa: S301 - our own bytes
    assert space == again.observation_space
    again.close()


@pytest.mark.parametrize("name", IDS)
def test_runs_under_sync_and_async_vector_environments(name: str) -> None:
    """Same seeds, same observations in both, shared memory on."""
    actions = ["scroll [window] down"] * 2 if name == "WebVoyager-v0" else np.zeros(2, np.int64)
    seen: list[tuple[Any, Any]] = []
    for kind in (gym.vector.SyncVectorEnv, gym.vector.AsyncVectorEnv):
        envs = kind([lambda: gym.make(name, disable_env_checker=True, **SMALL)] * 2)
        observation: Any
        after: Any
        observation, info = envs.reset(seed=[1, 2])
        assert not any(info["failure"])
        assert observation["screenshot"].shape == (2, 480, 640, 3)
        after, reward, _, _, info = envs.step(actions)
        assert not any(info["failure"])
        assert reward.shape == (2,)
        seen.append((observation, after))
        envs.close()
    for one, other in zip(*seen, strict=True):
        np.testing.assert_array_equal(one["screenshot"], other["screenshot"])
        assert tuple(one["outline"]) == tuple(other["outline"])


def test_works_inside_a_running_event_loop(env: WebVoyagerEnv) -> None:
    async def notebook() -> str:
        observation, _ = env.reset(seed=1)
        return str(observation["outline"])

    assert "[1]" in asyncio.run(notebook())


def test_what_is_sampled_is_valid_on_the_page_shown(env: WebVoyagerEnv) -> None:
    observation, _ = env.reset(seed=5)
    env.action_space.seed(0)
    kinds = set()
    for _ in range(300):
        text = env.action_space.sample()
        action = parse(text)
        assert env.action_space.contains(text)
        assert action.text == text
        assert action.mark is None or 1 <= action.mark <= len(env.view.marks)
        kinds.add(action.kind)
    assert {"click", "type", "scroll", "answer", "wait", "back", "restart", "press", "hover"} <= kinds
    assert env.observation_space.contains(observation)


def test_the_same_seed_gives_byte_equal_episodes_in_the_order_a_b_b_a(env: WebVoyagerEnv) -> None:
    def episode(seed: int) -> list[bytes]:
        observation, _ = env.reset(seed=seed)
        env.action_space.seed(seed)
        frames = [observation["screenshot"].tobytes()]
        for _ in range(3):
            observation, _, terminated, truncated, _ = env.step(env.action_space.sample())
            frames.append(observation["screenshot"].tobytes())
            if terminated or truncated:
                break
        return frames

    assert_repeats(episode)


def test_an_action_that_does_not_parse_is_an_observation(env: WebVoyagerEnv) -> None:
    env.reset(options={"task_id": TASK})
    for bad in (
        "",
        "dance",
        "click [999]",
        "click [x]",
        'type [1] "unclosed',
        'press "F13"',
        "answer",
        "\x00",
        "click " * 1000,
    ):
        observation, reward, terminated, _, info = env.step(bad)
        assert observation["last_error"], bad
        assert (reward, terminated, info["failure"]) == (0.0, False, "")
        if info["action"] == "" and "15" in str(observation["step"]):
            break


def test_an_answer_that_quotes_an_action_is_an_answer(env: WebVoyagerEnv) -> None:
    env.reset(options={"task_id": TASK})
    _, reward, terminated, _, info = env.step('answer "I would click [3] now"')
    assert terminated
    assert reward == 0.0
    assert info["answer"] == "I would click [3] now"
    assert info["reason"] == "the answer is wrong"


def test_a_right_answer_is_rewarded_and_ends_the_episode(env: WebVoyagerEnv) -> None:
    env.reset(options={"task_id": TASK})
    session = env.session
    _, reward, terminated, truncated, info = env.step(f'answer "{session.expected.text}"')  # type: ignore[attr-defined]
    assert (reward, terminated, truncated, info["success"]) == (1.0, True, False, True)
    with pytest.raises(EnvClosed, match=r"reset\(\)"):
        env.step("wait")


def test_out_of_steps_is_truncated_without_a_failure() -> None:
    env = WebVoyagerEnv(max_steps=2, task_id=TASK)
    env.reset()
    assert env.step("wait")[2:4] == (False, False)
    _, reward, terminated, truncated, info = env.step("wait")
    assert (reward, terminated, truncated, info["failure"]) == (0.0, False, True, "")
    env.close()


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        ({"suite": "locl"}, "local"),
        ({"suite": "local?look=blue"}, "look=7"),
        ({"site": "shopp"}, "shop"),
        ({"split": "tset"}, "test"),
        ({"task_id": "shop/listed-fakt/train-3"}, "listed-fact"),
        ({"task_id": "nonsense"}, "/test-"),
        ({"render_mode": "human"}, "rgb_array"),
    ],
)
def test_unknown_names_list_the_nearest_valid_ones(arguments: dict[str, str], near: str) -> None:
    with pytest.raises(NotFound, match=near):
        WebVoyagerEnv(**arguments)  # type: ignore[arg-type]


def test_a_suite_with_another_look_has_the_same_tasks() -> None:
    tasks, pictures = set(), set()
    for look in (3, 4):
        env = WebVoyagerEnv(suite=f"local?look={look}")
        assert env.suite.name == f"local?look={look}"
        observation, _ = env.reset(options={"task_id": "papers/affiliation/train-3"})
        tasks.add((observation["goal"], observation["url"], observation["title"]))
        pictures.add(observation["screenshot"].tobytes())
        env.close()
    assert len(tasks) == 1
    assert len(pictures) == 2


def test_a_closed_environment_says_so() -> None:
    env = WebVoyagerEnv()
    env.close()
    env.close()
    with pytest.raises(EnvClosed, match="closed"):
        env.reset()
    with pytest.raises(EnvClosed, match="closed"):
        env.step("wait")


def test_a_step_before_the_first_reset_says_so() -> None:
    env = WebVoyagerEnv()
    with pytest.raises(EnvClosed, match=r"reset\(\)"):
        env.step("wait")
    env.close()


def test_candidates_are_valid_distinct_and_ordered(best_of_q: BestOfQEnv) -> None:
    observation, info = best_of_q.reset(seed=3)
    assert best_of_q.observation_space.contains(observation)
    texts = [candidate.text for candidate in best_of_q.candidates]
    assert len(set(texts)) == len(texts) == int(info["action_mask"].sum())
    assert list(info["log_probs"][: len(texts)]) == sorted(info["log_probs"][: len(texts)], reverse=True)
    assert observation["candidates"][: len(texts)] == tuple(texts)
    assert info["cost"]["passes"] == 1
    embeddings = observation["candidate_embeddings"]
    assert len({row.tobytes() for row in embeddings[: len(texts)]}) == len(texts)
    assert int(best_of_q.action_space.sample(info["action_mask"])) < len(texts)


def test_a_step_executes_the_candidate(best_of_q: BestOfQEnv) -> None:
    best_of_q.reset(seed=3)
    chosen = best_of_q.candidates[1].text
    observation, _, _, _, info = best_of_q.step(1)
    assert info["action"] == chosen
    assert observation["step"] == 1


def test_a_masked_action_is_an_observation(best_of_q: BestOfQEnv) -> None:
    best_of_q.reset(seed=3)
    observation, reward, terminated, _, info = best_of_q.step(17)
    assert "no candidate 17" in observation["last_error"]
    assert (reward, terminated, info["failure"]) == (0.0, False, "")


def test_rendering_shows_page_and_candidates(best_of_q: BestOfQEnv) -> None:
    best_of_q.reset(seed=3)
    plain = best_of_q.render()
    assert plain is not None
    assert plain.dtype == np.uint8
    assert plain.shape[0] == 768
    assert plain.shape[1] > 1024
    np.testing.assert_array_equal(plain[:, :1024], best_of_q.view.screenshot)
    best_of_q.show_scores(np.array([0.1, 0.9, 0.2], np.float32))
    scored = best_of_q.render()
    assert scored is not None
    assert not np.array_equal(plain, scored)


def test_a_browser_that_dies_is_an_infrastructure_failure_and_the_next_reset_works() -> None:
    env = WebVoyagerEnv(task_id=TASK)
    env.reset()
    assert env.episode.page is not None
    browser_loop().run(env.episode.page.page.context.close(), 10)
    _, reward, terminated, truncated, info = env.step("scroll [window] down")
    assert (reward, terminated, truncated, info["failure"]) == (0.0, False, True, "browser")
    _, info = env.reset()
    assert info["failure"] == ""
    env.close()
