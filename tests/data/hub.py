"""A small server that speaks as much of the Hugging Face Hub's protocol as files need, up and down."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

COMMIT = "c" * 40


class Handler(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._file(body=False)

    def do_GET(self) -> None:
        if self.path.startswith("/api/"):
            self._json({"id": "owner/repo", "sha": COMMIT, "siblings": []})
        else:
            self._file(body=True)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path.endswith("/repos/create"):
            made = json.loads(body)
            self.server.repositories.append(made)
            self._json({"url": f"{self.server.url}/datasets/{made['organization']}/{made['name']}"})
        elif "/preupload/" in self.path:
            files = json.loads(body)["files"]
            self._json({"files": [{"path": f["path"], "uploadMode": "regular", "shouldIgnore": False} for f in files]})
        elif "/commit/" in self.path:
            repository = self.path.split("/datasets/")[1].split("/commit/")[0]
            for line in map(json.loads, body.splitlines()):
                if line["key"] == "file":
                    content = base64.b64decode(line["value"]["content"])
                    self.server.files[f"{repository}/{line['value']['path']}"] = content
            url = f"{self.server.url}/datasets/{repository}/commit/{COMMIT}"
            self._json({"commitOid": COMMIT, "commitUrl": url, "success": True})
        else:
            self._answer(404, b"", {})

    def _file(self, body: bool) -> None:
        """/datasets/OWNER/REPO/resolve/REVISION/PATH"""
        repository, _, rest = unquote(self.path.partition("?")[0]).removeprefix("/datasets/").partition("/resolve/")
        revision, _, path = rest.partition("/")
        self.server.asked.append((self.command, revision, path))
        content = self.server.files.get(f"{repository}/{path}")
        if content is None:
            self._answer(404, b"", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT})
            return
        headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()}"', "X-Repo-Commit": COMMIT}
        self._answer(200, content if body else b"", headers | {"Content-Length": str(len(content))})

    def _json(self, document: object) -> None:
        self._answer(200, json.dumps(document).encode(), {"Content-Type": "application/json"})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Hub(ThreadingHTTPServer):
    """`files` by `OWNER/REPO/PATH`, the repositories made, and what was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.repositories: list[dict[str, object]] = []
        self.asked: list[tuple[str, str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def hub() -> Iterator[Hub]:
    """Serve an empty hub from a thread."""
    server = Hub()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
