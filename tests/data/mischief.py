"""A web server on loopback that serves a folder, and damages what it serves as it is told."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Damage = Callable[["Handler", bytes], None]
"""Answers a request for a file with that content."""


class Handler(BaseHTTPRequestHandler):
    """Serves byte ranges, as web servers do."""

    server: Mischief
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.server.folder / self.path.lstrip("/")
        self.server.asked.append((self.path, self.headers.get("Range", "")))
        if not path.is_file():
            self.answer(404, b"")
        else:
            damage = self.server.damages.get(path.name)
            (damage or whole)(self, path.read_bytes())

    def answer(
        self, status: int, body: bytes, headers: Mapping[str, str] | None = None, claims: int | None = None
    ) -> None:
        """Send an answer that claims to be `claims` bytes long."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if claims is None else claims))
        self.end_headers()
        self.wfile.write(body)
        if claims is not None:
            self.close_connection = True

    def range(self, content: bytes) -> tuple[int, dict[str, str], bytes]:
        """(status, headers, body) of what was asked for of a file."""
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        headers = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"} if asked else {}
        return (206 if asked else 200), headers, content[start:]

    def log_message(self, format: str, *args: object) -> None:
        pass


class Mischief(ThreadingHTTPServer):
    """Where the folder is served, what is damaged by file name, and what was asked for with which range."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.damages: dict[str, Damage] = {}
        self.asked: list[tuple[str, str]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


def whole(handler: Handler, content: bytes) -> None:
    status, headers, body = handler.range(content)
    handler.answer(status, body, headers)


def truncated(handler: Handler, content: bytes) -> None:
    """Half of the file, said to be all of it."""
    handler.answer(200, content[: len(content) // 2])


def flipped(handler: Handler, content: bytes) -> None:
    middle = len(content) // 2
    status, headers, body = handler.range(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    handler.answer(status, body, headers)


def longer(handler: Handler, content: bytes) -> None:
    handler.answer(200, content + b"more")


def endless(handler: Handler, content: bytes) -> None:
    """Says nothing of its length and never ends."""
    handler.send_response(200)
    handler.end_headers()
    handler.close_connection = True
    try:
        while not handler.server.over.is_set():
            handler.wfile.write(bytes(2**16))
    except OSError:
        return


def missing(handler: Handler, content: bytes) -> None:
    handler.answer(404, b"")


def redirected(handler: Handler, content: bytes) -> None:
    """To itself."""
    handler.answer(302, b"", {"Location": handler.path})


def stalled(handler: Handler, content: bytes) -> None:
    """A few bytes, and then nothing."""
    handler.answer(200, content[:10], claims=len(content))
    handler.server.over.wait()


def silent(handler: Handler, content: bytes) -> None:
    handler.server.over.wait()


def dripping(handler: Handler, content: bytes) -> None:
    """A byte now and then, so that no single read waits for long."""
    handler.answer(200, b"", claims=len(content))
    try:
        for at in range(len(content)):
            handler.wfile.write(content[at : at + 1])
            if handler.server.over.wait(0.05):
                return
    except OSError:
        return


def breaking(handler: Handler, content: bytes) -> None:
    """The first hundred thousand bytes of what is asked for, and then the connection ends."""
    status, headers, body = handler.range(content)
    handler.answer(status, body[:100_000], headers, claims=len(body))


@contextmanager
def serving(folder: Path) -> Iterator[Mischief]:
    """Serve a folder from a thread."""
    server = Mischief(folder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serving_process(folder: Path) -> Iterator[str]:
    """Serve a folder by Python's own web server in a process of its own; its address."""
    command = [sys.executable, "-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", str(folder), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            port = re.search(r"port (\d+)", process.stdout.readline())
            assert port is not None
            yield f"http://127.0.0.1:{port[1]}"
        finally:
            process.terminate()
