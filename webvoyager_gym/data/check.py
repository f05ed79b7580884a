"""What an episode must be to be recorded. Checked when it is written, where the mistake can still be mended."""

from __future__ import annotations

import json
import typing

import numpy as np

from webvoyager_gym.actions import ActionError, parse
from webvoyager_gym.types import Episode, Failure, Step


def check_episode(episode: Episode) -> None:
    """Raise if an episode breaks what `Episode` and `Step` promise.

    Raises:
        ValueError: with a sentence saying where and how.
    """
    where = f"Episode {episode.task_id!r} (seed {episode.seed})"
    if not episode.steps:
        raise ValueError(f"{where} has no rows; even one that failed at once needs its final observation.")
    if episode.failure not in typing.get_args(Failure):
        raise ValueError(f"{where} has the failure {episode.failure!r}; use one of {typing.get_args(Failure)}.")
    if not -1 <= episode.seed < 2**63:
        raise ValueError(f"{where} has no usable seed; use a number from 0 to 2**63 - 1, or -1 for none.")
    try:
        json.dumps(dict(episode.extra))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{where} has an `extra` that JSON cannot hold ({error}); use plain values.") from error
    width = len(episode.steps[0].state_embedding)
    for t, step in enumerate(episode.steps):
        reason = _wrong_row(step, width, last=t == len(episode), final_action=t == len(episode) - 1)
        if reason:
            raise ValueError(f"{where}, row {t}: {reason}.")


def _wrong_row(step: Step, width: int, *, last: bool, final_action: bool) -> str:
    """What is wrong with a row; "" if nothing is."""
    return (
        _wrong_outcome(step, last=last, final_action=final_action)
        or _wrong_embeddings(step, width, last=last)
        or next(filter(None, (_wrong_candidate(candidate.text) for candidate in step.candidates)), "")
    )


def _wrong_outcome(step: Step, *, last: bool, final_action: bool) -> str:
    if last:
        unset = step.chosen == -1 and np.isnan(step.propensity) and step.reward == 0
        if not unset or step.terminated or step.truncated:
            return "the final observation has no action; leave chosen, propensity, reward and the flags as they are"
        return ""
    if not 0 <= step.chosen < len(step.candidates):
        return f"chosen is {step.chosen} of {len(step.candidates)} candidates; it must be the index of the executed one"
    if not 0 < step.propensity <= 1:
        return f"propensity is {step.propensity}; it must be the probability of the choice, above 0 and at most 1"
    if not np.isfinite(step.reward):
        return f"the reward is {step.reward}; it must be finite"
    if (step.terminated or step.truncated) != final_action:
        return "terminated or truncated must be set on the last action, and on no other"
    return ""


def _wrong_embeddings(step: Step, width: int, *, last: bool) -> str:
    state, candidates = step.state_embedding, step.candidate_embeddings
    if state.dtype != np.float16 or candidates.dtype != np.float16:
        return f"embeddings are {state.dtype} and {candidates.dtype}; they must be float16"
    if state.ndim != 1 or candidates.shape != (len(step.candidates), len(state)):
        return (
            f"embeddings have shapes {state.shape} and {candidates.shape} for {len(step.candidates)} candidates; "
            "they must be (D,) and (N, D)"
        )
    # Only the final observation may lack its embedding: nothing was decided on it.
    if len(state) != width and not (last and len(state) == 0):
        return f"the embedding has width {len(state)} and the first row's {width}; use one embedder throughout"
    if not np.isfinite(state).all() or not np.isfinite(candidates).all():
        return "an embedding is not finite; scale it so that it fits into float16"
    return ""


def _wrong_candidate(text: str) -> str:
    try:
        parsed = parse(text)
    except ActionError as error:
        return f"a candidate is no action: {error}"
    return "" if parsed.text == text else f"the candidate {text[:60]!r} reads back as {parsed.text[:60]!r}"
