"""Removing a dataset from the datasets folder, and nothing else from anywhere."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from webvoyager_gym import errors
from webvoyager_gym.data.dataset import datasets_folder, growth_folder, local_datasets
from webvoyager_gym.data.download import staging_folder
from webvoyager_gym.data.ids import ID


def removable(id: str) -> tuple[Path, ...]:
    """The folders that hold a dataset: its own, what a broken download of it left, and what a tree has grown since.

    Raises:
        NotFound: there is no such dataset in the datasets folder.
        WebVoyagerError: it is a link, or lies behind one.
    """
    root = datasets_folder()
    if not re.fullmatch(ID, id):
        raise errors.NotFound(
            f"{id!r} is no id of a dataset, and only those in {root} are removed; `webvoyager-gym datasets list` has "
            "the ids."
        )
    target = root / id
    for place in (target.parent, target):
        if place.is_symlink():
            raise errors.WebVoyagerError(
                f"{place} is a link, and nothing outside {root} is removed; remove the link yourself."
            )
    found = tuple(f for f in (target, staging_folder(target), growth_folder(target)) if f.is_dir())
    if not found:
        if known := local_datasets():
            raise errors.not_found("dataset", id, known)
        raise errors.NotFound(f"There is no dataset {id!r}, and none other in {root}.")
    return found


def remove(id: str) -> None:
    """Remove a dataset. Links inside it are removed, never what they lead to.

    Raises:
        NotFound, WebVoyagerError: as `removable` does; nothing was removed then.
    """
    for folder in removable(id):
        # Renamed first: a dataset half removed would look like a damaged one.
        going = folder.parent / f".{folder.name.lstrip('.')}.removing"
        shutil.rmtree(going, ignore_errors=True)
        folder.rename(going)
        shutil.rmtree(going)
    (datasets_folder() / id).parent.joinpath(f".{Path(id).name}.lock").unlink(missing_ok=True)
