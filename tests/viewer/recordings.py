"""Recordings to look at."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

from tests.data.making import make_episode
from webvoyager_gym.data import Dataset, Recorder, finalize
from webvoyager_gym.types import Episode

ID = "local/seen-v0"
SIZE = (320, 240)


def picture(colour: tuple[int, int, int] = (200, 220, 240), size: tuple[int, int] = SIZE) -> bytes:
    """A lossless WebP file of one colour."""
    encoded = io.BytesIO()
    Image.new("RGB", size, colour).save(encoded, "WEBP", lossless=True)
    return encoded.getvalue()


def pictured(task: str, seed: int = 0, *, said: str = "", **options: Any) -> Episode:
    """An episode whose frames have pictures, each of another colour; with `said` in every text that it holds."""
    episode = make_episode(task, seed, **options)
    steps = tuple(
        replace(
            step,
            screenshot=picture((40 * number % 256, 200, 120)),
            title=step.title + said,
            outline=f"{step.outline}\n{said}",
            candidates=tuple(replace(candidate, thought=said) for candidate in step.candidates),
        )
        for number, step in enumerate(episode.steps)
    )
    extra = {"policy": f"random{said}", "reason": f"the check says so{said}"}
    return replace(episode, steps=steps, goal=f"{episode.goal}{said}", answer=f"7{said}", extra=extra)


def record(folder: Path, *episodes: Episode, worker: int = 0) -> None:
    with Recorder(folder, worker) as recorder:
        for episode in episodes:
            recorder.write(episode)


def dataset(folder: Path, *episodes: Episode) -> Dataset:
    """A dataset of these episodes in `folder/<ID>`."""
    record(folder / "shards", *episodes)
    return finalize(folder / "shards", folder / ID, id=ID, metadata={"proposer": "pocket", "suite": "local"})
