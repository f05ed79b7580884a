"""Every kind of task on every local site can be done, from the start and after five random actions, in a real browser.

`make test` tries one task of each template from the start, and every fourth template after random actions too, and
compares pictures of a few templates of each site; `make experts` tries twenty tasks of each both ways, and compares
pictures of all templates. `make proofs` does the same with the test split.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import numpy as np
import pytest

from tests.sites.browsing import WatchedEnv, pictures
from webvoyager_gym.rollout import ExpertRun, run_expert
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.tasks.local import LocalTask

SEEDS = int(os.environ.get("WEBVOYAGER_GYM_EXPERT_SEEDS", "1"))
LONGEST = 12
"""Most actions that an expert takes from the start; an episode allows 15."""
MOST_MARKS, MOST_WORDS = 24, 260
"""What a page may show at once, so that a small model can read it; words of the outline, roles and numbers included."""
FEW = 2
"""Templates of a site whose pictures are compared in a quick run."""
TEMPLATES = [(site, template.name) for site in SITES for template in load_site(site).templates]
PREFIX = 5
"""Random actions."""
RUNS = [
    (site, template, prefix)
    for number, (site, template) in enumerate(TEMPLATES)
    for prefix in ((0, PREFIX) if SEEDS > 1 or number % 4 == 1 else (0,))
]


@pytest.fixture(scope="module")
def env() -> Iterator[WatchedEnv]:
    env = WatchedEnv(max_steps=60)
    yield env
    env.close()


def story(task: LocalTask, run: ExpertRun) -> str:
    """What happened, a line an action."""
    moves = itertools.zip_longest((*run.prefix, *run.actions), run.seen, fillvalue="")
    return "\n".join([f"{task.id}: {run.reason} {run.failure}", *(f"  {move} -> {seen}" for move, seen in moves)])


@pytest.mark.timeout(100 * SEEDS)
@pytest.mark.parametrize(("site", "template", "prefix"), RUNS)
def test_the_expert_completes_the_task(env: WatchedEnv, site: str, template: str, prefix: int) -> None:
    failed = []
    longest = 0
    for seed in range(SEEDS):
        task = LocalTask(site, template, "train", 17 * seed)
        run = run_expert(env, task, random_prefix=prefix, seed=seed)
        if run.failure:
            run = run_expert(env, task, random_prefix=prefix, seed=seed)
        longest = max(longest, len(run.actions))
        if not run.success:
            failed.append(story(task, run))
        # Where random actions lead, dialogs may stand open over full pages.
        assert prefix or (env.most_marks <= MOST_MARKS and env.most_words <= MOST_WORDS), (
            f"{task.id}: a page shows {env.most_marks} marks and {env.most_words} words"
        )
    assert not failed, "\n\n".join(failed)
    assert prefix or longest <= LONGEST


def compared(site: str) -> list[str]:
    """Names of an even number of templates."""
    names = [template.name for template in load_site(site).templates]
    many = len(names) if SEEDS >= 20 else FEW
    return names[: many - many % 2]


@pytest.mark.parametrize("site", SITES)
def test_the_same_task_looks_the_same_every_time(env: WatchedEnv, site: str) -> None:
    names = compared(site)
    for a, b in zip(names[::2], names[1::2], strict=True):
        ids = [f"{site}/{template}/test-5" for template in (a, b, b, a)]
        first, second, third, fourth = (list(pictures(env, task_id, 3)) for task_id in ids)
        for one, other in ((first, fourth), (second, third)):
            assert len(one) == len(other)
            for step, (x, y) in enumerate(zip(one, other, strict=True)):
                assert np.array_equal(x, y), f"{a}, {b}: step {step} differs at {np.argwhere(x != y)[0]}"


def test_there_are_at_least_twelve_templates_a_site() -> None:
    for site in SITES:
        assert len([name for of, name in TEMPLATES if of == site]) >= 12
