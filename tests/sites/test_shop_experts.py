"""The shop in a real browser: every kind of task can be done, from the start and from wherever random actions lead."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sites.browsing import session_of, undo
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.sites.shop.errands import ERRANDS as ERRAND_TEMPLATES
from webvoyager_gym.sites.shop.world import build_world
from webvoyager_gym.tasks.local import LocalTask

ERRANDS = [template.name for template in ERRAND_TEMPLATES]


@pytest.fixture(scope="module")
def env() -> Iterator[WebVoyagerEnv]:
    env = WebVoyagerEnv(suite="local", site="shop", max_steps=60)
    yield env
    env.close()


@pytest.mark.parametrize("other", ERRANDS)
def test_an_expert_undoes_what_another_task_asked_for(env: WebVoyagerEnv, other: str) -> None:
    undo(env, LocalTask("shop", "listed-fact", "train", 33), LocalTask("shop", other, "train", 34))


def test_eight_environments_at_once_never_see_each_others_carts() -> None:
    """All shop in the same world at the same time; a piece of another's in the cart would fail a task."""
    tasks = [LocalTask("shop", "add-to-cart", "train", seed) for seed in range(8)]
    assert len({task.world_seed for task in tasks}) == 1
    with contextlib.ExitStack() as stack:
        envs = [stack.enter_context(contextlib.closing(WebVoyagerEnv())) for _ in tasks]
        with ThreadPoolExecutor(len(tasks)) as threads:
            for env, task in zip(envs, tasks, strict=True):
                env.reset(options={"task_id": task.id})
            running = dict(zip(tasks, envs, strict=True))
            while running:
                ended = threads.map(lambda env: env.step(env.best_actions()[0].text)[2:], running.values())
                for task, (terminated, truncated, info) in list(zip(running, ended, strict=True)):
                    if terminated or truncated:
                        assert info["success"], (task.id, info["reason"])
                        del running[task]
        carts = [session_of(env).episode.state.cart for env in envs]
    assert all(len(cart) == 1 for cart in carts)
    assert len({str(cart) for cart in carts}) > 4


def test_swatches_have_no_words(env: WebVoyagerEnv) -> None:
    env.reset(options={"task_id": "shop/add-to-cart/train-0"})
    while not env.view.url.endswith(tuple(product.slug for product in build_world("train", 0).products)):
        env.step(env.best_actions()[0].text)
    swatches = [mark for mark in env.view.marks if mark.key.startswith("colour-")]
    assert len(swatches) >= 3
    assert all(mark.name == "" and mark.value == "" for mark in swatches)
    assert not any(mark.key.removeprefix("colour-") in env.view.outline for mark in swatches)
