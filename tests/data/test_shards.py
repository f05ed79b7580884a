"""Recording: torn and damaged shards, resuming, and what is refused."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.data.making import bits, make_episode
from webvoyager_gym.actions import Action
from webvoyager_gym.data import Recorder, finished, read_shards
from webvoyager_gym.errors import InvalidFile, NotWritten
from webvoyager_gym.proofs.faults.disk import room_for
from webvoyager_gym.types import Candidate, Episode


def record(folder: Path, *episodes: Episode, worker: int = 0) -> Path:
    with Recorder(folder, worker) as recorder:
        for episode in episodes:
            recorder.write(episode)
    return folder / f"worker-{worker:04d}.shard"


def seeds(folder: Path) -> list[int]:
    return [episode.seed for episode in read_shards(folder)]


def test_every_cut_leaves_the_whole_episodes_before_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shard = record(tmp_path, make_episode(seed=0))
    first = shard.stat().st_size
    whole = record(tmp_path, make_episode(seed=1)).read_bytes()
    for cut in [*range(first, first + 60), (first + len(whole)) // 2, len(whole) - 1]:
        shard.write_bytes(whole[:cut])
        caplog.clear()
        assert seeds(tmp_path) == [0]
        assert ("torn record" in caplog.text) == (cut > first)


def test_a_new_recorder_goes_on_behind_a_torn_tail(tmp_path: Path) -> None:
    shard = record(tmp_path, make_episode(seed=0), make_episode(seed=1))
    shard.write_bytes(shard.read_bytes()[:-5])
    record(tmp_path, make_episode(seed=2))
    assert seeds(tmp_path) == [0, 2]


def test_garbage_at_the_end_is_dropped_with_a_note(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shard = record(tmp_path, make_episode(seed=0))
    sound = shard.read_bytes()
    shard.write_bytes(sound + b"garbage" * 1000)
    assert seeds(tmp_path) == [0]
    assert "7000 bytes" in caplog.text
    record(tmp_path)
    assert shard.read_bytes() == sound


def test_a_length_without_its_bytes_is_a_torn_record(tmp_path: Path) -> None:
    """What a power cut may leave: the file is as long as it should be, and zero where nothing was written yet."""
    shard = record(tmp_path, make_episode(seed=0))
    first = shard.stat().st_size
    whole = record(tmp_path, make_episode(seed=1)).read_bytes()
    shard.write_bytes(whole[:-40] + bytes(40))
    assert finished(tmp_path) == {("shop-1", 0)}
    record(tmp_path)
    assert shard.stat().st_size == first


def test_a_damaged_stretch_loses_no_record_behind_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shard = record(tmp_path, make_episode(seed=0))
    first = shard.stat().st_size
    damaged = bytearray(record(tmp_path, make_episode(seed=1), make_episode(seed=2)).read_bytes())
    for place in (0, 20, 40, first - 1):
        broken = damaged.copy()
        broken[place] ^= 0xFF
        shard.write_bytes(broken)
        caplog.clear()
        assert seeds(tmp_path) == [1, 2]
        assert caplog.records[0].levelno == logging.WARNING
        record(tmp_path)
        assert shard.read_bytes() == broken


def test_two_workers_write_side_by_side_and_one_shard_has_one_writer(tmp_path: Path) -> None:
    with Recorder(tmp_path, 0) as zero, Recorder(tmp_path, 1) as one:
        one.write(make_episode(seed=1))
        zero.write(make_episode(seed=0))
        with pytest.raises(InvalidFile, match="worker number"):
            Recorder(tmp_path, 0)
    assert seeds(tmp_path) == [0, 1]


def test_finished_names_what_need_not_be_run_again(tmp_path: Path) -> None:
    assert finished(tmp_path / "not yet") == set()
    record(tmp_path, make_episode("shop-1", 0), make_episode("shop-2", 7, ending="truncated"), worker=3)
    record(tmp_path, make_episode("shop-3", 0, ending="truncated", failure="browser"))
    assert finished(tmp_path) == {("shop-1", 0), ("shop-2", 7)}


def test_a_full_disk_leaves_the_shard_as_it_was(tmp_path: Path) -> None:
    shard = record(tmp_path, make_episode(seed=0))
    before = shard.read_bytes()
    with Recorder(tmp_path) as recorder:
        with (
            room_for(len(before) + 100),
            pytest.raises(NotWritten, match=r"worker-0000.shard could not be written, since .* too large; make room"),
        ):
            recorder.write(make_episode(seed=1))
        assert shard.read_bytes() == before
        recorder.write(make_episode(seed=2))
    assert seeds(tmp_path) == [0, 2]


def test_a_refused_episode_leaves_the_shard_as_it_was(tmp_path: Path) -> None:
    shard = record(tmp_path, make_episode(seed=0))
    before = shard.read_bytes()
    with Recorder(tmp_path) as recorder, pytest.raises(ValueError, match="chosen"):
        recorder.write(with_row(make_episode(seed=1), 0, chosen=9))
    assert shard.read_bytes() == before


def test_other_things_than_episodes_are_refused(tmp_path: Path) -> None:
    from webvoyager_gym.data import frames

    for header, message in ((b"[]", "other than episodes"), (b'{"version": 99}', "version 99")):
        with (tmp_path / "worker-0000.shard").open("wb", buffering=0) as file:
            frames.append(file, header, b"")
        with pytest.raises(InvalidFile, match=message):
            list(read_shards(tmp_path))


def with_row(episode: Episode, row: int, **changes: object) -> Episode:
    steps = list(episode.steps)
    steps[row] = replace(steps[row], **changes)  # type: ignore[arg-type]
    return replace(episode, steps=tuple(steps))


GOOD = make_episode()
BAD = {
    "no rows": replace(GOOD, steps=()),
    "failure": replace(GOOD, failure="weather"),  # type: ignore[arg-type]
    "seed": replace(GOOD, seed=-2),
    "JSON": replace(GOOD, extra={"when": object()}),
    "chosen": with_row(GOOD, 0, chosen=-1),
    "propensity": with_row(GOOD, 0, propensity=0.0),
    "reward": with_row(GOOD, 0, reward=float("nan")),
    "on no other": with_row(GOOD, 0, terminated=True),
    "on the last action": with_row(GOOD, 2, terminated=False),
    "final observation": with_row(GOOD, 3, chosen=0),
    "float16": with_row(GOOD, 1, state_embedding=np.zeros(4, np.float32)),
    "one embedder": with_row(GOOD, 3, state_embedding=np.zeros(3, "f2"), candidate_embeddings=np.zeros((2, 3), "f2")),
    "shapes": with_row(GOOD, 1, candidate_embeddings=np.zeros((9, 4), "f2")),
    "finite": with_row(GOOD, 1, state_embedding=np.full(4, np.inf, "f2")),
    "no action": with_row(GOOD, 3, candidates=(Candidate(Action("click", 123456)),) * 2),
    "reads back": with_row(GOOD, 3, candidates=(Candidate(Action("answer", None, "\ud800")),) * 2),
}


@pytest.mark.parametrize("what", BAD)
def test_an_episode_that_breaks_its_promises_is_refused(tmp_path: Path, what: str) -> None:
    with Recorder(tmp_path) as recorder:
        recorder.write(GOOD)
        with pytest.raises(ValueError, match=what):
            recorder.write(BAD[what])
    assert [bits(e) for e in read_shards(tmp_path)] == [bits(GOOD)]
