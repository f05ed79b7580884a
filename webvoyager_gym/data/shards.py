"""Recording: one shard a worker, to which finished episodes are appended.

An episode whose `Recorder.write` returned survives whatever comes after, `kill -9` and power cuts included; one whose
`write` did not return is there whole or not at all.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from webvoyager_gym.data import codec, frames
from webvoyager_gym.data.check import check_episode
from webvoyager_gym.data.locking import locked
from webvoyager_gym.data.room import not_written
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.types import Episode

_log = logging.getLogger(__name__)


class Recorder:
    """Appends episodes to the shard of one worker.

    Args:
        folder: where the shards lie; made if missing.
        worker: number of this worker; no two processes may use the same at the same time.

    Raises:
        InvalidFile: another process writes this worker's shard.
    """

    def __init__(self, folder: str | os.PathLike[str], worker: int = 0) -> None:
        self._path = Path(folder) / f"worker-{worker:04d}.shard"
        self._file = open_shard(self._path, worker)

    def write(self, episode: Episode) -> None:
        """Append an episode; when this returns it is on the disk.

        Raises:
            ValueError: the episode breaks what `Episode` promises; nothing was written.
            NotWritten: there was no room; the shard is as it was, and takes the episode once there is.
        """
        check_episode(episode)
        header, body = codec.encode(episode)
        try:
            frames.append(self._file, header, body)
        except OSError as error:
            raise not_written(self._path, error) from error

    def close(self) -> None:
        """Let go of the shard. Closing twice does no harm."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_shard(path: Path, worker: int) -> io.FileIO:
    """A shard to append frames to, made if missing, for this process alone; what was torn at its end is dropped.

    Raises:
        InvalidFile: another process writes it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = io.FileIO(path, "a+")
    try:
        _lock(file, worker)
        end = frames.sound_end(file)
        if end < os.fstat(file.fileno()).st_size:
            file.truncate(end)
        _sync_folder(path.parent)
    except BaseException:
        file.close()
        raise
    return file


def shard_paths(folder: str | os.PathLike[str]) -> list[Path]:
    """The shards of a folder, by worker."""
    return sorted(Path(folder).glob("worker-*.shard"))


def read_shards(folder: str | os.PathLike[str]) -> Iterator[Episode]:
    """All recorded episodes, worker by worker, in the order they were written. What is torn is dropped with a note."""
    for path in shard_paths(folder):
        with path.open("rb") as file:
            for frame in frames.scan(file):
                try:
                    body = frames.read_body(file, frame)
                except InvalidFile as error:
                    _log.warning("%s", error)
                    continue
                yield codec.decode(frame.header, body)


def finished(folder: str | os.PathLike[str]) -> set[tuple[str, int]]:
    """(task_id, seed) of the recorded episodes that need not be run again.

    Episodes that the infrastructure broke off are not among them: they are recorded, and worth another try.
    """
    done = set()
    for path in shard_paths(folder):
        with path.open("rb") as file:
            for frame in frames.sound(file):
                fields = codec.decode_header(frame.header)
                if not fields["failure"]:
                    done.add((str(fields["task_id"]), int(fields["seed"])))
    return done


def _lock(file: io.FileIO, worker: int) -> None:
    """Hold the shard until the file is closed or the process ends, however it ends."""
    if not locked(file):
        raise InvalidFile(
            f"Another process is writing {file.name}; give every process its own worker number (this one has {worker})."
        )


def _sync_folder(folder: Path) -> None:
    """Put a new file's name on the disk, not only its content."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
