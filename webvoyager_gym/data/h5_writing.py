"""Writing many small HDF5 objects: what h5py's groups and attributes do, without what they look up again each time.

A dataset has some thirty objects an episode. Made through `h5py.Group` they take most of the time of merging a
recording; types, data spaces and creation properties that are made once leave a fifth of it. Nothing carries a time,
so that the same data gives the same bytes.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.data.text import to_stored

_TEXT = h5py.string_dtype()
_BOOL = np.dtype(bool)
_INTEGER = np.dtype("<i8")


def new_group(parent: h5py.h5g.GroupID, name: str) -> h5py.h5g.GroupID:
    """A group without anything in it."""
    return h5py.h5g.create(parent, name.encode(), gcpl=_untimed(h5py.h5p.GROUP_CREATE))


def write_numbers(parent: h5py.h5g.GroupID, name: str, values: NDArray[Any]) -> None:
    """A contiguous dataset of numbers or booleans."""
    logical, plain = _types(values.dtype)
    created = h5py.h5d.create(
        parent, name.encode(), logical, _space(values.shape), dcpl=_untimed(h5py.h5p.DATASET_CREATE)
    )
    if values.size:
        created.write(h5py.h5s.ALL, h5py.h5s.ALL, np.ascontiguousarray(values), plain)


def write_texts(parent: h5py.h5g.GroupID, name: str, texts: Sequence[str]) -> None:
    """A contiguous dataset of texts, any that Python can hold."""
    write_numbers(parent, name, np.array([to_stored(text).encode() for text in texts], dtype=_TEXT))


def write_attributes(parent: h5py.h5g.GroupID, values: Mapping[str, str | bool | int]) -> None:
    """Attributes of a new group, which are scalars."""
    for name, value in values.items():
        if isinstance(value, str):
            scalar = np.array(to_stored(value).encode(), dtype=_TEXT)
        else:
            scalar = np.array(value, dtype=_BOOL if isinstance(value, bool) else _INTEGER)
        logical, plain = _types(scalar.dtype)
        h5py.h5a.create(parent, name.encode(), logical, _space(())).write(scalar, plain)


def write_view(
    parent: h5py.h5g.GroupID,
    name: str,
    dtype: np.dtype[Any],
    *,
    file: str,
    source: str,
    rows: slice,
    shape: tuple[int, int],
) -> None:
    """A virtual dataset that shows some rows of a dataset in another file, so that nothing is stored twice.

    Args:
        file, source: that file, beside this one, and the dataset's name in it.
        shape: that dataset's.
    """
    count = rows.stop - rows.start
    here = _space((count, shape[1]))
    there = h5py.h5s.create_simple(shape)
    there.select_hyperslab((rows.start, 0), (count, shape[1]))
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_obj_track_times(False)
    properties.set_virtual(here, file.encode(), source.encode(), there)
    h5py.h5d.create(parent, name.encode(), _types(dtype)[0], here, dcpl=properties)


@functools.cache
def _untimed(kind: Any) -> Any:
    """Creation properties of objects that carry no time."""
    properties = h5py.h5p.create(kind)
    properties.set_obj_track_times(False)
    return properties


@functools.cache
def _types(dtype: np.dtype[Any]) -> tuple[Any, Any]:
    """How a dtype is stored, and how it lies in memory."""
    return h5py.h5t.py_create(dtype, logical=True), h5py.h5t.py_create(dtype)


@functools.lru_cache(maxsize=1024)
def _space(shape: tuple[int, ...]) -> Any:
    return h5py.h5s.create_simple(shape) if shape else h5py.h5s.create(h5py.h5s.SCALAR)
