"""datasets/FORMAT.md names every field of a dataset just written, with its shape and dtype, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from tests.data.making import make_episode
from webvoyager_gym.data import Dataset, Recorder, finalize
from webvoyager_gym.data.layout import FORMAT_VERSION

PAGE = (Path(__file__).parents[2] / "datasets" / "FORMAT.md").read_text()
EPISODES = [make_episode("a", 3, length=3, width=5), make_episode("b", 0, length=2, width=5)]

Row = tuple[str, ...]


def section(title: str) -> str:
    return re.split(r"^## ", PAGE, flags=re.MULTILINE)[[t.startswith(title) for t in titles()].index(True) + 1]


def titles() -> list[str]:
    return re.findall(r"^## (.*)$", PAGE, flags=re.MULTILINE)


def tables(title: str, first: str) -> dict[str, Row]:
    """Rows of the section's tables whose first column has that head, by their first cell."""
    rows: dict[str, Row] = {}
    head = ""
    for line in section(title).splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            head = ""
        elif not head:
            head = cells[0]
        elif head == first and set(cells[0]) != {"-"}:
            assert cells[-1], f"{cells[0]} has no meaning"
            rows[cells[0]] = tuple(cells[1:])
    return rows


def shape(text: str, sizes: dict[str, int]) -> tuple[int, ...]:
    """`(T + 1, D)` with the sizes put in."""
    parts = [part.strip() for part in text.strip("()").split(",")]
    return tuple(
        sizes[letter] + int(more or 0) if letter in sizes else int(letter)
        for letter, _, more in (part.partition(" + ") for part in parts)
    )


def spelled(dtype: np.dtype[Any]) -> str:
    return "text" if h5py.check_string_dtype(dtype) else dtype.name


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("format")
    with Recorder(folder / "shards") as recorder:
        for episode in EPISODES:
            recorder.write(episode)
    return finalize(folder / "shards", folder / "d", id="local/toy-v0")


def written(group: h5py.Group) -> dict[str, h5py.Dataset]:
    found: dict[str, h5py.Dataset] = {}
    group.visititems(lambda name, each: found.update({name: each}) if isinstance(each, h5py.Dataset) else None)
    return found


def assert_fields(rows: dict[str, Row], found: dict[str, h5py.Dataset], sizes: dict[str, int]) -> None:
    assert {name: (shape(row[0], sizes), row[1]) for name, row in rows.items()} == {
        name: (each.shape, spelled(each.dtype)) for name, each in found.items()
    }


def test_the_version_is_the_readers() -> None:
    assert PAGE.startswith(f"# The layout of a dataset, version {FORMAT_VERSION}\n")


def test_files(dataset: Dataset) -> None:
    found = {path.relative_to(dataset.folder).as_posix() for path in dataset.folder.rglob("*") if path.is_file()}
    assert set(tables("Files", "file")) == found


def test_episodes(dataset: Dataset) -> None:
    attributes = tables("`data/main_data.hdf5`", "attribute")
    with h5py.File(dataset.folder / "data" / "main_data.hdf5") as file:
        assert set(file) == {"episode_0", "episode_1"}
        for index, episode in enumerate(EPISODES):
            sizes = {"T": len(episode), "C": sum(len(step.candidates) for step in episode.steps), "D": 5}
            group = file[f"episode_{index}"]
            assert_fields(tables("`data/main_data.hdf5`", "path"), written(group), sizes)
            kinds = {name: kind for name, (kind, _) in attributes.items()}
            assert kinds == {name: _kind(value) for name, value in group.attrs.items()}


def _kind(value: Any) -> str:
    kinds = {
        list: "list",
        str: "text",
        bool: "boolean",
        np.bool_: "boolean",
        dict: "object",
        int: "integer",
        np.int64: "integer",
    }
    return "float" if isinstance(value, float) else kinds[type(value)]


def test_vectors(dataset: Dataset) -> None:
    steps = [step for episode in EPISODES for step in episode.steps]
    sizes = {"S": len(steps), "C": sum(len(step.candidates) for step in steps), "E": len(EPISODES), "D": 5}
    with h5py.File(dataset.folder / "data" / "vectors.h5") as file:
        found = written(file)
        assert_fields(tables("`data/vectors.h5`", "path"), found, sizes)
        attributes = {f"{name}@{key}" for name, each in found.items() for key in each.attrs}
        assert set(tables("`data/vectors.h5`", "attribute")) == attributes


def test_screenshots(dataset: Dataset) -> None:
    steps = [step for episode in EPISODES for step in episode.steps]
    sizes = {"S": len(steps), "B": sum(len(step.screenshot) for step in steps)}
    with h5py.File(dataset.folder / "data" / "shots.h5") as file:
        assert_fields(tables("`data/shots.h5`", "path"), written(file), sizes)


def test_metadata(dataset: Dataset) -> None:
    metadata = json.loads((dataset.folder / "data" / "metadata.json").read_text())
    ours = {f"webvoyager_gym.{key}": value for key, value in metadata["webvoyager_gym"].items()}
    rows = tables("`data/metadata.json`", "key")
    assert {key: kind for key, (kind, _) in rows.items()} == {k: _kind(v) for k, v in {**metadata, **ours}.items()}
