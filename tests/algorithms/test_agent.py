"""Any trained algorithm as an agent on a page, and what one that reads a history remembers of it."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import algorithms.agent
from algorithms.agent import Memory, ValuesAgent
from algorithms.checkpoint import load_checkpoint, save_checkpoint
from algorithms.d3rlpy_import import d3rlpy
from tests.algorithms.fitting import small
from tests.collecting import SIZE, Clicks
from webvoyager_gym.agents import EpsilonGreedy, load_agent
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.errors import NotFound, WebVoyagerError


@pytest.fixture(scope="module")
def env() -> Iterator[BestOfQEnv]:
    environment = BestOfQEnv(proposer=Clicks())
    yield environment
    environment.close()


def trained(name: str, folder: Path, embedder: str = "clicks") -> Path:
    """A checkpoint of networks that have learnt nothing."""
    d3rlpy.seed(0)
    algo = small(name).create("cpu:0")
    continuous = name.startswith("continuous-")
    algo.create_impl((SIZE,), SIZE if continuous else 3)
    path = folder / f"{name}.safetensors"
    save_checkpoint(path, algo, {"embedder": embedder})
    return path


def test_it_takes_what_the_algorithm_values_most(env: BestOfQEnv, tmp_path: Path) -> None:
    env.reset(seed=0)
    random = np.random.default_rng(0)
    for name in ("iql", "bcq", "continuous-td3-bc"):
        path = trained(name, tmp_path)
        agent = load_agent(f"values:{path}")
        assert agent.name == f"values:{tmp_path.name}"
        assert isinstance(pickle.loads(pickle.dumps(agent)), ValuesAgent)  # noqa: S301 - our own, as workers get it
        choice = agent.choose(env, random)
        algo, _ = load_checkpoint(path)
        values = algo.predict_values([env.state_embedding[None], env.candidate_embeddings[None]])[0]
        assert choice.scores is not None
        np.testing.assert_array_equal(choice.scores, values)
        assert (choice.index, choice.propensity) == (values.argmax(), 1.0)
    with pytest.raises(WebVoyagerError, match="trained on embeddings of other"):
        load_agent(f"values:{trained('bc', tmp_path, 'other')}").choose(env, random)


def test_a_decision_transformer_sees_what_was_done_before(env: BestOfQEnv, tmp_path: Path) -> None:
    """Also where an agent around it chose otherwise, and not what was done in another episode."""
    env.reset(seed=0)
    path, random = trained("decision-transformer", tmp_path), np.random.default_rng(0)
    algo, _ = load_checkpoint(path)
    agent, memory = EpsilonGreedy(load_agent(f"values:{path}"), 1.0), Memory()
    for episode in range(2):
        states: list[np.ndarray] = []
        actions: list[np.ndarray] = []
        for _ in range(3):
            past_states, past_actions = memory.past(env)
            np.testing.assert_array_equal(past_states, np.reshape(states, (-1, SIZE)))
            np.testing.assert_array_equal(past_actions, np.reshape(actions, (-1, SIZE)))
            choice = agent.choose(env, random)
            here = [env.state_embedding[None], env.candidate_embeddings[None]]
            expected = algo.predict_values_after(here, past_states[None], past_actions[None])[0]
            assert choice.scores is not None
            np.testing.assert_allclose(choice.scores, expected, rtol=1e-6)
            other = (choice.index + 1) % len(env.candidates)
            states.append(env.state_embedding)
            actions.append(env.candidate_embeddings[other])
            env.step(other)
        env.reset(seed=1 + episode)


def test_texts_that_name_no_agent_say_why(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="write values:"):
        algorithms.agent.load_values_agent("")
    with pytest.raises(NotFound, match="no trained algorithm"):
        load_agent(f"values:{tmp_path / 'none'}")
