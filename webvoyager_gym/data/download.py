"""Bringing a published dataset: every file checked, mirrors tried in order, in its place whole or not at all.

Files are gathered in a hidden folder beside the dataset's place, which a broken download leaves behind to go on from,
and that folder is renamed when all of them have the right checksums.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from filelock import FileLock

from webvoyager_gym.data import checksums
from webvoyager_gym.data.dataset import Dataset, datasets_folder
from webvoyager_gym.data.layout import SHOTS_FILE
from webvoyager_gym.data.mirrors import STALL, TransferFailed, fetch, fetch_manifest, local_folder
from webvoyager_gym.data.recipes import how_to_make
from webvoyager_gym.data.registry import Published, PublishedFile, Registry, read_registry
from webvoyager_gym.data.room import NO_ROOM, not_written
from webvoyager_gym.errors import DownloadFailed, MissingDependency, WebVoyagerError, not_found

OFFLINE_VARIABLE = "WEBVOYAGER_GYM_OFFLINE"
"""Environment variable that, set to 1, forbids downloads; mirrors that are folders of this machine stay in use."""

OPTIONAL = (SHOTS_FILE,)
"""Files that a dataset does without."""

Report = Callable[[int, int], None]
"""Told the bytes that are there and the bytes in all."""

_log = logging.getLogger(__name__)


def download(
    id: str,
    *,
    source: str = "",
    screenshots: bool = True,
    report: Report = lambda done, total: None,
    stall: float = STALL,
) -> Dataset:
    """Bring a published dataset into `datasets_folder()`, or what is missing or damaged of one that is there.

    Args:
        id: of a dataset in the registry, or of one at `source`.
        source: a mirror to use in place of the registry's. What it gives is held against the registry if that has the
            id, else against the mirror's own manifest.
        screenshots: whether to bring them too; they are most of a dataset.
        stall: seconds after which a mirror that sends next to nothing is given up.

    Raises:
        NotFound: the registry has no such dataset.
        MissingDependency: it would have to be downloaded, and WEBVOYAGER_GYM_OFFLINE is set.
        DownloadFailed: no mirror gave it; each is named with its reason. What was there is as it was.
        InvalidFile: the registry or the manifest is damaged.
        NotWritten: the disk was filled meanwhile.
        WebVoyagerError: another dataset of that id is there, or the disk has no room.
    """
    entry, mirrors, base = _entry(id, source, stall)
    target = datasets_folder() / id
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(target.parent / f".{target.name}.lock"):
            return _download(entry, mirrors, base, target, screenshots, report, stall)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise not_written(target, error) from error
        raise


def is_offline() -> bool:
    """Whether WEBVOYAGER_GYM_OFFLINE forbids downloads."""
    return os.environ.get(OFFLINE_VARIABLE, "") not in ("", "0")


def staging_folder(target: Path) -> Path:
    """Where the files of a download are gathered."""
    return target.parent / f".{target.name}.downloading"


def _entry(id: str, source: str, stall: float) -> tuple[Published, Sequence[str], Path]:
    """What to bring, from where, and where relative mirrors start."""
    registry = read_registry()
    entry = registry.find(id)
    mirrors = (source,) if source else entry.mirrors if entry else ()
    base = Path.cwd() if source else registry.folder
    if entry is None and not source:
        raise _unknown(id, registry)
    usable = [each for each in mirrors if not is_offline() or local_folder(each, base) is not None]
    if not usable:
        reason = (
            f"{OFFLINE_VARIABLE} forbids to download it; unset that"
            if mirrors
            else f"the registry names no place that has it; make it with {how_to_make(id)}, name a place with --from"
        )
        raise MissingDependency(f"The dataset {id} is not on this machine, and {reason}, or bring it another way.")
    if entry is None:
        try:
            entry = fetch_manifest(source, base, stall)
        except TransferFailed as error:
            raise DownloadFailed(f"{source} gives no dataset: {error}; check the address.") from error
        if entry.id != id:
            raise DownloadFailed(f"{source} has the dataset {entry.id}, not {id}; ask for that, or check the address.")
    return entry, usable, base


def _unknown(id: str, registry: Registry) -> WebVoyagerError:
    if registry.entries:
        return not_found("published dataset", id, [entry.id for entry in registry.entries])
    return MissingDependency(
        f"No dataset is published yet, {id} neither; make it with {how_to_make(id)}, or name a mirror that has it with "
        "--from."
    )


def _download(
    entry: Published,
    mirrors: Sequence[str],
    base: Path,
    target: Path,
    screenshots: bool,
    report: Report,
    stall: float,
) -> Dataset:
    staging, old = staging_folder(target), target.parent / f".{target.name}.replaced"
    if old.exists() and not target.exists():
        # An earlier run was killed between taking the old one away and putting the new one there.
        old.rename(target)
    wanted = [file for file in entry.files if screenshots or file.path not in OPTIONAL]
    if target.exists():
        _check_is_the_same(entry, target)
        # What is there stays there, screenshots that nobody asked for too.
        wanted += [f for f in entry.files if f not in wanted and _is_whole(target / f.path, f)]
        if all(_is_whole(target / file.path, file) for file in wanted):
            return Dataset(target)
    staging.mkdir(exist_ok=True)
    done = _reuse(wanted, target, staging)
    total = sum(file.size for file in wanted)
    _check_room(entry.id, staging, total - done)

    def progress(more: int) -> None:
        nonlocal done
        done += more
        report(done, total)

    progress(0)
    for file in wanted:
        if not (staging / file.path).exists():
            _bring(entry.id, file, mirrors, base, staging, progress, stall)
    _keep_only(staging, wanted)
    try:
        found = Dataset(staging)
        if found.id != entry.id:
            raise DownloadFailed(f"What is published as {entry.id} calls itself {found.id}; do not trust its source.")
    except WebVoyagerError:
        shutil.rmtree(staging)
        raise
    if target.exists():
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
    staging.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return Dataset(target)


def _check_is_the_same(entry: Published, target: Path) -> None:
    """Refuse to put a published dataset in the place of another, which somebody may have recorded here."""
    sums = entry.file(checksums.FILE)
    here = target / checksums.FILE
    if target.is_symlink() or (here.is_file() and (sums is None or not _is_whole(here, sums))):
        raise WebVoyagerError(
            f"{target} holds another dataset than the published {entry.id}; move it away, or remove it with "
            f"`webvoyager-gym datasets rm {entry.id}`."
        )


def _reuse(wanted: Sequence[PublishedFile], target: Path, staging: Path) -> int:
    """Take over what an earlier download or a damaged copy has of the files; how many bytes are there then."""
    done = 0
    for file in wanted:
        place, present = staging / file.path, target / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        if not _is_whole(place, file):
            place.unlink(missing_ok=True)
            if _is_whole(present, file):
                _take_over(present, place)
        if place.exists():
            done += file.size
        elif (part := place.with_name(f"{place.name}.part")).exists():
            done += part.stat().st_size
    return done


def _bring(
    id: str,
    file: PublishedFile,
    mirrors: Sequence[str],
    base: Path,
    staging: Path,
    progress: Callable[[int], None],
    stall: float,
) -> None:
    reasons = []
    for mirror in mirrors:
        try:
            fetch(mirror, base, file, staging / file.path, progress, stall)
        except TransferFailed as error:
            reasons.append(f"{mirror} ({error})")
            continue
        if reasons:
            _log.warning("%s came from %s, and not from %s.", file.path, mirror, ", nor from ".join(reasons))
        return
    raise DownloadFailed(
        f"{id} could not be downloaded from {', nor from '.join(reasons)}; try again, which goes on from what came."
    )


def _check_room(id: str, folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise WebVoyagerError(
            f"{id} needs {needed / 1e6:.0f} MB more and {folder.parent} has {free / 1e6:.0f}; make room, leave out the "
            "screenshots, or set WEBVOYAGER_GYM_DATASETS."
        )


def _keep_only(staging: Path, wanted: Sequence[PublishedFile]) -> None:
    """Remove what transfers left beside the files."""
    names = {file.path for file in wanted}
    for path in sorted(staging.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(staging).as_posix() not in names:
            path.unlink()


def _take_over(present: Path, place: Path) -> None:
    try:
        os.link(present, place)
    except OSError:
        # Another file system, or one without hard links.
        shutil.copyfile(present, place)


def _is_whole(path: Path, file: PublishedFile) -> bool:
    return path.is_file() and path.stat().st_size == file.size and checksums.file_sha256(path) == file.sha256
