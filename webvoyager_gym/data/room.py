"""Writing where there may be no room: on a full disk the bytes go to memory, and who writes is told at the next stop.

HDF5 cannot be told at once. A file that it fails to write it also fails to close, and what it does then, up to ending
the process, is past help. So it writes to a `RoomFile`, which never fails and says afterwards whether it did.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import h5py

from webvoyager_gym.errors import NotWritten

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""How the system says that there is no room for more."""


class RoomFile:
    """A new file that h5py reads and writes as it does any object with these methods.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
        self._at = self._end = 0
        self._failed: OSError | None = None
        self._unwritten: list[tuple[int, bytes]] = []

    def check(self) -> None:
        """Raises the OSError that something could not be written with, if there was one."""
        if self._failed is not None:
            raise self._failed

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """As of any file."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._end}[whence]
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        """As of any file."""
        return self._at

    def readinto(self, buffer: memoryview) -> int:
        """Fill the buffer, with zeros where there is nothing; what found no room is read from memory."""
        read = os.pread(self._descriptor, len(buffer), self._at)
        buffer[:] = read + bytes(len(buffer) - len(read))
        for start, piece in self._unwritten:
            first, end = max(start, self._at), min(start + len(piece), self._at + len(buffer))
            if first < end:
                buffer[first - self._at : end - self._at] = piece[first - start : end - start]
        self._at += len(buffer)
        return len(buffer)

    def read(self, size: int) -> bytes:
        """As of any file; by this h5py knows one."""
        buffer = bytearray(size)
        self.readinto(memoryview(buffer))
        return bytes(buffer)

    def write(self, data: Any) -> int:
        """Never fails; see `check`."""
        rest = memoryview(data).cast("B")
        size, at = len(rest), self._at
        self._at += size
        self._end = max(self._end, self._at)
        try:
            while rest and self._failed is None:
                written = os.pwrite(self._descriptor, rest, at)
                rest, at = rest[written:], at + written
        except OSError as error:
            self._failed = error
        if rest:
            self._unwritten.append((at, bytes(rest)))
        return size

    def truncate(self, size: int) -> int:
        """Never fails; see `check`."""
        try:
            os.ftruncate(self._descriptor, size)
            self._end = size
        except OSError as error:
            self._failed = self._failed or error
        return size

    def flush(self) -> None:
        """Nothing is held back."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)


@contextmanager
def writing(path: Path, **options: Any) -> Iterator[tuple[h5py.File, RoomFile]]:
    """A new HDF5 file and what it is written to, which is to be checked now and then.

    Args:
        options: those of `h5py.File`.

    Raises:
        OSError: there was no room for all of it.
    """
    with RoomFile(path) as room:
        with h5py.File(room, "w", **options) as file:
            yield file, room
        room.check()


def not_written(path: Path, error: OSError) -> NotWritten:
    """What to say of a file that could not be written."""
    why = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the quota is used up"}.get(
        error.errno or 0, (error.strerror or str(error)).lower()
    )
    return NotWritten(
        f"{path} could not be written, since {why}; make room and do it again, what was recorded before is whole."
    )


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Have the OSError that writing a file ends with raised as NotWritten."""
    try:
        yield
    except OSError as error:
        raise not_written(path, error) from error
