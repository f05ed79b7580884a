"""Which tasks of a suite are run when so many are asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from webvoyager_gym.tasks.task import Task, TaskSuite


def draw_tasks(
    suite: TaskSuite, count: int | None, *, split: str, site: str | Sequence[str] | None = None, seed: int = 0
) -> list[Task]:
    """Tasks drawn by the seed alone; a longer draw begins alike.

    Of a split with a fixed list (`TaskSuite.listed_splits`) each task is drawn once, sites in proportion to their
    share of the list; asking for more than there are gives all. Of others, tasks are drawn from all sites in turn.

    Args:
        count: how many; None for a whole list.
        site: one site or several; all of them if None.

    Raises:
        ValueError: all tasks are asked for of a split that has no end of them.
    """
    sites = suite.sites if site is None else (site,) if isinstance(site, str) else tuple(site)
    if split in suite.listed_splits:
        return _shuffled([task for name in sites for task in suite.tasks(name, split)], seed)[:count]
    if count is None:
        raise ValueError(f"The split {split} of {suite.name} has no end of tasks; say how many.")
    seeds = np.random.default_rng(seed).integers(2**31, size=count)
    return [suite.sample(int(draw), sites[index % len(sites)], split) for index, draw in enumerate(seeds)]


def _shuffled(tasks: Sequence[Task], seed: int) -> list[Task]:
    """The tasks in an order by the seed of which every beginning has each site about as often as the whole."""
    random = np.random.default_rng(seed)
    by_site: dict[str, list[Task]] = defaultdict(list)
    for index in random.permutation(len(tasks)):
        by_site[tasks[index].site].append(tasks[index])
    spread = [
        ((place + random.random()) / len(own), task) for own in by_site.values() for place, task in enumerate(own)
    ]
    return [task for _, task in sorted(spread, key=lambda pair: pair[0])]
