"""A page that is another each time it is asked for, served on loopback: what a recording has to hold still."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.server
import itertools
import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.running import running
from webvoyager_gym.browser.guard import Guard
from webvoyager_gym.tasks import Outcome, TaskSession
from webvoyager_gym.tasks.listed import ListedSuite
from webvoyager_gym.types import PageView

if TYPE_CHECKING:
    from webvoyager_gym.browser.page import BrowserPage

SECRETS = ("cookie-0123456789", "bearer-0123456789", "password-0123456789", "token-0123456789")
"""What the page sends and is sent that is nobody's business."""

HOME = """<!doctype html><meta charset=utf-8><title>Board</title><h1>Board</h1>
<p id=when></p><p id=chance></p><p id=served>%(served)s</p><p id=late></p><p id=socket>no news</p><p id=votes></p>
<ul id=items></ul><ul id=counts></ul>
<button onclick="vote()">Vote</button> <a href=/old>Moved</a> <a href=/never>Never</a>
<a href=http://elsewhere.test/>Elsewhere</a> <a href=/tab target=_blank>Tab</a>
<p id=framed></p>
<p><iframe src=/moved-inside style="width:300px;height:60px"></iframe></p>
<script>
  onmessage = (event) => { framed.textContent = event.data };
  when.textContent = new Date().toISOString() + ' ' + Date.now() + ' ' + new Date().constructor.now();
  chance.textContent = Math.random() + ' ' + crypto.getRandomValues(new Uint8Array(6)).join();
  const headers = {authorization: 'Bearer bearer-0123456789'};
  const address = '/items.json?_=' + Date.now() + '&access_token=token-0123456789';
  fetch(address, {headers}).then((r) => r.json()).then((all) => {
    for (const each of all) { const item = document.createElement('li'); item.textContent = each; items.append(item); }
  });
  fetch('/count?t=' + performance.now()).then((r) => r.text()).then((text) => { counts.innerHTML += `<li>${text}`; });
  setTimeout(() => { late.textContent = 'late at ' + new Date().toISOString() }, 400);
  try { new WebSocket('ws://board.test/live').onmessage = (event) => { socket.textContent = event.data }; } catch {}
  const vote = async () => {
    const form = new FormData();
    form.append('password', 'password-0123456789');
    form.append('choice', 'yes');
    await fetch('/form', {method: 'POST', body: form});
    const secret = {password: 'password-0123456789'};
    const body = JSON.stringify({choice: 'yes', at: Date.now(), nonce: performance.now(), ...secret});
    votes.textContent = await (await fetch('/vote', {method: 'POST', body})).text();
  };
</script>
<iframe src=http://frame.test/said style="display:none"></iframe>"""


class Server(http.server.ThreadingHTTPServer):
    """Answers nothing twice the same, and counts what it is asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.count = itertools.count(1)
        self.asked: list[str] = []


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        path = self.path.partition("?")[0]
        server.asked.append(path)
        fresh = f"{next(server.count)} {secrets.token_hex(4)}"
        pages = {
            "/": HOME % {"served": fresh},
            "/items.json": json.dumps([f"item {secrets.token_hex(3)}" for _ in range(3)]),
            "/count": f"count {fresh}",
            "/new": f"<title>New</title><p>Served {fresh}</p><a href=/>Home</a>",
            "/tab": f"<title>Tab</title><p>Served {fresh} <script>document.write(Math.random())</script>",
            # A frame of another site; what is to be seen of such is read under a deadline, so its page tells this one.
            "/said": f"<script>parent.postMessage('said {fresh} ' + Math.random(), '*')</script>",
            "/inside": f"<p>Inside {fresh} <script>document.write(Math.random())</script>",
        }
        if path == "/live":
            self._speak()
        elif path in ("/old", "/moved-inside"):
            self._send("", 302, location="/new?page=2" if path == "/old" else "/inside")
        elif path in pages:
            self._send(pages[path])
        else:
            self._send("Nothing here", 404)

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        self.rfile.read(int(self.headers["content-length"]))
        self._send(f"{next(server.count)} votes")

    def _send(self, text: str, status: int = 200, **headers: str) -> None:
        data = text.encode()
        self.send_response(status)
        usual = {"content-type": "text/html; charset=utf-8", "set-cookie": f"session={SECRETS[0]}"}
        for name, value in (usual | headers).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _speak(self) -> None:
        """Open a WebSocket and say something (RFC 6455)."""
        key = self.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("upgrade", "websocket")
        self.send_header("connection", "Upgrade")
        self.send_header("sec-websocket-accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        self.end_headers()
        news = f"news {secrets.token_hex(4)}".encode()
        self.wfile.write(bytes([0x81, len(news)]) + news)
        self.wfile.flush()
        self.rfile.read(1)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served() -> Iterator[Server]:
    """The board, served."""
    server = Server()
    with running(server):
        yield server


class BoardSession(TaskSession):
    """Ends with an answer."""

    def __init__(self, task: BoardTask) -> None:
        self.task = task

    async def check(self, view: PageView, answer: str | None) -> Outcome:
        return Outcome(done=answer is not None, success=answer == "yes")


@dataclass(frozen=True)
class BoardTask:
    """To look at the board, as on the live web: guarded."""

    number: int = 0
    site: str = "board"
    split: str = "test"
    template: str = "look"
    goal: str = "What does the board say?"

    @property
    def id(self) -> str:
        return f"board/{self.number}"

    async def setup(self, page: BrowserPage) -> BoardSession:
        await page.keep_to(Guard(("board.test",), pace=0, credentials=False))
        await page.goto("http://board.test/")
        return BoardSession(self)


@dataclass(frozen=True)
class BoardSuite(ListedSuite[BoardTask]):
    """Tasks of the board at a port of loopback."""

    port: int

    @property
    def name(self) -> str:
        return "board"

    @property
    def sites(self) -> tuple[str, ...]:
        return ("board",)

    @property
    def resolver_rules(self) -> str:
        return f"MAP * 127.0.0.1:{self.port}"

    def task(self, task_id: str) -> BoardTask:
        return next(task for task in self.listed() if task.id == task_id)

    def listed(self) -> Sequence[BoardTask]:
        return [BoardTask(number) for number in range(2)]
