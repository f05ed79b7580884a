"""Steps a second in a finished tree, from its memory maps alone. Prints a table; times never decide a test.

The tree is made by hand as large as a real one is a task: pages of 60 elements, embeddings of 512 numbers. Every state
is visited for the first time in the first round, and again in the second.

    make bench
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from tests.tree.trees import grow
from webvoyager_gym.tree import TransitionTree
from webvoyager_gym.tree.env import TreeEnv
from webvoyager_gym.tree.merge import merge

TASKS, DEPTH, WIDTH, MARKS = 40, 12, 512, 60


def round_of_all(env: TreeEnv) -> tuple[float, float]:
    """Steps a second over all states of all tasks: of the clock, and of the processor where others use it too."""
    steps, started, used = 0, time.perf_counter(), time.process_time()
    for number in range(TASKS):
        _, info = env.reset(options={"task_id": f"shop/listed-fact/train-{number}"})
        over = False
        while not over:
            _, _, terminated, truncated, info = env.step(0 if info["known"][0] else 1)
            over = terminated or truncated
            steps += 1
    return steps / (time.perf_counter() - started), steps / (time.process_time() - used)


def test_steps_a_second_in_a_finished_tree(tmp_path: Path) -> None:
    grow(tmp_path / "grown", TASKS, DEPTH, width=WIDTH, marks=MARKS)
    with TransitionTree(tmp_path / "grown") as grown:
        folder = merge(grown, tmp_path / "tree-v0", id="local/tree-v0").folder
    table = Table(
        "observations",
        "steps/s, first round",
        "second round",
        "by processor time",
        "",
        title=f"{TASKS * (DEPTH + 1)} states",
    )
    for screenshots in (False, True):
        started = time.perf_counter()
        env = TreeEnv(folder, unknown="truncate", screenshots=screenshots)
        opened = time.perf_counter() - started
        rates = np.array([round_of_all(env) for _ in range(2)]).T.ravel()
        assert np.isfinite(rates).all()
        name = f"{'with' if screenshots else 'without'} pictures of 64x64 (opened in {1e3 * opened:.0f} ms)"
        table.add_row(name, *(f"{rate:.0f}" for rate in rates))
        env.close()
    Console(width=120).print(table)
