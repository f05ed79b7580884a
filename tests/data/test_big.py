"""A file of gigabytes is opened and read within a few megabytes of memory."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.data.big import memory, write_vectors
from webvoyager_gym.data import Vectors

STEPS, WIDTH = 100_000, 2048
MOST = 24 * 2**20
"""Bytes that opening and reading may take: the columns without embeddings have six a row, and there are temporaries."""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read off /proc")
def test_memory_does_not_grow_with_the_embeddings(tmp_path: Path) -> None:
    write_vectors(tmp_path / "vectors.h5", STEPS, WIDTH)
    assert (tmp_path / "vectors.h5").stat().st_size > 1.7e9
    before = memory()
    vectors = Vectors.open(tmp_path / "vectors.h5")
    random = np.random.default_rng(0)
    for _ in range(20):
        rows = random.integers(vectors.n_rows, size=256)
        assert vectors.obs[rows].shape == (256, WIDTH)
        assert vectors.cand[vectors.cand_ptr[rows]].shape == (256, WIDTH)
    assert memory() - before < MOST
