"""The dataset that comes with the package: small, in order, and open to everybody without a network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import webvoyager_gym
from webvoyager_gym.data import Dataset, datasets_folder
from webvoyager_gym.data.dataset import BUNDLED_FOLDER
from webvoyager_gym.data.layout import SHOTS_FILE
from webvoyager_gym.data.recipes import MINI
from webvoyager_gym.data.remove import removable
from webvoyager_gym.data.validate import validate
from webvoyager_gym.errors import NotFound
from webvoyager_gym.sites import SITES

LARGEST = 5 * 10**6
"""Bytes it may have."""


@pytest.fixture
def mini(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """As it is found where there is no other and nothing may be downloaded."""
    monkeypatch.setenv("WEBVOYAGER_GYM_DATASETS", str(tmp_path))
    monkeypatch.setenv("WEBVOYAGER_GYM_OFFLINE", "1")
    return webvoyager_gym.load_dataset("local/mini-v0")


def test_it_is_whole_and_small(mini: Dataset) -> None:
    validate(mini, deep=True)
    files = [path for path in BUNDLED_FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= LARGEST
    assert all(path.is_relative_to(mini.folder) for path in files)


def test_it_has_something_of_every_site(mini: Dataset) -> None:
    vectors = mini.vectors()
    assert len(mini) == MINI.episodes
    assert set(vectors.site_names) == set(SITES)
    assert vectors.split_names == ("train",)
    assert vectors.width > 0
    assert not vectors.failure.any()
    assert np.isfinite(vectors.obs[mini.everything.rows]).all()


def test_every_candidate_and_propensity_is_there(mini: Dataset) -> None:
    assert mini.metadata["webvoyager_gym"]["policy"] == MINI.policy
    epsilon = mini.metadata["webvoyager_gym"]["epsilon"]
    for episode in mini.episodes():
        for step in episode.steps[:-1]:
            low = epsilon / len(step.candidates)
            assert step.propensity == pytest.approx(low) or step.propensity == pytest.approx(1 - epsilon + low)
            assert step.outline
            assert step.screenshot == b""


def test_other_libraries_open_it(mini: Dataset) -> None:
    assert mini.to_minari().total_steps == mini.vectors().n_steps
    assert mini.to_d3rlpy().transition_count == len(mini.everything.rows)
    assert mini.to_torch("cpu").cand.shape == mini.vectors().cand.shape


def test_the_command_line_shows_it_and_does_not_remove_it(mini: Dataset) -> None:
    assert not list(datasets_folder().iterdir())
    with pytest.raises(NotFound, match="There is no dataset 'local/mini-v0'"):
        removable("local/mini-v0")
    command = [sys.executable, "-m", "webvoyager_gym.cli", "datasets", "list"]
    listed = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, timeout=60, check=True)
    assert "local/mini-v0" in listed.stdout
    assert (mini.folder / SHOTS_FILE).is_file()
