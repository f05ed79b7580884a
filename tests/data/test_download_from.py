"""A mirror that was named with --from, and what is not to be trusted about one."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.data import mischief
from tests.data.mirroring import ID, Contents, contents, register
from tests.data.mischief import Mischief
from webvoyager_gym.data.download import download
from webvoyager_gym.data.registry import Published
from webvoyager_gym.errors import DownloadFailed, InvalidFile


def test_its_own_manifest_says_what_it_has(here: Path, published: Contents, server: Mischief) -> None:
    download(ID, source=f"{server.url}/{ID}")
    assert contents(here) == published


@pytest.mark.usefixtures("registered")
def test_the_registry_has_the_last_word(here: Path, mirror: Path, tmp_path: Path) -> None:
    forged = shutil.copytree(mirror / ID, tmp_path / "forged")
    (forged / "README.md").write_text("forged")
    manifest = json.loads((forged / "manifest.json").read_text())
    card = next(file for file in manifest["files"] if file["path"] == "README.md")
    card |= {"size": 6, "sha256": hashlib.sha256(b"forged").hexdigest()}
    (forged / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(DownloadFailed, match=r"README\.md has 6 bytes"):
        download(ID, source=str(forged))
    assert not here.exists()


def test_a_dataset_of_another_id_is_refused(here: Path, server: Mischief) -> None:
    with pytest.raises(DownloadFailed, match="has the dataset local/toy-v0"):
        download("local/other-v0", source=f"{server.url}/{ID}")
    with pytest.raises(DownloadFailed, match="404"):
        download(ID, source=f"{server.url}/nowhere")


@pytest.mark.parametrize("name", ["../../../escaped", "/etc/escaped", "data/../../escaped", "C:\\escaped", "a//b", ""])
def test_names_that_climb_out_of_the_folder_are_refused(here: Path, mirror: Path, tmp_path: Path, name: str) -> None:
    hostile = shutil.copytree(mirror / ID, tmp_path / "hostile")
    manifest = json.loads((hostile / "manifest.json").read_text())
    manifest["files"].append({"path": name, "size": 7, "sha256": hashlib.sha256(b"escaped").hexdigest()})
    (hostile / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "escaped").write_text("escaped")
    with pytest.raises(InvalidFile, match="do not trust"):
        download(ID, source=str(hostile))
    assert not here.parent.exists() or contents(here.parent) == {}


def test_a_manifest_that_never_ends_is_given_up(here: Path, server: Mischief) -> None:
    server.damages["manifest.json"] = mischief.endless
    with pytest.raises(DownloadFailed, match="longer than any manifest"):
        download(ID, source=f"{server.url}/{ID}")


def test_what_calls_itself_otherwise_is_refused(
    here: Path, mirror: Path, entry: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(monkeypatch, tmp_path, replace(entry, id="local/impostor-v0"), str(mirror / ID))
    with pytest.raises(DownloadFailed, match=f"calls itself {ID}"):
        download("local/impostor-v0")
    assert not list((tmp_path / "datasets").rglob("*.h5"))
