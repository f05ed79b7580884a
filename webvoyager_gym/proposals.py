"""What the frozen models say of states: all of them asked about all states at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.types import Candidate, Prompt
from webvoyager_gym.vlm import Embedder, Proposer
from webvoyager_gym.vlm.base import propose_each, seed_of_each

T = TypeVar("T")
_Vectors = tuple[NDArray[np.float16], NDArray[np.float16]]
"""(D,) of a state and (N, D) of its candidates."""


@dataclass(frozen=True, slots=True, eq=False)
class Proposals:
    """What the models say of one state.

    Attributes:
        candidates: the most likely first; none if a model failed.
        state_embedding: (D,) float16; None without an embedder.
        candidate_embeddings: (N, D) float16; None without an embedder.
        seconds: wall-clock time by phase, of the whole batch.
        failure: the one that left this state without candidates.
    """

    candidates: tuple[Candidate, ...] = ()
    state_embedding: NDArray[np.float16] | None = None
    candidate_embeddings: NDArray[np.float16] | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    failure: InfrastructureFailure | None = None


def proposals(
    prompts: Sequence[Prompt],
    n: int,
    proposer: Proposer,
    embedder: Embedder | None,
    seed: int | Sequence[int] = 0,
) -> list[Proposals]:
    """Candidates and embeddings of each state, from one call of each model.

    Should a call fail, each state is asked about alone, so that only those fail that cannot be answered.

    Args:
        seed: of what the proposer draws, one for all states or one for each; see `Proposer` for what is done with it.
    """
    seeds = seed_of_each(seed, prompts)
    seconds: dict[str, float] = {}
    started = time.perf_counter()
    proposed = _each(
        lambda rows: propose_each(proposer, [prompts[row] for row in rows], n, [seeds[row] for row in rows]),
        range(len(prompts)),
    )
    seconds["propose"] = time.perf_counter() - started
    candidates = {row: tuple(found) for row, found in proposed.items() if not isinstance(found, InfrastructureFailure)}
    failures = {row: found for row, found in proposed.items() if isinstance(found, InfrastructureFailure)}
    embedded: dict[int, _Vectors | InfrastructureFailure] = {}
    if embedder is not None:
        started = time.perf_counter()
        embedded = _each(lambda rows: _embed(embedder, prompts, candidates, rows), list(candidates))
        seconds["embed"] = time.perf_counter() - started
    said = []
    for row in range(len(prompts)):
        failure, vectors = failures.get(row), embedded.get(row)
        if isinstance(vectors, InfrastructureFailure):
            failure, vectors = vectors, None
        if failure is not None:
            said.append(Proposals(seconds=seconds, failure=failure))
        else:
            state, actions = vectors or (None, None)
            said.append(Proposals(candidates[row], state, actions, seconds))
    return said


def _embed(
    embedder: Embedder,
    prompts: Sequence[Prompt],
    candidates: Mapping[int, tuple[Candidate, ...]],
    rows: Sequence[int],
) -> list[_Vectors]:
    given = embedder.embed([prompts[row] for row in rows], [candidates[row] for row in rows])
    return list(zip(given.states, given.candidates, strict=True))


def _each(ask: Callable[[Sequence[int]], Sequence[T]], rows: Sequence[int]) -> dict[int, T | InfrastructureFailure]:
    """The answer to each row: asked for at once or, where that fails, one after the other."""
    if not rows:
        return {}
    try:
        return dict(zip(rows, ask(rows), strict=True))
    except InfrastructureFailure as failure:
        if len(rows) == 1:
            return {rows[0]: failure}
    return {row: answer for each in rows for row, answer in _each(ask, [each]).items()}
