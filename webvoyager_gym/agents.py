"""Agents: who picks one of the N candidates that a frozen VLM proposed.

An agent is asked once a step and answers with a `Choice`. It is a small frozen value that can be pickled, so that
worker processes can be given one; whatever it draws comes from the generator it is handed.

    first             the VLM's own first choice
    random            any candidate, all equally likely
    majority          the candidate that the proposer's samples do most often; majority:16 for 16 samples
    vlm-selector      the candidate that the VLM picks when it is shown them; vlm-selector:MODEL for another VLM
    best-of-q:PATH    the candidate with the highest Q-value (Best-of-Q, arXiv 2601.22701, section 4)
    oracle-of-n       a candidate that is best according to the suite's expert: the most that choosing can give
    epsilon-greedy    the first choice (or another agent's), and now and then any candidate
    softmax, mixture  see `webvoyager_gym.policies`

N is the number of candidates of a state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.actions import Action
from webvoyager_gym.errors import WebVoyagerError, not_found
from webvoyager_gym.tasks import NoExpert
from webvoyager_gym.types import Candidate, PageView
from webvoyager_gym.vlm.base import embedding_id

if TYPE_CHECKING:
    from webvoyager_gym.best_of_q import BestOfQEnv
    from webvoyager_gym.q_function import QFunction


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One decision.

    Attributes:
        index: of the chosen candidate.
        propensity: the probability with which the agent chooses it in this state; above 0, at most 1.
        scores: (N,) float32, what the agent thinks of each candidate; None if it has no opinion.
    """

    index: int
    propensity: float = 1.0
    scores: NDArray[np.float32] | None = None


class Agent(Protocol):
    """Picks a candidate.

    Attributes:
        name: as tables and datasets give it.
    """

    @property
    def name(self) -> str: ...

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        """A choice among `env.candidates`, of which there is at least one."""
        ...


@dataclass(frozen=True)
class First:
    """The proposal that the VLM thinks most likely: what it would do without anyone choosing for it."""

    name: str = "first"

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        return Choice(0)


@dataclass(frozen=True)
class Random:
    """Any proposal, all equally likely."""

    name: str = "random"

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        count = len(env.candidates)
        return Choice(int(random.integers(count)), 1.0 / count)


@dataclass(frozen=True)
class BestOfQ:
    """The proposal with the highest Q-value; the VLM's order decides between equal ones."""

    q: QFunction
    name: str = "best-of-q"

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        """Score the candidates and take the best.

        Raises:
            WebVoyagerError: the environment has no embedder, or another one than the Q-function was trained with.
        """
        check_embedder(env, self.q.metadata.get("embedder", "null"), self.q.metadata.get("embedding_id", "null"))
        scores = self.q.score(env.state_embedding, env.candidate_embeddings[: len(env.candidates)])
        return Choice(int(scores.argmax()), 1.0, scores)


def check_embedder(env: BestOfQEnv, trained_with: str, trained_id: str = "null") -> None:
    """Raise WebVoyagerError unless an environment embeds as the data did that a Q-function was trained on.

    By what decides the embeddings if both say that, else by the embedders' names.

    Args:
        env: the environment.
        trained_with, trained_id: name and `embedding_id` of the data's embedder; "null" if they are not known.
    """
    if env.embedder is None:
        raise WebVoyagerError(
            "A Q-function scores embeddings and this environment has no embedder; make it with "
            'embedder="same", or the one that the Q-function was trained with.'
        )
    name, here = env.embedder.name, embedding_id(env.embedder)
    if trained_id == "null" or here is None:
        same, trained = trained_with in ("null", name), trained_with
    else:
        same, trained, name = trained_id == here, f"{trained_with} ({trained_id})", f"{name} ({here})"
    if not same:
        raise WebVoyagerError(
            f"The Q-function was trained on embeddings of {trained} and this environment's embedder is "
            f"{name}; use the former, or train a Q-function for the latter."
        )


@dataclass(frozen=True)
class OracleOfN:
    """A proposal that is best according to the expert, else the first: what a perfect choice among N could reach.

    It is no upper bound where the proposals hold no best action: how well an episode recovers is then luck.
    """

    name: str = "oracle-of-n"

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        best = best_candidates(env)
        return Choice(best.index(True) if True in best else 0, 1.0, np.array(best, np.float32))


@dataclass(frozen=True)
class EpsilonGreedy:
    """What `base` chooses with probability 1 - epsilon, else any candidate, that one included.

    Attributes:
        base: an agent whose choice is certain in every state.
        epsilon: from 0 to 1.
    """

    base: Agent
    epsilon: float
    name: str = field(init=False)

    def __post_init__(self) -> None:
        if not 0.0 <= self.epsilon <= 1.0:
            raise ValueError(f"epsilon is a probability, from 0 to 1, and cannot be {self.epsilon}.")
        object.__setattr__(self, "name", f"epsilon-greedy:{self.epsilon:g}:{self.base.name}")

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        """Choose; the propensity is that of the executed candidate, whichever way it was come by.

        Raises:
            ValueError: the base draws lots itself, so that it does not say how likely it was to choose another.
        """
        greedy = self.base.choose(env, random)
        if greedy.propensity != 1.0:
            raise ValueError(f"The agent {self.base.name} draws lots itself; give EpsilonGreedy one that does not.")
        count = len(env.candidates)
        explores = random.random() < self.epsilon
        index = int(random.integers(count)) if explores else greedy.index
        propensity = self.epsilon / count + (1.0 - self.epsilon) * (index == greedy.index)
        return Choice(index, propensity, greedy.scores)


# What counts as a best action.


def is_best(env: BestOfQEnv, candidate: Candidate) -> bool:
    """Whether a candidate of the present state is as good as the expert's next action.

    It is if it is one of the expert's equally good actions (`same_action`), or an answer that the task's own check
    accepts here, however it is worded. False where there is no expert, or where it sees no way to complete the task.
    """
    try:
        best = env.best_actions()
    except NoExpert:
        return False
    return _is_best(env, candidate, best)


def best_candidates(env: BestOfQEnv) -> tuple[bool, ...]:
    """`is_best` of each of `env.candidates`, with the expert asked once."""
    try:
        best = env.best_actions()
    except NoExpert:
        return (False,) * len(env.candidates)
    return tuple(_is_best(env, candidate, best) for candidate in env.candidates)


def _is_best(env: BestOfQEnv, candidate: Candidate, best: tuple[Action, ...]) -> bool:
    action = candidate.action
    if any(same_action(action, other, env.view) for other in best):
        return True
    return action.kind == "answer" and _is_right(env, action.argument)


def _is_right(env: BestOfQEnv, answer: str) -> bool:
    """Whether the task's check would accept an answer here."""
    outcome = env.check_answer(answer)
    return outcome.done and outcome.success


def same_action(action: Action, other: Action, view: PageView) -> bool:
    """Whether two actions do the same on a page.

    Equal actions do, with typed text, options and answers compared without regard to case and white space; so do
    clicks on two links that lead to the same other page, such as an item's picture and its name.
    """
    if (action.kind, action.enter, _folded(action)) != (other.kind, other.enter, _folded(other)):
        return False
    if action.mark == other.mark:
        return True
    return action.kind == "click" and _leads_to(action, view) == _leads_to(other, view) != ""


def _folded(action: Action) -> str:
    return " ".join(action.argument.casefold().split())


def _leads_to(click: Action, view: PageView) -> str:
    """The other page that a link leads to; "" for what is no link, or one within the page."""
    mark = view.mark(click.mark or 0)
    return "" if mark is None or mark.role != "link" or view.is_linked_by(mark) else mark.href


# Agents by name.


def load_agent(text: str) -> Agent:
    """The agent that a text names, as in the list above; "epsilon-greedy:0.5" explores around "first",
    "epsilon-greedy:0.1:best-of-q:PATH" around another agent.

    Raises:
        NotFound: there is no such agent, the nearest are named; or no such Q-function.
        InvalidFile: the Q-function's file is damaged or of another version.
        ValueError: what follows the name is missing, or none is taken.
    """
    name, _, rest = text.partition(":")
    if name not in _LOADERS:
        raise not_found("agent", name, _LOADERS)
    return _LOADERS[name](rest)


def register_agent(name: str, load: Callable[[str], Agent]) -> None:
    """Have `load_agent` know another agent.

    Args:
        name: what stands before the first colon, in the place of a name that is known already too.
        load: makes the agent from what follows the colon; raises as `load_agent` does.
    """
    _LOADERS[name] = load


def _plain(agent: Agent) -> Callable[[str], Agent]:
    def load(rest: str) -> Agent:
        if rest:
            raise ValueError(f"The agent {agent.name} takes nothing after its name, not {rest!r}; write {agent.name}.")
        return agent

    return load


def _best_of_q(rest: str) -> Agent:
    if not rest:
        raise ValueError(
            "The agent best-of-q needs a Q-function; write best-of-q:PATH, for example best-of-q:runs/q.safetensors."
        )
    from webvoyager_gym.q_function import QFunction

    return BestOfQ(QFunction.load(Path(rest)))


def _epsilon_greedy(rest: str) -> Agent:
    epsilon, _, base = rest.partition(":")
    try:
        value = float(epsilon)
    except ValueError:
        raise ValueError(
            f"The agent epsilon-greedy needs a probability, not {epsilon!r}; write epsilon-greedy:0.5."
        ) from None
    return EpsilonGreedy(load_agent(base or "first"), value)


def _vlm_selector(rest: str) -> Agent:
    from webvoyager_gym.vlm_agents import VLMSelector

    return VLMSelector(rest)


def _majority(rest: str) -> Agent:
    from webvoyager_gym.vlm_agents import SAMPLES, Majority

    if rest and not rest.isdecimal():
        raise ValueError(f"The agent majority takes a number of samples, not {rest!r}; write majority:{SAMPLES}.")
    return Majority(int(rest or SAMPLES))


def _softmax(rest: str) -> Agent:
    from webvoyager_gym.policies import load_softmax

    return load_softmax(rest)


def _mixture(rest: str) -> Agent:
    from webvoyager_gym.policies import load_mixture

    return load_mixture(rest)


_LOADERS: dict[str, Callable[[str], Agent]] = {
    "first": _plain(First()),
    "random": _plain(Random()),
    "majority": _majority,
    "vlm-selector": _vlm_selector,
    "oracle-of-n": _plain(OracleOfN()),
    "best-of-q": _best_of_q,
    "epsilon-greedy": _epsilon_greedy,
    "softmax": _softmax,
    "mixture": _mixture,
}
