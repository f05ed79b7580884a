"""Any trained algorithm as an agent: `values:PATH`, where PATH is the model.safetensors of a training.

It takes the candidate that the algorithm's `predict_values` puts highest, so it is "best-of-q" for what chooses by more
than a Q-function as well: BCQ, the Decision Transformer, and the continuous algorithms. `python -m algorithms.evaluate`
knows it beside the agents of `webvoyager-gym evaluate`.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from algorithms.checkpoint import load_checkpoint
from algorithms.decision_transformer import CandidateDT
from algorithms.updates import Algorithm
from webvoyager_gym.agents import Choice, check_embedder, register_agent

if TYPE_CHECKING:
    from webvoyager_gym.best_of_q import BestOfQEnv


@dataclass(frozen=True)
class ValuesAgent:
    """The candidate that a trained algorithm values most; the VLM's order decides between equal ones.

    It is pickled as its path, and each process reads the file once.

    Attributes:
        path: of the model.safetensors.
        name: as tables give it: "values:" and the folder of the training, so that seeds are told apart.
    """

    path: Path
    name: str

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        """Value the candidates and take the best.

        Raises:
            WebVoyagerError: the environment has no embedder, or another one than the algorithm was trained with.
        """
        algo, embedder, embedding = _loaded(self.path)
        check_embedder(env, embedder, embedding)
        state, candidates = env.state_embedding[None], env.candidate_embeddings[None, : len(env.candidates)]
        if isinstance(algo, CandidateDT):
            states, actions = _REMEMBERED.setdefault(env, Memory()).past(env)
            scores = algo.predict_values_after([state, candidates], states[None], actions[None])[0]
        else:
            scores = algo.predict_values([state, candidates])[0]
        return Choice(int(scores.argmax()), 1.0, scores)


class Memory:
    """What an agent that reads a history has seen of the running episode of one environment."""

    def __init__(self) -> None:
        self._episode: tuple[str, int] | None = None
        self._seen: dict[int, tuple[NDArray[np.float16], NDArray[np.float16], tuple[str, ...]]] = {}

    def past(self, env: BestOfQEnv) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
        """State embeddings and executed candidates' (K, D) of the steps so far; the present one is remembered.

        What was executed is read off the environment, since an agent around this one may choose otherwise. The past
        begins after the last step that this agent was not asked at.
        """
        taken, episode = env.taken, (env.task.id, env.seed)
        here = len(taken)
        kept = self._seen if episode == self._episode else {}
        self._episode, self._seen = episode, {step: seen for step, seen in kept.items() if step < here}
        states, actions = [], []
        for step in reversed(range(here)):
            if step not in self._seen or taken[step] not in self._seen[step][2]:
                break
            state, candidates, texts = self._seen[step]
            states.append(state)
            actions.append(candidates[texts.index(taken[step])])
        texts = tuple(candidate.text for candidate in env.candidates)
        self._seen[here] = (env.state_embedding, env.candidate_embeddings, texts)
        shape = (len(states), len(env.state_embedding))
        return np.array(states[::-1], np.float16).reshape(shape), np.array(actions[::-1], np.float16).reshape(shape)


_REMEMBERED: WeakKeyDictionary[BestOfQEnv, Memory] = WeakKeyDictionary()


@functools.lru_cache(maxsize=8)
def _loaded(path: Path) -> tuple[Algorithm, str, str]:
    algo, metadata = load_checkpoint(path)
    embedder, embedding = (metadata.get(key) for key in ("embedder", "embedding_id"))
    return algo, _said(embedder), _said(embedding)


def _said(name: object) -> str:
    return name if isinstance(name, str) else json.dumps(name)


def load_values_agent(text: str) -> ValuesAgent:
    """The agent for a path.

    Raises:
        NotFound, InvalidFile: as `load_checkpoint` does.
        ValueError: there is no path.
    """
    if not text:
        raise ValueError("The agent values needs a trained algorithm; write values:runs/bcq-0/model.safetensors.")
    path = Path(text).resolve()
    _loaded(path)
    return ValuesAgent(path, f"values:{path.parent.name}")


register_agent("values", load_values_agent)
