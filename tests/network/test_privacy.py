"""What of requests and answers is kept, and what never is."""

from __future__ import annotations

import pytest

from webvoyager_gym.network.likeness import digests
from webvoyager_gym.network.privacy import kept_headers, kept_url


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://me:word@a.test/x?q=1#part", "https://a.test/x?q=1"),
        ("https://a.test/?access_token=abc&q=tea", "https://a.test/?access_token=withheld&q=tea"),
        ("https://a.test/?X-Amz-Signature=abc;sid=9", "https://a.test/?X-Amz-Signature=withheld;sid=withheld"),
        (
            "https://a.test/?csrf-token=1&password=&api_key=k",
            "https://a.test/?csrf-token=withheld&password=withheld&api_key=withheld",
        ),
        (
            "https://a.test/?tokens=3&side=left&author=me&keyword=k",
            "https://a.test/?tokens=3&side=left&author=me&keyword=k",
        ),
        ("https://[broken", ""),
    ],
)
def test_addresses_keep_no_secrets(url: str, kept: str) -> None:
    assert kept_url(url) == kept
    assert kept_url(kept) == kept


def test_headers_are_kept_by_name_only() -> None:
    sent = (
        ("Content-Type", "text/html;  charset=utf-8"),
        ("Set-Cookie", "session=abc"),
        ("Authorization", "Bearer abc"),
        ("WWW-Authenticate", "Basic"),
        ("X-Request-Id", "abc"),
        ("Location", "/next?token=abc&page=2#id_token=abc&top"),
        ("Content-Security-Policy", "x" * 100_000),
    )
    assert kept_headers(sent) == (
        ("content-type", "text/html; charset=utf-8"),
        ("location", "/next?token=withheld&page=2#id_token=withheld&top"),
    )
    assert kept_headers(kept_headers(sent)) == kept_headers(sent)


BEGAN = 1_795_000_000_000
BOUNDARY = b"------WebKitFormBoundary%b\r\nname=choice\r\n\r\n%b\r\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"q": "tea", "at": 1795000000123}', b'{"at": 1795000999999, "q": "tea"}'),
        (b'{"q": "tea", "password": "a"}', b'{"q": "tea", "password": "b"}'),
        (b"q=tea&_=17&token=a", b"q=tea&_=18&token=b"),
        (b'[{"id": "0b0e7d55-7d3b-4f0e-9a7e-0123456789ab"}]', b'[{"id": "1b0e7d55-7d3b-4f0e-9a7e-0123456789ab"}]'),
        (BOUNDARY % (b"0123456789abcdef", b"yes"), BOUNDARY % (b"fedcba9876543210", b"yes")),
    ],
)
def test_bodies_are_alike_that_differ_in_times_chance_or_secrets(one: bytes, other: bytes) -> None:
    assert digests(one, BEGAN)[1] == digests(other, BEGAN)[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"q": "tea"}', b'{"q": "coffee"}'),
        (b'{"id": 1234567890}', b'{"id": 1234567891}'),
        (b"q=tea", b"q=coffee"),
        (b"\xff\x00", b"\xff\x01"),
        (b"q=tea", b""),
        (b"[" * 100_000, b"[" * 100_001),
        (BOUNDARY % (b"0123456789abcdef", b"yes"), BOUNDARY % (b"0123456789abcdef", b"no")),
    ],
)
def test_bodies_that_ask_for_something_else_are_not(one: bytes, other: bytes) -> None:
    assert digests(one, BEGAN)[1] != digests(other, BEGAN)[1]


def test_a_secret_is_not_even_in_the_checksum() -> None:
    assert digests(b"password=a&q=1", BEGAN)[0] == digests(b"password=b&q=1", BEGAN)[0]
    assert digests(b"q=1", BEGAN)[0] != digests(b"q=2", BEGAN)[0]
    assert digests(b"", BEGAN) == ("", "")
