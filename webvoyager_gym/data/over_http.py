"""Files over HTTP: resumed where they broke off, no longer than they claim to be, given up when nothing comes."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pooch
import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from webvoyager_gym.data.mirrors import Progress, TransferFailed
from webvoyager_gym.data.registry import PublishedFile

MOST_REDIRECTS = 5

SLOWEST = 1024
"""Bytes a second below which a mirror counts as stalled."""

ATTEMPTS = 20
"""How often a broken transfer is taken up again, as long as each time brings something."""

_CHUNK = 2**16


class _Broken(Exception):
    """The connection broke off amid a file."""


class _Resumable:
    """A downloader for pooch that keeps what a broken transfer brought, and asks for the rest next time.

    Args:
        size: bytes that the file has.
        part: where what came so far is kept.
    """

    def __init__(self, size: int, part: Path, progress: Progress, stall: float) -> None:
        self._size = size
        self._part = part
        self._progress = progress
        self._stall = stall

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:
        """Bring the rest of the file and put all of it into `output_file`."""
        have = self._part.stat().st_size if self._part.exists() else 0
        if have > self._size:
            have = self._forget(have)
        if have < self._size or have == 0:
            self._append(url, have)
        self._part.replace(output_file)

    def _append(self, url: str, have: int) -> None:
        with requests.Session() as session:
            session.max_redirects = MOST_REDIRECTS
            headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
            with session.get(url, headers=headers, stream=True, timeout=self._stall) as response:
                if response.status_code != requests.codes.requested_range_not_satisfiable:
                    _check_status(response)
                if have and not _goes_on(response, have, self._size):
                    # The server sends all of it again, or knows nothing of such a range.
                    have = self._forget(have)
                if have == 0 and response.status_code != requests.codes.ok:
                    raise _Broken(f"the server answers {response.status_code} {response.reason}")
                self._check_length(response, have)
                with self._part.open("ab") as file:
                    for piece in _pieces(response, self._stall):
                        if have + len(piece) > self._size:
                            # Some other file: nothing of it is worth keeping for the next mirror.
                            self._forget(have)
                            raise TransferFailed(f"it is longer than {self._size} bytes")
                        have += len(piece)
                        file.write(piece)
                        self._progress(len(piece))
        if have < self._size:
            raise _Broken(f"it broke off after {have} of {self._size} bytes")

    def _check_length(self, response: requests.Response, have: int) -> None:
        length = response.headers.get("Content-Length", "")
        if length.isdecimal() and int(length) != self._size - have:
            raise TransferFailed(f"it has {int(length) + have} bytes and should have {self._size}")

    def _forget(self, have: int) -> int:
        self._part.unlink()
        self._progress(-have)
        return 0


def fetch_over_http(url: str, file: PublishedFile, target: Path, progress: Progress, stall: float) -> None:
    """Bring a file, going on from the part that an earlier try may have left beside the target.

    Raises:
        TransferFailed: the server does not give it.
    """
    # pooch says where from and where to on stderr, which belongs to the progress bar and to errors.
    pooch.get_logger().setLevel(logging.WARNING)
    part = target.with_name(f"{target.name}.part")
    downloader = _Resumable(file.size, part, progress, stall)
    why = "it broke off"
    for _ in range(ATTEMPTS):
        before = _length(part)
        try:
            pooch.retrieve(url, f"sha256:{file.sha256}", fname=target.name, path=target.parent, downloader=downloader)
            return
        except TransferFailed as error:
            raise TransferFailed(f"{file.path}: {error}") from error
        except requests.TooManyRedirects as error:
            raise TransferFailed(f"{file.path}: it is redirected more than {MOST_REDIRECTS} times") from error
        except requests.Timeout as error:
            raise TransferFailed(f"{file.path}: nothing came for {stall:g} seconds") from error
        except (_Broken, HTTPError, requests.RequestException) as error:
            why = str(error) if isinstance(error, _Broken) else f"the connection failed ({type(error).__name__})"
            if _length(part) == before:
                break
        except ValueError as error:
            # pooch has thrown the file away. If part of it came from elsewhere, that part may be the one at fault.
            progress(-file.size)
            why = "it has another checksum than the registry says"
            if not before:
                raise TransferFailed(f"{file.path}: {why}") from error
    raise TransferFailed(f"{file.path}: {why}")


def read_over_http(url: str, most: int, stall: float) -> bytes:
    """What lies at an address, up to one byte more than `most`.

    Raises:
        TransferFailed: the server does not give it.
    """
    content = bytearray()
    try:
        with requests.Session() as session:
            session.max_redirects = MOST_REDIRECTS
            with session.get(url, headers={"Accept-Encoding": "identity"}, stream=True, timeout=stall) as response:
                _check_status(response)
                for piece in _pieces(response, stall):
                    content += piece
                    if len(content) > most:
                        break
    except (HTTPError, requests.RequestException) as error:
        raise TransferFailed(f"{url.rpartition('/')[2]}: the connection failed ({type(error).__name__})") from error
    return bytes(content[: most + 1])


def _pieces(response: requests.Response, stall: float) -> Iterator[bytes]:
    """The body as it comes in.

    Raises:
        TransferFailed: next to nothing came for a while, however regularly.
    """
    since, received = time.monotonic(), 0
    while True:
        try:
            # One read of the socket at most: a server that drips must not keep us inside a call.
            piece = response.raw.read1(_CHUNK, decode_content=False)
        except ReadTimeoutError as error:
            raise TransferFailed(f"nothing came for {stall:g} seconds") from error
        if not piece:
            return
        yield piece
        received += len(piece)
        if (passed := time.monotonic() - since) > stall:
            if received < SLOWEST * passed:
                raise TransferFailed(f"only {received} bytes came within {passed:.0f} seconds")
            since, received = time.monotonic(), 0


def _check_status(response: requests.Response) -> None:
    if response.status_code not in (requests.codes.ok, requests.codes.partial_content):
        raise TransferFailed(f"the server answers {response.status_code} {response.reason}")


def _goes_on(response: requests.Response, have: int, size: int) -> bool:
    """Whether the server sends the rest that was asked for."""
    said = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
    return (
        response.status_code == requests.codes.partial_content
        and said is not None
        and int(said[1]) == have
        and said[2] in (str(size), "*")
    )


def _length(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0
