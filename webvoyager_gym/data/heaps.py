"""HDF5's global heaps, in which texts lie, checked before the HDF5 library reads them.

Unlike the rest of a file of ours they carry no checksum, and the library walks from object to object by the lengths it
finds: one of zero, and it never comes back (seen with HDF5 2.0). A heap begins with `GCOL`, a version and its size; an
object has its index (2 bytes, 0 for what is free), 6 bytes, its size (8 bytes), and its content padded to 8 bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.errors import InvalidFile

SIGNATURE = b"GCOL\x01"
LARGEST = 64 * 2**20
"""Longest heap that is read, in bytes; a text of a dataset takes thousands."""

_HEAD = struct.Struct("<5s3xQ")
_OBJECT = 16
_CHUNK = 8 * 2**20


def check_heaps(path: Path, skip: Sequence[tuple[int, int]] = ()) -> None:
    """Make sure that reading texts of an HDF5 file comes to an end.

    Args:
        skip: stretches of the file, from and to, that hold arrays and need not be searched.

    Raises:
        InvalidFile: a heap is not made of objects end to end, or is longer than any of ours.
    """
    with path.open("rb") as file:
        length = file.seek(0, 2)
        for start, end in _between(skip, length):
            for place, size in _heaps(file, start, end):
                # One that reaches beyond the end of the file is refused by the library itself.
                if place + size <= length and (size > LARGEST or not _is_sound(_read(file, place, size))):
                    raise InvalidFile(f"{path} has a damaged store of texts at byte {place}; bring the dataset again.")


def _between(skip: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """What is left of a file without some stretches of it."""
    at = 0
    for start, end in sorted(skip):
        if start > at:
            yield at, start
        at = max(at, end)
    if at < length:
        yield at, length


def _heaps(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, int]]:
    """(place, size) of whatever begins like a heap within a stretch."""
    for here in range(start, end, _CHUNK):
        # A little more, for the head of one that begins at the very end of the chunk.
        chunk = _read(file, here, min(_CHUNK, end - here) + _HEAD.size)
        found = chunk.find(SIGNATURE)
        while 0 <= found <= len(chunk) - _HEAD.size and found < min(_CHUNK, end - here):
            yield here + found, _HEAD.unpack_from(chunk, found)[1]
            found = chunk.find(SIGNATURE, found + 1)


def _is_sound(heap: bytes) -> bool:
    """Whether objects lie end to end from the head of a heap to its end."""
    at, end = _HEAD.size, len(heap)
    words: NDArray[np.uint64] = np.frombuffer(heap, "<u8", end // 8)
    while end - at >= _OBJECT:
        if at % 8:
            return False
        index, size = int(words[at // 8]) & 0xFFFF, int(words[at // 8 + 1])
        step = size if index == 0 else _OBJECT + (size + 7) // 8 * 8
        if not 0 < step <= end - at:
            return False
        at += step
    return True


def _read(file: BinaryIO, place: int, size: int) -> bytes:
    file.seek(place)
    return file.read(size)
