"""When two requests ask for the same thing: what they hold of times and of chance does not count.

Addresses carry such values to get past caches, bodies to number what they send. A page that is replayed has the same
clock and the same chance, so most of them come out equal; this is for the rest.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from webvoyager_gym.network.privacy import WITHHELD, is_secret, kept_url

NEAR = 2 * 24 * 3600
"""Seconds from the recording's beginning within which a number is taken for a time of the episode."""
DEEPEST = 40
"""Levels of a JSON body that are looked through."""

_BUSTER = re.compile(
    r"_|_?(cb|ts|rnd|rand|random|nonce|timestamp|nocache|no_cache|cache[-_]?bust(er)?|t)", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+(\.\d+)?|[0-9a-f]{8,}", re.IGNORECASE)
_TIME = re.compile(r"(\d{10})(\d{3})?(\.\d+)?")
_CHANCE = re.compile(r"0\.\d{6,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_BOUNDARY = re.compile(rb"----WebKitFormBoundary[0-9A-Za-z]{16}")


def is_fleeting(name: str, value: str, began: int) -> bool:
    """Whether a parameter's value is a time or chance.

    Args:
        began: when the recording began, in milliseconds since 1970.
    """
    if _BUSTER.fullmatch(name) and _NUMBER.fullmatch(value):
        return True
    time = _TIME.fullmatch(value)
    return (time is not None and abs(int(time[1]) - began // 1000) < NEAR) or _CHANCE.fullmatch(value) is not None


def alike_url(url: str, began: int) -> str:
    """An address, as it is kept, without its fleeting parameters."""
    parts = urlsplit(kept_url(url))
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not is_fleeting(*pair, began)]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(pairs), ""))


def digests(body: bytes, began: int) -> tuple[str, str]:
    """SHA-256 of a request's body without its secrets, and likewise without fleeting values; "" for no body."""
    if not body:
        return "", ""
    body = _BOUNDARY.sub(b"----boundary", body)
    return _sha256(_rewritten(body, None)), _sha256(_rewritten(body, began))


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _rewritten(body: bytes, began: int | None) -> bytes:
    """A body of JSON or of a form with its secrets withheld and, where it is said when that is, its fleeting values."""
    try:
        text = body.decode()
        if text.lstrip()[:1] in ("{", "["):
            return json.dumps(_looked_through(json.loads(text), "", began, 0), sort_keys=True).encode()
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True)
    except (ValueError, RecursionError):
        return body
    return urlencode([(name, _value(name, value, began)) for name, value in pairs]).encode()


def _looked_through(value: Any, name: str, began: int | None, depth: int) -> Any:
    if depth > DEEPEST:
        return value
    if isinstance(value, dict):
        return {key: _looked_through(each, key, began, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [_looked_through(each, name, began, depth + 1) for each in value]
    if isinstance(value, bool) or value is None:
        return value
    text = str(value)
    kept = _value(name, text, began)
    return value if kept == text else kept


def _value(name: str, value: str, began: int | None) -> str:
    if is_secret(name):
        return WITHHELD
    return "" if began is not None and is_fleeting(name, value, began) else value
