"""Archives: written and read the same, and refused when they are damaged, hostile or of another hand."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.network.exchanges import about, answered, recording
from webvoyager_gym.browser.page import BrowserPage
from webvoyager_gym.errors import InfrastructureFailure, InvalidFile, NotFound, NotWritten
from webvoyager_gym.network import archive
from webvoyager_gym.network.archive import INDEX, find_archives, read_about, read_recording, write_recording
from webvoyager_gym.network.har import content_name
from webvoyager_gym.tasks import load_suite
from webvoyager_gym.tasks.replay import ReplaySuite

EXCHANGES = (
    answered("https://booking.test/", "<title>Rooms</title>", kind="document"),
    answered("https://booking.test/find", "[1]", method="POST", body=b'{"q": "Rome"}', kind="xhr"),
    answered("https://booking.test/old", status=302, headers=(("Location", "/new?token=a"),)),
    answered("https://cdn.test/a.png", "picture", kind="image"),
    answered("https://cdn.test/b.png", "picture", kind="image"),
    answered("https://cdn.test/live", status=0, headers=(), error="it has no end, and cannot be replayed"),
)
SOUND = recording(*EXCHANGES)
NAMES = [content_name(text.encode()) for text in ("<title>Rooms</title>", "[1]", "picture")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_recording(SOUND, tmp_path / "network")


def rewritten(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The archive with its index changed."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    document = json.loads(members[INDEX])
    change(document["log"])
    members[INDEX] = json.dumps(document).encode()
    with zipfile.ZipFile(path, "w") as new:
        for name, content in members.items():
            new.writestr(name, content)
    return path


def test_a_recording_is_read_as_it_was_written(path: Path) -> None:
    found = read_recording(path)
    assert found.exchanges == EXCHANGES
    assert replace(found.about, sha256="") == about()
    assert read_about(path) == found.about
    assert path.name == f"Booking-5-{found.about.sha256[:12]}.har.zip"


def test_the_same_recording_is_the_same_file_and_equal_contents_lie_there_once(path: Path, tmp_path: Path) -> None:
    again = write_recording(SOUND, tmp_path / "again")
    assert (again.name, again.read_bytes()) == (path.name, path.read_bytes())
    with zipfile.ZipFile(path) as file:
        assert sorted(file.namelist()) == sorted([INDEX, *NAMES])
    assert list(path.parent.iterdir()) == [path]


def test_others_read_the_index_as_an_http_archive(path: Path) -> None:
    with zipfile.ZipFile(path) as file:
        log = json.loads(file.read(INDEX))["log"]
    entry = log["entries"][1]
    assert (log["version"], entry["request"]["method"], entry["response"]["status"]) == ("1.2", "POST", 200)
    assert (entry["request"]["headers"], entry["request"]["cookies"], entry["response"]["cookies"]) == ([], [], [])
    assert entry["response"]["headers"] == [{"name": "content-type", "value": "text/plain"}]
    assert log["entries"][2]["response"]["redirectURL"] == "/new?token=withheld"


def test_a_folder_lists_its_archives_as_tasks(path: Path, tmp_path: Path) -> None:
    other = write_recording(recording(task_id="shop/x/train-3", site="shop"), path.parent)
    assert set(find_archives(path.parent)) == {path, other}
    suite = load_suite(f"replay:{path.parent}?judge=openai:m")
    assert set(suite.sites) == {"Booking", "shop"}
    (task,) = suite.tasks("shop")
    assert suite.task(task.id) == task == suite.sample(5, "shop")
    assert task.id == f"shop/x/train-3@{read_about(other).sha256[:12]}"
    assert suite.name == f"replay:{path.parent}"
    with pytest.raises(NotFound, match="no recording"):
        load_suite(f"replay:{tmp_path / 'empty'}")
    with pytest.raises(NotFound, match="option"):
        load_suite(f"replay:{path.parent}?judged=m")
    with pytest.raises(NotFound, match="split"):
        suite.tasks(split="train")


def test_no_room_is_said_and_leaves_nothing(path: Path) -> None:
    with pytest.raises(NotWritten, match="could not be written"):
        write_recording(SOUND, path)


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "no episode": lambda log: log.pop("_webvoyager_gym"),
    "a later version": lambda log: log["_webvoyager_gym"].update(version=2),
    "a viewport of words": lambda log: log["_webvoyager_gym"].update(viewport=["wide", "high"]),
    "a site that rings": lambda log: log["_webvoyager_gym"].update(site="shop\x1b]0;"),
    "a goal without end": lambda log: log["_webvoyager_gym"].update(goal="x" * 10**6),
    "a million actions": lambda log: log["_webvoyager_gym"].update(actions=["wait"] * 10**6),
    "a seed of truth": lambda log: log["_webvoyager_gym"].update(seed=True),
    "a start in files": lambda log: log["_webvoyager_gym"].update(start_url="file:///etc/passwd"),
    "hosts with a slash": lambda log: log["_webvoyager_gym"].update(hosts=["a/b"]),
    "entries as a word": lambda log: log.update(entries="all"),
    "entries without end": lambda log: log.update(entries=[0] * 20_001),
    "a cookie": lambda log: log["entries"][0]["response"]["headers"].append({"name": "set-cookie", "value": "a=b"}),
    "a header in two lines": lambda log: log["entries"][0]["response"]["headers"].append(
        {"name": "refresh", "value": "1\r\nset-cookie: a=b"}
    ),
    "a header that is none": lambda log: log["entries"][0]["response"].update(headers=[{"name": 3, "value": "x"}]),
    "a secret address": lambda log: log["entries"][0]["request"].update(url="https://a.test/?token=abc"),
    "a local address": lambda log: log["entries"][0]["request"].update(url="file:///etc/passwd"),
    "a strange method": lambda log: log["entries"][0]["request"].update(method="GET / HTTP/1.1\r\n"),
    "a status of 9000": lambda log: log["entries"][0]["response"].update(status=9000),
    "no answer and no reason": lambda log: log["entries"][0]["response"].update(status=0),
    "a content elsewhere": lambda log: log["entries"][0]["response"]["content"].update(_file="../../etc/passwd"),
    "a content that is not there": lambda log: log["entries"][0]["response"]["content"].update(_file="0" * 64),
    "a content as a list": lambda log: log["entries"][0]["response"].update(content=[1]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_an_index_is_refused_with(what: str, path: Path) -> None:
    with pytest.raises(InvalidFile, match="cannot be taken for a recording"):
        read_recording(rewritten(path, CHANGES[what]))


def zipped(path: Path, members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", kind) as file:
        for name, content in members.items():
            file.writestr(name, content)


@pytest.mark.parametrize(
    "members",
    [
        {},
        {INDEX: b"[" * 10**6},
        {INDEX: b"\xff\xfe"},
        {INDEX: b'{"log": 9' + b"9" * 10_000 + b"}"},
        {"../../evil": b"x", INDEX: b"{}"},
        {"/etc/cron.d/evil": b"x", INDEX: b"{}"},
        {"folder/": b"", INDEX: b"{}"},
    ],
)
def test_other_zip_files_are_refused(members: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "other.har.zip"
    zipped(path, members)
    with pytest.raises(InvalidFile, match="cannot be taken"):
        read_recording(path)
    assert list(tmp_path.iterdir()) == [path]


def test_what_unpacks_to_more_than_is_allowed_is_refused(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = tmp_path / "bomb.har.zip"
    zipped(bomb, {INDEX: bytes(archive.LARGEST_INDEX + 1)})
    with pytest.raises(InvalidFile, match="more than"):
        read_about(bomb)
    zipped(bomb, {INDEX: b"{}"}, zipfile.ZIP_LZMA)
    with pytest.raises(InvalidFile, match="packed"):
        read_about(bomb)
    monkeypatch.setattr(archive, "LARGEST", 100)
    with pytest.raises(InvalidFile, match="more than 100 bytes"):
        read_about(path)


def test_a_changed_content_is_found(path: Path) -> None:
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    zipped(path, members | {NAMES[0]: b"<title>Evil</title>"})
    assert read_about(path).site == "Booking"
    with pytest.raises(InvalidFile, match="was changed"):
        read_recording(path)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_archive_is_read_as_it_was_or_refused(seed: int, path: Path) -> None:
    dice, content = random.Random(seed), bytearray(path.read_bytes())
    for _ in range(dice.choice((1, 4, 64))):
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    path.write_bytes(content[: dice.choice((len(content), dice.randrange(len(content))))])
    with contextlib.suppress(InvalidFile):
        # Bits that zip itself does not mind, times say, may differ.
        assert read_recording(path).exchanges == EXCHANGES


def test_an_archive_that_goes_or_changes_is_no_fault_of_an_agent(path: Path) -> None:
    (task,) = ReplaySuite.named(f"replay:{path}").tasks()
    page = BrowserPage(executable=None, resolver_rules=None, viewport=task.about.viewport)
    path.unlink()
    with pytest.raises(InfrastructureFailure) as failed:
        asyncio.run(task.setup(page))
    assert failed.value.part == "site"
