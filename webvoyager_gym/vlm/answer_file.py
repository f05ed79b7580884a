"""Answers by key in one SQLite file that several processes may read and write at once."""

from __future__ import annotations

import contextlib
import errno
import json
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from webvoyager_gym.data.room import NO_ROOM, not_written
from webvoyager_gym.errors import InvalidFile, NotWritten, WebVoyagerError

PATIENCE = 60.0
"""Seconds to wait for another process that writes."""
_MANY = 500


@dataclass(frozen=True)
class Answer:
    """Something said: words are anything that JSON can hold, numbers are bytes of an array."""

    words: dict[str, Any] = field(default_factory=dict)
    numbers: bytes = b""


class AnswerFile:
    """The file. What is kept first under a key stays.

    Every method raises these, and leaves the file as it was:

    Raises:
        InvalidFile: it is no such file, or cannot be opened.
        NotWritten: there is no room for more, or another process did not let go of it.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = threading.Lock()
        with self._explaining():
            file.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(file, timeout=PATIENCE, check_same_thread=False, isolation_level=None)
            # Readers and a writer do not wait for each other; a crash loses the last answers at most.
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=NORMAL")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, words TEXT NOT NULL, numbers BLOB NOT NULL)"
                " WITHOUT ROWID"
            )

    def read(self, keys: Sequence[bytes]) -> dict[bytes, Answer]:
        """The answers that there are."""
        found: dict[bytes, Answer] = {}
        distinct = list(dict.fromkeys(keys))
        with self._lock, self._explaining():
            for start in range(0, len(distinct), _MANY):
                part = distinct[start : start + _MANY]
                query = f"SELECT key, words, numbers FROM answers WHERE key IN ({','.join('?' * len(part))})"
                for key, words, numbers in self._database.execute(query, part):
                    found[key] = Answer(json.loads(words), numbers)
        return found

    def keep(self, answers: Mapping[bytes, Answer]) -> dict[bytes, Answer]:
        """Keep answers, all or none; gives what the file then says, which another process may have kept before."""
        rows = [(key, json.dumps(answer.words), answer.numbers) for key, answer in answers.items()]
        with self._lock, self._explaining():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                self._database.executemany("INSERT OR IGNORE INTO answers VALUES (?, ?, ?)", rows)
                self._database.execute("COMMIT")
            except BaseException:
                # Where there is no room, SQLite may have taken everything back already.
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise
        return self.read(list(answers))

    def __len__(self) -> int:
        with self._lock, self._explaining():
            return int(self._database.execute("SELECT COUNT(*) FROM answers").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextlib.contextmanager
    def _explaining(self) -> Any:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError) as error:
            raise _explained(self.file, error) from error


def _explained(file: Path, error: Exception) -> WebVoyagerError:
    """What to say of a file that failed. To delete it, only if it holds nothing that could be lost."""
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return not_written(file, error)
    # The low byte is the kind of error, the others say more about it.
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return not_written(file, OSError(errno.ENOSPC, "full"))
        case sqlite3.SQLITE_IOERR:
            return not_written(file, OSError(str(error)))
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return NotWritten(
                f"The cache {file} could not be written, since another process held it for {PATIENCE:g} s; wait for "
                "that process or end it, and do this again."
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return InvalidFile(
                f"The cache {file} cannot be used ({error}); name another file, or delete this one to begin anew."
            )
    return InvalidFile(f"The cache {file} cannot be used ({error}); name another file.")
