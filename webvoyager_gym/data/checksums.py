"""SHA256SUMS: written, read, and held against a folder. `sha256sum -c SHA256SUMS` does the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from webvoyager_gym.errors import InvalidFile

FILE = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def write(folder: Path, names: Iterable[str]) -> None:
    """Write the checksums of some files of a folder into its SHA256SUMS."""
    lines = [f"{file_sha256(folder / name)}  {name}\n" for name in sorted(names)]
    (folder / FILE).write_text("".join(lines), encoding="utf-8")


def read(folder: Path) -> dict[str, str]:
    """Checksum of every file that SHA256SUMS names, by its path relative to the folder.

    Raises:
        InvalidFile: SHA256SUMS is missing or damaged, or names a file outside the folder.
    """
    path = folder / FILE
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidFile(f"{path} is missing or unreadable; bring the dataset again.") from error
    sums = {}
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            raise InvalidFile(f"{path} has the line {line[:80]!r}, which is no checksum; bring the dataset again.")
        name = PurePosixPath(match[2])
        if name.is_absolute() or ".." in name.parts:
            raise InvalidFile(
                f"{path} names {match[2][:80]!r}, which lies outside the dataset; do not trust its source."
            )
        sums[str(name)] = match[1]
    return sums


def mismatches(folder: Path, optional: Iterable[str] = ()) -> list[str]:
    """The files that are missing or differ from their checksum. Optional ones may be missing."""
    optional = set(optional)
    wrong = []
    for name, expected in read(folder).items():
        path = folder / name
        if path.is_file():
            if file_sha256(path) != expected:
                wrong.append(name)
        elif name not in optional:
            wrong.append(name)
    return wrong


def file_sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
