"""Trouble that sites of the live web give, made on purpose, with the label that is right for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a host.

    Attributes:
        name: the first part of the host's name.
        label: what the episode has to end with.
        sign: what its reason has to say.
    """

    name: str
    label: str
    sign: str


TROUBLES = (
    Trouble("captcha", "blocked", '"captcha"'),
    Trouble("stranger", "site", "net::ERR_CERT_AUTHORITY_INVALID"),
    Trouble("log-in", "blocked", '"log-in"'),
    Trouble("elsewhere", "site", "net::ERR_"),
    Trouble("nobody", "site", "net::ERR_CONNECTION_REFUSED"),
)
BY_NAME: Mapping[str, Trouble] = {trouble.name: trouble for trouble in TROUBLES}

PAGES: Mapping[str, str] = {
    "captcha": "<!doctype html><title>Robot Check</title><p>Enter the characters you see below</p><input name=c>",
    "log-in": """<!doctype html><title>Log in</title><h1>Log in to continue</h1><input aria-label=Email>
        <input type=password aria-label=Password><button>Log in</button>""",
}
"""The page of a trouble that is one."""
ELSEWHERE = "https://www.example.com/"
"""Where nothing that belongs to a task lies, and no name is known of."""


def troubled_host(url: str, trouble: Trouble) -> str:
    """A host in trouble that belongs to the site of an address, as its tasks may open all hosts below their own."""
    host = urlsplit(url).hostname or ""
    return f"{trouble.name}.{host.removeprefix('www.')}"


def trouble_at(host: str) -> str:
    """The name of a host's trouble; "" if it is in none."""
    name = host.partition(".")[0]
    return name if name in BY_NAME else ""
