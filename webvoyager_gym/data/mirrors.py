"""Places that published datasets lie at, and how a file is brought from one, whole and as large as it claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from webvoyager_gym.data import checksums
from webvoyager_gym.data.registry import MANIFEST_FILE, Published, PublishedFile, entry_of, parse_json
from webvoyager_gym.data.room import NO_ROOM

Progress = Callable[[int], None]
"""Told how many more bytes are there, and less than none when some had to be thrown away."""

MOST_MANIFEST = 2**20
"""Longest manifest that is read, in bytes."""

STALL = 30.0
"""Seconds after which a mirror that sends nothing, or next to nothing, is given up."""

_CHUNK = 2**20


class TransferFailed(Exception):
    """A mirror did not give a file; the message, a part of a sentence, says why. Never reaches users by itself."""


@dataclass(frozen=True, slots=True)
class HubFolder:
    """A folder of a dataset repository on the Hugging Face Hub."""

    repository: str
    revision: str | None
    folder: str

    @classmethod
    def parse(cls, address: str) -> HubFolder:
        """From `hf://datasets/OWNER/REPO[@REVISION][/FOLDER]`.

        Raises:
            TransferFailed: it is written otherwise.
        """
        kind, _, rest = address.removeprefix("hf://").partition("/")
        owner, _, rest = rest.partition("/")
        name, _, folder = rest.partition("/")
        name, _, revision = name.partition("@")
        if kind != "datasets" or not owner or not name:
            raise TransferFailed("should be written hf://datasets/OWNER/REPO[@REVISION]/FOLDER")
        return cls(f"{owner}/{name}", unquote(revision) or None, folder.strip("/"))

    def path(self, name: str) -> str:
        """Path of a file of the folder in the repository."""
        return f"{self.folder}/{name}" if self.folder else name


def local_folder(address: str, base: Path) -> Path | None:
    """The folder that a mirror's address names on this machine, a relative one below `base`; None if it names none."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    return base / address if parts.scheme == "" else None


def fetch(
    address: str, base: Path, file: PublishedFile, target: Path, progress: Progress, stall: float = STALL
) -> None:
    """Bring a file from a mirror. What is at `target` afterwards has the right checksum, or nothing is there.

    Args:
        address: of the mirror, which names the dataset's folder there.
        base: where relative paths start.
        target: where the file goes; its folder exists. A broken transfer may leave a part beside it, to go on from.

    Raises:
        TransferFailed: the mirror does not give this file.
    """
    if (folder := local_folder(address, base)) is not None:
        _copy(folder / file.path, file, target, progress)
    elif address.startswith("hf://"):
        from webvoyager_gym.data.over_hub import fetch_from_hub

        fetch_from_hub(HubFolder.parse(address), file, target, progress)
    else:
        from webvoyager_gym.data.over_http import fetch_over_http

        fetch_over_http(f"{address.rstrip('/')}/{quote(file.path)}", file, target, progress, stall)
    if checksums.file_sha256(target) != file.sha256:
        target.unlink()
        progress(-file.size)
        raise TransferFailed(f"{file.path} has another checksum than the registry says")


def fetch_manifest(address: str, base: Path, stall: float = STALL) -> Published:
    """The entry that a mirror gives of itself.

    Raises:
        TransferFailed: it gives none.
        InvalidFile: what it gives is damaged.
    """
    if (folder := local_folder(address, base)) is not None:
        try:
            with (folder / MANIFEST_FILE).open("rb") as file:
                text = file.read(MOST_MANIFEST + 1)
        except OSError as error:
            raise TransferFailed(f"{MANIFEST_FILE} cannot be read ({error.strerror})") from error
    elif address.startswith("hf://"):
        from webvoyager_gym.data.over_hub import read_from_hub

        text = read_from_hub(HubFolder.parse(address), MANIFEST_FILE, MOST_MANIFEST)
    else:
        from webvoyager_gym.data.over_http import read_over_http

        text = read_over_http(f"{address.rstrip('/')}/{MANIFEST_FILE}", MOST_MANIFEST, stall)
    if len(text) > MOST_MANIFEST:
        raise TransferFailed(f"{MANIFEST_FILE} is longer than any manifest")
    return entry_of(parse_json(text, f"{address}/{MANIFEST_FILE}"), f"{address}/{MANIFEST_FILE}")


def _copy(source: Path, file: PublishedFile, target: Path, progress: Progress) -> None:
    try:
        # Only a plain file: a pipe or a device would never end.
        if not source.is_file():
            raise TransferFailed(f"{file.path} is not there")
        if source.stat().st_size != file.size:
            raise TransferFailed(f"{file.path} has {source.stat().st_size} bytes and should have {file.size}")
        with source.open("rb") as reader, target.open("wb") as writer:
            while piece := reader.read(_CHUNK):
                writer.write(piece)
                progress(len(piece))
    except OSError as error:
        if error.errno in NO_ROOM:
            raise
        raise TransferFailed(f"{file.path} cannot be copied ({error.strerror})") from error
