"""A part of a page that comes late, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.sites.browsing import pictures
from webvoyager_gym.env import WebVoyagerEnv


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
