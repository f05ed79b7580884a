"""Screenshots of a dataset: lossless WebP files end to end in one array of bytes, and where each begins."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.data import h5
from webvoyager_gym.errors import InvalidFile


@dataclass(frozen=True, eq=False)
class Screenshots:
    """Encoded screenshots, memory-mapped from `shots.h5`.

    Attributes:
        data: (B,) uint8, the files end to end.
        ptr: (S + 1,) int64; row s has `data[ptr[s]:ptr[s + 1]]`, empty if its screenshot was not recorded.
    """

    data: NDArray[np.uint8]
    ptr: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ptr) - 1

    def __getitem__(self, row: int) -> bytes:
        return self.data[self.ptr[row] : self.ptr[row + 1]].tobytes()

    @classmethod
    def open(cls, path: Path) -> Screenshots:
        """Map a `shots.h5` into memory, read-only.

        Raises:
            InvalidFile: the file is foreign or damaged.
        """
        with h5.reading(path) as file:
            shots = cls(h5.memory_map(file, "data", 1, "|u1"), h5.memory_map(file, "ptr", 1, "<i8"))
        ptr = shots.ptr
        if len(ptr) == 0 or ptr[0] != 0 or ptr[-1] != len(shots.data) or np.any(np.diff(ptr) < 0):
            raise InvalidFile(f"{path} does not say where its screenshots begin; bring it again.")
        return shots
