"""The episodes an evaluation has finished so far, on the disk line by line, so that it can go on after anything."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from webvoyager_gym.data.locking import locked
from webvoyager_gym.data.room import writing_to
from webvoyager_gym.errors import InvalidFile, NotWritten, WebVoyagerError
from webvoyager_gym.result_file import episode_json, read_episode
from webvoyager_gym.results import EpisodeRow

FORMAT = "webvoyager-gym-evaluation-log"
VERSION = 1


class EvaluationLog:
    """An append-only file of JSON lines: a head that says what is evaluated, then one line an episode.

    A line counts once it is whole; a process killed at any moment leaves at most one that is not, at the end.

    Args:
        result: the file that the evaluation will write; the log is beside it. None keeps the episodes in memory only.
        settings: what decides the episodes, as JSON. A log with others is refused.

    Attributes:
        episodes: those finished, of earlier runs and of this one.
        made_with: the models' own names.

    Raises:
        WebVoyagerError: a log is there that was begun with other settings, or another process is writing it.
        InvalidFile: the log is damaged elsewhere than at its end.
        NotWritten: there is no room for it; `append` raises it too, and the episodes before are kept.
    """

    def __init__(self, result: Path | None, settings: dict[str, Any]) -> None:
        self.path = result.with_name(f"{result.name}.partial.jsonl") if result is not None else None
        self.episodes: list[EpisodeRow] = []
        self.made_with: dict[str, Any] = {}
        self._file: BinaryIO | None = None
        head = {"format": FORMAT, "version": VERSION, "settings": settings}
        if self.path is not None:
            with writing_to(self.path):
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("ab", buffering=0)
            try:
                if not locked(self._file):
                    raise WebVoyagerError(f"Another process is evaluating into {result}; wait for it, or name another.")
                whole = self._read(self.path, json.loads(json.dumps(head)))
                self._file.truncate(whole)
                if not whole:
                    self._write(head)
            except (OSError, WebVoyagerError):
                self._file.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def append(self, episode: EpisodeRow, made_with: dict[str, Any]) -> None:
        """Add an episode; on return it is on the disk."""
        if self._file is not None:
            self._write({"made_with": made_with, "episode": episode_json(episode)})
        self.episodes.append(episode)
        self.made_with.update(made_with)

    def remove(self) -> None:
        """Remove the file; the result holds what it held."""
        if self._file is not None and self.path is not None:
            self._file.close()
            self.path.unlink()

    def _read(self, path: Path, head: dict[str, Any]) -> int:
        """Take over the episodes of the file; how many of its bytes are whole lines."""
        content = path.read_bytes()
        whole = content.rfind(b"\n") + 1
        for number, line in enumerate(content[:whole].splitlines(), 1):
            try:
                row = json.loads(line)
                if number == 1:
                    self._check(path, row, head)
                    continue
                self.episodes.append(read_episode(row["episode"]))
                self.made_with.update(row["made_with"])
            except (KeyError, TypeError, ValueError) as error:
                raise InvalidFile(
                    f"Line {number} of {path} is damaged ({error}); remove the file to start afresh."
                ) from error
        return whole

    def _check(self, path: Path, found: Any, head: dict[str, Any]) -> None:
        if found != head:
            before = found.get("settings") if isinstance(found, dict) else found
            now = head["settings"]
            raise WebVoyagerError(
                f"{path} holds an unfinished evaluation of {json.dumps(before)}, not of {json.dumps(now)}; "
                "go on with the same agents and options, name another file, or remove this one to start afresh."
            )

    def _write(self, row: dict[str, Any]) -> None:
        assert self._file is not None
        assert self.path is not None
        line = json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
        rest = memoryview(line.encode())
        before = os.fstat(self._file.fileno()).st_size
        try:
            with writing_to(self.path):
                while rest:
                    rest = rest[self._file.write(rest) :]
                os.fsync(self._file.fileno())
        except NotWritten:
            self._file.truncate(before)
            raise
