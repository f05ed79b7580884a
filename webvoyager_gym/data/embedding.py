"""Embedding a recorded dataset again: with another model, and without a browser.

A recording has all that a prompt is made of: the screenshot with its marks, the outline, and the actions before.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from webvoyager_gym.data.codec import decode_header
from webvoyager_gym.data.dataset import Dataset
from webvoyager_gym.data.frames import sound
from webvoyager_gym.data.shards import Recorder, shard_paths
from webvoyager_gym.errors import InvalidFile, WebVoyagerError
from webvoyager_gym.history import in_words
from webvoyager_gym.types import Episode, PageView, Prompt, Screenshot, Step
from webvoyager_gym.vlm.base import embedding_id

if TYPE_CHECKING:
    from webvoyager_gym.vlm import Embedder

STATES = 8
"""How many states are embedded at a time."""


def prompts_of(episode: Episode, max_steps: int) -> list[Prompt]:
    """The prompts of an episode's rows, T + 1, as they were when it was recorded.

    Args:
        max_steps: actions that were allowed in all.

    Raises:
        InvalidFile: it was recorded without screenshots or without marks, or a screenshot is none.
    """
    prompts: list[Prompt] = []
    history: tuple[str, ...] = ()
    for t, step in enumerate(episode.steps):
        if not step.screenshot or not step.scroll[1]:
            raise InvalidFile(
                f"Row {t} of the episode of {episode.task_id} has no {'marks' if step.screenshot else 'screenshot'}, "
                "without which nothing can be shown to a model again; collect or download it with them."
            )
        view = PageView(_picture(step, episode), step.marks, step.outline, step.url, step.title, step.scroll)
        prompts.append(Prompt(episode.goal, view, history, step.last_error, t, max_steps))
        if step.chosen >= 0:
            history = (*history, in_words(step.candidates[step.chosen].action, view))
    return prompts


def embed_episode(episode: Episode, embedder: Embedder, max_steps: int) -> Episode:
    """The episode with embeddings of another model; rows without candidates have none, as when it was recorded.

    Raises:
        InvalidFile: as `prompts_of`.
        InfrastructureFailure: the model failed.
    """
    rows = [t for t, step in enumerate(episode.steps) if step.candidates]
    prompts = prompts_of(dataclasses.replace(episode, steps=episode.steps[: max(rows, default=-1) + 1]), max_steps)
    empty = np.zeros(0, np.float16)
    made = {"embedder": embedder.name, "embedding_id": embedding_id(embedder)}
    made = {name: said for name, said in made.items() if said is not None}
    steps = [
        dataclasses.replace(step, state_embedding=empty, candidate_embeddings=empty.reshape(0, 0))
        for step in episode.steps
    ]
    for start in range(0, len(rows), STATES):
        part = rows[start : start + STATES]
        given = embedder.embed([prompts[t] for t in part], [episode.steps[t].candidates for t in part])
        for t, state, candidates in zip(part, given.states, given.candidates, strict=True):
            steps[t] = dataclasses.replace(steps[t], state_embedding=state, candidate_embeddings=candidates)
    return dataclasses.replace(episode, steps=tuple(steps), extra={**episode.extra, **made})


def embed_dataset(
    dataset: Dataset,
    embedder: Embedder,
    shards_folder: Path,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Record a dataset's episodes again with another model's embeddings; what is recorded there already is kept.

    Args:
        shards_folder: where to record; merge with `webvoyager_gym.data.finalize`.
        progress: called with the episodes that are done and all of them, after each.

    Raises:
        InvalidFile, InfrastructureFailure: as `embed_episode`.
        WebVoyagerError: the folder holds episodes with embeddings of another model.
    """
    max_steps = int(dataset.metadata["webvoyager_gym"].get("max_steps", 15))
    done = _recorded(shards_folder, embedder)
    with Recorder(shards_folder) as recorder:
        for number in range(done, len(dataset)):
            recorder.write(embed_episode(dataset[number], embedder, max_steps))
            if progress is not None:
                progress(number + 1, len(dataset))


def _recorded(folder: Path, embedder: Embedder) -> int:
    """How many episodes are there; they are the dataset's first ones."""
    count = 0
    for path in shard_paths(folder):
        with path.open("rb") as file:
            for frame in sound(file):
                extra = decode_header(frame.header)["extra"]
                before = _called(extra.get("embedder"), extra.get("embedding_id"))
                now = _called(embedder.name, embedding_id(embedder))
                if before != now:
                    raise WebVoyagerError(
                        f"{folder} holds episodes with embeddings of {before}, not of {now}; go on with the former, "
                        "or name another --out."
                    )
                count += 1
    return count


def _called(name: str | None, id: str | None) -> str:
    return f"{name} ({id})" if id is not None else str(name)


def _picture(step: Step, episode: Episode) -> Screenshot:
    try:
        with Image.open(io.BytesIO(step.screenshot), formats=["WEBP"]) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise InvalidFile(
            f"A screenshot of the episode of {episode.task_id} is none ({error}); bring the dataset again."
        ) from error
