"""A dataset damaged at random is read or refused with a sentence: in no time, with little memory, without a crash.

WEBVOYAGER_GYM_MUTATIONS says how many are tried; `make hostile` tries a thousand.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import h5py
import pytest

from tests.data.hostile import mutate, read_all
from tests.data.making import make_episode
from webvoyager_gym.data import Dataset, Recorder, finalize
from webvoyager_gym.errors import InvalidFile

COUNT = int(os.environ.get("WEBVOYAGER_GYM_MUTATIONS", "100"))
BATCH = 50
SECONDS = 1.0
"""Of processor time that opening a damaged dataset may take."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    with Recorder(folder / "shards") as recorder:
        for name in "abc":
            recorder.write(make_episode(name, width=16))
        recorder.write(make_episode("d", width=16, length=2, ending="truncated", failure="vlm", final_candidates=0))
    return finalize(folder / "shards", folder / "d", id="local/toy-v0").folder


@pytest.mark.parametrize("first", range(0, COUNT, BATCH))
def test_every_damaged_dataset_is_read_or_refused(sound: Path, tmp_path: Path, first: int) -> None:
    count = min(BATCH, COUNT - first)
    command = [sys.executable, "-m", "tests.data.hostile", str(sound), str(tmp_path), str(first), str(count)]
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root), *filter(None, [os.environ.get("PYTHONPATH")])])
    with (tmp_path / "said").open("w") as out:
        done = subprocess.run(
            command, cwd=root, env={**os.environ, "PYTHONPATH": path}, stdout=out, stderr=subprocess.PIPE, timeout=280
        )
    lines = [json.loads(line) for line in (tmp_path / "said").read_text().splitlines()]
    assert done.returncode == 0, f"the reader died of {lines[-1]}: {done.stderr.decode()[-2000:]}"
    results = [line for line in lines if "said" in line]
    assert len(results) == count
    assert [line for line in results if line["wrong"] or line["seconds"] > SECONDS] == []
    # Most are refused: the ones that are not have a byte changed that is as good as the other.
    assert sum(bool(line["said"]) for line in results) > count / 2


def test_the_same_seed_does_the_same_damage(sound: Path, tmp_path: Path) -> None:
    for seed in range(20):
        copies = [Path(shutil.copytree(sound, tmp_path / f"{seed}-{k}")) for k in range(2)]
        assert mutate(copies[0], seed) == mutate(copies[1], seed)
        for name in ("metadata.json", "vectors.h5", "shots.h5"):
            assert (copies[0] / "data" / name).read_bytes() == (copies[1] / "data" / name).read_bytes()


def test_texts_that_would_keep_hdf5_busy_for_ever_are_refused(sound: Path, tmp_path: Path) -> None:
    """Found by damaging files at random: an object of no length in a heap, which HDF5 2.0 reads again and again."""
    for name in ("main_data.hdf5", "vectors.h5"):
        folder = Path(shutil.copytree(sound, tmp_path / name))
        path = folder / "data" / name
        content = bytearray(path.read_bytes())
        heap = content.index(b"GCOL\x01")
        content[heap + 16 : heap + 32] = bytes(16)
        path.write_bytes(content)
        with pytest.raises(InvalidFile, match=rf"store of texts at byte {heap}"):
            list(Dataset(folder).episodes())


def test_a_page_may_say_what_heaps_begin_with(tmp_path: Path) -> None:
    """Text that looks like the head of a heap is text."""
    said = "GCOL\x01 GCOL\x01\x02\x03\x04\x10\x01\x01\x01\x01\x01\x01\x01 and so on"
    with Recorder(tmp_path / "shards") as recorder:
        recorder.write(replace(make_episode("a"), goal=said))
    assert finalize(tmp_path / "shards", tmp_path / "d", id="local/toy-v0")[0].goal == said


def _virtual_from(name: str, group: h5py.Group) -> None:
    rows = len(group["observations"])
    del group["observations"]
    layout = h5py.VirtualLayout((rows, 16), "<f2")
    layout[:] = h5py.VirtualSource(name, "obs", (rows, 16))
    group.create_virtual_dataset("observations", layout)


@pytest.mark.parametrize("name", ["../../other/vectors.h5", "/etc/passwd", "elsewhere.h5", "shots.h5"])
def test_minari_is_not_sent_to_other_files(sound: Path, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(sound, tmp_path / "d"))
    with h5py.File(folder / "data" / "main_data.hdf5", "r+") as file:
        _virtual_from(name, file["episode_1"])
    with pytest.raises(InvalidFile, match=r"may only from vectors\.h5"):
        Dataset(folder).to_minari()
    assert "may only from vectors.h5" in read_all(folder)


def test_a_group_that_holds_itself_is_looked_into_once(sound: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sound, tmp_path / "d"))
    with h5py.File(folder / "data" / "main_data.hdf5", "r+") as file:
        file["episode_0/infos/again"] = file["episode_0"]
    assert Dataset(folder).to_minari().total_episodes == 4


def test_metadata_cannot_make_minari_import_code(sound: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sound, tmp_path / "d"))
    path = folder / "data" / "metadata.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "env_spec": '{"entry_point": "os:abort"}'}))
    with pytest.raises(InvalidFile, match="env_spec"):
        Dataset(folder).to_minari()
