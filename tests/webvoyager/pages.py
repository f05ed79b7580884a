"""Pages such as real sites have, served on loopback under names of their own."""

from __future__ import annotations

import contextlib
import http.server
import time
from collections.abc import Iterator

from tests.running import running

LINKS = " ".join(f"<a href=/item{number}>Item {number}</a>" for number in range(20))
PAGES = {
    "amazon.test/": f"""<title>Shop</title><h1>Things</h1><a href=/captcha>Robots</a> <a href=/account>Account</a>
        <a href=/gone>Flaky</a> <a href=http://elsewhere.test/>Elsewhere</a> {LINKS}""",
    "amazon.test/captcha": "<title>Robot Check</title><p>Enter the characters you see below</p><input name=c>",
    "amazon.test/account": """<title>Sign in</title><h1>Sign in</h1><input aria-label=E-mail name=email>
        <input type=password aria-label=Password><input autocomplete=cc-number aria-label=Card><button>Sign in</button>
        <iframe srcdoc="<input type=password aria-label=Framed>"></iframe>""",
    "amazon.test/gone": "<title>There after all</title><p>It came the second time.</p>",
    "booking.test/": f"""<title>Rooms</title>{LINKS}<div id=banner style="position:fixed;bottom:0;background:#fff">
        We use cookies. <button onclick="document.title = 'accepted'; banner.remove()">Accept all</button>
        <button onclick="document.title = 'refused'; banner.remove()">Reject all</button></div>""",
    "espn.test/": f"""<title>Scores</title>{LINKS}<div id=banner>We use cookies.
        <button onclick="document.title = 'accepted'; banner.remove()">Accept all</button></div>""",
    "coursera.test/": """<title>Log in</title><h1>Log in to continue</h1><input aria-label=Email>
        <input type=password aria-label=Password><button>Log in</button>""",
    "allrecipes.test/": "<title>Just a moment...</title><p>Checking your browser before you go on.</p>",
    "arxiv.test/": """<title>Just a moment...</title><p>Checking your browser before you go on.</p>
        <script>setTimeout(() => { document.body.innerHTML = 'Papers'; document.title = 'Papers'; }, 300)</script>""",
    "127.0.0.1/place": """<title>?</title><script>
        navigator.geolocation.getCurrentPosition((place) => { document.title = [navigator.language,
          Intl.DateTimeFormat().resolvedOptions().timeZone, place.coords.latitude, place.coords.longitude].join(' ') },
          () => { document.title = 'not told' });</script>""",
}
FLAKY = ("amazon.test/gone", "github.test/")
"""The first time nobody answers."""
PAGES["github.test/"] = f"<title>Code</title>{LINKS}"


class Web(http.server.ThreadingHTTPServer):
    """Serves PAGES and notes what it is asked for, and when."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, float]] = []

    @property
    def resolver_rules(self) -> str:
        return f"MAP * 127.0.0.1:{self.server_port}"

    def times(self, place: str) -> list[float]:
        """When a page was asked for."""
        return [when for name, when in self.asked if name == place]


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        web = self.server
        assert isinstance(web, Web)
        place = self.headers["host"].partition(":")[0] + self.path.partition("?")[0]
        web.asked.append((place, time.monotonic()))
        if place in FLAKY and len(web.times(place)) == 1:
            self.close_connection = True
            return
        data = ("<!doctype html><meta charset=utf-8><body>" + PAGES.get(place, "Nothing here")).encode()
        self.send_response(200 if place in PAGES else 404)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served() -> Iterator[Web]:
    """The pages, served."""
    web = Web()
    with running(web):
        yield web
