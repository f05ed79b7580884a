"""The viewer's server: what it answers, and to whom; and that a list of many episodes costs what a page of it does."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.made_up_results import episode as row
from tests.viewer.recordings import dataset, picture, pictured
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.report.frames import Aside
from webvoyager_gym.results import EpisodeRow
from webvoyager_gym.sites.kit.server import ServerThread
from webvoyager_gym.viewer import Entry, Source, ViewerApp
from webvoyager_gym.viewer.recording import DatasetSource
from webvoyager_gym.viewer.source import PAGE


class Many(Source):
    """Many episodes, every third of which succeeded. Counts what is read."""

    name = "many"

    def __init__(self, count: int) -> None:
        self.read = 0
        self._entries = [
            Entry(n, "first", f"shop/a/test-{n}", "shop", f"Goal {n}", 0, 1, "failed" if n % 3 else "done")
            for n in range(count)
        ]

    def entries(self) -> Sequence[Entry]:
        return self._entries

    def episode(self, number: int) -> tuple[EpisodeRow, tuple[Aside, ...]]:
        self.read += 1
        if number == 13:
            raise InvalidFile("Episode 13 is damaged; record it again.")
        return row("first", f"shop/a/test-{number}"), ()

    def picture(self, number: int, frame: int) -> bytes:
        return picture()


def get(server: ServerThread, path: str, *, host: str = "", method: str = "GET") -> tuple[int, str, dict[str, str]]:
    """Status, body and headers."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, path, headers={"host": host or f"127.0.0.1:{server.port}"})
        response = connection.getresponse()
        body = response.read().decode("utf-8", "replace")
        return response.status, body, {name.lower(): value for name, value in response.getheaders()}
    finally:
        connection.close()


@pytest.fixture(scope="module")
def many() -> Many:
    return Many(1000)


@pytest.fixture(scope="module")
def server(many: Many) -> Iterator[ServerThread]:
    server = ServerThread(ViewerApp(many))
    yield server
    server.stop()


def test_the_list_is_paged_and_reads_no_episode(server: ServerThread, many: Many) -> None:
    before = many.read
    status, body, _ = get(server, "/?page=3")
    assert status == 200
    assert body.count('<a href="/episode/') == PAGE
    assert "/episode/100" in body
    assert "page 3 of 20" in body
    assert len(body) < 60_000
    assert many.read == before


@pytest.mark.parametrize(("page", "first"), [("0", 0), ("-4", 0), ("x", 0), ("999999999", 950), ("9" * 40, 0)])
def test_a_page_that_is_none_is_the_nearest(server: ServerThread, page: str, first: int) -> None:
    assert f'<a href="/episode/{first}"' in get(server, f"/?page={page}")[1]


def test_the_server_filters(server: ServerThread) -> None:
    body = get(server, "/?show=done&text=goal+99")[1]
    assert "7 found" in body
    assert [n for n in range(1000) if f'href="/episode/{n}?' in body] == [99, 399, 699, 990, 993, 996, 999]
    assert "No episode is like that." in get(server, "/?site=nowhere")[1]


def test_neighbours_are_those_that_are_wanted(server: ServerThread) -> None:
    body = get(server, "/episode/9?show=done")[1]
    assert "4 of 334 found" in body
    assert 'href="/episode/6?show=done"' in body
    assert 'href="/episode/12?show=done"' in body
    assert "not among the 334 found" in get(server, "/episode/10?show=done")[1]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/episode/13", 500, "Episode 13 is damaged; record it again."),
        ("/no-such-page", 404, "go back to the list"),
        ("/../../etc/passwd", 404, "There is no page"),
        ("/favicon.ico", 204, ""),
    ],
)
def test_what_cannot_be_shown_is_said(server: ServerThread, path: str, status: int, said: str) -> None:
    got, body, _ = get(server, path)
    assert (got, said in body) == (status, True)


def test_other_names_of_this_machine_get_nothing(server: ServerThread) -> None:
    assert get(server, "/", host="localhost:1")[0] == 200
    for host in ("evil.test", f"evil.test:{server.port}", "127.0.0.1.evil.test", "127.0.0.1@evil.test"):
        status, body, _ = get(server, "/", host=host)
        assert (status, "many" in body) == (421, False)


def test_nothing_can_be_changed(server: ServerThread) -> None:
    assert get(server, "/", method="POST")[0] == 405
    assert get(server, "/", method="HEAD")[:2] == (200, "")


def test_pictures_are_served_one_by_one(tmp_path: Path) -> None:
    server = ServerThread(ViewerApp(DatasetSource(dataset(tmp_path, pictured("shop-1")))))
    try:
        assert get(server, "/episode/0")[1].count('src="/picture/0/') == 4
        status, _, headers = get(server, "/picture/0/3")
        assert (status, headers["content-type"], headers["x-content-type-options"]) == (200, "image/webp", "nosniff")
        assert get(server, "/picture/0/4")[0] == get(server, "/picture/9/0")[0] == 404
        assert get(server, "/episode/1")[0] == 404
    finally:
        server.stop()
