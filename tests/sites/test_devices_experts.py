"""A part of a page that comes late, and changes of every part of the state undone, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.sites.browsing import pictures, undo
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.tasks.local import LocalTask


@pytest.fixture(scope="module")
def env() -> Iterator[WebVoyagerEnv]:
    env = WebVoyagerEnv(max_steps=60)
    yield env
    env.close()


def test_what_comes_late_is_always_in_the_picture(env: WebVoyagerEnv) -> None:
    """Two tasks whose answers come late, in the order A, B, B, A."""
    ids = [f"devices/pickup-today/test-{seed}" for seed in (5, 21, 21, 5)]
    ways = []
    for task_id in ids:
        ways.append(list(pictures(env, task_id, 10)))
        assert "Asking our stores" not in env.view.outline
        assert "Today" in env.view.outline
    for one, other in ((ways[0], ways[3]), (ways[1], ways[2])):
        assert len(one) == len(other)
        assert all(np.array_equal(x, y) for x, y in zip(one, other, strict=True))


@pytest.mark.parametrize(
    ("wanted", "other"),
    [
        ("save-comparison", "buy-engraved"),
        ("store-hours", "save-comparison"),
        ("trade-value", "use-trade-in"),
        ("my-store", "newsletter"),
        ("finish-count", "keep-cheapest"),
    ],
)
def test_what_another_task_asked_for_is_undone(env: WebVoyagerEnv, wanted: str, other: str) -> None:
    undo(env, *(LocalTask("devices", name, "train", 33) for name in (wanted, other)))
