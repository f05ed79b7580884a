"""A round that is added makes a new version: whole by itself, the parent's episodes first, and the parent named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import h5py
import minari
import numpy as np
import pytest

from tests.data.making import bits, make_dataset, make_episode
from webvoyager_gym.data import Dataset, checksums, load_dataset
from webvoyager_gym.data.publish import entry_for
from webvoyager_gym.data.registry import document_of, entry_of
from webvoyager_gym.data.validate import validate
from webvoyager_gym.data.vectors import COLUMNS
from webvoyager_gym.errors import InvalidFile, NotFound, WebVoyagerError

FIRST = [make_episode("b", 0, length=3), make_episode("c", 4, length=2, ending="truncated", split="test")]
SECOND = [replace(make_episode("a", 1, length=2), site="papers"), make_episode("b", 1, failure="vlm")]
THIRD = [make_episode("a", 2, length=1)]


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> list[Dataset]:
    """Three versions, each with the one before as its parent."""
    root = tmp_path_factory.mktemp("rounds")
    made: list[Dataset] = []
    for number, episodes in enumerate((FIRST, SECOND, THIRD)):
        parent = made[-1] if made else None
        made.append(make_dataset(root, *episodes, id=f"local/toy-v{number}", parent=parent))
    return made


def test_episode_k_of_the_parent_is_episode_k_of_the_child(versions: list[Dataset]) -> None:
    episodes = [bits(episode) for episode in versions[2].episodes()]
    assert episodes == [bits(episode) for episode in (*FIRST, *SECOND, *THIRD)]
    assert [len(each) for each in versions] == [2, 4, 5]


def test_the_training_view_begins_with_the_parents(versions: list[Dataset]) -> None:
    before, after = versions[1].vectors(), versions[2].vectors()
    for name in COLUMNS.keys() - {"site", "split"}:
        column = getattr(before, name)
        np.testing.assert_array_equal(getattr(after, name)[: len(column)], column)
    names = [[each.site_names[code] for code in each.site] for each in (before, after)]
    assert names[1][: len(names[0])] == names[0] == ["shop", "shop", "papers", "shop"]


def test_it_says_which_versions_came_before_and_what_they_were(versions: list[Dataset]) -> None:
    first, second, third = versions
    assert (first.lineage, first.parent) == ((), None)
    assert third.parent is not None
    assert (third.parent.id, third.parent.version, third.parent.episodes) == ("local/toy-v1", 1, 4)
    assert [each.id for each in third.lineage] == [first.id, second.id]
    for earlier, said in zip(versions, third.lineage, strict=False):
        assert checksums.file_sha256(earlier.folder / checksums.FILE) == said.sha256
    assert f"| local/toy-v1 | 4 | 2 | {third.parent.sha256} |" in (third.folder / "README.md").read_text()
    entry = entry_for(third, "CC-BY-4.0")
    assert (entry.parent, entry.parent_sha256) == ("local/toy-v1", third.parent.sha256)
    assert entry_of(json.loads(json.dumps(document_of(entry))), "here") == entry


def test_a_round_can_be_asked_for(versions: list[Dataset]) -> None:
    whole = versions[2]
    assert [whole.where(round=number).numbers.tolist() for number in range(3)] == [[0, 1], [2, 3], [4]]
    with pytest.raises(NotFound, match="no round 3; it has 3"):
        whole.where(round=3)


def test_minari_keeps_seeds_and_candidates_of_all_rounds(versions: list[Dataset]) -> None:
    """Minari's own `combine_datasets` loses both."""
    loaded = versions[2].to_minari()
    said = loaded.storage.get_episode_metadata(range(5))
    assert [each["seed"] for each in said] == [0, 4, 1, 1, 2]
    for theirs, ours in zip(loaded, versions[2].episodes(), strict=True):
        assert isinstance(theirs, minari.EpisodeData)
        assert [text.decode() for text in theirs.infos["candidates"]["text"]] == [
            candidate.text for step in ours.steps for candidate in step.candidates
        ]


def test_every_version_is_in_order(versions: list[Dataset], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBVOYAGER_GYM_DATASETS", str(versions[0].folder.parents[1]))
    for version in versions:
        validate(version, deep=True)


def test_a_parent_that_became_another_is_found_out(
    versions: list[Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBVOYAGER_GYM_DATASETS", str(tmp_path))
    make_dataset(tmp_path, *THIRD, id="local/toy-v1")
    with pytest.raises(InvalidFile, match="adds to is another than the one in"):
        validate(versions[2])


def test_a_damaged_parent_is_not_built_upon(tmp_path: Path) -> None:
    parent = make_dataset(tmp_path, *FIRST)
    with h5py.File(parent.folder / "data" / "vectors.h5", "r+") as file:
        file["reward"][0] = 7
    with pytest.raises(InvalidFile, match=r"vectors\.h5"):
        make_dataset(tmp_path, *SECOND, id="local/toy-v1", parent=parent)
    assert not (tmp_path / "local/toy-v1").exists()


def test_only_what_can_be_compared_is_added(tmp_path: Path) -> None:
    parent = make_dataset(tmp_path, *FIRST, metadata={"embedder": "pocket"})
    with pytest.raises(WebVoyagerError, match="embeddings of pocket and these episodes of other"):
        make_dataset(tmp_path, *SECOND, id="local/toy-v1", parent=parent, metadata={"embedder": "other"})
    with pytest.raises(InvalidFile, match=r"local/toy-v0 hold embeddings of widths \[4, 8\]"):
        make_dataset(tmp_path, make_episode(width=8), id="local/toy-v2", parent=parent)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sha256": "x"}, "no SHA-256"),
        ({"id": "../toy-v1"}, "is no dataset"),
        ({"version": 3}, "is no dataset"),
        ({"episodes": 0}, "has 0 episodes"),
        ({"note": ""}, "other fields"),
    ],
)
def test_a_lineage_that_is_none_is_refused(
    versions: list[Dataset], tmp_path: Path, change: dict[str, object], message: str
) -> None:
    metadata = json.loads((versions[1].folder / "data" / "metadata.json").read_text())
    metadata["webvoyager_gym"]["lineage"][0] |= change
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "metadata.json").write_text(json.dumps(metadata))
    with pytest.raises(InvalidFile, match=message):
        load_dataset(tmp_path)
