"""What of a request and its answer is kept: nothing that says who asked, or would let somebody ask in their name.

Of a request no header is kept, so neither cookies nor authorisation. Of an answer only the headers that decide how a
page is shown. Of an address no user name, no password, and no value of a parameter whose name says that it is a secret.
What a site shows is kept as it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

WITHHELD = "withheld"
"""Stands where a secret stood."""

LONGEST_HEADER = 32 * 1024
"""In characters; a longer one is not kept."""
KEPT_HEADERS = frozenset(
    """
    content-type content-disposition content-language content-security-policy cache-control expires last-modified
    location refresh link referrer-policy permissions-policy x-content-type-options x-frame-options
    access-control-allow-origin access-control-allow-credentials access-control-allow-headers
    access-control-allow-methods access-control-expose-headers access-control-max-age timing-allow-origin
    cross-origin-embedder-policy cross-origin-opener-policy cross-origin-resource-policy origin-agent-cluster
    """.split()  # noqa: SIM905 - a list would take a page
)
"""Headers of an answer that are kept, in lower case."""

_SECRET = re.compile(
    r"pass(word|wd|phrase|code)?|secret|.*[-_](secret|password)|(.*[-_])?(access|auth|id|refresh|csrf|xsrf|session|api)"
    r"[-_]?token|token|api[-_]?key|auth(orization)?|credentials?|bearer|jwt|sess(ion)?[-_]?id|phpsessid|jsessionid|sid"
    r"|sig(nature)?|x-amz-(signature|security-token|credential)|otp|pin|cvv|cvc|card[-_]?number|ssn",
    re.IGNORECASE,
)
_PAIR = re.compile(r"([^=&;]+)=([^&;]*)")


def is_secret(name: str) -> bool:
    """Whether a parameter or a field of that name holds a secret."""
    return _SECRET.fullmatch(name) is not None


def kept_url(url: str) -> str:
    """An address without user name, password and fragment, secrets of its query withheld."""
    try:
        parts = urlsplit(url)
    except ValueError:
        # No address at all; whatever it is, it is not asked for.
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, _without_secrets(parts.query), ""))


def kept_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers of an answer that are kept."""
    lowered = ((name.lower(), value) for name, value in headers)
    return tuple(
        (name, _kept_value(name, value))
        for name, value in lowered
        if name in KEPT_HEADERS and len(value) <= LONGEST_HEADER
    )


def _kept_value(name: str, value: str) -> str:
    value = " ".join(value.split())
    if name != "location":
        return value
    fragment = value.partition("#")[2]
    return kept_url(value) + (f"#{_without_secrets(fragment)}" if fragment else "")


def _without_secrets(query: str) -> str:
    return _PAIR.sub(lambda pair: f"{pair[1]}={WITHHELD}" if is_secret(pair[1]) else pair[0], query)
