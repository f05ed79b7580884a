"""Datasets damaged at random, and the process that opens them under a limit of memory.

HDF5 is a C library, so each batch is read in a process of its own: whatever a file does to it, the tests go on.
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from webvoyager_gym.data import Dataset
from webvoyager_gym.data.layout import MAIN_FILE, METADATA_FILE, SHOTS_FILE, VECTORS_FILE
from webvoyager_gym.data.validate import wrong_episode, wrong_metadata, wrong_vectors
from webvoyager_gym.errors import InvalidFile

MEMORY = 200 * 2**20
"""Bytes that opening a damaged dataset may take, beyond what the process has with a sound one."""

H5_FILES = (MAIN_FILE, VECTORS_FILE, SHOTS_FILE)
Random = random.Random


def _changed(path: Path, change: Callable[[bytearray], bytes | bytearray]) -> None:
    path.write_bytes(change(bytearray(path.read_bytes())))


def flip_bits(path: Path, dice: Random) -> None:
    def change(content: bytearray) -> bytearray:
        for _ in range(dice.choice((1, 1, 4, 64))):
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        return content

    _changed(path, change)


def flip_bits_of_the_head(path: Path, dice: Random) -> None:
    """Where HDF5 keeps what it believes first."""

    def change(content: bytearray) -> bytearray:
        content[dice.randrange(min(512, len(content)))] ^= 1 << dice.randrange(8)
        return content

    _changed(path, change)


def truncate(path: Path, dice: Random) -> None:
    _changed(path, lambda content: content[: dice.randrange(len(content))])


def overwrite(path: Path, dice: Random) -> None:
    """A stretch of zeros, ones or noise."""

    def change(content: bytearray) -> bytearray:
        start, length = dice.randrange(len(content)), dice.randrange(1, 4096)
        filling = dice.choice((bytes(length), b"\xff" * length, dice.randbytes(length)))
        return content[:start] + filling[: len(content) - start] + content[start + length :]

    _changed(path, change)


def cut_out(path: Path, dice: Random) -> None:
    """A stretch is gone, and all behind it has moved."""

    def change(content: bytearray) -> bytearray:
        start = dice.randrange(len(content))
        return content[:start] + content[start + dice.randrange(1, 512) :]

    _changed(path, change)


def replace_column(path: Path, dice: Random) -> None:
    """Another shape, dtype or size, by HDF5's own means, so that all its checksums are right."""
    with h5py.File(path, "r+") as file:
        names: list[str] = []
        file.visititems(lambda name, found: names.append(name) if isinstance(found, h5py.Dataset) else None)
        name = dice.choice(sorted(names))
        attributes = dict(file[name].attrs)
        shape, dtype = file[name].shape, file[name].dtype
        del file[name]
        forms: list[Callable[[], Any]] = [
            lambda: file.create_dataset(name, (2 ** dice.randrange(20, 62),), "<f2"),
            lambda: file.create_dataset(name, (2 ** dice.randrange(20, 40), 2**20), dtype),
            lambda: file.create_dataset(name, shape, dice.choice(("<f8", "<i1", "S5", h5py.string_dtype(), "<c16"))),
            lambda: file.create_dataset(name, tuple(size + dice.choice((-1, 1, 7)) for size in shape if size), dtype),
            lambda: file.create_dataset(name, (2**40,), dtype, chunks=(2**20,), compression="gzip"),
            lambda: file.create_dataset(name, data=np.full(shape, _odd(dtype), dtype)),
            lambda: file.create_group(name),
            lambda: file.__setitem__(name, h5py.ExternalLink("/etc/passwd", "/")),
            lambda: file.__setitem__(name, file["/"]),
            lambda: None,
        ]
        dice.choice(forms)()
        if isinstance(file.get(name, getlink=True), h5py.HardLink):
            file[name].attrs.update(attributes)


def _odd(dtype: np.dtype[Any]) -> Any:
    if dtype.kind in "iu":
        return np.iinfo(dtype).max
    return np.nan if dtype.kind == "f" else b"\xff\x1b" if dtype.kind == "O" else True


def replace_attribute(path: Path, dice: Random) -> None:
    with h5py.File(path, "r+") as file:
        owners: list[Any] = [file]
        file.visititems(lambda _, found: owners.append(found))
        owner = dice.choice([owner for owner in owners if len(owner.attrs)] or [file])
        name = dice.choice(sorted(owner.attrs) or ["names"])
        odd = (np.nan, "x" * 60_000, np.arange(4000), b"\xff\xfe", h5py.Empty("f"), np.zeros((3, 3), "c16"), "\x1b[")
        owner.attrs[name] = dice.choice(odd)


def replace_value(path: Path, dice: Random) -> None:
    """A value of the metadata becomes another."""

    def replaced(value: Any) -> Any:
        if isinstance(value, dict) and value and dice.random() < 0.8:
            key = dice.choice(sorted(value))
            return {**value, key: replaced(value[key])}
        odd: list[Any] = [None, -1, 2**80, 1e308, float("inf"), "", "x" * 10**6, [], {}, [[]] * 10**5, True, "9" * 5000]
        return dice.choice(odd)

    path.write_text(json.dumps(replaced(json.loads(path.read_text()))))


def nest(path: Path, dice: Random) -> None:
    opening = dice.choice(("[", '{"a":', "[[],"))
    path.write_text(opening * (2 ** dice.randrange(8, 22) // len(opening)))


BYTES = (flip_bits, flip_bits_of_the_head, truncate, overwrite, cut_out)


def mutate(folder: Path, seed: int) -> str:
    """Damage a dataset in a way that the seed decides; what was done."""
    dice = random.Random(seed)
    if dice.random() < 0.1:
        path, how = folder / METADATA_FILE, dice.choice((*BYTES, replace_value, replace_value, nest))
    else:
        path = folder / dice.choice(H5_FILES)
        how = dice.choice((*BYTES, replace_column, replace_column, replace_column, replace_attribute))
    how(path, dice)
    return f"{how.__name__} of {path.name}"


def read_all(folder: Path) -> str:
    """Use a dataset as people do; "" if it is sound, else the sentence of the first thing that is wrong."""
    try:
        dataset = Dataset(folder)
        vectors = dataset.vectors()
        reason = wrong_metadata(dataset.metadata, vectors) or wrong_vectors(vectors)
        for index, episode in enumerate(dataset.episodes()):
            reason = reason or wrong_episode(episode, index, vectors)
        dataset.to_minari()
    except InvalidFile as error:
        return str(error)
    return reason


def main(sound: str, place: str, first: int, count: int) -> None:
    """Damage `count` copies of a dataset and read each; a line of JSON before and after."""
    assert read_all(Path(sound)) == ""
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    for seed in range(first, first + count):
        folder = Path(shutil.copytree(sound, Path(place) / str(seed)))
        what = mutate(folder, seed)
        print(json.dumps({"seed": seed, "what": what}), flush=True)
        start = time.process_time()
        try:
            said, wrong = read_all(folder), ""
        except Exception as error:  # what must not happen, and is to be told of with its seed
            said, wrong = "", f"{type(error).__name__}: {error}"
        seconds = time.process_time() - start
        print(json.dumps({"seed": seed, "what": what, "said": said, "wrong": wrong, "seconds": seconds}), flush=True)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
