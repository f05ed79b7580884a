"""WebVoyager-BestOfQ-v0: the candidates of a frozen VLM as a discrete action space (arXiv 2601.22701)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.actions import MAX_ACTION_LENGTH, CandidateMask
from webvoyager_gym.env import Arrival, Observation, WebVoyagerEnv
from webvoyager_gym.errors import EnvClosed, NoEmbeddings
from webvoyager_gym.measured import Measured
from webvoyager_gym.overlay import draw_candidates
from webvoyager_gym.proposals import Proposals, proposals
from webvoyager_gym.spaces import UnicodeText, clip
from webvoyager_gym.types import Candidate, Screenshot
from webvoyager_gym.vlm import Embedder, Proposer, load_embedder, load_proposer
from webvoyager_gym.vlm.base import shares

Recalled = tuple[Proposals, Mapping[str, float]]
"""What the models said of a state, and what that took when they were asked."""


class BestOfQEnv(WebVoyagerEnv):
    """A web page and what a frozen VLM would do there: `step(i)` executes candidate i.

    Beside what `WebVoyagerEnv` observes:

    - candidates: N texts, the most likely first; "" where the VLM proposed fewer
    - action_mask: (N,) int8, 1 where there is a candidate; also in `info`, for `action_space.sample(mask)`
    - state_embedding: (D,) float32, only with an embedder
    - candidate_embeddings: (N, D) float32, zeros where there is no candidate, only with an embedder

    A masked action is no exception: nothing is executed and `last_error` says why. `info` has, beside what
    `WebVoyagerEnv` gives, action_mask, log_probs ((N,) float32, -inf where unknown or where there is no candidate) and
    cost (tokens, passes and seconds of the models in this step).

    Args:
        n_candidates: N.
        proposer: a name for `webvoyager_gym.vlm.load_proposer`, or a `Proposer`.
        embedder: likewise an `Embedder`; "same" for the proposer itself, None for no embeddings.
        cache: a file that keeps what named models say, so that the same rollout can be walked again without them; see
            `webvoyager_gym.vlm.cache`.
        arguments: those of `WebVoyagerEnv`.

    Raises:
        NotFound, MissingDependency, InvalidFile: as `WebVoyagerEnv` and `load_proposer` do.
    """

    def __init__(
        self,
        *,
        n_candidates: int = 3,
        proposer: str | Proposer = "pocket",
        embedder: str | Embedder | None = "same",
        cache: str | None = None,
        **arguments: Any,
    ) -> None:
        super().__init__(**arguments)
        if not 1 <= n_candidates <= 64:
            raise ValueError(f"n_candidates is {n_candidates}; it has to be from 1 to 64.")
        self.n_candidates = n_candidates
        self.proposer: Proposer = load_proposer(proposer, cache) if isinstance(proposer, str) else proposer
        self.embedder = _embedder(embedder, self.proposer, cache)
        self.cache = cache
        self.candidates: tuple[Candidate, ...] = ()
        size = self.embedder.size if self.embedder is not None else 0
        self.state_embedding: NDArray[np.float16] = np.zeros(size, np.float16)
        self.candidate_embeddings: NDArray[np.float16] = np.zeros((0, size), np.float16)
        self._scores: NDArray[np.float32] | None = None
        texts = self.observation_space
        assert isinstance(texts, gym.spaces.Dict)
        spaces: dict[str, gym.Space[Any]] = dict(texts.spaces)
        spaces["candidates"] = gym.spaces.Tuple([UnicodeText(MAX_ACTION_LENGTH) for _ in range(n_candidates)])
        spaces["action_mask"] = gym.spaces.MultiBinary(n_candidates)
        if self.embedder is not None:
            spaces["state_embedding"] = gym.spaces.Box(-np.inf, np.inf, (size,), np.float32)
            spaces["candidate_embeddings"] = gym.spaces.Box(-np.inf, np.inf, (n_candidates, size), np.float32)
        self.observation_space = gym.spaces.Dict(spaces)
        self.action_space = gym.spaces.Discrete(n_candidates)  # type: ignore[assignment]

    @property
    def action_mask(self) -> CandidateMask:
        """(N,) int8, 1 where there is a candidate."""
        return (np.arange(self.n_candidates) < len(self.candidates)).astype(np.int8)

    def show_scores(self, scores: NDArray[np.float32] | None) -> None:
        """Scores of the present candidates, (n,), for `render` to show; forgotten at the next step."""
        self._scores = scores

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Start an episode; see `WebVoyagerEnv.reset`."""
        self.prepare(seed, options)
        (arrival,) = look_around([self], [self.arrive(self._browsed())])
        return self.observe(), arrival.info

    def step(self, action: int) -> tuple[Observation, float, bool, bool, dict[str, Any]]:  # type: ignore[override]
        """Execute a candidate by its index.

        Raises:
            EnvClosed: the environment was closed, never reset, or the episode is over.
        """
        self.choose(action)
        (arrival,) = look_around([self], [self.arrive(self._browsed())])
        return self.observe(), *arrival

    def branch(self, actions: Sequence[str]) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """As `WebVoyagerEnv.branch`, along actions as text; candidates are proposed where it ends."""
        started = time.perf_counter()
        _, reward, terminated, truncated, info = super().branch(actions)
        (arrival,) = look_around([self], [Arrival(reward, terminated, truncated, info)])
        info["timing"]["total"] = time.perf_counter() - started
        return self.observe(), *arrival._replace(truncated=arrival.truncated or bool(info["failure"]))

    def render(self) -> Screenshot | None:  # type: ignore[override]
        """The marked screenshot with the candidates and their scores beside it, (H, W', 3) uint8."""
        frame = super().render()
        return None if frame is None else draw_candidates(frame, self.candidates, self._scores, self.task.goal)

    # `reset` and `step` in parts, as in `WebVoyagerEnv`; between `arrive` and `observe` comes `look_around`.

    def choose(self, action: int) -> None:
        """The part of `step` before the browser's: the candidate is looked up."""
        if not self.candidates and not self.episode.over and self.episode.broken is None:
            raise EnvClosed("There are no candidates; call reset() before the first step().")
        index = int(action)
        if 0 <= index < len(self.candidates):
            self.intend(self.candidates[index].text)
        else:
            self.intend("", f"There is no candidate {index}; there are {len(self.candidates)}, counted from 0.")

    def recall(self) -> Recalled | None:
        """What the models are known to say of the present state; None where they have to be asked."""
        return None

    def remember(self, said: Proposals, cost: Mapping[str, float]) -> None:
        """Take notice of what the models were asked about the present state, said of it, and took for it."""

    def _show(self, said: Proposals, info: dict[str, Any]) -> None:
        """Take in what the models say of the present state; a failure of theirs breaks the episode."""
        self.candidates = said.candidates
        if said.state_embedding is not None and said.candidate_embeddings is not None:
            self.state_embedding, self.candidate_embeddings = said.state_embedding, said.candidate_embeddings
        info["timing"].update(said.seconds)
        if said.failure is not None:
            outcome = self.episode.fail(said.failure)
            info.update(failure=outcome.failure, reason=outcome.reason, success=False)

    def _forget(self) -> None:
        self.candidates, self._scores = (), None
        self.state_embedding = np.zeros_like(self.state_embedding)
        self.candidate_embeddings = self.candidate_embeddings[:0]

    def _log_probs(self) -> NDArray[np.float32]:
        log_probs = np.full(self.n_candidates, -np.inf, np.float32)
        given = np.array([candidate.log_prob for candidate in self.candidates], np.float32)
        log_probs[: len(given)] = np.nan_to_num(given, nan=-np.inf, neginf=-np.inf)
        return log_probs

    def _show_page(self) -> None:
        """The action space is Discrete and needs no page."""

    def observe(self) -> Observation:
        """The present state as an observation; see `WebVoyagerEnv.observe`."""
        return super().observe() | self._proposed()

    def _proposed(self) -> Observation:
        """What the models say of the present state."""
        observation: Observation = {}
        texts = [clip(candidate.text, MAX_ACTION_LENGTH) for candidate in self.candidates]
        observation["candidates"] = tuple(texts + [""] * (self.n_candidates - len(texts)))
        observation["action_mask"] = self.action_mask
        if self.embedder is not None:
            padded = np.zeros((self.n_candidates, self.embedder.size), np.float32)
            padded[: len(self.candidate_embeddings)] = self.candidate_embeddings
            observation["state_embedding"] = self.state_embedding.astype(np.float32)
            observation["candidate_embeddings"] = padded
        return observation


def look_around(envs: Sequence[BestOfQEnv], arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Propose and embed where environments have arrived, for all whose episodes go on at once.

    The environments share their models. A model that fails on a state breaks that episode and is named in its `info`.

    Returns:
        The arrivals, their `info` filled in.
    """
    proposer, embedder, n = envs[0].proposer, envs[0].embedder, envs[0].n_candidates
    for env in envs:
        env._forget()
    going = [at for at, env in enumerate(envs) if not arrivals[at].terminated and env.episode.broken is None]
    started = time.perf_counter()
    # What agents had the models do since the last step is no part of what is remembered of a state.
    sharing = going or range(len(envs))
    costs = dict(zip(sharing, shares(_taken(proposer, embedder), len(sharing)), strict=True))
    recalled = {at: found for at in going if (found := envs[at].recall()) is not None}
    asked = [at for at in going if at not in recalled]
    prompts, seeds = [envs[at].prompt for at in asked], [envs[at].episode_seed for at in asked]
    answers = proposals(prompts, n, proposer, embedder, seeds)
    taken = shares(_taken(proposer, embedder), len(asked)) if asked else []
    fresh = dict(zip(asked, zip(answers, taken, strict=True), strict=True))
    said = recalled | fresh
    seconds = time.perf_counter() - started
    for at, env in enumerate(envs):
        info = arrivals[at].info
        if at in said:
            known, cost = said[at]
            env._show(known, info)
            info["timing"]["total"] += seconds
            costs[at] = _added(costs[at], cost)
            if at in fresh and known.failure is None:
                env.remember(known, cost)
        info["action_mask"], info["log_probs"] = env.action_mask, env._log_probs()
        info["cost"] = Measured(costs.get(at, dict.fromkeys(costs[sharing[0]], 0.0)))
    return [
        arrival._replace(truncated=arrival.truncated or (env.episode.over and not arrival.terminated))
        for env, arrival in zip(envs, arrivals, strict=True)
    ]


def _taken(proposer: Proposer, embedder: Embedder | None) -> dict[str, float]:
    """What the models have consumed."""
    cost = proposer.cost.take()
    if embedder is not None and embedder.cost is not proposer.cost:
        cost = _added(cost, embedder.cost.take())
    return cost


def _added(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {name: value + other[name] for name, value in one.items()}


def _embedder(embedder: str | Embedder | None, proposer: Proposer, cache: str | None) -> Embedder | None:
    if embedder == "same":
        if not isinstance(proposer, Embedder):
            kind = type(proposer).__name__
            raise NoEmbeddings(
                f'embedder="same" needs a proposer that embeds too; {kind} has no embed(), size and cost. Take another '
                'embedder, such as "pocket", or None for no embeddings ("none" on the command line).'
            )
        return proposer
    return load_embedder(embedder, cache) if isinstance(embedder, str) else embedder
