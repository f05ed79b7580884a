"""hf:// addresses, and huggingface_hub itself against a server of its protocol on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.data.hub import Hub, hub
from tests.data.making import make_episode
from webvoyager_gym.data import Recorder, finalize
from webvoyager_gym.data.mirrors import HubFolder, TransferFailed

ID = "local/toy-v0"
Cli = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(
    ("address", "parsed"),
    [
        ("hf://datasets/owner/repo", HubFolder("owner/repo", None, "")),
        ("hf://datasets/owner/repo/", HubFolder("owner/repo", None, "")),
        ("hf://datasets/owner/repo@v1/local/toy-v0", HubFolder("owner/repo", "v1", "local/toy-v0")),
        ("hf://datasets/owner/repo@refs%2Fpr%2F1/a", HubFolder("owner/repo", "refs/pr/1", "a")),
    ],
)
def test_addresses_are_those_of_the_hubs_own_file_system(address: str, parsed: HubFolder) -> None:
    assert HubFolder.parse(address) == parsed
    assert parsed.path("data/x.h5") == (f"{parsed.folder}/data/x.h5" if parsed.folder else "data/x.h5")


@pytest.mark.parametrize("address", ["hf://owner/repo", "hf://datasets/owner", "hf://", "hf://models/owner/repo"])
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(TransferFailed, match="hf://datasets/OWNER/REPO"):
        HubFolder.parse(address)


@pytest.fixture
def server() -> Iterator[Hub]:
    with hub() as server:
        yield server


@pytest.fixture
def cli(server: Hub, tmp_path: Path) -> Cli:
    """The command line with that hub, in a process of its own: the client reads its settings when it is imported."""
    environment = {
        **os.environ,
        "HF_ENDPOINT": server.url,
        "HF_HOME": str(tmp_path / "hf"),
        "HF_HUB_OFFLINE": "0",
        "HF_HUB_DISABLE_XET": "1",
        "HF_TOKEN": "hf_none",
        "WEBVOYAGER_GYM_DATASETS": str(tmp_path / "datasets"),
    }

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "webvoyager_gym.cli", "datasets", *arguments]
        return subprocess.run(command, env=environment | more, capture_output=True, text=True, timeout=120)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Recorder(tmp_path / "shards") as recorder:
        recorder.write(make_episode("a"))
    return finalize(tmp_path / "shards", tmp_path / "made", id=ID).folder


def test_a_dataset_goes_up_and_comes_down(cli: Cli, server: Hub, folder: Path, tmp_path: Path) -> None:
    registry = tmp_path / "registry.json"
    up = cli(
        *("publish", str(folder), "--to", "hf://datasets/owner/repo", "--licence", "CC-BY-4.0"),
        *("--registry", str(registry)),
    )
    assert up.returncode == 0, up.stderr
    assert json.loads(up.stdout)["mirrors"] == [f"hf://datasets/owner/repo/{ID}"]
    assert server.repositories[0]["type"] == "dataset"
    assert server.files[f"owner/repo/{ID}/README.md"] == (folder / "README.md").read_bytes()
    assert f"owner/repo/{ID}/manifest.json" in server.files
    down = cli("download", ID, "--json", WEBVOYAGER_GYM_REGISTRY=str(registry))
    assert down.returncode == 0, down.stderr
    brought = Path(json.loads(down.stdout)["folder"])
    files = [path.relative_to(brought) for path in brought.rglob("*") if path.is_file()]
    assert {path: (brought / path).read_bytes() for path in files} == {
        path: (folder / path).read_bytes() for path in files
    }
    assert len(files) == 6


def test_a_revision_is_asked_for_and_the_manifest_says_what_is_there(cli: Cli, server: Hub, folder: Path) -> None:
    up = cli("publish", str(folder), "--to", "hf://datasets/owner/repo", "--licence", "CC-BY-4.0")
    assert up.returncode == 0, up.stderr
    server.asked.clear()
    down = cli("download", ID, "--from", f"hf://datasets/owner/repo@v1/{ID}")
    assert down.returncode == 0, down.stderr
    assert {revision for _, revision, _ in server.asked} == {"v1"}


def test_what_the_hub_damages_or_lacks_is_named(cli: Cli, server: Hub, folder: Path, tmp_path: Path) -> None:
    registry = tmp_path / "registry.json"
    cli(
        *("publish", str(folder), "--to", "hf://datasets/owner/repo", "--licence", "CC-BY-4.0"),
        *("--registry", str(registry)),
    )
    name = f"owner/repo/{ID}/data/vectors.h5"
    good = server.files[name]
    for content, reason in (
        (good[:-1] + bytes([good[-1] ^ 1]), "has another checksum"),
        (good[:-1], f"has {len(good) - 1} bytes and should have {len(good)}"),
        (None, "EntryNotFound"),
    ):
        if content is None:
            del server.files[name]
        else:
            server.files[name] = content
        done = cli("download", ID, WEBVOYAGER_GYM_REGISTRY=str(registry))
        assert done.returncode == 1
        assert f"hf://datasets/owner/repo/{ID} (data/vectors.h5" in done.stderr
        assert reason in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "datasets" / ID).exists()
