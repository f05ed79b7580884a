"""A dataset that is published in a folder, a server that serves it, and an empty place for it to go to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.data.making import make_episode
from tests.data.mirroring import ID, Contents, contents, register
from tests.data.mischief import Mischief, serving
from webvoyager_gym.data import Recorder, finalize, load_dataset
from webvoyager_gym.data.publish import publish
from webvoyager_gym.data.registry import Published


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to serve, with one published dataset."""
    root = tmp_path_factory.mktemp("mirror")
    with Recorder(root / "shards") as recorder:
        for name in "abc":
            recorder.write(make_episode(name, width=64, screenshot_size=30_000))
    dataset = finalize(root / "shards", root / "made" / ID, id=ID)
    publish(dataset, str(root / "www"), licence="CC-BY-4.0")
    return root / "www"


@pytest.fixture(scope="module")
def entry(mirror: Path) -> Published:
    return publish(load_dataset(mirror / ID), str(mirror), licence="CC-BY-4.0")


@pytest.fixture
def published(mirror: Path) -> Contents:
    files = contents(mirror / ID)
    del files["manifest.json"]
    return files


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the dataset goes."""
    monkeypatch.setenv("WEBVOYAGER_GYM_DATASETS", str(tmp_path / "datasets"))
    return tmp_path / "datasets" / ID


@pytest.fixture
def server(mirror: Path) -> Iterator[Mischief]:
    with serving(mirror) as server:
        yield server


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, entry: Published, server: Mischief) -> None:
    register(monkeypatch, tmp_path, entry, f"{server.url}/{ID}")
