"""The files of a dataset, and one episode in `main_data.hdf5`, written and read.

It is Minari's layout with the candidates beside it:

    episode_<i>                    attributes: id, seed, total_steps (Minari's), task_id, site, split, goal, success,
                                   failure, answer, judge, extra (JSON)
      observations                 (T + 1, D) float16, virtual: rows of vectors.h5:/obs
      actions                      (T,) int64, index of the executed candidate
      rewards, terminations, truncations
      infos/url title outline last_error seconds     (T + 1,) text; seconds is JSON
      infos/marks                  (T + 1,) text, JSON
      infos/scroll                 (T + 1, 3) int64
      infos/propensity             (T,) float64
      infos/candidates/ptr         (T + 2,) int64: row t has the candidates ptr[t]:ptr[t + 1]
      infos/candidates/text thought   (C,) text
      infos/candidates/log_prob    (C,) float64
      infos/candidates/embedding   (C, D) float16, virtual: rows of vectors.h5:/cand

Texts are as `webvoyager_gym.data.text` stores them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.actions import ActionError, parse
from webvoyager_gym.data import h5
from webvoyager_gym.data.h5_writing import new_group, write_attributes, write_numbers, write_texts, write_view
from webvoyager_gym.data.marks import marks_from_json, marks_to_json
from webvoyager_gym.data.text import from_stored
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.types import Candidate, Episode, Step

FORMAT_VERSION = 2
"""Version of the layout; raised whenever an older reader would misread a dataset."""

MAIN_FILE = "data/main_data.hdf5"
METADATA_FILE = "data/metadata.json"
VECTORS_FILE = "data/vectors.h5"
SHOTS_FILE = "data/shots.h5"
TREE_FILE = "data/tree.h5"
CARD_FILE = "README.md"

_TEXTS = ("task_id", "site", "split", "goal", "failure", "answer", "judge")
_ROW_TEXTS = ("url", "title", "outline", "last_error")


def write_episode(
    file: h5py.File, index: int, episode: Episode, *, row: int, candidate: int, shape: tuple[int, int, int]
) -> None:
    """Add an episode to `main_data.hdf5`.

    Args:
        index: number of the episode.
        row, candidate: where its rows and candidates begin in `vectors.h5`.
        shape: (S, C, D) of `vectors.h5`.
    """
    rows, candidates, width = shape
    steps = episode.steps
    actions = steps[:-1]
    counts = [len(step.candidates) for step in steps]
    flat = [c for step in steps for c in step.candidates]

    group = new_group(file.id, f"episode_{index}")
    seeded = {"seed": int(episode.seed)} if episode.seed >= 0 else {}
    write_attributes(
        group,
        {"id": index, "total_steps": len(episode), "success": bool(episode.success)}
        | {name: getattr(episode, name) for name in _TEXTS}
        | {"extra": json.dumps(dict(episode.extra))}
        | seeded,
    )
    _write_view(group, "observations", "obs", row, len(steps), (rows, width))
    write_numbers(group, "actions", np.array([step.chosen for step in actions], "<i8"))
    write_numbers(group, "rewards", np.array([step.reward for step in actions], "<f8"))
    write_numbers(group, "terminations", np.array([step.terminated for step in actions], bool))
    write_numbers(group, "truncations", np.array([step.truncated for step in actions], bool))

    infos = new_group(group, "infos")
    for name in _ROW_TEXTS:
        write_texts(infos, name, [getattr(step, name) for step in steps])
    write_texts(infos, "seconds", [json.dumps(dict(step.seconds)) for step in steps])
    write_texts(infos, "marks", [marks_to_json(step.marks) for step in steps])
    write_numbers(infos, "scroll", np.array([step.scroll for step in steps], "<i8"))
    write_numbers(infos, "propensity", np.array([step.propensity for step in actions], "<f8"))

    proposed = new_group(infos, "candidates")
    write_numbers(proposed, "ptr", np.cumsum([0, *counts], dtype="<i8"))
    write_texts(proposed, "text", [c.text for c in flat])
    write_texts(proposed, "thought", [c.thought for c in flat])
    write_numbers(proposed, "log_prob", np.array([c.log_prob for c in flat], "<f8"))
    _write_view(proposed, "embedding", "cand", candidate, len(flat), (candidates, width))


def read_episode(
    file: h5py.File,
    index: int,
    *,
    states: NDArray[np.float16],
    embeddings: NDArray[np.float16],
    screenshots: Sequence[bytes],
) -> Episode:
    """Episode `index` of `main_data.hdf5`.

    Args:
        states: (T + 1, D) float16, its rows of `vectors.h5:/obs`.
        embeddings: (C, D) float16, its candidates of `vectors.h5:/cand`.
        screenshots: of its T + 1 rows.

    Raises:
        InvalidFile: the file is damaged, or does not go with these arrays.
    """
    group = h5.group(file, f"episode_{index}")
    infos = h5.group(group, "infos")
    proposed = h5.group(infos, "candidates")
    length = len(states) - 1

    actions = _numbers(group, "actions", "<i8", length)
    rewards = _numbers(group, "rewards", "<f8", length)
    terminations = _numbers(group, "terminations", "|b1", length)
    truncations = _numbers(group, "truncations", "|b1", length)
    propensities = _numbers(infos, "propensity", "<f8", length)
    log_probs = _numbers(proposed, "log_prob", "<f8", len(embeddings))
    pointers = _numbers(proposed, "ptr", "<i8", length + 2)
    texts = [_read_texts(infos, name, length + 1) for name in _ROW_TEXTS]
    seconds = _read_texts(infos, "seconds", length + 1)
    marks = _read_texts(infos, "marks", length + 1)
    scrolls = _numbers(infos, "scroll", "<i8", length + 1, ndim=2)
    spelled = _read_texts(proposed, "text", len(embeddings))
    thoughts = _read_texts(proposed, "thought", len(embeddings))
    if pointers[0] != 0 or pointers[-1] != len(embeddings) or np.any(np.diff(pointers) < 0):
        raise _damaged(group, "its candidates are not divided among its rows")

    try:
        candidates = [Candidate(parse(t), p, why) for t, p, why in zip(spelled, log_probs, thoughts, strict=True)]
        steps = []
        for t in range(length + 1):
            part = slice(pointers[t], pointers[t + 1])
            embedded = t < length or not np.isnan(states[t]).any()
            row: dict[str, Any] = {name: column[t] for name, column in zip(_ROW_TEXTS, texts, strict=True)}
            if t < length:
                row |= {
                    "chosen": actions[t],
                    "propensity": propensities[t],
                    "reward": rewards[t],
                    "terminated": terminations[t],
                    "truncated": truncations[t],
                }
            step = Step(
                screenshot=screenshots[t],
                candidates=tuple(candidates[part]),
                state_embedding=states[t] if embedded else states[t, :0],
                candidate_embeddings=embeddings[part] if embedded else embeddings[part, :0],
                seconds=_object(seconds[t]),
                marks=marks_from_json(marks[t]),
                scroll=_scroll(scrolls[t]),
                **row,
            )
            steps.append(step)
        attributes = {name: from_stored(str(group.attrs[name])) for name in _TEXTS}
        return Episode(
            **attributes,  # type: ignore[arg-type]
            seed=int(group.attrs.get("seed", -1)),
            steps=tuple(steps),
            success=bool(group.attrs["success"]),
            extra=_object(from_stored(str(group.attrs["extra"]))),
        )
    except (KeyError, TypeError, ValueError, RecursionError, ActionError) as error:
        raise _damaged(group, str(error)) from error


def _write_view(
    parent: h5py.h5g.GroupID, name: str, source: str, start: int, count: int, shape: tuple[int, int]
) -> None:
    """A dataset that shows some rows of one in `vectors.h5`; an empty one where there is nothing to show."""
    half = np.dtype("<f2")
    if count == 0 or shape[1] == 0:
        write_numbers(parent, name, np.empty((count, shape[1]), half))
    else:
        rows = slice(start, start + count)
        write_view(parent, name, half, file=Path(VECTORS_FILE).name, source=source, rows=rows, shape=shape)


def _read_texts(parent: h5py.Group, name: str, length: int) -> list[str]:
    column = h5.dataset(parent, name, 1, None)
    if len(column) != length:
        raise _damaged(parent, f"{name} has {len(column)} entries for {length}")
    try:
        return [from_stored(text) for text in column.asstr()[()]]
    except (OSError, ValueError) as error:
        raise _damaged(parent, f"{name} is not text ({error})") from error


def _numbers(parent: h5py.Group, name: str, dtype: str, length: int, ndim: int = 1) -> list[Any]:
    """A column as Python numbers."""
    column = h5.dataset(parent, name, ndim, dtype)
    if len(column) != length:
        raise _damaged(parent, f"{name} has {len(column)} entries for {length}")
    numbers: list[Any] = column[()].tolist()
    return numbers


def _scroll(numbers: list[int]) -> tuple[int, int, int]:
    top, height, whole = numbers
    return top, height, whole


def _object(text: str) -> dict[str, Any]:
    loaded = json.loads(text)
    if not isinstance(loaded, dict):
        raise ValueError(f"{text[:40]!r} is not a JSON object")
    return loaded


def _damaged(where: h5py.Group, why: str) -> InvalidFile:
    return InvalidFile(f"{where.file.filename}:{where.name} is damaged: {why}; bring the dataset again.")
