"""Finding a dataset, holding it against its checksums, and refusing what is none."""

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
from webvoyager_gym.data import Dataset, Recorder, datasets_folder, finalize, load_dataset, local_datasets
from webvoyager_gym.errors import InvalidFile, MissingDependency, NotFound

ID = "local/toy-v0"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("datasets")
    with Recorder(root / "shards") as recorder:
        recorder.write(make_episode("a"))
        recorder.write(make_episode("b"))
    return finalize(root / "shards", root / "all" / ID, id=ID).folder


@pytest.fixture
def folder(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the dataset, where ids are looked up."""
    monkeypatch.setenv("WEBVOYAGER_GYM_DATASETS", str(tmp_path))
    return Path(shutil.copytree(original, tmp_path / ID))


def test_it_is_found_by_id_and_by_folder(folder: Path) -> None:
    assert load_dataset(ID).folder == load_dataset(folder).folder == load_dataset(str(folder)).folder == folder
    assert load_dataset(ID).id == ID
    assert len(load_dataset(ID)) == 2
    assert local_datasets() == [ID]


def test_an_unknown_id_names_the_nearest(folder: Path) -> None:
    with pytest.raises(NotFound, match="nearest are local/toy-v0"):
        load_dataset("local/toys-v0")
    for outside in ("../../etc", "/etc/passwd", f"../{folder.parent.parent.name}/{ID}"):
        with pytest.raises(NotFound):
            load_dataset(outside)


def test_where_there_is_none_the_commands_that_bring_one_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBVOYAGER_GYM_DATASETS", str(tmp_path / "none"))
    with pytest.raises(
        MissingDependency, match=r"webvoyager-gym collect.*webvoyager-gym datasets download local/toy-v0"
    ):
        load_dataset(ID)


def test_a_dataset_of_the_ladder_names_the_command_that_builds_it(folder: Path) -> None:
    with pytest.raises(MissingDependency, match=r"make it with `webvoyager-gym datasets build local/mixed-v0`"):
        load_dataset("local/mixed-v0")


def test_without_the_variable_datasets_lie_in_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("WEBVOYAGER_GYM_DATASETS", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert datasets_folder().parts[-2:] == ("webvoyager-gym", "datasets")


def test_verify_finds_every_changed_byte_and_missing_file(folder: Path) -> None:
    dataset = Dataset(folder)
    dataset.verify()
    for path in [path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS"]:
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(InvalidFile, match=path.name):
            dataset.verify()
        path.unlink()
        if path.name != "shots.h5":
            with pytest.raises(InvalidFile, match=path.name):
                dataset.verify()
        path.write_bytes(whole)
    dataset.verify()


@pytest.mark.parametrize(
    ("sums", "message"),
    [
        (f"{'0' * 64}  ../../../etc/passwd\n", "outside"),
        (f"{'0' * 64}  /etc/passwd\n", "outside"),
        ("hello\n", "no checksum"),
        ("", "main_data"),
    ],
)
def test_checksums_that_are_none_are_refused(folder: Path, sums: str, message: str) -> None:
    (folder / "SHA256SUMS").write_text(sums)
    with pytest.raises(InvalidFile, match=message):
        Dataset(folder).verify()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text[:-20], "not the metadata"),
        (lambda text: "[" * 100_000, "not the metadata"),
        (lambda text: "[]", "not the metadata"),
        (lambda text: json.dumps({**json.loads(text), "webvoyager_gym": {"format_version": 99}}), "version 99"),
    ],
)
def test_metadata_that_is_none_is_refused(folder: Path, change: Callable[[str], str], message: str) -> None:
    path = folder / "data" / "metadata.json"
    path.write_text(change(path.read_text()))
    with pytest.raises(InvalidFile, match=message):
        load_dataset(folder)


def test_a_folder_without_metadata_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="no dataset"):
        Dataset(tmp_path)


def _replace(group: h5py.Group, name: str, data: Any, **options: Any) -> None:
    del group[name]
    group.create_dataset(name, data=data, **options)


def _texts(*texts: bytes) -> dict[str, Any]:
    return {"data": np.array(texts, dtype=object), "dtype": h5py.string_dtype()}


def _set_action(group: h5py.Group) -> None:
    column = group["infos/candidates/text"]
    column[0] = "click everything"


def _link_group(group: h5py.Group) -> None:
    del group["infos"]
    group["infos"] = h5py.ExternalLink("/etc/hostname", "/")


HOSTILE: dict[str, tuple[Callable[[h5py.Group], None], str]] = {
    "external group": (_link_group, "link"),
    "no action": (_set_action, "damaged"),
    "invalid UTF-8": (lambda g: _replace(g, "infos/url", **_texts(b"\xff", b"", b"", b"")), "not text"),
    "false escape": (lambda g: _replace(g, "infos/url", **_texts(b"\x1b{", b"", b"", b"")), "not text"),
    "too few texts": (lambda g: _replace(g, "infos/url", **_texts(b"")), "1 entries for 4"),
    "numbers for texts": (lambda g: _replace(g, "infos/url", np.zeros(4)), "dimensions of text"),
    "too many actions": (lambda g: _replace(g, "actions", np.zeros(9, "<i8")), "9 entries for 3"),
    "compressed": (lambda g: _replace(g, "actions", np.zeros(3, "<i8"), compression="gzip"), "contiguously"),
    "stray pointers": (lambda g: g["infos/candidates/ptr"].__setitem__(1, 99), "divided"),
    "no goal": (lambda g: g.attrs.__delitem__("goal"), "damaged"),
    "extra that is no object": (lambda g: g.attrs.__setitem__("extra", "[1]"), "damaged"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_and_damaged_episodes_are_refused(folder: Path, what: str) -> None:
    change, message = HOSTILE[what]
    with h5py.File(folder / "data" / "main_data.hdf5", "r+") as file:
        change(file["episode_0"])
    dataset = Dataset(folder)
    with pytest.raises(InvalidFile, match=message):
        dataset[0]
    assert dataset[1].task_id == "b"


def test_files_that_do_not_belong_together_are_refused(folder: Path, tmp_path: Path) -> None:
    with Recorder(tmp_path / "shards") as recorder:
        recorder.write(make_episode("c"))
    other = finalize(tmp_path / "shards", tmp_path / "other", id=ID).folder
    shutil.copy(other / "data" / "shots.h5", folder / "data" / "shots.h5")
    with pytest.raises(InvalidFile, match="4 screenshots for 8 rows"):
        Dataset(folder)[0]
    shutil.copy(other / "data" / "vectors.h5", folder / "data" / "vectors.h5")
    with pytest.raises(InvalidFile, match="1 episodes and the metadata 2"):
        Dataset(folder).vectors()


def test_an_episode_number_out_of_range_says_the_range(folder: Path) -> None:
    with pytest.raises(IndexError, match="0 to 1"):
        Dataset(folder)[2]
