"""Episodes to record, small ones by hand, and bit-by-bit comparison."""

from __future__ import annotations

import struct
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.data import Dataset, Recorder, finalize
from webvoyager_gym.types import Candidate, Episode, Mark, Step


def make_episode(
    task_id: str = "shop-1",
    seed: int = 0,
    *,
    length: int = 3,
    width: int = 4,
    ending: str = "terminated",
    failure: str = "",
    final_candidates: int = 2,
    screenshot_size: int = 50,
    split: str = "train",
) -> Episode:
    """An episode of `length` actions with 1 to 3 candidates a row, decided by (task_id, seed)."""
    random = np.random.default_rng([seed, *task_id.encode()])
    steps = []
    for t in range(length + 1):
        last = t == length
        n = final_candidates if last else int(random.integers(1, 4))
        outcome: dict[str, Any] = {}
        if not last:
            outcome = {"chosen": int(random.integers(n)), "propensity": float(random.uniform(0.1, 1))}
        if t == length - 1:
            outcome |= {ending: True, "reward": float(ending == "terminated")}
        steps.append(
            Step(
                url=f"http://shop.webvoyager.test/{t}",
                title=f"Page {t}",
                outline=f'[1] link "Größe {t}"',
                last_error="",
                screenshot=random.bytes(screenshot_size),
                candidates=tuple(Candidate(Action("click", i + 1), -0.5 * i) for i in range(n)),
                state_embedding=random.normal(size=width).astype(np.float16),
                candidate_embeddings=random.normal(size=(n, width)).astype(np.float16),
                seconds={"act": 0.01 * t},
                marks=(Mark(1, "link", f"Größe {t}", (10, 20 * t, 80, 16), href="/größe"),),
                scroll=(100 * t, 768, 2000),
                **outcome,
            )
        )
    return Episode(
        task_id=task_id,
        site="shop",
        split=split,
        goal=f"Find {task_id}",
        seed=seed,
        steps=tuple(steps),
        success=ending == "terminated" and length > 0,
        failure=failure,  # type: ignore[arg-type]
        extra={"policy": "random"},
    )


def bits(value: Any) -> Any:
    """Something that is equal exactly if two values are equal bit by bit, nan and signed zeros included."""
    if is_dataclass(value):
        return type(value).__name__, [(f.name, bits(getattr(value, f.name))) for f in fields(value)]
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, float):
        return "float", struct.pack("<d", value)
    if isinstance(value, dict):
        return sorted((key, bits(inner)) for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [bits(inner) for inner in value]
    return type(value).__name__, value


def make_dataset(folder: Path, *episodes: Episode, id: str = "local/toy-v0", **options: Any) -> Dataset:
    """Record episodes and merge them into `<folder>/<id>`; options are those of `finalize`."""
    shards = folder / "shards" / id
    with Recorder(shards) as recorder:
        for episode in episodes:
            recorder.write(episode)
    return finalize(shards, folder / id, id=id, **options)
