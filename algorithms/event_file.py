"""Scalars as TensorBoard reads them, written without TensorBoard.

An event file is a row of records (length, its checksum, data, its checksum), the data of each a protocol buffer
`tensorflow.Event`. Scalars need five of its fields, so no library is needed for them.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Mapping
from pathlib import Path


class EventFile:
    """One file; every call of `scalars` is on disk when it returns.

    Args:
        path: "tfevents" must occur in its name, or TensorBoard does not look at it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.write_bytes(_record(_double(1, time.time()) + _bytes(3, b"brain.Event:2")))

    def scalars(self, step: int, values: Mapping[str, float]) -> None:
        """Numbers by name, such as "loss/critic", at a step."""
        summary = b"".join(_bytes(1, _bytes(1, name.encode()) + _float(2, value)) for name, value in values.items())
        with self._path.open("ab") as file:
            file.write(_record(_double(1, time.time()) + _varint(2, step) + _bytes(5, summary)))


def _record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + _masked(length) + data + _masked(data)


def _masked(data: bytes) -> bytes:
    """The checksum as TFRecord keeps it: rotated and shifted, since one of data with a checksum in it is weak."""
    checksum = crc32c(data)
    return struct.pack("<I", ((checksum >> 15 | checksum << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def crc32c(data: bytes) -> int:
    """CRC-32C (Castagnoli), RFC 3720, appendix B.4."""
    checksum = 0xFFFFFFFF
    for byte in data:
        checksum ^= byte
        for _ in range(8):
            checksum = checksum >> 1 ^ (0x82F63B78 if checksum & 1 else 0)
    return checksum ^ 0xFFFFFFFF


# Fields of a protocol buffer: number and wire type, then the value.


def _number(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def _varint(field: int, value: int) -> bytes:
    return _number(field << 3) + _number(value)


def _double(field: int, value: float) -> bytes:
    return _number(field << 3 | 1) + struct.pack("<d", value)


def _bytes(field: int, value: bytes) -> bytes:
    return _number(field << 3 | 2) + _number(len(value)) + value


def _float(field: int, value: float) -> bytes:
    return _number(field << 3 | 5) + struct.pack("<f", value)
