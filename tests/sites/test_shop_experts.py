"""The shop in a real browser: every kind of task can be done, from the start and from wherever random actions lead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.sites.shop.errands import ERRANDS as ERRAND_TEMPLATES
from webvoyager_gym.sites.shop.world import build_world
from webvoyager_gym.tasks.local import LocalSession, LocalTask, local_web, open_session

ERRANDS = [template.name for template in ERRAND_TEMPLATES]


@pytest.fixture(scope="module")
def env() -> Iterator[WebVoyagerEnv]:
    env = WebVoyagerEnv(suite="local", site="shop", max_steps=60)
    yield env
    env.close()


@pytest.mark.parametrize("other", ERRANDS)
def test_an_expert_undoes_what_another_task_asked_for(env: WebVoyagerEnv, other: str) -> None:
    """First the whole of another errand in the same shop, then the way back to a question."""
    env.reset(options={"task_id": "shop/listed-fact/train-33"})
    mine = env.session
    assert isinstance(mine, LocalSession)
    foreign = open_session(LocalTask("shop", other, "train", 34))
    for _ in range(30):
        if mine.episode.state.effects() == foreign.wanted:
            break
        asked = mine.experts_actions(foreign.template, foreign.params, foreign.wanted, foreign.expected, env.view)
        env.step(asked[0].text)
    assert mine.episode.state.effects() == foreign.wanted
    local_web().app.close_episode(foreign.token)
    for _ in range(29):
        _, _, terminated, _, info = env.step(env.best_actions()[0].text)
        if terminated:
            break
    assert info["success"], info["reason"]


def test_swatches_have_no_words(env: WebVoyagerEnv) -> None:
    env.reset(options={"task_id": "shop/add-to-cart/train-0"})
    while not env.view.url.endswith(tuple(product.slug for product in build_world("train", 0).products)):
        env.step(env.best_actions()[0].text)
    swatches = [mark for mark in env.view.marks if mark.key.startswith("colour-")]
    assert len(swatches) >= 3
    assert all(mark.name == "" and mark.value == "" for mark in swatches)
    assert not any(mark.key.removeprefix("colour-") in env.view.outline for mark in swatches)
