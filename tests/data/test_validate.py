"""The validator names the first thing wrong, of each kind that can be."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from tests.data.making import make_episode
from webvoyager_gym.data import Dataset, Recorder, checksums, finalize
from webvoyager_gym.data.publish import entry_for
from webvoyager_gym.data.registry import Registry, write_registry
from webvoyager_gym.data.validate import validate
from webvoyager_gym.errors import InvalidFile

ID = "local/toy-v0"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows 0 to 3 are episode a, 4 to 6 b, and 7 to 9 c, which the infrastructure broke off."""
    root = tmp_path_factory.mktemp("sound")
    with Recorder(root / "shards") as recorder:
        recorder.write(make_episode("a"))
        recorder.write(make_episode("b", length=2, ending="truncated"))
        recorder.write(make_episode("c", length=2, ending="truncated", failure="vlm", final_candidates=0))
    return finalize(root / "shards", root / "d", id=ID).folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "d"))


def seal(folder: Path) -> Dataset:
    """With checksums that are right, as a writer with a mistake would leave it."""
    checksums.write(folder, checksums.read(folder))
    return Dataset(folder)


def test_a_sound_dataset_passes_with_and_without_screenshots_and_embeddings(folder: Path, tmp_path: Path) -> None:
    validate(Dataset(folder), deep=True)
    (folder / "data" / "shots.h5").unlink()
    validate(Dataset(folder), deep=True)
    with Recorder(tmp_path / "shards") as recorder:
        recorder.write(make_episode("bare", width=0))
        recorder.write(make_episode("at once", width=0, length=0, final_candidates=0, failure="site"))
    validate(finalize(tmp_path / "shards", tmp_path / "bare", id=ID), deep=True)


def test_checksums_come_first(folder: Path) -> None:
    with h5py.File(folder / "data" / "vectors.h5", "r+") as file:
        file["propensity"][0] = 2
    with pytest.raises(InvalidFile, match="SHA256SUMS"):
        validate(Dataset(folder))


VECTORS: dict[str, tuple[str, int, Any]] = {
    "row 0 has propensity 0.0": ("propensity", 0, 0),
    "row 1 has propensity 1.5": ("propensity", 1, 1.5),
    "row 2 has propensity nan": ("propensity", 2, np.nan),
    "row 3 has propensity 0.5, where nothing was chosen": ("propensity", 3, 0.5),
    "row 4 has reward inf": ("reward", 4, np.inf),
    "row 6 has reward 1.0, where nothing was done": ("reward", 6, 1),
    "row 0 has terminated or truncated True": ("terminated", 0, True),
    "row 2 has terminated or truncated False": ("terminated", 2, False),
    "row 6 has terminated or truncated True": ("truncated", 6, True),
    "row 1 has a state embedding that is not finite": ("obs", 1, np.nan),
    "row 3 has a state embedding that is not finite": ("obs", 3, np.inf),
    "row 0 has a candidate embedding that is not finite": ("cand", 0, np.nan),
    "mc_return of episode 0": ("mc_return", 0, 0.5),
    "mc_return of episode 2": ("mc_return", 7, 0.0),
}


@pytest.mark.parametrize("message", VECTORS)
def test_a_value_that_the_training_view_cannot_have_is_named(folder: Path, message: str) -> None:
    name, row, value = VECTORS[message]
    with h5py.File(folder / "data" / "vectors.h5", "r+") as file:
        file[name][row] = value
    with pytest.raises(InvalidFile, match=rf"vectors\.h5.*{message}"):
        validate(seal(folder))


METADATA: dict[str, Callable[[dict[str, Any]], Any]] = {
    "total_steps is 8": lambda m: m.update(total_steps=8),
    "total_steps is None": lambda m: m.pop("total_steps"),
    "embedding_width is 5": lambda m: m["webvoyager_gym"].update(embedding_width=5),
    "n_candidates is 1": lambda m: m["webvoyager_gym"].update(n_candidates=1),
    "data_format is 'arrow'": lambda m: m.update(data_format="arrow"),
    "action_space has 1 actions": lambda m: m.update(action_space='{"n": 1}'),
    "observation_space has shape": lambda m: m.update(observation_space='{"shape": [9]}'),
    "observation_space or action_space is missing": lambda m: m.update(observation_space="[" * 100_000),
}


@pytest.mark.parametrize("message", METADATA)
def test_metadata_that_contradicts_the_vectors_is_named(folder: Path, message: str) -> None:
    path = folder / "data" / "metadata.json"
    metadata = json.loads(path.read_text())
    METADATA[message](metadata)
    path.write_text(json.dumps(metadata))
    with pytest.raises(InvalidFile, match=rf"metadata\.json.*{message}"):
        validate(seal(folder))


MAIN: dict[str, Callable[[h5py.Group], Any]] = {
    "split is 'test'": lambda g: g.attrs.__setitem__("split", "test"),
    "failure is 'site'": lambda g: g.attrs.__setitem__("failure", "site"),
    "row 0: what was proposed, chosen or rewarded": lambda g: g["rewards"].__setitem__(0, 0.25),
    "row 1: what was proposed, chosen or rewarded": lambda g: g["infos/propensity"].__setitem__(1, 0.01),
    "row 0: propensity is 2.0": lambda g: g["infos/propensity"].__setitem__(0, 2),
    "row 1: chosen is 9 of": lambda g: g["actions"].__setitem__(1, 9),
    "row 0: terminated or truncated must be": lambda g: g["terminations"].__setitem__(0, True),
}


@pytest.mark.parametrize("message", MAIN)
def test_an_episode_that_differs_from_the_vectors_is_named_by_the_deep_check(folder: Path, message: str) -> None:
    with h5py.File(folder / "data" / "main_data.hdf5", "r+") as file:
        MAIN[message](file["episode_1"])
    dataset = seal(folder)
    validate(dataset)
    with pytest.raises(InvalidFile, match=rf"(episode_1|Episode 'b').*{message}"):
        validate(dataset, deep=True)


def test_a_whole_dataset_under_a_published_id_is_held_against_the_registry(
    sound: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_registry(tmp_path / "registry.json", Registry((entry_for(Dataset(sound), "CC0-1.0"),)))
    monkeypatch.setenv("WEBVOYAGER_GYM_REGISTRY", str(tmp_path / "registry.json"))
    validate(Dataset(folder))
    (folder / "README.md").write_text("Another card.")
    with pytest.raises(InvalidFile, match="another dataset than the one published"):
        validate(seal(folder))
