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

from playwright.async_api import BrowserContext, Error, Request, Route, WebSocketRoute

from webvoyager_gym.browser.pace import TURNS
from webvoyager_gym.browser.reach import for_whole_page
from webvoyager_gym.browser.redirects import redirects_of

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
    """What a browser context asks for goes through here, once there is a guard.

    Attributes:
        guard: says what is refused; None to let everything through.

    Args:
        context: whose requests.
        tell: is given the sentence when a document is refused.
    """

    def __init__(self, context: BrowserContext, tell: Callable[[str], None]) -> None:
        self.guard: Guard | None = None
        self._context, self._tell = context, tell
        self._installed = False

    async def keep_to(self, guard: Guard) -> None:
        """Refuse what the guard refuses. Raises playwright's Error."""
        self.guard = guard
        if not self._installed:
            browser = self._context.browser
            assert browser is not None
            await (await redirects_of(browser)).ask(self._context, self._refuses)
            await self._context.route("**/*", self._on_request)
            await self._context.route_web_socket("**/*", self._on_web_socket)
            self._installed = True

    async def _on_request(self, route: Route, request: Request) -> None:
        document = for_whole_page(request)
        refused = await self._refuses(request.url, document)
        with contextlib.suppress(Error):
            if refused:
                await route.abort("aborted")
                return
            if document and self.guard is not None and self.guard.pace:
                await asyncio.sleep(TURNS.wait(urlsplit(request.url).hostname or "", self.guard.pace))
            await route.continue_()

    async def _refuses(self, url: str, document: bool) -> bool:
        said = await self.guard.refusal(url, document=document) if self.guard is not None else ""
        if said and document:
            self._tell(said)
        elif said:
            log.debug("Not loaded: %s", said)
        return bool(said)

    async def _on_web_socket(self, route: WebSocketRoute) -> None:
        refused = await self.guard.refusal(route.url, document=False) if self.guard is not None else ""
        if refused:
            log.debug("Not connected: %s", refused)
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
