"""Merging: deterministic, whole or not at all, and the card says what is there."""

from __future__ import annotations

import json
from pathlib import Path

import h5py
import pytest

from tests.data.making import make_episode
from webvoyager_gym.data import Recorder, finalize
from webvoyager_gym.errors import InvalidFile, NotFound, WebVoyagerError
from webvoyager_gym.types import Episode

EPISODES = [
    make_episode("shop-2", 1),
    make_episode("shop-1", 5, ending="truncated"),
    make_episode("shop-1", 0, split="test"),
    make_episode("shop-3", 0, ending="truncated", failure="browser", final_candidates=0),
]


def record(folder: Path, *episodes: Episode, worker: int = 0) -> Path:
    with Recorder(folder, worker) as recorder:
        for episode in episodes:
            recorder.write(episode)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_episodes_give_the_same_bytes_however_they_were_sharded(tmp_path: Path) -> None:
    one = record(tmp_path / "one", *EPISODES)
    two = record(record(tmp_path / "two", *EPISODES[2:], worker=0), *EPISODES[:2], worker=1)
    made = [
        contents(finalize(shards, tmp_path / str(k) / "d", id="local/toy-v0", metadata={"epsilon": 0.5}).folder)
        for k, shards in enumerate((one, one, two))
    ]
    assert made[0] == made[1] == made[2]
    assert set(made[0]) == {
        "data/main_data.hdf5",
        "data/metadata.json",
        "data/vectors.h5",
        "data/shots.h5",
        "README.md",
        "SHA256SUMS",
    }


def test_no_object_carries_a_time(tmp_path: Path) -> None:
    """Else the same episodes would give other bytes a second later."""
    dataset = finalize(record(tmp_path / "s", *EPISODES), tmp_path / "d", id="local/toy-v0")
    for path in sorted((dataset.folder / "data").glob("*.h*5")):
        with h5py.File(path) as file:
            objects: list[h5py.Group | h5py.Dataset] = [file]
            file.visititems(lambda _, found, objects=objects: objects.append(found))
            assert len(objects) > 2
            assert [o.name for o in objects[1:] if o.id.get_create_plist().get_obj_track_times()] == []


def test_metadata_says_how_it_was_made(tmp_path: Path) -> None:
    given = {"proposer": "pocket", "epsilon": 0.5, "suite": "local", "commit": "abc"}
    dataset = finalize(record(tmp_path / "s", *EPISODES), tmp_path / "d", id="local/toy-v0", metadata=given)
    ours = dataset.metadata["webvoyager_gym"]
    assert ours | given == ours
    assert (ours["format_version"], ours["embedding_width"], ours["n_candidates"]) == (2, 4, 3)
    assert "numpy" in ours["packages"]
    assert "Chromium" in ours["packages"]["chromium"]
    assert dataset.metadata["total_steps"] == 12


def test_the_card_counts_no_infrastructure_failure_as_a_task_failure(tmp_path: Path) -> None:
    dataset = finalize(record(tmp_path / "s", *EPISODES), tmp_path / "d", id="local/toy-v0")
    card = (dataset.folder / "README.md").read_text()
    assert "| shop | 4 | 3 | 2 | 66.7 % |" in card
    assert "| episodes broken off by browser | 1 |" in card
    assert "2 of the 3 episodes that count succeeded" in card


def test_the_card_says_what_was_proposed_and_what_of_it_executed(tmp_path: Path) -> None:
    steps = [step for episode in EPISODES for step in episode.steps[:-1]]
    metadata = {"licence": "CC-BY-4.0"}
    dataset = finalize(record(tmp_path / "s", *EPISODES), tmp_path / "d", id="local/toy-v0", metadata=metadata)
    card = (dataset.folder / "README.md").read_text()
    proposed = sum(len(step.candidates) for step in steps)
    assert f"| click | {proposed} | {len(steps)} | {100 * len(steps) / proposed:.1f} % |" in card
    second = [step for step in steps if len(step.candidates) > 1]
    chosen = sum(step.chosen == 1 for step in second)
    assert f"| 2 | {len(second)} | {chosen} | {100 * chosen / len(second):.1f} % |" in card
    assert "| tasks | 3 |" in card
    assert card.endswith("## Licence\n\nCC-BY-4.0\n")


def test_text_from_the_data_does_not_break_out_of_the_card(tmp_path: Path) -> None:
    metadata = {"note": "a | b\n# Heading <script>"}
    dataset = finalize(record(tmp_path / "s", *EPISODES), tmp_path / "d", id="local/toy-v0", metadata=metadata)
    card = (dataset.folder / "README.md").read_text()
    assert "| note | a \\| b # Heading &lt;script> |" in card


def test_an_interrupted_merge_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shards = record(tmp_path / "s", *EPISODES)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("webvoyager_gym.data.checksums.write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        finalize(shards, tmp_path / "out" / "d", id="local/toy-v0")
    assert list((tmp_path / "out").iterdir()) == []


def test_what_cannot_be_merged_says_why(tmp_path: Path) -> None:
    shards = record(tmp_path / "s", *EPISODES)
    with pytest.raises(NotFound, match="webvoyager-gym collect"):
        finalize(tmp_path / "nowhere", tmp_path / "d", id="local/toy-v0")
    with pytest.raises(ValueError, match="no dataset id"):
        finalize(shards, tmp_path / "d", id="../toy-v0")
    with pytest.raises(ValueError, match="JSON"):
        finalize(shards, tmp_path / "d", id="local/toy-v0", metadata={"model": object()})
    finalize(shards, tmp_path / "d", id="local/toy-v0")
    with pytest.raises(WebVoyagerError, match="never change"):
        finalize(shards, tmp_path / "d", id="local/toy-v0")
    record(shards, make_episode(seed=9, width=8))
    with pytest.raises(InvalidFile, match=r"widths \[4, 8\]"):
        finalize(shards, tmp_path / "e", id="local/toy-v1")


def test_an_episode_that_failed_before_its_first_action_needs_no_embedding(tmp_path: Path) -> None:
    broken = make_episode("shop-9", length=0, width=0, final_candidates=0, failure="site")
    dataset = finalize(record(tmp_path / "s", *EPISODES, broken), tmp_path / "d", id="local/toy-v0")
    assert dataset[-1].steps[0].state_embedding.shape == (0,)
    assert dataset.vectors().width == 4


def test_the_metadata_is_strict_enough_for_other_readers(tmp_path: Path) -> None:
    dataset = finalize(record(tmp_path / "s", *EPISODES), tmp_path / "d", id="local/toy-v0")

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    json.loads((dataset.folder / "data" / "metadata.json").read_text(), parse_constant=refuse)
