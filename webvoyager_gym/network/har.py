"""A recording as HTTP Archive 1.2 (softwareishard.com/blog/har-12-spec), its contents apart, as Playwright has it.

What this package needs beside the format is in fields that begin with an underscore. Reading takes nothing on trust: a
recording may come from anywhere.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from webvoyager_gym import __version__
from webvoyager_gym.network.exchange import About, Exchange, Recording
from webvoyager_gym.network.privacy import kept_headers, kept_url

VERSION = 1
MOST_EXCHANGES = 20_000
MOST_ACTIONS = 1_000
LONGEST_URL, LONGEST_TEXT = 64 * 1024, 8 * 1024
"""In characters."""

_METHOD = re.compile(r"[A-Z]{1,16}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[a-z0-9-]{1,60}")
_HOST = re.compile(r"[a-z0-9.-]{1,253}")


def har_text(recording: Recording) -> str:
    """The archive's index: the recording without its contents."""
    about = recording.about
    began = datetime.fromtimestamp(about.began / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    ours = {
        "version": VERSION,
        "task_id": about.task_id,
        "site": about.site,
        "goal": about.goal,
        "suite": about.suite,
        "start_url": about.start_url,
        "actions": list(about.actions),
        "began": about.began,
        "seed": about.seed,
        "viewport": list(about.viewport),
        "live": about.live,
        "hosts": None if about.hosts is None else list(about.hosts),
        "credentials": about.credentials,
    }
    log = {
        "version": "1.2",
        "creator": {"name": "webvoyager-gym", "version": __version__},
        "pages": [],
        "entries": [_entry(exchange, began) for exchange in recording.exchanges],
        "_webvoyager_gym": ours,
    }
    return json.dumps({"log": log}, indent=1, ensure_ascii=False)


def content_name(content: bytes) -> str:
    """What a content is called in an archive: its SHA-256."""
    return hashlib.sha256(content).hexdigest()


def about_from(document: Any) -> About:
    """What an index says of its episode.

    Raises:
        ValueError: it does not say what it should.
    """
    try:
        ours = document["log"]["_webvoyager_gym"]
        if ours["version"] != VERSION:
            raise ValueError(f"it is of version {str(ours['version'])[:20]}, and {VERSION} can be read")
        width, height = ours["viewport"]
        return About(
            task_id=_line(ours["task_id"]),
            site=_line(ours["site"]),
            goal=_text(ours["goal"], LONGEST_TEXT),
            suite=_line(ours["suite"]),
            start_url=_url(ours["start_url"]),
            actions=tuple(_text(action, LONGEST_TEXT) for action in _list(ours["actions"], MOST_ACTIONS)),
            began=_int(ours["began"], 2**45),
            seed=_int(ours["seed"], 2**32),
            viewport=(_int(width, 4097), _int(height, 4097)),
            live=_bool(ours["live"]),
            hosts=None if ours["hosts"] is None else tuple(_match(_HOST, host) for host in _list(ours["hosts"], 1000)),
            credentials=_bool(ours["credentials"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"it lacks something, or has it in another form: {error!s:.80}") from error


def exchanges_from(document: Any, content: Callable[[str], bytes]) -> tuple[Exchange, ...]:
    """The exchanges of an index.

    Args:
        content: gives a content by its name. Raises ValueError.

    Raises:
        ValueError: one of them is not as this package writes it.
    """
    try:
        return tuple(_exchange(entry, content) for entry in _list(document["log"]["entries"], MOST_EXCHANGES))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"an exchange lacks something, or has it in another form: {error!s:.80}") from error


def _entry(exchange: Exchange, began: str) -> dict[str, Any]:
    headers = [{"name": name, "value": value} for name, value in exchange.headers]
    kind = dict(exchange.headers).get("content-type", "x-unknown")
    content: dict[str, Any] = {"size": len(exchange.content), "mimeType": kind}
    if exchange.content:
        content["_file"] = content_name(exchange.content)
    known = exchange.status in HTTPStatus._value2member_map_
    return {
        "startedDateTime": began,
        "time": 0,
        "request": {
            "method": exchange.method,
            "url": exchange.url,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "queryString": [],
            "headersSize": -1,
            "bodySize": -1,
            "_body": exchange.body,
            "_alike": exchange.alike,
        },
        "response": {
            "status": exchange.status,
            "statusText": HTTPStatus(exchange.status).phrase if known else "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers,
            "content": content,
            "redirectURL": dict(exchange.headers).get("location", ""),
            "headersSize": -1,
            "bodySize": len(exchange.content),
            "_error": exchange.error,
        },
        "cache": {},
        "timings": {"send": -1, "wait": -1, "receive": -1},
        "_resourceType": exchange.kind,
    }


def _exchange(entry: Mapping[str, Any], content: Callable[[str], bytes]) -> Exchange:
    request, response = entry["request"], entry["response"]
    status, error = _int(response["status"], 600), _text(response["_error"], LONGEST_TEXT)
    if (status < 100) != bool(error):
        raise ValueError("an exchange has neither an answer nor a reason why there is none")
    headers = tuple((header["name"], header["value"]) for header in _list(response["headers"], 200))
    for name, value in headers:
        if not isinstance(name, str) or not isinstance(value, str) or "\0" in value:
            raise ValueError(f"{name!r:.60} is no header")
    if kept_headers(headers) != headers:
        raise ValueError("it holds headers that no recording keeps, or what should have been withheld in one")
    file = response["content"].get("_file")
    return Exchange(
        method=_match(_METHOD, request["method"]),
        url=_url(request["url"]),
        body=_digest(request["_body"]),
        alike=_digest(request["_alike"]),
        kind=_match(_NAME, entry["_resourceType"]),
        status=status,
        headers=headers,
        content=b"" if file is None else content(_match(_SHA256, file)),
        error=error,
    )


def _url(value: Any) -> str:
    url = _text(value, LONGEST_URL)
    if urlsplit(url).scheme not in ("http", "https", "ws", "wss") or kept_url(url) != url:
        raise ValueError(f"{url[:80]!r} is no address as a recording keeps it")
    return url


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError(f"a text is none, or longer than {longest} characters")
    return value


def _line(value: Any) -> str:
    """A text that can stand in a table or in a file's name."""
    text = _text(value, 200)
    if not text or not text.isprintable():
        raise ValueError(f"{text[:80]!r} is no name")
    return text


def _digest(value: Any) -> str:
    return value if value == "" else _match(_SHA256, value)


def _match(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise ValueError(f"{value!r:.80} is not of the form {pattern.pattern}")
    return value


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise ValueError(f"a list is none, or has more than {most} parts")
    return value


def _int(value: Any, below: int) -> int:
    if type(value) is not int or not 0 <= value < below:
        raise ValueError(f"{value!r:.40} is no whole number from 0 to {below - 1}")
    return value


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r:.40} is neither true nor false")
    return value
