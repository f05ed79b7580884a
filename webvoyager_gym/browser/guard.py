"""Where a page may go: an allow-list of hosts for documents, and no addresses of the local network for anything."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, Error, Request, Route, WebSocketRoute

from webvoyager_gym.browser.pace import TURNS
from webvoyager_gym.browser.reach import for_whole_page
from webvoyager_gym.browser.recorder import Recorder, Tape
from webvoyager_gym.browser.redirects import Redirects
from webvoyager_gym.network.exchange import Asked, Exchange
from webvoyager_gym.network.playback import Playback

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Guard:
    """What an agent on the live web is kept from, in links, forms, scripts, redirects and what a page embeds.

    What remains: names are resolved here and again by Chromium, so a name whose address changes in between (DNS
    rebinding) is not caught, nor is a connection that a page has opened ahead and sends nothing over (preconnect). A
    machine that must be safe from that needs a firewall.

    Attributes:
        hosts: the hosts, with all that end in a dot and one of them, whose documents may be opened; None for every one.
            What documents embed may come from other hosts.
        local_network: whether addresses that are not public may be reached: loopback, private and link-local ones.
        pace: seconds between two documents that this process asks of a host.
        credentials: whether anything may be typed into fields for passwords, codes and card numbers.
    """

    hosts: tuple[str, ...] | None = None
    local_network: bool = False
    pace: float = 0.0
    credentials: bool = True

    async def refusal(self, url: str, *, document: bool) -> str:
        """One sentence that says why an address is not opened; "" if it may be.

        Args:
            url: as Chromium gives it, which writes addresses such as 0x7f.1 in full.
            document: whether it is to be the page, rather than a part of one.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https", "ws", "wss"):
            return f"Addresses that begin with {parts.scheme}: are not opened." if document else ""
        host = (parts.hostname or "").rstrip(".")
        if document and self.hosts is not None and not self._listed(host):
            return f"{host} is not among the hosts of this task: {', '.join(self.hosts)}."
        if not self.local_network and not await _is_public(host):
            return f"{host} is an address of the local network, which is not opened."
        return ""

    def _listed(self, host: str) -> bool:
        return any(host == listed or host.endswith(f".{listed}") for listed in self.hosts or ())


class Gate:
    """What a browser context asks for goes through here, once there is a guard, a tape or a recording.

    Attributes:
        guard: says what is refused; None to let everything through.
        playback: answers in the network's stead; None for the network.

    Args:
        context: whose requests.
        tell: is given the sentence when a document is refused.
    """

    def __init__(self, context: BrowserContext, tell: Callable[[str], None]) -> None:
        self.guard: Guard | None = None
        self.playback: Playback | None = None
        self._taped = False
        self._turn = asyncio.Lock()
        self._context, self._tell = context, tell
        self._installed = False

    async def keep_to(self, guard: Guard) -> None:
        """Refuse what the guard refuses. Raises playwright's Error."""
        self.guard = guard
        await self._install()

    async def answer_from(self, playback: Playback) -> None:
        """Ask the network for nothing more: what a recording has no answer to is refused. Raises playwright's Error."""
        self.playback = playback
        await self._install()
        (await Redirects.of(self._browser)).by_routes = True

    async def tape(self, tape: Tape) -> None:
        """Record what is answered. Raises playwright's Error."""
        self._taped = True
        await self._install()
        await (await Recorder.of(self._browser)).add(self._context, tape)

    @property
    def _browser(self) -> Browser:
        browser = self._context.browser
        assert browser is not None
        return browser

    async def _install(self) -> None:
        if not self._installed:
            await (await Redirects.of(self._browser)).add(self._context, self._answer)
            await self._context.route("**/*", self._on_request)
            await self._context.route_web_socket("**/*", self._on_web_socket)
            self._installed = True

    async def _on_request(self, route: Route, request: Request) -> None:
        document = for_whole_page(request)
        # One after the other where they are answered from here, so that it is the same order each time.
        async with self._turn if self.playback is not None else contextlib.nullcontext():
            answer = await self._answer(Asked(request.method, request.url, request.post_data_buffer or b"", document))
            with contextlib.suppress(Error):
                if answer is None:
                    if document and self.guard is not None and self.guard.pace:
                        await asyncio.sleep(TURNS.wait(urlsplit(request.url).hostname or "", self.guard.pace))
                    await route.continue_()
                elif answer.error:
                    await route.abort(answer.reason.lower())
                else:
                    await route.fulfill(status=answer.status, headers=dict(answer.headers), body=answer.content)

    async def _answer(self, asked: Asked) -> Exchange | None:
        said = await self.guard.refusal(asked.url, document=asked.document) if self.guard is not None else ""
        if said and asked.document:
            self._tell(said)
        elif said:
            log.debug("Not loaded: %s", said)
        if said:
            return Exchange(asked.method, asked.url, error=said)
        return self.playback.answer(asked) if self.playback is not None else None

    async def _on_web_socket(self, route: WebSocketRoute) -> None:
        refused = await self.guard.refusal(route.url, document=False) if self.guard is not None else ""
        if self.playback is not None:
            self.playback.lacks(Asked("GET", route.url))
        if refused or self._taped or self.playback is not None:
            # What a socket would say cannot be recorded, so it is refused both times.
            log.debug("Not connected: %s", refused or route.url)
            await route.close()
        else:
            route.connect_to_server()


async def _is_public(host: str) -> bool:
    """Whether all addresses of a host are public; a name that does not resolve here harms nobody."""
    try:
        return _global(host)
    except ValueError:
        pass
    if host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return True
    return all(_global(str(address[0]).partition("%")[0]) for *_, address in found)


def _global(text: str) -> bool:
    """Whether an address is public. Raises ValueError if it is none."""
    address = ipaddress.ip_address(text)
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global
