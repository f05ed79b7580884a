"""Records by kind and key: how a tree's facts lie in its files, growing or finished."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Kind = Literal["state", "page", "marks", "shot", "said", "advice"]
"""What a record is of: the first three and the last are words; "shot" is a lossless WebP picture; "said" has both."""

_LENGTH = struct.Struct("<I")


@dataclass(frozen=True, slots=True)
class Record:
    """Words are what JSON can hold, numbers are bytes."""

    words: dict[str, Any] = field(default_factory=dict)
    numbers: bytes = b""

    def packed(self) -> bytes:
        """As bytes."""
        words = json.dumps(self.words, separators=(",", ":")).encode()
        return _LENGTH.pack(len(words)) + words + self.numbers

    @classmethod
    def unpacked(cls, packed: bytes) -> Record:
        """From `packed`. Raises ValueError if it is none."""
        if len(packed) < _LENGTH.size:
            raise ValueError("it is cut off")
        end = _LENGTH.size + _LENGTH.unpack_from(packed)[0]
        words = json.loads(packed[_LENGTH.size : end])
        if not isinstance(words, dict):
            raise ValueError("it holds no words")
        return cls(words, packed[end:])


class Source(Protocol):
    """Where records lie."""

    def read(self, kind: Kind, key: str) -> Record | None:
        """The record, or None if there is none.

        Raises:
            InvalidFile: the files are damaged.
        """
        ...

    def has(self, kind: Kind, key: str) -> bool:
        """Whether there is such a record."""
        ...

    def states(self) -> Iterator[str]:
        """The keys of all states."""
        ...

    def firsts(self) -> Iterator[str]:
        """The keys of all states that may be the first of their tasks; no other is."""
        ...
