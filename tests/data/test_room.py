"""A disk that is full: one clear sentence, nothing left of what was begun, and all well again once there is room."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import h5py
import numpy as np
import pytest

from tests.data.making import make_episode
from tests.made_up_results import episode
from webvoyager_gym.data import Recorder, finalize
from webvoyager_gym.data.room import RoomFile, writing
from webvoyager_gym.errors import NotWritten
from webvoyager_gym.evaluation_log import EvaluationLog
from webvoyager_gym.proofs.faults.disk import room_for

ID = "local/small-v0"


@pytest.mark.parametrize("size", [0, 700, 2048, 5000, 20_000, 60_000])
def test_a_dataset_that_finds_no_room_is_not_there_and_is_made_once_there_is(tmp_path: Path, size: int) -> None:
    """HDF5's own drivers end the process here, when the files that could not be written are closed."""
    with Recorder(tmp_path / "shards") as recorder:
        for seed in range(4):
            recorder.write(make_episode(seed=seed, length=10, width=256, screenshot_size=2000))
    target = tmp_path / ID
    with room_for(size), pytest.raises(NotWritten, match="make room") as raised:
        finalize(tmp_path / "shards", target, id=ID)
    assert len(str(raised.value).splitlines()) == 1
    assert str(target) in str(raised.value)
    assert list(target.parent.iterdir()) == []
    finalize(tmp_path / "shards", target, id=ID).verify()


def test_on_a_file_system_that_is_full_it_says_so() -> None:
    with RoomFile(Path("/dev/full")) as room:
        assert room.write(b"abcdef") == 6
        assert room.read(0) == b""
        room.seek(2)
        assert room.read(3) == b"cde"
        assert room.tell() == 5
        with pytest.raises(OSError, match="No space left") as raised:
            room.check()
    assert raised.value.errno == errno.ENOSPC


def test_what_found_no_room_can_be_read_until_the_file_is_closed(tmp_path: Path) -> None:
    values = np.random.default_rng(0).integers(256, size=(200, 500), dtype=np.uint8)
    with room_for(30_000):
        room = RoomFile(tmp_path / "values.h5")
        with room, h5py.File(room, "w") as file:
            file.create_dataset("values", data=values)
            file.flush()
            np.testing.assert_array_equal(file["values"], values)
            with pytest.raises(OSError, match="too large"):
                room.check()
    assert os.path.getsize(tmp_path / "values.h5") == 30_000
    with writing(tmp_path / "values.h5") as (file, _):
        file.create_dataset("values", data=values)
    with h5py.File(tmp_path / "values.h5") as whole:
        np.testing.assert_array_equal(whole["values"], values)


def test_an_evaluation_keeps_what_was_finished_and_goes_on_once_there_is_room(tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    with room_for(10), pytest.raises(NotWritten, match=r"result\.json\.partial\.jsonl .* make room"):
        EvaluationLog(result, {})
    with EvaluationLog(result, {}) as log:
        log.append(episode("first", seed=0), {})
        assert log.path is not None
        with room_for(log.path.stat().st_size + 100), pytest.raises(NotWritten, match="make room"):
            log.append(episode("first", seed=1), {})
        log.append(episode("first", seed=2), {})
    with EvaluationLog(result, {}) as again:
        assert [row.seed for row in again.episodes] == [0, 2]
