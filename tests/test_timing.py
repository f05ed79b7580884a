"""`info["timing"]`: where the time of a step goes, and that none of it is lost or counted twice."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest

from tests.collecting import Clicks
from tests.scripted import Scripted
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.tasks import load_suite

TASK = load_suite("local").task("shop/listed-fact/train-3")
KINDS = ("click [3]", 'type [2] "lamp"', "scroll [window] down", "back", "wait", "restart", "hover [4]", "click [9]")
STEPS = 40


@pytest.fixture
def env() -> Iterator[BestOfQEnv]:
    proposer = Scripted({TASK.goal: KINDS})
    environment = BestOfQEnv(proposer=proposer, embedder=Clicks(), n_candidates=len(KINDS), viewport=(640, 480))
    yield environment
    environment.close()


def test_the_phases_add_up_to_the_wall_time_of_steps_and_resets(env: BestOfQEnv) -> None:
    choices = itertools.cycle(range(len(KINDS)))
    counted = total = wall = 0.0
    over = True
    for _ in range(STEPS):
        started = time.perf_counter()
        if over:
            _, info = env.reset(seed=0, options={"task_id": TASK.id})
            over = False
        else:
            _, _, terminated, truncated, info = env.step(next(choices))
            over = terminated or truncated
        wall += time.perf_counter() - started
        assert not info["failure"], info["reason"]
        timing = dict(info["timing"])
        of_step = timing.pop("total")
        assert 0 < sum(timing.values()) <= of_step, "a phase is counted twice"
        counted, total = counted + sum(timing.values()), total + of_step
    assert counted == pytest.approx(total, rel=0.05)
    assert total == pytest.approx(wall, rel=0.05)


def test_a_reset_and_a_step_name_their_phases(env: BestOfQEnv) -> None:
    _, info = env.reset(seed=0, options={"task_id": TASK.id})
    models = {"propose", "embed", "total"}
    assert set(info["timing"]) == {"renew", "set up", "navigate", "settle", "observe", "draw"} | models
    *_, info = env.step(0)
    assert set(info["timing"]) == {"act", "settle", "observe", "draw", "check"} | models
