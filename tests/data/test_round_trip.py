"""What was recorded is what is read, bit by bit."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.data.making import bits, make_episode
from tests.data.strategies import episodes
from webvoyager_gym.data import Dataset, Recorder, finalize, read_shards
from webvoyager_gym.types import Episode

batches = st.sampled_from([0, 1, 5]).flatmap(lambda width: st.lists(episodes(width), min_size=1, max_size=3))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches)
def test_shards_and_datasets_give_back_what_was_recorded(batch: list[Episode]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with Recorder(root / "shards") as recorder:
            for episode in batch:
                recorder.write(episode)
        assert [bits(e) for e in read_shards(root / "shards")] == [bits(e) for e in batch]

        dataset = finalize(root / "shards", root / "local" / "odd-v0", id="local/odd-v0")
        dataset.verify()
        read = list(dataset.episodes())
        assert sorted(map(str, map(bits, read))) == sorted(map(str, map(bits, batch)))
        assert [(e.task_id, e.seed) for e in read] == sorted((e.task_id, e.seed) for e in batch)
        assert len(dataset) == len(batch)


def test_episodes_can_be_read_by_number(tmp_path: Path) -> None:
    with Recorder(tmp_path / "shards") as recorder:
        for seed in range(4):
            recorder.write(make_episode(seed=seed))
    dataset = finalize(tmp_path / "shards", tmp_path / "d", id="local/toy-v0")
    assert [e.seed for e in dataset.episodes([3, 1])] == [3, 1]
    assert dataset[-1].seed == 3


def test_without_the_screenshot_file_episodes_have_no_screenshots(tmp_path: Path) -> None:
    with Recorder(tmp_path / "shards") as recorder:
        recorder.write(make_episode())
    finalize(tmp_path / "shards", tmp_path / "d", id="local/toy-v0")
    (tmp_path / "d" / "data" / "shots.h5").unlink()
    dataset = Dataset(tmp_path / "d")
    dataset.verify()
    assert bits(dataset[0]) == bits(without_screenshots(make_episode()))


def without_screenshots(episode: Episode) -> Episode:
    return replace(episode, steps=tuple(replace(step, screenshot=b"") for step in episode.steps))
