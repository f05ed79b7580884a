"""The training view: equal to the episodes, mapped and not copied, and refused when it lies."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from tests.data.making import make_episode
from webvoyager_gym.data import Dataset, Recorder, Vectors, finalize
from webvoyager_gym.data.vectors import FAILURES, discounted_returns
from webvoyager_gym.errors import InvalidFile

EPISODES = [
    make_episode("a", 0, length=3),
    make_episode("b", 0, length=2, ending="truncated", split="test"),
    make_episode("c", 0, length=2, ending="truncated", failure="vlm", final_candidates=0),
]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("vectors")
    with Recorder(folder / "shards") as recorder:
        for episode in EPISODES:
            recorder.write(episode)
    return finalize(folder / "shards", folder / "d", id="local/toy-v0")


def test_they_agree_with_the_episodes_row_by_row(dataset: Dataset) -> None:
    vectors = dataset.vectors()
    assert (vectors.n_episodes, vectors.n_rows, vectors.n_steps, vectors.width) == (3, 10, 7, 4)
    assert vectors.split_names == ("test", "train")
    for index, episode in enumerate(EPISODES):
        rows = vectors.rows(index)
        assert vectors.split_names[vectors.split[index]] == episode.split
        assert FAILURES[vectors.failure[index]] == episode.failure
        for row, step in zip(range(rows.start, rows.stop), episode.steps, strict=True):
            np.testing.assert_array_equal(vectors.obs[row], step.state_embedding)
            np.testing.assert_array_equal(vectors.candidates(row), step.candidate_embeddings)
            assert vectors.chosen[row] == step.chosen
            np.testing.assert_equal(vectors.propensity[row], np.float32(step.propensity))
            assert vectors.reward[row] == np.float32(step.reward)
            assert (vectors.terminated[row], vectors.truncated[row]) == (step.terminated, step.truncated)
    assert vectors.n_candidates == max(len(s.candidates) for e in EPISODES for s in e.steps)


def test_returns_are_discounted_and_unknown_where_the_infrastructure_failed(dataset: Dataset) -> None:
    np.testing.assert_allclose(discounted_returns(np.array([0.0, 0.0, 1.0])), [0.99**2, 0.99, 1])
    returns = dataset.vectors().mc_return
    np.testing.assert_allclose(returns[:4], [0.99**2, 0.99, 1, 0], rtol=1e-6)
    np.testing.assert_array_equal(returns[4:7], 0)
    assert np.isnan(returns[7:]).all()


def test_they_are_read_only_maps_of_the_file(dataset: Dataset) -> None:
    vectors = dataset.vectors()
    with h5py.File(dataset.folder / "data" / "vectors.h5") as file:
        for name in ("obs", "cand", "reward", "terminated", "cand_ptr"):
            column = getattr(vectors, name)
            np.testing.assert_array_equal(column, file[name][()])
            assert isinstance(column.base, np.memmap)
            assert file[name].id.get_offset() % 64 == 0
            with pytest.raises(ValueError, match="read-only"):
                column[0] = 0


def _replace(file: h5py.File, name: str, data: object, **options: object) -> None:
    attributes = dict(file[name].attrs)
    del file[name]
    file.create_dataset(name, data=data, **options).attrs.update(attributes)


def _link_out(file: h5py.File) -> None:
    del file["obs"]
    file["obs"] = h5py.ExternalLink("/etc/hostname", "obs")


def _soft_link(file: h5py.File) -> None:
    del file["obs"]
    file["obs"] = h5py.SoftLink("/cand")


def _external_storage(file: h5py.File) -> None:
    del file["obs"]
    file.create_dataset("obs", (10, 4), "<f2", external=[("/etc/passwd", 0, 80)])


def _virtual(file: h5py.File) -> None:
    del file["obs"]
    layout = h5py.VirtualLayout((10, 4), "<f2")
    layout[:] = h5py.VirtualSource("/tmp/elsewhere.h5", "obs", (10, 4))
    file.create_virtual_dataset("obs", layout)


def _never_written(file: h5py.File) -> None:
    """A thousand terabytes in a file of a few kilobytes."""
    del file["obs"]
    file.create_dataset("obs", (2**47, 4), "<f2")


HOSTILE: dict[str, tuple[Callable[[h5py.File], None], str]] = {
    "external link": (_link_out, "link"),
    "soft link": (_soft_link, "link"),
    "external storage": (_external_storage, "contiguously"),
    "virtual dataset": (_virtual, "contiguously"),
    "chunked": (lambda f: _replace(f, "obs", f["obs"][()], chunks=(2, 4)), "contiguously"),
    "absurd shape": (_never_written, "more than its file holds"),
    "wrong dtype": (lambda f: _replace(f, "obs", f["obs"][()].astype("<f4")), "float16"),
    "wrong dimensions": (lambda f: _replace(f, "obs", f["obs"][()].ravel()), "2 dimensions"),
    "a group instead": (lambda f: (f.__delitem__("obs"), f.create_group("obs"))[0], "should be a dataset"),
    "missing": (lambda f: f.__delitem__("reward"), "link|missing"),
    "lengths that differ": (lambda f: _replace(f, "reward", f["reward"][:-1]), "entries for"),
    "widths that differ": (lambda f: _replace(f, "cand", f["cand"][:, :2]), "dimensions and states"),
    "pointers past the end": (lambda f: f["cand_ptr"].__setitem__(-1, 10**9), "cand_ptr"),
    "pointers going back": (lambda f: f["ep_ptr"].__setitem__(1, 9), "ep_ptr"),
    "an episode without rows": (lambda f: f["ep_ptr"].__setitem__(1, 0), "ep_ptr"),
    "a choice out of range": (lambda f: f["chosen"].__setitem__(0, 99), "chosen"),
    "an action after the end": (lambda f: f["chosen"].__setitem__(3, 0), "chosen"),
    "an unnamed split": (lambda f: f["split"].__setitem__(0, 7), "no name"),
    "other failures": (lambda f: f["failure"].attrs.__setitem__("names", ["", "weather"]), "upgrade"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_and_damaged_files_are_refused(dataset: Dataset, tmp_path: Path, what: str) -> None:
    change, message = HOSTILE[what]
    path = shutil.copy(dataset.folder / "data" / "vectors.h5", tmp_path)
    with h5py.File(path, "r+") as file:
        change(file)
    with pytest.raises(InvalidFile, match=message):
        Vectors.open(Path(path))


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.6, 0.95])
def test_truncated_files_are_refused(dataset: Dataset, tmp_path: Path, keep: float) -> None:
    whole = (dataset.folder / "data" / "vectors.h5").read_bytes()
    (tmp_path / "vectors.h5").write_bytes(whole[: int(keep * len(whole))])
    with pytest.raises(InvalidFile):
        Vectors.open(tmp_path / "vectors.h5")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="cannot be opened"):
        Vectors.open(tmp_path / "vectors.h5")
