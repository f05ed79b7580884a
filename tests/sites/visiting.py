"""Visiting a local site over HTTP without a browser."""

from __future__ import annotations

import contextlib
import http.client
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from webvoyager_gym.sites import load_site
from webvoyager_gym.sites.kit.look import look_from_seed
from webvoyager_gym.sites.kit.server import COOKIE, DOMAIN, EpisodeState, LocalWeb, ServerThread


@dataclass(frozen=True)
class Visitor:
    """Somebody with an episode of their own on a running server."""

    site: str
    port: int
    token: str
    state: Any
    world: Any

    def request(self, method: str, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Status and page (or the place redirected to); the form of a GET request becomes the address's query."""
        fields = urlencode(form or {})
        if fields and method == "GET":
            path, fields = f"{path}?{fields}", ""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Host": f"{self.site}.{DOMAIN}", "Cookie": f"{COOKIE}={self.token}"}
        connection.request(method, quote(path, safe="/?&=%+"), fields, headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, response.getheader("location") or text

    def get(self, path: str, /, **query: str) -> str:
        """A page that is there."""
        status, text = self.request("GET", path, query)
        assert status == 200, text
        return text

    def post(self, path: str, /, **form: str) -> str:
        """The place that a form leads to."""
        status, place = self.request("POST", path, form)
        assert status == 303, place
        return place


@dataclass(frozen=True)
class ServedSite:
    """A site, served."""

    site: str
    web: LocalWeb
    thread: ServerThread

    def visitor(self, world: Any, look: int = 0) -> Visitor:
        """A visitor with a fresh state."""
        site = load_site(self.site)
        state = site.new_state(world)
        token = self.web.open_episode(EpisodeState(site, world, state, look_from_seed(self.site, look)))
        return Visitor(self.site, self.thread.port, token, state, world)


@contextlib.contextmanager
def served(site: str) -> Iterator[ServedSite]:
    """Serve a site on loopback."""
    web = LocalWeb([site], load_site)
    thread = ServerThread(web)
    try:
        yield ServedSite(site, web, thread)
    finally:
        thread.stop()


def text_of(html: str) -> str:
    """What a piece of a page says: no tags, no attributes."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def words(page: str) -> str:
    """The words of a page's main part; the cookie banner's not among them."""
    return text_of(re.sub(r'(?s)<form class="consent".*?</form>', "", page.split("<main>")[1]))
