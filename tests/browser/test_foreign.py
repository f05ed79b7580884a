"""Frames of other origins: what can be seen of them is marked and can be used, and one that hangs costs nothing."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from tests.browser.driving import Driver, number
from tests.browser.pages import PageHandler
from webvoyager_gym.browser.loop import browser_loop

PAGES = {
    "/cut": """<title>Cut</title><iframe src="{other}/tall" style="width:300px;height:120px;border:0"></iframe>
        <div style="height:380px"></div>
        <iframe src="{other}/tall" style="width:300px;height:900px;border:0"></iframe>""",
    "/tall": """<button style="display:block;height:30px">First</button><p style="margin:0">First text</p>
        <div style="height:400px"></div><button>Last</button><p>Last text</p>""",
    "/under": """<iframe src="{other}/two" style="width:300px;height:120px;border:0"></iframe>
        <button style="position:fixed;left:0;top:0;width:200px;height:60px">Cover</button>""",
    "/two": """<body style="margin:0"><button style="position:absolute;left:10px;top:10px">Hidden</button>
        <button style="position:absolute;left:10px;top:80px" onclick="this.textContent = 'Clicked'">Free</button>""",
    "/choice": """<iframe src="{other}/list" style="width:300px;border:5px solid;padding:20px"></iframe>""",
    "/list": """<select aria-label=Sort onchange="document.body.append('now ' + value)"><option>Name
        <option>Price</select><input type=date aria-label=Day>""",
    "/nest": """<p>Outside</p><iframe src="{other}/middle" style="width:500px;height:300px"></iframe>""",
    "/middle": """<p>Middle</p><iframe src="{home}/list" style="width:300px;height:150px"></iframe>""",
    "/own": """<iframe src="/middle-own" style="width:500px;height:300px"></iframe>""",
    "/middle-own": """<iframe src="{other}/list" style="width:300px;height:150px"></iframe>""",
    "/stuck": """<button>Alive</button><iframe src="{other}/hang"></iframe><iframe src="{other2}/two"></iframe>""",
    "/hang": "<button>Stuck</button>",
}


class _Handler(PageHandler):
    def do_GET(self) -> None:
        # Other names of this server are other sites, which Chromium gives processes of their own.
        assert isinstance(self.server, http.server.HTTPServer)
        port = self.server.server_port
        addresses = {"home": f"http://127.0.0.1:{port}", "other": f"http://localhost:{port}"}
        addresses["other2"] = f"http://a.localhost:{port}"
        text = PAGES.get(self.path, "").format(**addresses)
        self.send_page(f"<body style='margin:0'>{text}")


@pytest.fixture(scope="module")
def foreign() -> Iterator[Driver]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    driver = Driver(f"http://127.0.0.1:{server.server_port}")
    yield driver
    driver.close()
    server.shutdown()
    server.server_close()


def test_only_what_can_be_seen_of_a_frame_is_marked(foreign: Driver) -> None:
    view = foreign.open("/cut")
    assert [mark.name for mark in view.marks] == ["First", "First"]
    assert all(mark.box[1] + mark.box[3] <= 600 for mark in view.marks)
    assert (view.outline.count("First text"), view.outline.count("Last text")) == (2, 0)


def test_what_lies_under_something_of_the_page_has_no_mark(foreign: Driver) -> None:
    view = foreign.open("/under")
    assert [mark.name for mark in view.marks] == ["Cover", "Free"]
    _, view = foreign.do("click [2]", view)
    assert [mark.name for mark in view.marks] == ["Cover", "Clicked"]


@pytest.mark.parametrize("path", ["/choice", "/nest", "/own"])
def test_lists_and_pickers_are_used_at_any_depth(foreign: Driver, path: str) -> None:
    view = foreign.open(path)
    error, view = foreign.do(f'select [{number(view, "Sort")}] "price"', view)
    assert (error, view.marks[number(view, "Sort") - 1].value) == ("", "Price")
    assert "now Price" in view.outline
    error, view = foreign.do(f'type [{number(view, "Day")}] "2026-03-09"', view)
    assert (error, view.marks[number(view, "Day") - 1].value) == ("", "2026-03-09")
    error, _ = foreign.do(f'select [{number(view, "Sort")}] "Colour"', view)
    assert error == "There is no option 'Colour'; there are Name, Price."


def test_a_frame_that_hangs_is_left_out(foreign: Driver) -> None:
    view = foreign.open("/stuck")
    assert [mark.name for mark in view.marks] == ["Alive", "Stuck", "Hidden", "Free"]
    frame = next(each for each in foreign.page.page.frames if each.url.endswith("/hang"))
    browser_loop().run(frame.evaluate("() => { setTimeout(() => { for (;;) {} }); }"), 10)
    assert [mark.name for mark in foreign.look().marks] == ["Alive", "Hidden", "Free"]
