"""Recordings in files: `NAME.har.zip`, an HTTP Archive and its contents, each under its checksum.

Only data is read from one, within limits, and nothing is unpacked to the disk: an archive may come from anywhere.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from webvoyager_gym.errors import InvalidFile, NotFound, NotWritten
from webvoyager_gym.network.exchange import About, Recording
from webvoyager_gym.network.har import MOST_EXCHANGES, about_from, content_name, exchanges_from, har_text

ENDING = ".har.zip"
INDEX = "har.har"
"""The member that names all others; Playwright calls it so."""

LARGEST_CONTENT = 16 * 2**20
"""Bytes of one content."""
LARGEST_INDEX = 64 * 2**20
"""Bytes of the index."""
LARGEST = 256 * 2**20
"""Bytes of an archive, and of all that is in it together."""

_MEMBER = re.compile(r"[0-9a-f]{64}")
_WRONG = (ValueError, KeyError, RecursionError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error)
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_recording(recording: Recording, folder: str | Path) -> Path:
    """Write a recording into a folder; it is there whole or not at all. The same recording gives the same file.

    Returns:
        The file, named after the task and the checksum.

    Raises:
        NotWritten: there was no room, or no right.
    """
    folder = Path(folder)
    index = har_text(recording).encode()
    task = re.sub(r"[^A-Za-z0-9]+", "-", recording.about.task_id).strip("-")[:80] or "task"
    path = folder / f"{task}-{_id(index)[:12]}{ENDING}"
    # Found by no listing, and unlike any other's.
    begun = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _write(begun, index, recording)
            os.replace(begun, path)
        finally:
            begun.unlink(missing_ok=True)
    except OSError as error:
        raise NotWritten(f"The recording {path} could not be written ({error}); make room, or name another.") from error
    return path


def _write(path: Path, index: bytes, recording: Recording) -> None:
    contents = {content_name(each.content): each.content for each in recording.exchanges if each.content}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in {INDEX: index, **contents}.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)


def read_about(path: str | Path) -> About:
    """What an archive says of its episode.

    Raises:
        NotFound: there is none.
        InvalidFile: it is damaged, too large, or not by this package.
    """
    with _opened(Path(path)) as archive:
        return _about(*_index(archive))


def read_recording(path: str | Path) -> Recording:
    """A recording with all its contents, each held against its checksum. Raises as `read_about` does."""
    with _opened(Path(path)) as archive:
        text, document = _index(archive)

        @functools.cache
        def content(name: str) -> bytes:
            found = _member(archive, name, LARGEST_CONTENT)
            if content_name(found) != name:
                raise ValueError(f"the content {name[:12]} was changed")
            return found

        return Recording(_about(text, document), exchanges_from(document, content))


def find_archives(place: str | Path) -> tuple[Path, ...]:
    """The archives of a folder, by name; or the one that is named. Raises NotFound."""
    place = Path(place)
    found = (place,) if place.is_file() else tuple(sorted(place.glob(f"*{ENDING}")))
    if not found:
        raise NotFound(
            f"There is no recording (NAME{ENDING}) at {place}; `collect --record-network {place}` makes some."
        )
    return found


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    if not path.is_file():
        raise NotFound(f"There is no recording at {path}.")
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"it has more than {LARGEST:,} bytes")
        with zipfile.ZipFile(path) as archive:
            _check(archive)
            yield archive
    except _WRONG as error:
        raise InvalidFile(
            f"{path} cannot be taken for a recording: {error!s:.200}; do not trust its source."
        ) from error


def _check(archive: zipfile.ZipFile) -> None:
    """Raises ValueError unless all members are such as we write, and small enough together."""
    members = archive.infolist()
    if len(members) > MOST_EXCHANGES + 1:
        raise ValueError(f"it has {len(members)} members, and at most {MOST_EXCHANGES + 1} are read")
    if len({member.filename for member in members}) < len(members):
        raise ValueError("a member comes twice")
    for member in members:
        if member.filename != INDEX and not _MEMBER.fullmatch(member.filename):
            raise ValueError(f"it has a member {member.filename!r:.80}, which has no place in a recording")
        if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError("a member is encrypted, or packed in a way that we do not use")
    if sum(member.file_size for member in members) > LARGEST:
        raise ValueError(f"it holds more than {LARGEST:,} bytes")


def _index(archive: zipfile.ZipFile) -> tuple[bytes, Any]:
    text = _member(archive, INDEX, LARGEST_INDEX)
    return text, json.loads(text)


def _about(index: bytes, document: Any) -> About:
    return dataclasses.replace(about_from(document), sha256=_id(index))


def _id(index: bytes) -> str:
    return hashlib.sha256(index).hexdigest()


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    # What is unpacked ends at the size that the archive itself states, which `_check` has seen.
    if archive.getinfo(name).file_size > most:
        raise ValueError(f"its member {name[:12]} has more than {most:,} bytes")
    return archive.read(name)
