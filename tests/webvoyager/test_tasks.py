"""WebVoyager's 643 tasks: brought, read, patched. Its own files are needed for most of it."""

from __future__ import annotations

import datetime
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from tests.test_cli import cli
from tests.webvoyager.upstream import FOLDER, needs_files
from webvoyager_gym.errors import DownloadFailed, InvalidFile, MissingDependency, NotFound
from webvoyager_gym.sites.kit.server import ServerThread
from webvoyager_gym.tasks import load_suite
from webvoyager_gym.tasks.webvoyager import WebVoyagerSuite
from webvoyager_gym.tasks.webvoyager.dates import past
from webvoyager_gym.tasks.webvoyager.entries import parse_entries
from webvoyager_gym.tasks.webvoyager.files import COMMIT, FILES, download_webvoyager, name_of, read_file
from webvoyager_gym.tasks.webvoyager.patches import Patch, common, load_patches, parse_patches
from webvoyager_gym.tasks.webvoyager.sites import HOSTS, guard_of

DAY = datetime.date(2026, 11, 23)
COUNTS = {
    "Allrecipes": 45,
    "Amazon": 41,
    "Apple": 43,
    "ArXiv": 43,
    "BBC News": 42,
    "Booking": 44,
    "Cambridge Dictionary": 43,
    "Coursera": 42,
    "ESPN": 44,
    "GitHub": 41,
    "Google Flights": 42,
    "Google Map": 41,
    "Google Search": 43,
    "Huggingface": 43,
    "Wolfram Alpha": 46,
}


@pytest.fixture(scope="module")
def original() -> WebVoyagerSuite:
    return WebVoyagerSuite(patches=0, today=DAY, folder=FOLDER)


@pytest.fixture(scope="module")
def patched() -> WebVoyagerSuite:
    return WebVoyagerSuite(today=DAY, folder=FOLDER)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is needed of WebVoyager's repository."""
    root = tmp_path_factory.mktemp("repository")
    for file in FILES:
        (root / file.path).parent.mkdir(exist_ok=True)
        shutil.copyfile(FOLDER / name_of(file), root / file.path)
    return root


@pytest.fixture
def address(repository: Path) -> Iterator[str]:
    server = ServerThread(Starlette(routes=[Mount("/", StaticFiles(directory=repository))]))
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.stop()


@needs_files
def test_all_643_tasks_of_the_15_sites_load(original: WebVoyagerSuite) -> None:
    tasks = original.tasks()
    assert Counter(task.site for task in tasks) == COUNTS
    assert len({task.id for task in tasks}) == 643
    assert sum(task.entry.reference is not None and task.entry.reference.golden for task in tasks) == 143
    assert all(task.goal == task.original and task.start_url.startswith("https://") for task in tasks)


@needs_files
def test_every_task_may_open_its_own_first_page(original: WebVoyagerSuite) -> None:
    for site in HOSTS:
        for task in original.tasks(site):
            assert guard_of(site, task.start_url).hosts == HOSTS[site]
    assert guard_of("Apple", "http://apple.test/").hosts == ("apple.com", "apple.test")


@needs_files
def test_every_past_date_has_an_entry_that_says_what_is_done_about_it(original: WebVoyagerSuite) -> None:
    patches = load_patches()
    dated = [task for task in original.tasks() if past(task.original, DAY)]
    assert len(dated) == 115
    assert [task.id for task in dated if task.id not in patches] == []
    # The other way round, no entry is without its task, and none that keeps a past time is without one.
    assert set(patches) <= {task.id for task in original.tasks()}
    kept = [name for name, patch in patches.items() if patch.rule == "keep"]
    assert [name for name in kept if not past(original.task(name).original, DAY)] == []


@needs_files
@settings(max_examples=6, deadline=None)
@given(today=st.dates(DAY, datetime.date(2060, 1, 1)))
def test_no_patched_task_names_a_day_that_is_over_whenever_it_is_asked(today: datetime.date) -> None:
    tasks = WebVoyagerSuite(today=today, folder=FOLDER).tasks()
    for task in tasks:
        # A past time may stay where it is meant, which the list says, or puts there itself.
        if task.patch is None or (task.patch.rewords and not past(task.patch.new, today)):
            assert past(task.goal, today) == (), task.goal


@needs_files
def test_moved_days_keep_their_weekdays_and_the_lengths_of_stays(patched: WebVoyagerSuite) -> None:
    task = patched.task("Booking--20")
    assert "from February 28 to March 2, 2024," in task.original
    # A Wednesday in 2024, and 30 days ahead.
    assert "from December 23-26, 2026," in task.goal
    assert patched.task("Booking--10").goal.count("February 14-21, 2027") == 1


@needs_files
def test_lists_and_sets_and_their_denominators(original: WebVoyagerSuite, patched: WebVoyagerSuite) -> None:
    shared = WebVoyagerSuite(which="common", today=DAY, folder=FOLDER).tasks()
    assert (len(original.tasks()), len(patched.tasks()), len(shared)) == (643, 635, 548)
    assert all(task.goal == task.original for task in shared)
    assert "Google Search--15" not in {task.id for task in patched.tasks()}
    # What was removed can still be shown.
    removed = patched.task("Google Search--15").patch
    assert removed is not None
    assert removed.removed
    assert patched.sample(5) == patched.sample(5)


@needs_files
def test_what_is_downloaded_is_held_against_its_checksum(
    repository: Path, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("WEBVOYAGER_GYM_WEBVOYAGER", str(tmp_path / "cache"))
    with pytest.raises(MissingDependency, match="tasks download webvoyager"):
        load_suite("webvoyager").tasks()
    assert download_webvoyager(address) == tmp_path / "cache"
    assert len(load_suite("webvoyager").tasks()) == 635
    (tmp_path / "cache" / "LICENSE").write_text("something else")
    with pytest.raises(InvalidFile, match="bring it again"):
        read_file("LICENSE")
    # What is whole is not brought again.
    download_webvoyager(str(repository))
    assert b"Apache License" in read_file("LICENSE")


def test_a_source_with_other_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBVOYAGER_GYM_WEBVOYAGER", str(tmp_path / "cache"))
    (tmp_path / "data").mkdir()
    for file in FILES:
        (tmp_path / file.path).write_bytes(b"x" * file.size)
    with pytest.raises(DownloadFailed, match="checksum"):
        download_webvoyager(str(tmp_path))
    assert list((tmp_path / "cache").iterdir()) == []
    monkeypatch.setenv("WEBVOYAGER_GYM_OFFLINE", "1")
    with pytest.raises(MissingDependency, match="forbids"):
        download_webvoyager()


@needs_files
def test_the_command_line_brings_the_tasks_and_shows_both_wordings(repository: Path, tmp_path: Path) -> None:
    brought = cli(
        "tasks", "download", "webvoyager", "--from", str(repository), "--json", WEBVOYAGER_GYM_WEBVOYAGER=str(tmp_path)
    )
    document = json.loads(brought.stdout)
    assert document["commit"] == COMMIT
    assert "Apache License 2.0" in document["notice"]
    shown = cli(
        "tasks",
        "show",
        "Booking--5",
        "--suite",
        "webvoyager?today=2026-11-23",
        "--json",
        WEBVOYAGER_GYM_WEBVOYAGER=str(tmp_path),
    )
    described = json.loads(shown.stdout)
    assert "Jan 1 to Jan 4, 2024" in described["original"]
    assert "December 21-24, 2026" in described["goal"]
    assert described["patch_rule"] == "weeks"
    assert described["patch_reason"]
    assert described["start_url"] == "https://www.booking.com/"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("webvoyager?patches=99", "list of WebVoyager patches"),
        ("webvoyager?tasks=few", "set of WebVoyager's tasks"),
        ("webvoyager?speed=9", "option of the suite"),
    ],
)
def test_a_suite_that_cannot_be_says_so(name: str, said: str) -> None:
    with pytest.raises(NotFound, match=said):
        load_suite(name)


def test_a_suites_name_says_what_it_is() -> None:
    name = "webvoyager?patches=0&tasks=common&today=2026-12-01"
    assert load_suite(name).name == name
    judged = load_suite("webvoyager?judge=openai:m?base_url=http://127.0.0.1:1/v1%26images=no")
    assert isinstance(judged, WebVoyagerSuite)
    assert judged.judge == "openai:m?base_url=http://127.0.0.1:1/v1&images=no"


def test_a_patch_for_another_wording_is_refused() -> None:
    words = Patch("Any--1", "2026-11-23", "Why.", "words", old="old", new="new")
    assert words.applied("the old one", DAY) == "the new one"
    for patch in (words, Patch("Any--1", "2026-11-23", "Why.", "weeks")):
        with pytest.raises(InvalidFile, match="another wording"):
            patch.applied("no such thing", DAY)
    assert common(frozenset({"Any--1", "Booking--5"})) == {"Any--1"}


@pytest.mark.parametrize("rule", ['"none"', '"words"', "3"])
def test_a_list_of_patches_is_checked(rule: str) -> None:
    entry = f'{{"id": "A--1", "date": "2026-11-23", "reason": "Why.", "rule": {rule}}}'
    with pytest.raises(InvalidFile):
        parse_patches(f'{{"patches": [{entry}]}}')


def test_an_id_that_is_not_its_sites_is_refused() -> None:
    row = {"web_name": "Amazon", "id": "Apple--1", "ques": "What?", "web": "https://x.test/"}
    with pytest.raises(InvalidFile, match="Apple--1"):
        parse_entries(json.dumps(row), "{}")
