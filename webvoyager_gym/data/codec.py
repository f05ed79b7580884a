"""An episode as bytes and back: JSON for what is text, raw little-endian arrays for the rest.

The body holds, row after row, the state embedding, the candidate embeddings and the screenshot; the header says how
long each is. Nothing in either is ever executed.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from webvoyager_gym.actions import ActionError, parse
from webvoyager_gym.data.marks import marks_from_json, marks_to_json
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.types import Candidate, Episode, Step

VERSION = 2
READABLE = (1, 2)
"""Versions that are read; the first has no marks and no scroll."""

_HALF = np.dtype("<f2")


def encode(episode: Episode) -> tuple[bytes, bytes]:
    """(header, body) of an episode."""
    header = {
        "version": VERSION,
        "task_id": episode.task_id,
        "site": episode.site,
        "split": episode.split,
        "goal": episode.goal,
        "seed": int(episode.seed),
        "success": bool(episode.success),
        "failure": episode.failure,
        "answer": episode.answer,
        "judge": episode.judge,
        "extra": dict(episode.extra),
        "steps": [_encode_step(step) for step in episode.steps],
    }
    parts = []
    for step in episode.steps:
        parts += [step.state_embedding.astype(_HALF).tobytes(), step.candidate_embeddings.astype(_HALF).tobytes()]
        parts.append(step.screenshot)
    return json.dumps(header, separators=(",", ":")).encode(), b"".join(parts)


def decode(header: bytes, body: bytes) -> Episode:
    """The episode that `encode` was given.

    Raises:
        InvalidFile: the bytes are of another version, or contradict themselves.
    """
    fields = decode_header(header)
    try:
        steps = []
        at = 0
        for row in fields.pop("steps"):
            step, at = _decode_step(row, body, at)
            steps.append(step)
        if at != len(body):
            raise ValueError(f"{len(body) - at} bytes are left over")
        del fields["version"]
        return Episode(steps=tuple(steps), **fields)
    except (KeyError, TypeError, ValueError, ActionError) as error:
        raise InvalidFile(f"A recorded episode is damaged ({error}); remove its shard, or record it again.") from error


def decode_header(header: bytes) -> dict[str, Any]:
    """The header of an episode, without its arrays.

    Raises:
        InvalidFile: it is no header, or of another version.
    """
    try:
        fields = json.loads(header)
        version = fields["version"]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidFile("A shard holds something other than episodes; remove it.") from error
    if version not in READABLE:
        raise InvalidFile(
            f"An episode was recorded in version {version} of the shard format and this package reads {READABLE}; "
            "finalize it with the version of webvoyager-gym that recorded it."
        )
    assert isinstance(fields, dict)
    return fields


def _encode_step(step: Step) -> dict[str, Any]:
    return {
        "url": step.url,
        "title": step.title,
        "outline": step.outline,
        "last_error": step.last_error,
        "candidates": [[c.text, float(c.log_prob), c.thought] for c in step.candidates],
        "width": len(step.state_embedding),
        "screenshot": len(step.screenshot),
        "chosen": int(step.chosen),
        "propensity": float(step.propensity),
        "reward": float(step.reward),
        "terminated": bool(step.terminated),
        "truncated": bool(step.truncated),
        "marks": marks_to_json(step.marks),
        "scroll": step.scroll,
        "seconds": {phase: float(value) for phase, value in step.seconds.items()},
    }


def _decode_step(row: dict[str, Any], body: bytes, at: int) -> tuple[Step, int]:
    """The step whose arrays begin at that place of the body, and where the next begin."""
    fields = dict(row)
    top, height, whole = fields.pop("scroll", (0, 0, 0))
    marks = marks_from_json(fields.pop("marks", "[]"))
    candidates = tuple(
        Candidate(parse(text), log_prob, thought) for text, log_prob, thought in fields.pop("candidates")
    )
    width, length = int(fields.pop("width")), int(fields.pop("screenshot"))
    middle = at + 2 * width
    end = middle + 2 * width * len(candidates)
    if width < 0 or length < 0 or end + length > len(body):
        raise ValueError("its arrays are longer than what is there")
    step = Step(
        candidates=candidates,
        state_embedding=np.frombuffer(body, _HALF, width, at),
        candidate_embeddings=np.frombuffer(body, _HALF, width * len(candidates), middle).reshape(
            len(candidates), width
        ),
        screenshot=body[end : end + length],
        marks=marks,
        scroll=(top, height, whole),
        **fields,
    )
    return step, end + length
