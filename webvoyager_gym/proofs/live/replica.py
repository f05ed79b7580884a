"""The sites of the local suite under the names of WebVoyager's, over TLS on loopback."""

from __future__ import annotations

import contextlib
import shlex
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.types import Receive, Scope, Send

from webvoyager_gym.browser.chromium import find_chromium
from webvoyager_gym.proofs.live.authority import Authority, key_digest
from webvoyager_gym.proofs.live.troubles import ELSEWHERE, PAGES, trouble_at
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.sites.kit.server import LocalWeb, ServerThread

PLACES: Mapping[str, str] = {
    "www.allrecipes.com": "recipes",
    "www.amazon.com": "shop",
    "www.apple.com": "devices",
    "arxiv.org": "papers",
    "www.bbc.com": "news",
    "www.booking.com": "hotels",
    "dictionary.cambridge.org": "dictionary",
    "www.coursera.org": "courses",
    "www.espn.com": "sports",
    "github.com": "code",
    "flights.google.com": "flights",
    "maps.google.com": "maps",
    "www.google.com": "search",
    "huggingface.co": "models",
    "www.wolframalpha.com": "calculator",
}
"""Which local site stands at each host."""

MOVED: Mapping[tuple[str, str], str] = {
    ("www.google.com", "/maps/"): "https://maps.google.com/",
    ("www.google.com", "/travel/flights/"): "https://flights.google.com/",
    ("www.bbc.com", "/news/"): "https://www.bbc.com/",
}
"""Addresses where tasks begin and where no local site does: each local site wants a host for itself."""


class Front:
    """The ASGI app: what is asked of a real host goes to the local site in its place, or meets the host's trouble.

    Each browser context gets an episode of its own by the local web's cookie, as people do.
    """

    def __init__(self) -> None:
        self._web = LocalWeb(SITES, load_site, browse=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        url = Request(scope).url
        host = url.hostname or ""
        trouble = trouble_at(host)
        moved = ELSEWHERE if trouble == "elsewhere" else MOVED.get((host, url.path))
        if moved is not None:
            await RedirectResponse(moved, 302)(scope, receive, send)
        elif trouble in PAGES:
            await HTMLResponse(PAGES[trouble])(scope, receive, send)
        else:
            others = [(name, value) for name, value in scope["headers"] if name != b"host"]
            known_as = (b"host", PLACES.get(host, "nowhere").encode())
            await self._web({**scope, "headers": [*others, known_as]}, receive, send)


@dataclass(frozen=True, slots=True)
class Replica:
    """What is served, and how to get there.

    Attributes:
        resolver_rules: Chromium's --host-resolver-rules.
        browser: path of a Chromium that takes the replica's certificate.
        root: the authority's certificate, a PEM file.
        ports: where each host is served.
    """

    resolver_rules: str
    browser: str
    root: Path
    ports: Mapping[str, int]


@contextlib.contextmanager
def served(folder: Path, troubled: Sequence[str]) -> Iterator[Replica]:
    """Serve the sites, and hosts in trouble.

    Args:
        folder: gets keys and certificates, and is to be thrown away.
        troubled: hosts whose names say what their trouble is.
    """
    own = [*PLACES, *(host for host in troubled if trouble_at(host) not in ("nobody", "stranger"))]
    strange = [host for host in troubled if trouble_at(host) == "stranger"]
    authority, stranger = Authority(folder / "ours"), Authority(folder / "stranger")
    certificate = authority.certificate(own)
    with contextlib.ExitStack() as stack:
        # A port that is held and not listened at: nobody else can come to answer there.
        held = stack.enter_context(socket.socket())
        held.bind(("127.0.0.1", 0))
        ports = dict.fromkeys(troubled, held.getsockname()[1])
        for hosts, chain in ((own, certificate), (strange, stranger.certificate(strange or ["localhost"]))):
            server = ServerThread(Front(), certificate=chain)
            stack.callback(server.stop)
            ports |= dict.fromkeys(hosts, server.port)
        rules = [f"MAP {host} 127.0.0.1:{port}" for host, port in ports.items()]
        yield Replica(
            ",".join([*rules, "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1"]),
            str(_trusting(find_chromium(), key_digest(certificate), folder / "chromium")),
            authority.root,
            ports,
        )


def _trusting(chromium: str, key: str, script: Path) -> Path:
    """A command that starts a Chromium which takes one key for that of every host, and else verifies as ever.

    Not --ignore-certificate-errors, under which nothing is verified and a wrong certificate would not be noticed. The
    authority cannot be put into a store instead: Chromium's is a part of a profile, which is new at every start.
    """
    words = f'exec {shlex.quote(chromium)} --ignore-certificate-errors-spki-list={shlex.quote(key)} "$@"'
    script.write_text(f"#!/bin/sh\n{words}\n", encoding="utf-8")
    script.chmod(0o755)
    return script
