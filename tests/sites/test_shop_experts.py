"""The shop in a real browser: every kind of task can be done, from the start and from wherever random actions lead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sites.browsing import undo
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


def test_swatches_have_no_words(env: WebVoyagerEnv) -> None:
    env.reset(options={"task_id": "shop/add-to-cart/train-0"})
    while not env.view.url.endswith(tuple(product.slug for product in build_world("train", 0).products)):
        env.step(env.best_actions()[0].text)
    swatches = [mark for mark in env.view.marks if mark.key.startswith("colour-")]
    assert len(swatches) >= 3
    assert all(mark.name == "" and mark.value == "" for mark in swatches)
    assert not any(mark.key.removeprefix("colour-") in env.view.outline for mark in swatches)
