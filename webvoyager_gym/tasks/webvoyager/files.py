"""WebVoyager's own files: fetched from the commit they are pinned to, checked, and kept in the user's cache.

They are not part of this package. WebVoyager is by He et al. (arXiv 2401.13919), under the Apache License 2.0.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import platformdirs

from webvoyager_gym.data import checksums
from webvoyager_gym.data.download import OFFLINE_VARIABLE, is_offline
from webvoyager_gym.data.mirrors import STALL, TransferFailed, fetch, local_folder
from webvoyager_gym.data.registry import PublishedFile
from webvoyager_gym.errors import DownloadFailed, InvalidFile, MissingDependency

COMMIT = "5a7896738c10bfb8b9edccce6bb0e0411f8ae569"
"""Of github.com/MinorJerry/WebVoyager."""
MIRROR = f"https://raw.githubusercontent.com/MinorJerry/WebVoyager/{COMMIT}"

TASKS, REFERENCES, LICENCE = "WebVoyager_data.jsonl", "reference_answer.json", "LICENSE"
FILES = (
    PublishedFile(f"data/{TASKS}", 140890, "69b19fd86c23f1a500244a3724e039aa7ca6a1223d03e11eb10e308d4f11c488"),
    PublishedFile(f"data/{REFERENCES}", 103047, "5473818408d8a19960c4f820c1e5721d218b87b547499d7281c2a0fc4267b0c4"),
    PublishedFile(LICENCE, 11356, "43070e2d4e532684de521b885f385d0841030efa2b1a20bafb76133a5e1379c1"),
)
NOTICE = (
    "WebVoyager's tasks and reference answers: copyright of the authors of WebVoyager (arXiv 2401.13919), "
    f"https://github.com/MinorJerry/WebVoyager at {COMMIT[:7]}, Apache License 2.0; the licence lies beside them."
)

FOLDER_VARIABLE = "WEBVOYAGER_GYM_WEBVOYAGER"
"""Environment variable that names the folder with the files."""
DOWNLOAD = "webvoyager-gym tasks download webvoyager"


def webvoyager_folder() -> Path:
    """Where the files lie: the environment variable WEBVOYAGER_GYM_WEBVOYAGER, else the user's cache."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_cache_path("webvoyager-gym") / "webvoyager" / COMMIT[:7]


def name_of(file: PublishedFile) -> str:
    """What a file is called in the folder."""
    return file.path.rpartition("/")[2]


def download_webvoyager(
    source: str = MIRROR, *, stall: float = STALL, report: Callable[[int], None] = lambda more: None
) -> Path:
    """Bring what is missing or damaged of the files, and give their folder.

    Args:
        source: a copy of the repository: an address, or a folder of this machine.
        stall: seconds after which a source that sends next to nothing is given up.
        report: told how many more bytes are there.

    Raises:
        MissingDependency: they would have to be downloaded, and WEBVOYAGER_GYM_OFFLINE is set.
        DownloadFailed: the source does not give them as they are known.
    """
    folder = webvoyager_folder()
    missing = [file for file in FILES if not _is_whole(folder, file)]
    if missing and is_offline() and local_folder(source, Path.cwd()) is None:
        raise MissingDependency(
            f"WebVoyager's tasks are not on this machine, and {OFFLINE_VARIABLE} forbids to download them; unset that, "
            "or name a folder that has them with --from."
        )
    folder.mkdir(parents=True, exist_ok=True)
    for file in missing:
        try:
            fetch(source, Path.cwd(), file, folder / name_of(file), report, stall)
        except TransferFailed as error:
            raise DownloadFailed(
                f"WebVoyager's files could not be brought from {source}: {error}; try again, or name a copy of its "
                "repository with --from."
            ) from error
    return folder


def read_file(name: str, folder: Path | None = None) -> bytes:
    """A file's content.

    Args:
        folder: where it lies; `webvoyager_folder()` if None.

    Raises:
        MissingDependency: it is not there; the message holds the command that brings it.
        InvalidFile: it is not what it was when this package was written.
    """
    folder = folder or webvoyager_folder()
    file = next(file for file in FILES if name_of(file) == name)
    if not (folder / name).is_file():
        raise MissingDependency(f"WebVoyager's tasks are not in {folder}; run `{DOWNLOAD}`.")
    if not _is_whole(folder, file):
        raise InvalidFile(f"{folder / name} is not WebVoyager's at {COMMIT[:7]}; run `{DOWNLOAD}` to bring it again.")
    return (folder / name).read_bytes()


def _is_whole(folder: Path, file: PublishedFile) -> bool:
    path = folder / name_of(file)
    return path.is_file() and checksums.file_sha256(path) == file.sha256
