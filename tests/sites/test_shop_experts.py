"""The shop in a real browser: every kind of task can be done, from the start and from wherever random actions lead."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.sites import load_site
from webvoyager_gym.sites.shop.errands import ERRANDS as ERRAND_TEMPLATES
from webvoyager_gym.sites.shop.world import build_world
from webvoyager_gym.tasks.local import LocalSession, LocalTask, local_web, open_session

TEMPLATES = [template.name for template in load_site("shop").templates]
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


def test_the_same_task_looks_the_same_every_time(env: WebVoyagerEnv) -> None:
    def pictures(template: str) -> list[np.ndarray]:
        observation, _ = env.reset(options={"task_id": f"shop/{template}/test-5"})
        seen = [observation["screenshot"]]
        for _ in range(3):
            observation, _, terminated, truncated, info = env.step(env.best_actions()[0].text)
            assert not truncated, info["reason"]
            seen.append(observation["screenshot"])
            if terminated:
                break
        return seen

    for a, b in zip(TEMPLATES[::2], TEMPLATES[1::2], strict=True):
        first, second, third, fourth = (pictures(template) for template in (a, b, b, a))
        for one, other in ((first, fourth), (second, third)):
            differing = [
                (a, b, i, np.argwhere(x != y)[0])
                for i, (x, y) in enumerate(zip(one, other, strict=True))
                if (x != y).any()
            ]
            assert not differing
