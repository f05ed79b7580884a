"""The shop in a real browser: every kind of task can be done, from the start and from wherever random actions lead."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.rollout import run_expert
from webvoyager_gym.sites import load_site
from webvoyager_gym.tasks.local import LocalTask

TEMPLATES = [template.name for template in load_site("shop").templates]
SEEDS = 20


@pytest.fixture(scope="module")
def env() -> Iterator[WebVoyagerEnv]:
    env = WebVoyagerEnv(suite="local", site="shop", max_steps=60)
    yield env
    env.close()


@pytest.mark.parametrize("prefix", [0, 5])
@pytest.mark.parametrize("template", TEMPLATES)
def test_experts_succeed(env: WebVoyagerEnv, template: str, prefix: int) -> None:
    failed = []
    lengths = []
    for seed in range(SEEDS):
        task = LocalTask("shop", template, "train", 17 * seed)
        run = run_expert(env, task, random_prefix=prefix, seed=seed)
        lengths.append(len(run.actions))
        if not run.success:
            failed.append((task.id, run))
    assert not failed
    if prefix == 0:
        assert max(lengths) <= 10


def test_the_same_task_looks_the_same_every_time(env: WebVoyagerEnv) -> None:
    def pictures(template: str) -> list[np.ndarray]:
        observation, _ = env.reset(options={"task_id": f"shop/{template}/test-5"})
        seen = [observation["screenshot"]]
        for _ in range(3):
            observation, _, terminated, _, _ = env.step(env.best_actions()[0].text)
            seen.append(observation["screenshot"])
            if terminated:
                break
        return seen

    for a, b in zip(TEMPLATES[::2], TEMPLATES[1::2], strict=True):
        first, second, third, fourth = (pictures(template) for template in (a, b, b, a))
        for one, other in ((first, fourth), (second, third)):
            assert len(one) == len(other)
            assert all(np.array_equal(x, y) for x, y in zip(one, other, strict=True))
