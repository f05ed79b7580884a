"""An append-only log of framed records, each there whole or not at all.

A frame is `MAGIC`, header length (uint32), body length (uint64), CRC-32 of these lengths and the header, CRC-32 of the
body (uint32 each, little-endian), then header and body. A process killed at any moment leaves at most one torn frame,
at the end; `append` returns after the frame is on the disk.
"""

from __future__ import annotations

import logging
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from webvoyager_gym.errors import InvalidFile

MAGIC = bytes.fromhex("89575647 0d0a1a0a 5e1fd0a7 c34b96e2")
"""Begins every frame. Long enough never to occur in a screenshot by accident."""

_LENGTHS = struct.Struct("<IQ")
_CHECKS = struct.Struct("<II")
_PREFIX = len(MAGIC) + _LENGTHS.size + _CHECKS.size
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a record lies, with its header read and checked and its body neither.

    Attributes:
        start, end: the bytes it takes of its file.
        header: the header.
        body_crc: CRC-32 that the body should have.
    """

    start: int
    end: int
    header: bytes
    body_crc: int

    @property
    def body_start(self) -> int:
        return self.start + _PREFIX + len(self.header)


def append(file: BinaryIO, header: bytes, body: bytes) -> None:
    """Write a record at the end of an unbuffered file and wait until it is on the disk.

    If that fails, for want of space say, the file is put back to what it was.
    """
    lengths = _LENGTHS.pack(len(header), len(body))
    prefix = MAGIC + lengths + _CHECKS.pack(zlib.crc32(lengths + header), zlib.crc32(body))
    start = file.seek(0, os.SEEK_END)
    try:
        rest = memoryview(prefix + header + body)
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(file.fileno())
    except BaseException:
        file.truncate(start)
        raise


def scan(file: BinaryIO, start: int = 0, *, growing: bool = False) -> Iterator[Frame]:
    """The frames of a file, in order, without reading their bodies.

    Bytes that belong to no frame are skipped with a note in the log.

    Args:
        start: where to begin, the end of a frame.
        growing: the file is being written; what belongs to no frame at its end may yet become one, and is no damage.
    """
    size = file.seek(0, os.SEEK_END)
    at = start
    while at < size:
        frame = _frame_at(file, at, size)
        if frame is None:
            found = _next_magic(file, at + 1)
            if found is None and growing:
                return
            following = size if found is None else found
            what = "a torn record at the end" if found is None else "a damaged stretch"
            _log.warning("%s: dropped %s, %d bytes from %d on.", file.name, what, following - at, at)
            at = following
        else:
            yield frame
            at = frame.end


def read_body(file: BinaryIO, frame: Frame) -> bytes:
    """The body of a record.

    Raises:
        InvalidFile: it is not what was written.
    """
    file.seek(frame.body_start)
    body = file.read(frame.end - frame.body_start)
    if len(body) != frame.end - frame.body_start or zlib.crc32(body) != frame.body_crc:
        raise InvalidFile(f"The record at byte {frame.start} of {file.name} is damaged; record that episode again.")
    return body


def read(file: BinaryIO, start: int) -> tuple[bytes, bytes]:
    """Header and body of the record that begins at that byte.

    Raises:
        InvalidFile: no whole record begins there.
    """
    frame = _frame_at(file, start, file.seek(0, os.SEEK_END))
    if frame is None:
        raise InvalidFile(f"No whole record begins at byte {start} of {file.name}; record that episode again.")
    return frame.header, read_body(file, frame)


def sound(file: BinaryIO) -> Iterator[Frame]:
    """As `scan`, and the body of the last frame is checked: a power cut may have left its length without its bytes."""
    last: Frame | None = None
    for frame in scan(file):
        if last is not None:
            yield last
        last = frame
    if last is None:
        return
    try:
        read_body(file, last)
    except InvalidFile as error:
        _log.warning("%s", error)
    else:
        yield last


def sound_end(file: BinaryIO) -> int:
    """Where the next record belongs: behind the last whole one."""
    return max((frame.end for frame in sound(file)), default=0)


def _frame_at(file: BinaryIO, at: int, size: int) -> Frame | None:
    file.seek(at)
    prefix = file.read(_PREFIX)
    if len(prefix) < _PREFIX or not prefix.startswith(MAGIC):
        return None
    lengths = prefix[len(MAGIC) : len(MAGIC) + _LENGTHS.size]
    header_length, body_length = _LENGTHS.unpack(lengths)
    header_crc, body_crc = _CHECKS.unpack_from(prefix, len(MAGIC) + _LENGTHS.size)
    end = at + _PREFIX + header_length + body_length
    if end > size:
        return None
    header = file.read(header_length)
    if zlib.crc32(lengths + header) != header_crc:
        return None
    return Frame(at, end, header, body_crc)


def _next_magic(file: BinaryIO, at: int, block: int = 1 << 20) -> int | None:
    """Where MAGIC next occurs, or None."""
    overlap = len(MAGIC) - 1
    while True:
        file.seek(at)
        piece = file.read(block + overlap)
        found = piece.find(MAGIC)
        if found >= 0:
            return at + found
        if len(piece) < block + overlap:
            return None
        at += block
