"""Where a page may go. The names are mapped to loopback, where a server notes everything that reaches it."""

from __future__ import annotations

import asyncio
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.driving import number
from tests.browser.pages import PageHandler
from webvoyager_gym.actions import parse
from webvoyager_gym.browser.guard import Guard
from webvoyager_gym.browser.loop import browser_loop
from webvoyager_gym.browser.page import BrowserPage
from webvoyager_gym.types import PageView


class Site(http.server.ThreadingHTTPServer):
    """Serves one page under every name and notes the hosts and paths that it is asked for."""

    daemon_threads = True

    def __init__(self, secret: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: set[str] = set()
        self.body = f"""<title>Home</title>
            <a href="http://shop.test/inside">Inside</a> <a href="http://deep.shop.test/inside">Below</a>
            <a href="http://evil.test/steal">Evil</a> <a href="http://shop.test.evil.test/steal">Alike</a>
            <a href="http://127.0.0.1:{self.server_port}/local">Loopback</a>
            <a href="http://0x7f.1:{self.server_port}/hexadecimal">Hexadecimal</a>
            <a href="http://localhost:{self.server_port}/localhost">Localhost</a>
            <a href="/to?http://shop.test/inside">Moved inside</a> <a href="/to?http://evil.test/steal">Moved</a>
            <a href="/to?http://127.0.0.1:{self.server_port}/moved">Moved home</a>
            <a href="/to?http://evil.test/steal" target=_blank>Moved tab</a>
            <a href="file://{secret}">File</a> <a href="chrome://version">Chrome</a>
            <a href="data:text/html,<title>Data</title>data">Data</a>
            <a href="http://evil.test/steal" target=_blank>Evil tab</a>
            <button onclick="location.href = 'file://{secret}'">Script file</button>
            <button onclick="window.open('http://evil.test/popup')">Popup</button>
            <form action="http://evil.test/form"><input name=q aria-label=Query><button>Send</button></form>
            <img src="http://cdn.test/picture.png"> <img src="http://10.0.0.1/router.png">
            <iframe src="http://widget.test/frame" style="width:60px;height:40px"></iframe>
            <iframe src="http://widget.test/to?http://127.0.0.1:{self.server_port}/moved-frame"></iframe>
            <img src="http://cdn.test/to?http://cdn.test/moved.png">
            <script>
              fetch('http://127.0.0.1:{self.server_port}/fetched').catch(() => 0);
              fetch('/to?http://127.0.0.1:{self.server_port}/moved-fetch', {{mode: 'no-cors'}}).catch(() => 0);
              new WebSocket('ws://127.0.0.1:{self.server_port}/socket');
            </script>"""


class _Handler(PageHandler):
    def do_GET(self) -> None:
        site = self.server
        assert isinstance(site, Site)
        site.asked.add(f"{self.headers['host'].partition(':')[0]}{self.path.partition('?')[0]}")
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("location", self.path.partition("?")[2])
            self.send_header("content-length", "0")
            self.end_headers()
            return
        home = self.path == "/"
        self.send_page(site.body if home else "<title>Other</title><a href=/>Home</a>")


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("secret") / "secret.html"
    file.write_text("<title>Secret</title>the secret")
    return file


@pytest.fixture
def site(secret: Path) -> Iterator[Site]:
    server = Site(secret)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(site: Site) -> Iterator[BrowserPage]:
    made = BrowserPage(executable=None, resolver_rules=f"MAP *.test 127.0.0.1:{site.server_port}", viewport=(900, 600))
    yield made
    browser_loop().run(made.close(), 15)


def opened(page: BrowserPage, guard: Guard | None) -> PageView:
    loop = browser_loop()
    loop.run(page.renew(), 60)
    if guard is not None:
        loop.run(page.keep_to(guard), 15)
    loop.run(page.goto("http://shop.test/"), 30)
    return loop.run(page.observe(), 30)


def click(page: BrowserPage, view: PageView, name: str) -> tuple[str, PageView]:
    loop = browser_loop()
    said = loop.run(page.act(parse(f"click [{number(view, name)}]"), view), 45)
    return said, loop.run(page.observe(), 30)


KEPT = Guard(hosts=("shop.test",))


def test_documents_come_from_the_tasks_hosts_only(page: BrowserPage, site: Site) -> None:
    for name, host in (("Evil", "evil.test"), ("Alike", "shop.test.evil.test"), ("Evil tab", "evil.test")):
        said, view = click(page, opened(page, KEPT), name)
        assert said == f"{host} is not among the hosts of this task: shop.test."
        assert "secret" not in view.outline
    said, view = click(page, opened(page, KEPT), "Send")
    assert (said[:9], view.title) == ("evil.test", "Home")
    click(page, opened(page, KEPT), "Popup")
    for name in ("Inside", "Below"):
        said, view = click(page, opened(page, KEPT), name)
        assert (said, view.title) == ("", "Other")
    assert {"shop.test/inside", "deep.shop.test/inside", "cdn.test/picture.png", "widget.test/frame"} <= site.asked
    assert not [each for each in site.asked if "evil" in each]


def test_the_local_network_is_not_reached_by_links_or_by_what_a_page_embeds(page: BrowserPage, site: Site) -> None:
    for name in ("Loopback", "Hexadecimal", "Localhost"):
        said, view = click(page, opened(page, Guard()), name)
        assert said.endswith("is an address of the local network, which is not opened.")
        assert view.title == "Home"
    assert not [each for each in site.asked if each.startswith(("127.", "localhost"))]


def test_redirects_are_asked_about_before_they_are_followed(page: BrowserPage, site: Site) -> None:
    for name, says in (("Moved", "evil.test is not among"), ("Moved home", "127.0.0.1 is not among")):
        said, view = click(page, opened(page, KEPT), name)
        assert (said.startswith(says), view.title) == (True, "Home")
    said, view = click(page, opened(page, Guard()), "Moved home")
    assert (said, view.title) == ("127.0.0.1 is an address of the local network, which is not opened.", "Home")
    click(page, opened(page, KEPT), "Moved tab")
    said, view = click(page, opened(page, KEPT), "Moved inside")
    assert (said, view.title) == ("", "Other")
    assert {"shop.test/inside", "cdn.test/moved.png"} <= site.asked
    assert not [each for each in site.asked if each.startswith(("evil", "127."))]
    click(page, opened(page, None), "Moved home")
    assert {"127.0.0.1/moved", "127.0.0.1/moved-frame", "127.0.0.1/moved-fetch"} <= site.asked


@pytest.mark.parametrize("guard", [KEPT, None])
@pytest.mark.parametrize("name", ["File", "Chrome", "Data", "Script file"])
def test_only_web_addresses_are_opened(page: BrowserPage, name: str, guard: Guard | None) -> None:
    _, view = click(page, opened(page, guard), name)
    assert (view.title, view.url) == ("Home", "http://shop.test/")


def test_a_guard_ends_with_its_episode(page: BrowserPage, site: Site) -> None:
    click(page, opened(page, KEPT), "Evil")
    assert "evil.test/steal" not in site.asked
    assert "127.0.0.1/fetched" not in site.asked
    said, view = click(page, opened(page, None), "Evil")
    assert (said, view.title) == ("", "Other")
    assert {"evil.test/steal", "127.0.0.1/fetched"} <= site.asked


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("http://1.1.1.1/", False),
        ("http://127.0.0.1/", True),
        ("http://10.1.2.3/", True),
        ("http://169.254.169.254/latest/meta-data", True),
        ("http://[::1]/", True),
        ("http://[::ffff:10.0.0.1]/", True),
        ("http://[fe80::1]/", True),
        ("http://localhost/", True),
        ("http://api.localhost./", True),
        ("http://no-such-name.invalid/", False),
        ("ws://192.168.1.1/", True),
        ("file:///etc/passwd", True),
        ("data:text/html,x", True),
    ],
)
def test_addresses(url: str, refused: bool) -> None:
    assert bool(asyncio.run(Guard().refusal(url, document=True))) is refused
