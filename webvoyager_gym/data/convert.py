"""A dataset as a d3rlpy replay buffer whose episodes carry their candidate sets.

Needs d3rlpy (the extra `train`). d3rlpy's own converters are not used: `get_minari` shifts episode k by k steps, and
its episodes lose the last transition when they were truncated.

How an episode ends decides what may be learnt from its last steps:

    terminated        the last transition is terminal: nothing is to come
    truncated         the last transition is not terminal: what is to come is read off the final observation's
                      candidates. The return is what was got within the step limit.
    broken off by     the last transition is left out, since nobody knows its outcome. The one before it is not
    infrastructure    terminal, and the action chosen after it is known. No return of the episode is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from d3rlpy.constants import ActionSpace
from d3rlpy.dataset import Episode, EpisodeBase, InfiniteBuffer, ReplayBuffer, Signature, Transition
from numpy.typing import NDArray

from webvoyager_gym.data.vectors import Vectors
from webvoyager_gym.errors import InvalidFile


@dataclass(frozen=True)
class CandidateEpisode(Episode):
    """An episode with the candidates of every observation.

    Attributes:
        observations: (T + 1, D) float32, the final observation among them.
        actions: (T, 1) int64, index of the executed candidate.
        rewards: (T, 1) float32.
        terminated: whether the last action ended the task; False for a truncated episode.
        candidates: (T + 1, N, D) float32, zero where there is none.
        mask: (T + 1, N) bool, True where there is one.
        propensity: (T,) float32, probability with which each action was chosen; nan where nobody knows.
        site: code of the site it is on.
        last_chosen: index of the candidate chosen in the final observation, where the transition that it began was
            left out; -1 where none was chosen.
        return_known: whether the rewards are all that the episode gave; False if the infrastructure broke it off.
    """

    candidates: NDArray[np.float32]
    mask: NDArray[np.bool_]
    propensity: NDArray[np.float32]
    site: int
    last_chosen: int
    return_known: bool

    @property
    def transition_count(self) -> int:
        """T: with the final observation at hand, a truncated episode keeps its last transition."""
        return self.size()

    def serialize(self) -> dict[str, Any]:
        own = ("candidates", "mask", "propensity", "site", "last_chosen", "return_known")
        return super().serialize() | {name: getattr(self, name) for name in own}

    @classmethod
    def deserialize(cls, serializedData: dict[str, Any]) -> CandidateEpisode:
        scalars: dict[str, type] = {"terminated": bool, "site": int, "last_chosen": int, "return_known": bool}
        return cls(**serializedData | {name: kind(serializedData[name]) for name, kind in scalars.items()})


@dataclass(frozen=True)
class CandidateTransition(Transition):
    """A transition with the candidates of both its states.

    Attributes:
        next_action: (1,) int64, index of the candidate chosen in the next state; -1 where none was.
        candidates, next_candidates: (N, D) float32, zero where there is none.
        mask, next_mask: (N,) bool, True where there is one. `next_mask` may be all False: the final observation of
            an episode need not have been given candidates.
        propensity: probability with which the action was chosen.
        return_known: whether `rewards_to_go` is all that was to come.
    """

    candidates: NDArray[np.float32]
    mask: NDArray[np.bool_]
    next_candidates: NDArray[np.float32]
    next_mask: NDArray[np.bool_]
    propensity: np.float32
    return_known: bool


class CandidateTransitionPicker:
    """Picks transitions out of `CandidateEpisode`s, as views: nothing is copied.

    `terminal` is 1 only for the last transition of a terminated episode.
    """

    def __call__(self, episode: EpisodeBase, index: int) -> CandidateTransition:
        assert isinstance(episode, CandidateEpisode)
        last = index == episode.size() - 1
        return CandidateTransition(
            observation=episode.observations[index],
            action=episode.actions[index],
            reward=episode.rewards[index],
            next_observation=episode.observations[index + 1],
            next_action=np.array([episode.last_chosen]) if last else episode.actions[index + 1],
            terminal=float(last and episode.terminated),
            interval=1,
            rewards_to_go=episode.rewards[index:],
            candidates=episode.candidates[index],
            mask=episode.mask[index],
            next_candidates=episode.candidates[index + 1],
            next_mask=episode.mask[index + 1],
            propensity=episode.propensity[index],
            return_known=episode.return_known,
        )


def to_d3rlpy(vectors: Vectors) -> ReplayBuffer:
    """All transitions whose outcome is known, as a d3rlpy replay buffer; the module's text says which.

    Embeddings become float32, so this holds about `4 * D * (S + S * N)` bytes in memory.

    Raises:
        InvalidFile: the dataset holds no embeddings, or no transition to learn from.
    """
    if vectors.width == 0:
        raise InvalidFile(
            "The dataset holds no embeddings; add them with `webvoyager-gym embed`, or collect with an embedder."
        )
    episodes = [
        episode for index in range(vectors.n_episodes) if (episode := candidate_episode(vectors, index)) is not None
    ]
    if not episodes:
        raise InvalidFile("The dataset holds no transition whose outcome is known; collect episodes that do not fail.")
    return ReplayBuffer(
        InfiniteBuffer(),
        transition_picker=CandidateTransitionPicker(),
        episodes=episodes,
        observation_signature=Signature(dtype=[np.dtype(np.float32)], shape=[(vectors.width,)]),
        action_signature=Signature(dtype=[np.dtype(np.int64)], shape=[(1,)]),
        reward_signature=Signature(dtype=[np.dtype(np.float32)], shape=[(1,)]),
        action_space=ActionSpace.DISCRETE,
        action_size=vectors.n_candidates,
    )


def known_transitions(vectors: Vectors, index: int) -> tuple[int, bool]:
    """How many transitions of an episode can be learnt from, from its start, and whether the last one is terminal."""
    rows = vectors.rows(index)
    size = rows.stop - rows.start - 1
    terminated = size > 0 and bool(vectors.terminated[rows.stop - 2])
    unknown = not terminated and bool(np.isnan(vectors.obs[rows.stop - 1]).any())
    if vectors.failure[index] or unknown:
        return max(size - 1, 0), False
    return size, terminated


def candidate_episode(vectors: Vectors, index: int) -> CandidateEpisode | None:
    """One episode of `to_d3rlpy`; None if no transition of it can be learnt from."""
    size, terminated = known_transitions(vectors, index)
    if size < 1:
        return None
    rows = vectors.rows(index)
    rows = slice(rows.start, rows.start + size + 1)
    observations = vectors.obs[rows].astype(np.float32)
    candidates, mask = _padded(vectors, rows)
    if terminated:
        # No target reads the state after a terminal transition, but nan times zero would still be nan.
        np.nan_to_num(observations[-1:], copy=False)
    return CandidateEpisode(
        observations=observations,
        actions=vectors.chosen[rows][:-1, None].astype(np.int64),
        rewards=vectors.reward[rows][:-1, None].astype(np.float32),
        terminated=terminated,
        candidates=candidates,
        mask=mask,
        propensity=vectors.propensity[rows][:-1].astype(np.float32),
        site=int(vectors.site[index]),
        last_chosen=int(vectors.chosen[rows.stop - 1]),
        return_known=not vectors.failure[index],
    )


def _padded(vectors: Vectors, rows: slice) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Candidates of some rows as (R, N, D) float32 and (R, N) bool."""
    pointers = vectors.cand_ptr[rows.start : rows.stop + 1]
    mask = np.arange(vectors.n_candidates) < np.diff(pointers)[:, None]
    flat = vectors.cand[pointers[0] : pointers[-1]].astype(np.float32)
    candidates = np.zeros((*mask.shape, vectors.width), np.float32)
    candidates[mask] = flat
    embedded = ~np.isnan(candidates).any(axis=-1)
    candidates[~embedded] = 0
    return candidates, mask & embedded
