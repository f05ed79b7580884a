"""Publishing a dataset: a mirror that any static web server can serve, and an entry for a registry."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from pathlib import Path

from webvoyager_gym.data import checksums
from webvoyager_gym.data.dataset import Dataset
from webvoyager_gym.data.ids import version_of
from webvoyager_gym.data.layout import CARD_FILE
from webvoyager_gym.data.mirrors import HubFolder, TransferFailed, local_folder
from webvoyager_gym.data.registry import MANIFEST_FILE, Published, PublishedFile, document_of
from webvoyager_gym.errors import WebVoyagerError


def entry_for(dataset: Dataset, licence: str) -> Published:
    """What a registry says of a dataset, without mirrors.

    Args:
        licence: SPDX name of the licence it is given under.

    Raises:
        InvalidFile: a file is missing, or is not what SHA256SUMS says.
    """
    dataset.verify()
    sums = checksums.read(dataset.folder)
    sums[checksums.FILE] = checksums.file_sha256(dataset.folder / checksums.FILE)
    # Screenshots may have been left out.
    present = [(path, dataset.folder / path) for path in sorted(sums) if (dataset.folder / path).is_file()]
    parent = dataset.parent
    return Published(
        id=dataset.id,
        version=version_of(dataset.id),
        format_version=dataset.metadata["webvoyager_gym"]["format_version"],
        episodes=len(dataset),
        steps=dataset.metadata["total_steps"],
        licence=licence,
        card=CARD_FILE,
        files=tuple(PublishedFile(path, place.stat().st_size, sums[path]) for path, place in present),
        parent="" if parent is None else parent.id,
        parent_sha256="" if parent is None else parent.sha256,
    )


def publish(dataset: Dataset, to: str, *, licence: str, url: str = "") -> Published:
    """Write a mirror of a dataset.

    It is the dataset's folder with a `manifest.json`: in `<to>/<id>`, whole or not at all, or in such a folder of a
    repository on the Hub, as one commit.

    Args:
        to: a folder, or `hf://datasets/OWNER/REPO[@REVISION][/FOLDER]`.
        licence: SPDX name of the licence it is given under.
        url: address at which `to` is served, if that is another.

    Returns:
        What a registry says of it, with this mirror.

    Raises:
        InvalidFile: the dataset is damaged.
        WebVoyagerError: there is another dataset of that id at that place, or the place cannot be written to.
    """
    entry = entry_for(dataset, licence)
    manifest = manifest_of(entry)
    folder = local_folder(to, Path.cwd())
    if folder is not None:
        _write_mirror(dataset.folder, entry, manifest, folder.absolute() / entry.id)
        address = (folder.absolute() / entry.id).as_uri()
    elif to.startswith("hf://"):
        address = f"{to.rstrip('/')}/{entry.id}"
        _upload(dataset.folder, entry, manifest, address)
    else:
        raise WebVoyagerError(
            f"{to} cannot be written to; publish to a folder and serve it, or to hf://datasets/OWNER/REPO."
        )
    return dataclasses.replace(entry, mirrors=(f"{url.rstrip('/')}/{entry.id}" if url else address,))


def manifest_of(entry: Published) -> bytes:
    """The `manifest.json` of a mirror: the entry without mirrors, so that all mirrors of a dataset are the same."""
    bare = dataclasses.replace(entry, mirrors=())
    return (json.dumps(document_of(bare), indent=1) + "\n").encode()


def _write_mirror(source: Path, entry: Published, manifest: bytes, target: Path) -> None:
    if target.exists():
        if (target / MANIFEST_FILE).is_file() and (target / MANIFEST_FILE).read_bytes() == manifest:
            return
        raise WebVoyagerError(f"{target} holds something else, and datasets never change; raise the version in the id.")
    building = target.parent / f".{target.name}.publishing-{os.getpid()}"
    try:
        for file in entry.files:
            place = building / file.path
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / file.path, place)
        (building / MANIFEST_FILE).write_bytes(manifest)
        building.rename(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _upload(source: Path, entry: Published, manifest: bytes, address: str) -> None:
    from webvoyager_gym.data.over_hub import publish_on_hub

    try:
        place = HubFolder.parse(address)
    except TransferFailed as error:
        raise WebVoyagerError(f"{address} {error}.") from error
    publish_on_hub(place, source, [file.path for file in entry.files], {MANIFEST_FILE: manifest})
