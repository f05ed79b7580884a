"""What others' formats and converters get wrong: each mistake that is known, and that ours does not make it.

Beside these: `get_minari` shifts transitions and truncated episodes lose their last one (test_convert.py), combined
datasets lose seeds and candidates (test_rounds.py), entry points are called (test_hostile.py), chunked vectors are slow
to read (test_vectors.py).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from d3rlpy.constants import ActionSpace
from d3rlpy.dataset import MDPDataset

from tests.data.making import make_dataset, make_episode
from webvoyager_gym.data import Dataset

WIDTH = 2048


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """As wide as Qwen2.5-VL's embeddings, with large screenshots."""
    episodes = [make_episode(name, length=6, width=WIDTH, screenshot_size=200_000) for name in "ab"]
    return make_dataset(tmp_path_factory.mktemp("traps"), *episodes)


def test_metadata_does_not_spell_out_the_bounds_of_every_pixel(wide: Dataset) -> None:
    """A Box of a screenshot makes 22 MB of JSON; ours declares the embeddings and keeps screenshots as bytes."""
    path = wide.folder / "data" / "metadata.json"
    assert path.stat().st_size < 100_000
    metadata = json.loads(path.read_text())
    assert json.loads(metadata["observation_space"])["shape"] == [WIDTH]
    assert metadata["jpeg_encoding"] is False


def test_vectors_are_stored_once_though_minari_reads_them_too(wide: Dataset) -> None:
    sizes = {name: (wide.folder / "data" / name).stat().st_size for name in ("main_data.hdf5", "vectors.h5")}
    assert sizes["vectors.h5"] > 100_000 > sizes["main_data.hdf5"]
    first = next(iter(wide.to_minari()))
    np.testing.assert_array_equal(first.observations, wide.vectors().obs[wide.vectors().rows(0)])


def test_the_number_of_actions_is_not_guessed_from_those_that_were_taken(tmp_path: Path) -> None:
    episode = make_episode(length=6)
    timid = replace(episode, steps=(*(replace(step, chosen=0) for step in episode.steps[:-1]), episode.steps[-1]))
    dataset = make_dataset(tmp_path, timid)
    buffer = dataset.to_d3rlpy()
    (stored,) = buffer.episodes
    arrays = stored.observations[:-1], stored.actions, stored.rewards, np.arange(6) == 5
    guessed = MDPDataset(*arrays, action_space=ActionSpace.DISCRETE).dataset_info.action_size
    assert guessed == 1 < dataset.vectors().n_candidates == buffer.dataset_info.action_size


def test_indices_are_taken_for_discrete_actions(tmp_path: Path) -> None:
    """d3rlpy takes actions with one column of floats for continuous ones unless it is told."""
    info = make_dataset(tmp_path, make_episode()).to_d3rlpy().dataset_info
    assert info.action_space is ActionSpace.DISCRETE


def test_reading_a_dataset_imports_neither_library_nor_torch(wide: Dataset) -> None:
    """d3rlpy imports the retired gym, which prints a banner and warns."""
    code = (
        f"import sys; from webvoyager_gym import load_dataset; dataset = load_dataset({str(wide.folder)!r});"
        "dataset.where(split='train').order(0, 0); dataset[0]; dataset.vectors().obs[0];"
        "print(sorted({'d3rlpy', 'minari', 'gym', 'torch', 'playwright', 'transformers'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=dict(os.environ), capture_output=True, text=True, timeout=60, check=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
