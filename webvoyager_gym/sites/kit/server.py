"""The local web's server: one ASGI app on loopback, one host name a site, one state an episode.

An episode is known by the cookie `episode`, which the environment sets in the browser context before the first
request; nothing of it shows on the page or in the address. Without it a request gets status 404, except when the
server was started for people to browse.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import html
import logging
import mimetypes
import secrets
import socket
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

import uvicorn
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.sites.kit.look import Look, look_from_seed
from webvoyager_gym.sites.kit.site import BadRequest, NotHere, Raw, Redirect, Reply, Site, Visit

COOKIE = "episode"
DOMAIN = "webvoyager.test"
LARGEST_BODY = 64 * 1024
"""Largest request body taken, in bytes."""
WORLDS_KEPT = 128
"""So many worlds are kept, of some hundred kilobytes each."""
KIT_STATIC = Path(__file__).parent / "static"

log = logging.getLogger(__name__)


@dataclass
class EpisodeState:
    """What the server holds for one episode on one site.

    Attributes:
        site, world, look: what is served.
        state: the site's own state.
        banner: whether the cookie banner is still up.
    """

    site: Site[Any, Any]
    world: Any
    state: Any
    look: Look
    banner: bool = True


class LocalWeb:
    """The ASGI app and the episodes it serves. A site is loaded when it is first asked for."""

    def __init__(self, names: Collection[str], load: Callable[[str], Site[Any, Any]], *, browse: bool = False) -> None:
        self.names = names
        self.load = load
        self.browse = browse
        self.episodes: dict[str, EpisodeState] = {}

    def open_episode(self, episode: EpisodeState) -> str:
        """Serve an episode; gives the cookie's value."""
        token = secrets.token_urlsafe(12)
        self.episodes[token] = episode
        return token

    def close_episode(self, token: str) -> None:
        """Forget an episode."""
        self.episodes.pop(token, None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        response = await self._respond(Request(scope, receive))
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        name = request.headers.get("host", "").split(".")[0].split(":")[0]
        if name not in self.names:
            return _plain(404, "No such site", f"The sites are: {', '.join(self.names)}.")
        site = self.load(name)
        path = unquote(request.url.path)
        if path.startswith(("/static/", "/kit/")):
            return _static(site, path)
        token, new = self._token(request, site)
        if token is None:
            return _plain(
                404, "No episode", "This page belongs to an episode that is over, or the episode cookie is missing."
            )
        episode = self.episodes[token]
        try:
            form: dict[str, list[str]] = {}
            if request.method == "POST":
                form = await _form(request)
            reply = _dispatch(episode, request.method, path, parse_qs(request.url.query, keep_blank_values=True), form)
            if isinstance(reply, Raw) and reply.delay:
                await asyncio.sleep(reply.delay)
            response = _response(reply)
        except BadRequest as error:
            response = _plain(400, "Bad request", str(error))
        except NotHere as error:
            response = _plain(404, "Page not found", str(error))
        except Exception:
            log.exception("A page of %s failed: %s %s", site.name, request.method, path)
            response = _plain(500, "Something went wrong", "The site made a mistake.")
        if new:
            response.set_cookie(COOKIE, token, httponly=True, samesite="lax")
        return response

    def _token(self, request: Request, site: Site[Any, Any]) -> tuple[str | None, bool]:
        token = request.cookies.get(COOKIE)
        episode = self.episodes.get(token or "")
        if token and episode and episode.site is site:
            return token, False
        if not self.browse:
            return None, False
        world = world_of(site, "train", 0)
        return self.open_episode(EpisodeState(site, world, site.new_state(world), look_from_seed(site.name, 0))), True


def _dispatch(
    episode: EpisodeState, method: str, path: str, query: dict[str, list[str]], form: dict[str, list[str]]
) -> Reply:
    """The page function's reply to a request. Raises BadRequest and NotHere."""
    visit = Visit(episode.site, episode.world, episode.state, episode.look, path, query, form, episode.banner)
    if path == "/consent" and method == "POST":
        episode.banner = False
        return visit.go_back()
    allowed = set()
    for route_method, pattern, function in episode.site.routes:
        match = pattern.fullmatch(path)
        if match:
            allowed.add(route_method)
            if route_method == method or (method == "HEAD" and route_method == "GET"):
                reply: Reply = function(visit, **match.groupdict())
                return reply
    if allowed:
        raise BadRequest(f"This page takes {' or '.join(sorted(allowed))} only.")
    raise NotHere("We looked everywhere, but this page does not exist.")


async def _form(request: Request) -> dict[str, list[str]]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise BadRequest("The form is too large.")
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        raise BadRequest("The form could not be read.") from error


def _response(reply: Reply) -> Response:
    if isinstance(reply, Redirect):
        return RedirectResponse(reply.location, status_code=303, headers={"cache-control": "no-store"})
    if isinstance(reply, Raw):
        cache = "max-age=3600" if reply.cacheable else "no-store"
        return Response(reply.body, media_type=reply.media_type, headers={"cache-control": cache})
    return HTMLResponse(reply, headers={"cache-control": "no-store"})


@functools.lru_cache(maxsize=512)
def _file(path: Path) -> bytes:
    return path.read_bytes()


def _static(site: Site[Any, Any], path: str) -> Response:
    """A file of /static/ (the site's own) or /kit/ (the kit's); names only, no folders."""
    folder, _, name = path[1:].partition("/")
    file = (site.folder / "static" if folder == "static" else KIT_STATIC) / name
    if "/" in name or name.startswith(".") or not name or not file.is_file():
        return _plain(404, "Page not found", "There is no such file.")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(_file(file), media_type=kind, headers={"cache-control": "max-age=3600"})


def _plain(status: int, title: str, text: str) -> HTMLResponse:
    page = (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{html.escape(title)}</title>"
        "<link rel=stylesheet href=/kit/kit.css><body><main class=error-page>"
        f"<h1>{html.escape(title)}</h1><p>{html.escape(text)}</p>"
        "<p><a href='/' data-key=home>Go to the home page</a></p></main>"
    )
    return HTMLResponse(page, status_code=status, headers={"cache-control": "no-store"})


@functools.lru_cache(maxsize=WORLDS_KEPT)
def _world(site: Site[Any, Any], split: str, seed: int) -> Any:
    return site.build_world(split, seed)


def world_of(site: Site[Any, Any], split: str, seed: int) -> Any:
    """The world of a split and seed, built once and kept for as long as it is used."""
    return _world(site, split, seed)


class ServerThread:
    """Serves an ASGI app on 127.0.0.1 at a free port, in a daemon thread of its own.

    Attributes:
        port: where it serves.
        loop: the asyncio loop that serves.

    Args:
        port: 0 for any that is free.
        certificate: a PEM file with a certificate, its chain and its key, to serve over TLS; None for plain HTTP.

    Raises:
        InfrastructureFailure: part "site"; it does not start, within 10 s at the latest.
        OSError: the port is taken.
    """

    def __init__(self, app: Any, port: int = 0, certificate: Path | None = None) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", port))
        except OSError:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_keep_alive=60,
            http="h11",
            ssl_certfile=certificate,
        )
        self._server = uvicorn.Server(config)
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="webvoyager-sites", daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise InfrastructureFailure(
                    "site", "The local sites' server did not start within 10 s; is loopback available?"
                )
            time.sleep(0.005)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(self._server.serve(sockets=[self._socket]))

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    async def answers(self, seconds: float) -> bool:
        """Whether it serves: it takes its turn within so many seconds, most often within a millisecond."""
        here, turn = asyncio.get_running_loop(), asyncio.Event()

        def take_turn() -> None:
            # Who asked may have gone meanwhile.
            with contextlib.suppress(RuntimeError):
                here.call_soon_threadsafe(turn.set)

        try:
            self.loop.call_soon_threadsafe(take_turn)
            async with asyncio.timeout(seconds if self.alive else 0):
                await turn.wait()
        except (RuntimeError, TimeoutError):
            return False
        return True

    def stop(self) -> None:
        """Stop serving; returns when the port is free."""
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(timeout=5)
        self._socket.close()
