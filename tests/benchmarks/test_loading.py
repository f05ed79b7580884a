"""Opening a dataset and reading random rows of it, against a raw memory map of the same bytes in the same run.

Prints a table; times never decide a test.

    make bench ARGS="-k loading"
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
from rich.console import Console
from rich.table import Table

from tests.data.big import memory, write_vectors
from webvoyager_gym.data import Vectors

STEPS, WIDTH, BATCH, ROUNDS = 100_000, 384, 256, 200


def median_ms(once: Callable[[], object], rounds: int, clock: Callable[[], float] = time.perf_counter) -> float:
    times = []
    for _ in range(rounds):
        started = clock()
        once()
        times.append(1000 * (clock() - started))
    return statistics.median(times)


def test_loading_against_a_memory_map(tmp_path: Path) -> None:
    path = tmp_path / "vectors.h5"
    write_vectors(path, STEPS, WIDTH)
    with h5py.File(path) as file:
        found = file["obs"]
        raw = np.memmap(path, found.dtype, "r", found.id.get_offset(), found.shape)
    before = memory()
    opening = median_ms(lambda: Vectors.open(path), 20)
    working = median_ms(lambda: Vectors.open(path), 20, time.process_time)
    vectors = Vectors.open(path)
    opened = memory()
    random = np.random.default_rng(0)
    draws = [np.sort(random.integers(vectors.n_rows, size=BATCH)) for _ in range(2 * ROUNDS)]
    for rows in draws:  # So that neither is the one that brings the pages in.
        raw[rows]
    ours, theirs = iter(draws[:ROUNDS]), iter(draws[:ROUNDS])
    table = Table("what", "measured", "of a raw memmap", title=f"{STEPS:,} steps of width {WIDTH}")
    mapped = median_ms(lambda: raw[next(theirs)], ROUNDS)
    loaded = median_ms(lambda: vectors.obs[next(ours)], ROUNDS)
    after = memory()
    table.add_row("open", f"{opening:.1f} ms", "")
    table.add_row("open, time of the CPU", f"{working:.1f} ms", "")
    table.add_row(f"{BATCH} random rows, raw memmap", f"{mapped:.3f} ms", "1.00")
    table.add_row(f"{BATCH} random rows, vectors().obs", f"{loaded:.3f} ms", f"{loaded / mapped:.2f}")
    table.add_row("memory of its own, opening", f"{(opened - before) / 1e6:.1f} MB", "")
    table.add_row("memory of its own, reading", f"{(after - opened) / 1e6:.1f} MB", "")
    table.add_row("the file", f"{path.stat().st_size / 1e6:.0f} MB", "")
    Console(width=100).print(table)
    np.testing.assert_array_equal(vectors.obs[draws[0]], raw[draws[0]])
