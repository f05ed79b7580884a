"""A published dataset arrives whole or not at all, whatever the mirrors do."""

from __future__ import annotations

import os
import resource
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.data import mischief
from tests.data.making import make_episode
from tests.data.mirroring import ID, SHOTS, Contents, contents, register
from tests.data.mischief import Mischief, serving, serving_process
from webvoyager_gym.data import Recorder, finalize, load_dataset
from webvoyager_gym.data.download import download, staging_folder
from webvoyager_gym.data.registry import Published
from webvoyager_gym.errors import DownloadFailed, MissingDependency, NotFound, NotWritten, WebVoyagerError

STALL = 1.5
"""Seconds; long enough for a server on a busy machine to say something."""


def test_load_dataset_brings_it_from_any_static_web_server(
    mirror: Path, here: Path, published: Contents, entry: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_process(mirror) as url:
        register(monkeypatch, tmp_path, entry, f"{url}/{ID}")
        assert len(load_dataset(ID)) == 3
    assert contents(here) == published
    assert not staging_folder(here).exists()
    assert load_dataset(ID)[0].task_id == "a"


@pytest.mark.usefixtures("registered")
def test_progress_counts_every_byte_once(here: Path, published: Contents) -> None:
    said: list[tuple[int, int]] = []
    download(ID, report=lambda done, total: said.append((done, total)))
    size = sum(map(len, published.values()))
    assert (said[0], said[-1]) == ((0, size), (size, size))
    assert [done for done, _ in said] == sorted(done for done, _ in said)


@pytest.mark.usefixtures("registered")
def test_screenshots_may_be_left_out_and_brought_later(here: Path, published: Contents, server: Mischief) -> None:
    assert download(ID, screenshots=False)[0].steps[0].screenshot == b""
    assert set(published) - set(contents(here)) == {SHOTS}
    server.asked.clear()
    assert download(ID)[0].steps[0].screenshot != b""
    assert server.asked == [(f"/{ID}/{SHOTS}", "")]
    assert contents(here) == published
    download(ID, screenshots=False)
    assert contents(here) == published


DAMAGES = {
    "truncated": (mischief.truncated, "bytes and should have"),
    "flipped": (mischief.flipped, "checksum"),
    "longer": (mischief.longer, "bytes and should have"),
    "endless": (mischief.endless, "longer than"),
    "missing": (mischief.missing, "404"),
    "redirected": (mischief.redirected, "redirected"),
    "stalled": (mischief.stalled, "nothing came"),
    "silent": (mischief.silent, "nothing came"),
    "dripping": (mischief.dripping, "bytes came within"),
}


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_mirror_is_named_and_the_copy_here_kept(
    here: Path, published: Contents, server: Mischief, what: str
) -> None:
    download(ID, screenshots=False)
    before = contents(here)
    damage, reason = DAMAGES[what]
    server.damages["shots.h5"] = damage
    with pytest.raises(DownloadFailed, match=rf"{server.url}.*shots\.h5.*{reason}"):
        download(ID, stall=STALL)
    assert contents(here) == before
    assert load_dataset(ID)[0].task_id == "a"
    server.damages.clear()
    download(ID)
    assert contents(here) == published


@pytest.mark.parametrize("what", DAMAGES)
def test_another_mirror_takes_over(
    here: Path,
    published: Contents,
    server: Mischief,
    mirror: Path,
    entry: Published,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    server.damages["vectors.h5"] = DAMAGES[what][0]
    with serving(mirror) as second:
        register(monkeypatch, tmp_path, entry, f"{server.url}/{ID}", f"{second.url}/{ID}")
        download(ID, stall=STALL)
        assert [path for path, _ in second.asked] == [f"/{ID}/data/vectors.h5"]
    assert contents(here) == published


@pytest.mark.usefixtures("registered")
def test_nothing_of_a_failed_download_looks_like_a_dataset(here: Path, server: Mischief) -> None:
    server.damages["vectors.h5"] = mischief.flipped
    with pytest.raises(DownloadFailed):
        load_dataset(ID)
    assert not here.exists()
    with pytest.raises(DownloadFailed):
        load_dataset(ID)


@pytest.mark.usefixtures("registered")
def test_a_broken_transfer_goes_on_where_it_broke_off(here: Path, published: Contents, server: Mischief) -> None:
    server.damages["shots.h5"] = mischief.breaking
    download(ID)
    assert contents(here) == published
    ranges = [wanted for path, wanted in server.asked if path.endswith("shots.h5")]
    assert ranges == ["", "bytes=100000-", "bytes=200000-", "bytes=300000-"]


@pytest.mark.usefixtures("registered")
def test_a_new_process_goes_on_and_a_part_that_was_wrong_costs_one_more_transfer(
    here: Path, published: Contents, server: Mischief
) -> None:
    whole = published[SHOTS]
    part = staging_folder(here) / "data" / "shots.h5.part"
    for left, wanted in (
        (whole[:1000], ["bytes=1000-"]),
        (bytes(1000), ["bytes=1000-", ""]),
        (bytes(len(whole) + 1), [""]),
    ):
        part.parent.mkdir(parents=True)
        part.write_bytes(left)
        server.asked.clear()
        download(ID)
        assert contents(here) == published
        assert [asked for path, asked in server.asked if path.endswith("shots.h5")] == wanted
        shutil.rmtree(here)


@pytest.mark.usefixtures("registered")
def test_a_damaged_copy_is_mended_by_what_is_damaged(here: Path, published: Contents, server: Mischief) -> None:
    download(ID)
    (here / "data" / "vectors.h5").write_bytes(b"damaged")
    (here / "README.md").unlink()
    server.asked.clear()
    download(ID)
    assert sorted(path for path, _ in server.asked) == [f"/{ID}/README.md", f"/{ID}/data/vectors.h5"]
    assert contents(here) == published


@pytest.mark.usefixtures("registered")
def test_a_dataset_of_ones_own_is_never_replaced(here: Path, tmp_path: Path) -> None:
    with Recorder(tmp_path / "shards") as recorder:
        recorder.write(make_episode("mine"))
    finalize(tmp_path / "shards", here, id=ID)
    before = contents(here)
    with pytest.raises(WebVoyagerError, match="another dataset"):
        download(ID)
    assert contents(here) == before


@pytest.mark.usefixtures("registered")
def test_a_swap_that_was_cut_short_leaves_the_old_one(here: Path, published: Contents) -> None:
    download(ID)
    here.rename(here.parent / ".toy-v0.replaced")
    download(ID)
    assert contents(here) == published


def test_a_mirror_may_be_a_folder_relative_to_the_registry(
    here: Path, published: Contents, mirror: Path, entry: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in (os.path.relpath(mirror / ID, tmp_path), (mirror / ID).as_uri(), str(mirror / ID)):
        register(monkeypatch, tmp_path, entry, address)
        monkeypatch.setenv("WEBVOYAGER_GYM_OFFLINE", "1")
        download(ID)
        assert contents(here) == published
        shutil.rmtree(here)


def test_a_folder_that_is_damaged_is_named(
    here: Path, mirror: Path, entry: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copytree(mirror / ID, tmp_path / "copy")
    register(monkeypatch, tmp_path, entry, "copy")
    vectors = copy / "data" / "vectors.h5"
    good = vectors.read_bytes()
    for bad, reason in ((good[:-1], "bytes"), (good[:-1] + bytes([good[-1] ^ 1]), "checksum")):
        vectors.write_bytes(bad)
        with pytest.raises(DownloadFailed, match=rf"copy \(data/vectors\.h5.*{reason}"):
            download(ID)
    vectors.unlink()
    os.mkfifo(vectors)
    with pytest.raises(DownloadFailed, match="not there"):
        download(ID)
    assert not here.exists()


@pytest.mark.usefixtures("registered")
def test_offline_says_so_and_asks_nobody(
    here: Path, server: Mischief, monkeypatch: pytest.MonkeyPatch, published: Contents
) -> None:
    monkeypatch.setenv("WEBVOYAGER_GYM_OFFLINE", "1")
    with pytest.raises(MissingDependency, match="WEBVOYAGER_GYM_OFFLINE forbids"):
        load_dataset(ID)
    assert server.asked == []
    monkeypatch.setenv("WEBVOYAGER_GYM_OFFLINE", "0")
    load_dataset(ID)
    assert contents(here) == published


@pytest.mark.usefixtures("registered")
def test_an_unknown_id_names_the_published_ones(here: Path) -> None:
    with pytest.raises(NotFound, match=ID):
        download("local/toys-v0")
    with pytest.raises(NotFound, match=ID):
        load_dataset("local/toys-v0")


def test_a_disk_without_room_is_noticed_before(
    here: Path, mirror: Path, entry: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = tuple(replace(file, size=2**43) if file.path == SHOTS else file for file in entry.files)
    register(monkeypatch, tmp_path, replace(entry, files=huge), str(mirror / ID))
    with pytest.raises(WebVoyagerError, match="make room"):
        download(ID)


@pytest.mark.usefixtures("registered")
def test_a_disk_that_fills_up_is_named_and_the_next_try_goes_on(here: Path, published: Contents) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(published[SHOTS]) - 1000, hard))
    try:
        with pytest.raises(NotWritten, match="make room"):
            download(ID)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not here.exists()
    download(ID)
    assert contents(here) == published
