"""Publishing writes a mirror and an entry that agree; removing takes away one dataset and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.data.making import make_episode
from webvoyager_gym.data import Dataset, Recorder, checksums, finalize
from webvoyager_gym.data.download import download
from webvoyager_gym.data.layout import FORMAT_VERSION
from webvoyager_gym.data.publish import entry_for, publish
from webvoyager_gym.data.registry import (
    Published,
    PublishedFile,
    Registry,
    document_of,
    entry_of,
    read_registry,
    with_entry,
    write_registry,
)
from webvoyager_gym.data.remove import remove
from webvoyager_gym.errors import InvalidFile, NotFound, WebVoyagerError

ID = "local/toy-v0"


@pytest.fixture
def dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """In the datasets folder."""
    monkeypatch.setenv("WEBVOYAGER_GYM_DATASETS", str(tmp_path / "datasets"))
    with Recorder(tmp_path / "shards") as recorder:
        recorder.write(make_episode("a"))
    return finalize(tmp_path / "shards", tmp_path / "datasets" / ID, id=ID)


class TestPublish:
    def test_the_mirror_is_the_dataset_with_a_manifest(self, dataset: Dataset, tmp_path: Path) -> None:
        entry = publish(dataset, str(tmp_path / "www"), licence="CC-BY-4.0", url="https://example.org/sets/")
        place = tmp_path / "www" / ID
        for file in entry.files:
            assert (place / file.path).read_bytes() == (dataset.folder / file.path).read_bytes()
            assert (place / file.path).stat().st_size == file.size
            assert checksums.file_sha256(place / file.path) == file.sha256
        manifest = entry_of(json.loads((place / "manifest.json").read_text()), "manifest")
        assert manifest == replace(entry, mirrors=()) == entry_for(dataset, "CC-BY-4.0")
        assert entry.mirrors == (f"https://example.org/sets/{ID}",)
        assert {path.name for path in place.parent.iterdir()} == {"toy-v0"}
        assert (entry.episodes, entry.steps, entry.version, entry.licence) == (1, 3, 0, "CC-BY-4.0")

    def test_publishing_again_changes_nothing_and_another_is_refused(self, dataset: Dataset, tmp_path: Path) -> None:
        first = publish(dataset, str(tmp_path / "www"), licence="CC-BY-4.0")
        assert publish(dataset, str(tmp_path / "www"), licence="CC-BY-4.0") == first
        with pytest.raises(WebVoyagerError, match="never change"):
            publish(dataset, str(tmp_path / "www"), licence="MIT")

    def test_a_damaged_dataset_is_not_published(self, dataset: Dataset, tmp_path: Path) -> None:
        (dataset.folder / "data" / "vectors.h5").write_bytes(b"damaged")
        with pytest.raises(InvalidFile, match=r"vectors\.h5"):
            publish(dataset, str(tmp_path / "www"), licence="CC-BY-4.0")
        assert not (tmp_path / "www").exists()

    def test_a_place_that_cannot_be_written_is_refused(self, dataset: Dataset) -> None:
        for place, message in (
            ("https://example.org", "cannot be written"),
            ("hf://owner/repo", "should be written hf://datasets"),
        ):
            with pytest.raises(WebVoyagerError, match=message):
                publish(dataset, place, licence="CC-BY-4.0")

    def test_without_screenshots_it_says_so(self, dataset: Dataset, tmp_path: Path) -> None:
        (dataset.folder / "data" / "shots.h5").unlink()
        entry = publish(dataset, str(tmp_path / "www"), licence="CC-BY-4.0")
        assert entry.file("data/shots.h5") is None
        remove(ID)
        download(ID, source=str(tmp_path / "www" / ID)).verify()


FILE = PublishedFile("README.md", 3, "a" * 64)
GOOD = Published(
    id=ID,
    version=0,
    format_version=FORMAT_VERSION,
    episodes=1,
    steps=3,
    licence="CC-BY-4.0",
    card="README.md",
    files=(FILE, replace(FILE, path="data/metadata.json")),
    mirrors=("https://example.org/toy-v0",),
)


def _changed(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda entry: entry.update(changes)


def _file(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda entry: entry["files"].append({"path": "x", "size": 1, "sha256": "b" * 64} | changes)


WRONG: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "a missing field": (lambda e: e.pop("licence"), "without 'licence'"),
    "an unknown field": (_changed(command="rm"), "unknown field 'command'"),
    "a wrong type": (_changed(episodes="3"), "as 'episodes'"),
    "a boolean for a number": (_changed(version=False), "as 'version'"),
    "an id that is none": (_changed(id="../toy-v0"), "its id"),
    "another version": (_changed(version=7), "its version is 7"),
    "an unknown layout": (_changed(format_version=99), "version 99"),
    "no licence": (_changed(licence=" "), "no licence"),
    "less than nothing": (_changed(steps=-1), "less than no"),
    "no card": (_changed(card="CARD.md"), "lacks the file CARD.md"),
    "a mirror of another kind": (_changed(mirrors=["ftp://example.org"]), "ftp:"),
    "a mirror that is no text": (_changed(mirrors=[7]), "no address"),
    "a mirror with control characters": (_changed(mirrors=["https://a/\x1b[31m"]), "no address"),
    "too many mirrors": (_changed(mirrors=["x"] * 2000), "2000"),
    "a file twice": (_file(path="readme.md"), "twice"),
    "a file in a file": (_file(path="README.md/x"), "both a file and a folder"),
    "a size below nothing": (_file(size=-1), "claims -1 bytes"),
    "an absurd size": (_file(size=2**60), "claims"),
    "no checksum": (_file(sha256="../../x"), "64 hex digits"),
    "a hidden file": (_file(path=".bashrc"), "do not trust"),
    "a climbing file": (_file(path="data/../../x"), "do not trust"),
    "an absolute file": (_file(path="/etc/passwd"), "do not trust"),
    "a file with a line break": (_file(path="x\n"), "do not trust"),
    "a file that is no object": (lambda e: e["files"].append("x"), "entry should be"),
}


class TestRegistry:
    def test_what_is_written_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "registry.json"
        other = replace(GOOD, id="local/other-v3", version=3)
        write_registry(path, with_entry(with_entry(Registry(), GOOD), other))
        assert read_registry(path).entries == (other, GOOD)
        assert read_registry(path).folder == tmp_path

    def test_mirrors_of_one_dataset_are_gathered_and_other_files_refused(self) -> None:
        registry = with_entry(Registry(), GOOD)
        more = with_entry(registry, replace(GOOD, mirrors=("mirror", *GOOD.mirrors)))
        assert [entry.mirrors for entry in more.entries] == [(*GOOD.mirrors, "mirror")]
        with pytest.raises(WebVoyagerError, match="never change"):
            with_entry(registry, replace(GOOD, files=(*GOOD.files, replace(FILE, path="x"))))

    @pytest.mark.parametrize("what", WRONG)
    def test_an_entry_that_is_wrong_is_refused_with_its_reason(self, tmp_path: Path, what: str) -> None:
        change, message = WRONG[what]
        document = json.loads(json.dumps(document_of(GOOD)))
        assert entry_of(document, "here") == GOOD
        change(document)
        path = tmp_path / "registry.json"
        path.write_text(json.dumps({"format": 1, "datasets": [document]}))
        with pytest.raises(InvalidFile, match=message):
            read_registry(path)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "not JSON"),
            ("[" * 100_000, "not JSON"),
            ("[]", "JSON object"),
            ("{}", "no dataset registry"),
            ('{"format": 9, "datasets": []}', "version 9"),
        ],
    )
    def test_a_file_that_is_no_registry_is_refused(self, tmp_path: Path, text: str, message: str) -> None:
        (tmp_path / "registry.json").write_text(text)
        with pytest.raises(InvalidFile, match=message):
            read_registry(tmp_path / "registry.json")
        with pytest.raises(InvalidFile, match="cannot be read"):
            read_registry(tmp_path / "none.json")

    def test_the_packages_registry_is_the_one_in_the_datasets_folder(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("WEBVOYAGER_GYM_REGISTRY", raising=False)
        shown = Path(__file__).parents[2] / "datasets" / "registry.json"
        assert read_registry().entries == read_registry(shown).entries


class TestRemove:
    def test_one_dataset_goes_and_the_others_stay(self, dataset: Dataset, tmp_path: Path) -> None:
        other = finalize(tmp_path / "shards", tmp_path / "datasets" / "local" / "other-v0", id="local/other-v0")
        remove(ID)
        assert not dataset.folder.exists()
        other.verify()
        assert [path.name for path in dataset.folder.parent.iterdir()] == ["other-v0"]
        with pytest.raises(NotFound, match=r"nearest are local/other-v0|there are local/other-v0"):
            remove(ID)

    @pytest.mark.parametrize("name", ["../outside", "local/..", "/", "", ".", "local", "local/toy-v0/data"])
    def test_nothing_but_an_id_is_removed(self, dataset: Dataset, tmp_path: Path, name: str) -> None:
        (tmp_path / "outside").mkdir()
        with pytest.raises(NotFound, match="no id of a dataset"):
            remove(name)
        dataset.verify()
        assert (tmp_path / "outside").exists()

    def test_links_are_not_followed(self, dataset: Dataset, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        (outside / "toy-v0").mkdir(parents=True)
        (outside / "toy-v0" / "precious").write_text("precious")
        root = tmp_path / "datasets"
        (root / "linked").symlink_to(outside)
        (root / "local" / "link-v0").symlink_to(outside / "toy-v0")
        for name in ("linked/toy-v0", "local/link-v0"):
            with pytest.raises(WebVoyagerError, match="is a link"):
                remove(name)
        (dataset.folder / "data" / "more").symlink_to(outside)
        remove(ID)
        assert not dataset.folder.exists()
        assert (outside / "toy-v0" / "precious").read_text() == "precious"

    def test_what_a_broken_download_left_goes_too(self, dataset: Dataset, tmp_path: Path) -> None:
        place = tmp_path / "mirror"
        entry = publish(dataset, str(place), licence="CC-BY-4.0")
        remove(ID)
        (place / ID / "data" / "vectors.h5").unlink()
        with pytest.raises(WebVoyagerError, match="not there"):
            download(ID, source=entry.mirrors[0])
        remove(ID)
        assert not list((tmp_path / "datasets" / "local").iterdir())
