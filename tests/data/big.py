"""A training view as large as a test wants it, at the cost of a hole in a file, and what it takes of memory."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np

from webvoyager_gym.data.vectors import COLUMNS, FAILURES

LENGTH, N = 10, 3
"""Actions of an episode, candidates of a row."""


def write_vectors(path: Path, steps: int, width: int) -> None:
    """A `vectors.h5` of so many steps; all embeddings are zero and take no room on the disk."""
    episodes = steps // LENGTH
    rows = episodes * (LENGTH + 1)
    final = np.arange(rows) % (LENGTH + 1) == LENGTH
    ended = np.arange(rows) % (LENGTH + 1) == LENGTH - 1
    columns = {
        "cand_ptr": np.arange(rows + 1) * N,
        "ep_ptr": np.arange(episodes + 1) * (LENGTH + 1),
        "chosen": np.where(final, -1, 0),
        "propensity": np.where(final, np.nan, 0.5),
        "terminated": ended,
    }
    shapes = {"obs": (rows, width), "cand": (rows * N, width)}
    with h5py.File(path, "w", libver=("v110", "v110"), alignment_threshold=1, alignment_interval=64) as file:
        for name, (_, dtype) in COLUMNS.items():
            if name in shapes:
                properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
                properties.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
                properties.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
                space = h5py.h5s.create_simple(shapes[name])
                h5py.h5d.create(file.id, name.encode(), h5py.h5t.py_create(np.dtype(dtype)), space, dcpl=properties)
                continue
            length = episodes if name in ("split", "site", "success", "failure") else rows
            file.create_dataset(name, data=np.asarray(columns.get(name, np.zeros(length)), dtype))
        file["split"].attrs["names"] = ["train"]
        file["site"].attrs["names"] = ["shop"]
        file["failure"].attrs["names"] = FAILURES


def memory() -> int:
    """Bytes of memory that are this process's own, those of mapped files not among them."""
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("RssAnon:"))
    return 1024 * int(line.split()[1])
