"""The commands that measure what the local suite claims, on a task or two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.proofs import determinism, draws, experts, null_policies
from webvoyager_gym.proofs.running import chosen_tasks, in_browsers
from webvoyager_gym.sites import load_site
from webvoyager_gym.sites.kit.server import world_of
from webvoyager_gym.tasks.local import LocalTask, open_session

TASK = LocalTask("papers", "affiliation", "train", 3)
ACT = LocalTask("shop", "add-to-cart", "train", 3)


@pytest.fixture(scope="module")
def env() -> Iterator[WebVoyagerEnv]:
    env = WebVoyagerEnv(max_steps=40)
    yield env
    env.close()


def test_an_experts_run_is_counted_by_site(env: WebVoyagerEnv) -> None:
    done = experts.outcome(env, TASK, prefix=3)
    assert done.success
    assert done.story == ""
    failed = experts.Outcome("shop/x/train-0", False, True, 15, "why\n  click [1]")
    stuck = experts.Outcome("shop/y/train-0", False, False, 2, "gone")
    console = Console(width=100, record=True)
    console.print(experts.table([done, failed, stuck]))
    rows = [line.strip("│ ").split("│") for line in console.export_text().splitlines() if line.startswith("│")]
    counts = {row[0].strip(): [cell.strip() for cell in row[1:5]] for row in rows}
    assert counts == {"papers": ["1", "1", "0", "0"], "shop": ["2", "0", "1", "1"], "all": ["3", "1", "1", "1"]}


def test_worlds_that_offer_a_template_nothing_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    rare, poor, usual = load_site("shop").templates[:3]
    draw = type(rare).draw
    world = world_of(load_site("shop"), "train", 777)
    monkeypatch.setattr(type(rare), "draw", lambda self, at, random: None if at is world else draw(self, at, random))
    monkeypatch.setattr(type(poor), "draw", lambda self, at, random: None)
    assert type(rare) is not type(poor)
    found = draws.borrowed("shop", "train", 777)
    assert (found[rare.name], found[poor.name], found[usual.name]) == (True, None, False)


def test_a_visit_looks_the_same_again_and_what_differs_is_found(env: WebVoyagerEnv, tmp_path: Path) -> None:
    first, again = (determinism.visit(env, TASK, steps=2, keep=tmp_path) for _ in range(2))
    assert len(first) == 4
    assert determinism.differing([TASK, TASK], [first, again]) == {}
    other = [(first[0][0], "another"), *again[1:]]
    assert determinism.differing([TASK, TASK], [first, other]) == {(TASK.id, ()): {first[0][1], "another"}}
    assert {file.stem for file in tmp_path.iterdir()} == {digest for _, digest in first}


def test_a_policy_without_sense_is_caught_where_it_completes_something(env: WebVoyagerEnv) -> None:
    assert null_policies.completing_answers(TASK) == []
    assert not null_policies.clicked_at_random(env, ACT, np.random.default_rng(0))
    guessed = [LocalTask("recipes", "chillies", "train", seed) for seed in range(60)]
    right = next(task for task in guessed if open_session(task).judge("1").success)
    assert null_policies.completing_answers(right) == ["1"]
    tried = null_policies.attempt(env, ("recipes", "chillies"), split="train", tasks=12, walks=0)
    assert (tried.template, tried.answer, tried.clicks) == ("recipes/chillies", "1", 0)
    assert 0 < tried.answers < 12


def test_jobs_run_in_workers_and_come_back_in_order() -> None:
    tasks = [TASK, ACT]
    assert in_browsers(_goal, tasks, WebVoyagerEnv, workers=2, label="goals") == [task.goal for task in tasks]


def _goal(env: WebVoyagerEnv, task: LocalTask) -> str:
    observation, _ = env.reset(options={"task_id": task.id})
    return str(observation["goal"])


def test_the_test_split_is_the_list_and_others_have_so_many_of_each() -> None:
    assert len(chosen_tasks("test", ["shop"], 1)) == 41
    assert len({task.id for task in chosen_tasks("train", ["shop", "papers"], 3)}) == 3 * (16 + 19)
