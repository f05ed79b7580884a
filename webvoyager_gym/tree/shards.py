"""A growing tree: one shard a process, to which what was seen is appended; every process reads all of them.

A record is there whole or not at all, whatever kills the process that wrote it. What was kept first under a kind and
key stays.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from webvoyager_gym.data import frames
from webvoyager_gym.data.room import not_written
from webvoyager_gym.data.shards import open_shard
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.tree.records import Kind, Record

VERSION = 1
MOST_WRITERS = 4096

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a record lies: the frame, and the stretch of its body."""

    path: Path
    frame: frames.Frame
    start: int
    end: int


class Shards:
    """The records in a folder.

    Args:
        folder: made when something is kept.

    Raises:
        InvalidFile: it holds shards of another version.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._places: dict[tuple[str, str], _Place] = {}
        self._pending: dict[tuple[Kind, str], Record] = {}
        self._ends: dict[Path, int] = {}
        self._readers: dict[Path, BinaryIO] = {}
        self._own: io.FileIO | None = None
        self._last: tuple[frames.Frame, bytes] | None = None
        self.refresh()

    def refresh(self) -> None:
        """Take notice of what other processes have appended."""
        for path in sorted(self.folder.glob("tree-*.shard")):
            self._scan(path)

    def read(self, kind: Kind, key: str) -> Record | None:
        """The record, or None if there is none; one that turns out to be damaged is none."""
        if (pending := self._pending.get((kind, key))) is not None:
            return pending
        place = self._places.get((kind, key))
        if place is None:
            return None
        try:
            return Record.unpacked(self._body(place)[place.start : place.end])
        except (InvalidFile, OSError, ValueError) as error:
            _log.warning("%s: a record of a tree is damaged and will be walked again: %s", place.path, error)
            del self._places[kind, key]
            return None

    def has(self, kind: Kind, key: str) -> bool:
        """Whether there is such a record."""
        return (kind, key) in self._places or (kind, key) in self._pending

    def states(self) -> Iterator[str]:
        """The keys of all states."""
        return iter([key for kind, key in dict.fromkeys([*self._places, *self._pending]) if kind == "state"])

    def firsts(self) -> Iterator[str]:
        """As `states`: which are first ones is known when they are read."""
        return self.states()

    def keep(self, kind: Kind, key: str, record: Record) -> None:
        """Keep a record, on the disk from the next `flush` on."""
        if (kind, key) not in self._places:
            self._pending.setdefault((kind, key), record)

    def flush(self) -> None:
        """Put on the disk what was kept since the last time, all of it or nothing.

        Raises:
            NotWritten: there was no room.
        """
        if not self._pending:
            return
        packed = {place: record.packed() for place, record in self._pending.items()}
        rows = [(kind, key, len(record)) for (kind, key), record in packed.items()]
        header = json.dumps({"version": VERSION, "records": rows}, separators=(",", ":")).encode()
        own = self._writer()
        try:
            frames.append(own, header, b"".join(packed.values()))
        except OSError as error:
            raise not_written(Path(str(own.name)), error) from error
        self._scan(Path(str(own.name)))
        self._pending.clear()

    def close(self) -> None:
        """Let go of all files, what was kept being on the disk."""
        self.flush()
        if self._own is not None:
            self._own.close()
            self._own = None
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()

    def _writer(self) -> io.FileIO:
        """This process's own shard: the first that no other process writes."""
        number = 0
        while self._own is None:
            try:
                self._own = open_shard(self.folder / f"tree-{number:04d}.shard", number)
            except InvalidFile:
                number += 1
                if number == MOST_WRITERS:
                    raise
        return self._own

    def _scan(self, path: Path) -> None:
        start = self._ends.get(path, 0)
        if path.stat().st_size <= start:
            return
        for frame in frames.scan(self._reader(path), start, growing=True):
            self._ends[path] = frame.end
            at = 0
            for kind, key, length in _rows(path, frame.header):
                self._places.setdefault((kind, key), _Place(path, frame, at, at + length))
                at += length

    def _body(self, place: _Place) -> bytes:
        # What is known of a state was often kept in one frame.
        if self._last is None or self._last[0] is not place.frame:
            self._last = (place.frame, frames.read_body(self._reader(place.path), place.frame))
        return self._last[1]

    def _reader(self, path: Path) -> BinaryIO:
        if path not in self._readers:
            self._readers[path] = path.open("rb")
        return self._readers[path]


def _rows(path: Path, header: bytes) -> list[tuple[str, str, int]]:
    try:
        fields = json.loads(header)
        version, rows = fields["version"], [(str(kind), str(key), int(size)) for kind, key, size in fields["records"]]
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidFile(f"{path} holds something other than a tree's records; remove it.") from error
    if version != VERSION:
        raise InvalidFile(
            f"{path} was written in version {version} and this package reads {VERSION}; merge it with the version of "
            "webvoyager-gym that wrote it."
        )
    return rows
