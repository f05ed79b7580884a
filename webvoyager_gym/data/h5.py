"""Reading HDF5 files that somebody else may have made.

An HDF5 file can point at other files (external links, external storage, virtual datasets) and declare more data than
it holds. Nothing of that is followed or believed here: a dataset is read only if its bytes lie inside its own file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.errors import InvalidFile


@contextmanager
def reading(path: Path) -> Iterator[h5py.File]:
    """Open an HDF5 file for reading.

    Raises:
        InvalidFile: the file is missing, or is no HDF5 file.
    """
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise InvalidFile(
            f"{path} cannot be opened as an HDF5 file; bring the dataset again or check it with verify()."
        ) from error
    with file:
        yield file


def group(parent: h5py.Group, name: str) -> h5py.Group:
    """The group of that name, which must lie in the same file."""
    found = _own(parent, name)
    if not isinstance(found, h5py.Group):
        raise InvalidFile(
            f"{_where(parent, name)} should be a group; the file is damaged or was not made by this package."
        )
    return found


def dataset(parent: h5py.Group, name: str, ndim: int, dtype: np.dtype[Any] | str | None) -> h5py.Dataset:
    """The dataset of that name, after checking that its bytes lie in the same file.

    Args:
        ndim: number of dimensions it must have.
        dtype: the dtype it must have; None for UTF-8 strings of variable length.

    Raises:
        InvalidFile: there is none, or it is a link, virtual, external, chunked, or larger than its file.
    """
    found = _own(parent, name)
    where = _where(parent, name)
    if not isinstance(found, h5py.Dataset):
        raise InvalidFile(f"{where} should be a dataset; the file is damaged or was not made by this package.")
    if found.is_virtual or found.external or found.chunks is not None:
        raise InvalidFile(
            f"{where} should be stored contiguously in its own file, and is virtual, external or chunked."
        )
    right = h5py.check_string_dtype(found.dtype) is not None if dtype is None else found.dtype == np.dtype(dtype)
    if not right or found.ndim != ndim:
        expected = f"{ndim} dimensions of {'text' if dtype is None else np.dtype(dtype)}"
        raise InvalidFile(f"{where} should have {expected}, and has {found.ndim} of {found.dtype}.")
    if found.size * found.dtype.itemsize > os.path.getsize(found.file.filename):
        raise InvalidFile(
            f"{where} claims shape {found.shape}, which is more than its file holds; bring the file again."
        )
    return found


def memory_map(parent: h5py.Group, name: str, ndim: int, dtype: np.dtype[Any] | str) -> NDArray[Any]:
    """The dataset as a read-only memory map, which outlives the open file.

    Raises:
        InvalidFile: as for `dataset`, or its bytes reach beyond the end of the file.
    """
    found = dataset(parent, name, ndim, dtype)
    if found.size == 0:
        return _frozen(np.zeros(found.shape, found.dtype))
    path = found.file.filename
    offset = found.id.get_offset()
    if offset is None or offset + found.size * found.dtype.itemsize > os.path.getsize(path):
        raise InvalidFile(f"{_where(parent, name)} has no bytes within its file; bring the file again.")
    mapped = np.memmap(path, dtype=found.dtype, mode="r", offset=offset, shape=found.shape)
    # A plain view: indexing the memmap subclass costs several microseconds more each time.
    return np.asarray(mapped)


def extent(found: h5py.Dataset) -> tuple[int, int]:
    """Where the bytes of a contiguous dataset begin and end in its file; an empty stretch if there are none."""
    start = found.id.get_offset()
    return (0, 0) if start is None else (start, start + found.size * found.dtype.itemsize)


def check_sources(file: h5py.File, source: Path) -> None:
    """Make sure that whoever follows what a file points at, as Minari does, ends up in it or in one file beside it.

    Args:
        source: the only other file that virtual datasets may take their rows from.

    Raises:
        InvalidFile: a group or dataset is a link, stored elsewhere, filtered, or made of another file's rows.
    """
    groups: list[h5py.Group] = [file]
    # Two names may lead to one group, which could even hold itself: each is looked into once.
    seen = set()
    while groups:
        parent = groups.pop()
        for name in _names_in(parent):
            found = _own(parent, name)
            if isinstance(found, h5py.Group):
                if (place := h5py.h5o.get_info(found.id).addr) not in seen:
                    seen.add(place)
                    groups.append(found)
            elif not isinstance(found, h5py.Dataset) or found.external or found.chunks is not None:
                raise InvalidFile(f"{_where(parent, name)} is stored outside its file, or in pieces; do not trust it.")
            elif found.is_virtual:
                _check_virtual(found, source)


def _check_virtual(found: h5py.Dataset, source: Path) -> None:
    plist = found.id.get_create_plist()
    names = {plist.get_virtual_filename(index) for index in range(plist.get_virtual_count())}
    if names - {source.name}:
        raise InvalidFile(
            f"{found.file.filename}:{found.name} takes its rows from {min(names - {source.name})[:80]!r}, and may only "
            f"from {source.name}; do not trust its source."
        )


def _names_in(parent: h5py.Group) -> list[str]:
    try:
        return list(parent)
    except (OSError, RuntimeError, ValueError) as error:
        raise InvalidFile(f"{parent.file.filename}:{parent.name} is unreadable; bring the dataset again.") from error


def _own(parent: h5py.Group, name: str) -> h5py.Group | h5py.Dataset | None:
    try:
        if not isinstance(parent.get(name, getlink=True), h5py.HardLink):
            raise InvalidFile(f"{_where(parent, name)} is a link out of its place, and links are not followed.")
        return parent[name]
    except (KeyError, OSError, RuntimeError, ValueError) as error:
        if isinstance(error, InvalidFile):
            raise
        raise InvalidFile(f"{_where(parent, name)} is missing or unreadable; bring the dataset again.") from error


def _where(parent: h5py.Group, name: str) -> str:
    return f"{parent.file.filename}:{(parent.name or '').rstrip('/')}/{name}"


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
