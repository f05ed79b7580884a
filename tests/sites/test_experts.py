"""Every kind of task on every local site can be done, from the start and after five random actions, in a real browser.

`make test` tries three tasks of each template; `make experts` tries twenty.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import pytest

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.rollout import ExpertRun, run_expert
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.tasks.local import LocalTask

SEEDS = int(os.environ.get("WEBVOYAGER_GYM_EXPERT_SEEDS", "3"))
LONGEST = 12
"""Most actions that an expert takes from the start; an episode allows 15."""
TEMPLATES = [(site, template.name) for site in SITES for template in load_site(site).templates]


@pytest.fixture(scope="module")
def env() -> Iterator[WebVoyagerEnv]:
    env = WebVoyagerEnv(max_steps=60)
    yield env
    env.close()


def story(task: LocalTask, run: ExpertRun) -> str:
    """What happened, a line an action."""
    moves = itertools.zip_longest((*run.prefix, *run.actions), run.seen, fillvalue="")
    return "\n".join([f"{task.id}: {run.reason} {run.failure}", *(f"  {move} -> {seen}" for move, seen in moves)])


@pytest.mark.parametrize("prefix", [0, 5])
@pytest.mark.parametrize(("site", "template"), TEMPLATES)
def test_the_expert_completes_the_task(env: WebVoyagerEnv, site: str, template: str, prefix: int) -> None:
    failed = []
    longest = 0
    for seed in range(SEEDS):
        task = LocalTask(site, template, "train", 17 * seed)
        run = run_expert(env, task, random_prefix=prefix, seed=seed)
        longest = max(longest, len(run.actions))
        if not run.success:
            failed.append(story(task, run))
    assert not failed, "\n\n".join(failed)
    assert prefix or longest <= LONGEST


def test_there_are_at_least_eight_templates_a_site() -> None:
    for site in SITES:
        assert len([name for of, name in TEMPLATES if of == site]) >= 8
