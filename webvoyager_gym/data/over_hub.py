"""Files on the Hugging Face Hub, or on another of its kind that the environment variable HF_ENDPOINT names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import huggingface_hub
from huggingface_hub.utils import tqdm

from webvoyager_gym.data.mirrors import HubFolder, Progress, TransferFailed
from webvoyager_gym.data.registry import PublishedFile
from webvoyager_gym.errors import WebVoyagerError


def fetch_from_hub(place: HubFolder, file: PublishedFile, target: Path, progress: Progress) -> None:
    """Bring a file; huggingface_hub goes on from what a broken transfer left.

    Raises:
        TransferFailed: the Hub does not give it.
    """
    try:
        said = _download(place, file.path, target.parent, dry_run=True)
        if said.file_size != file.size:
            raise TransferFailed(f"{file.path} has {said.file_size} bytes and should have {file.size}")
        _download(place, file.path, target.parent, tqdm_class=_told(progress)).replace(target)
    except TransferFailed:
        raise
    except Exception as error:  # whatever the client raises, of its own or of its HTTP library's
        raise TransferFailed(_reason(file.path, error)) from error


def read_from_hub(place: HubFolder, name: str, most: int) -> bytes:
    """A small file, up to one byte more than `most`.

    Raises:
        TransferFailed: the Hub does not give it.
    """
    try:
        url = huggingface_hub.hf_hub_url(
            place.repository, place.path(name), repo_type="dataset", revision=place.revision
        )
        said = huggingface_hub.get_hf_file_metadata(url)
        if said.size is None or said.size > most:
            raise TransferFailed(f"{name} is longer than {most} bytes")
        path = huggingface_hub.hf_hub_download(
            place.repository, place.path(name), repo_type="dataset", revision=place.revision
        )
        with open(path, "rb") as file:
            return file.read(most + 1)
    except TransferFailed:
        raise
    except Exception as error:  # as above
        raise TransferFailed(_reason(name, error)) from error


def publish_on_hub(place: HubFolder, folder: Path, paths: Iterable[str], more: Mapping[str, bytes]) -> None:
    """Put files of a folder, and a few contents beside them, into a dataset repository, made if it is not there.

    Raises:
        WebVoyagerError: the Hub refuses, for want of a token for example.
    """
    hub = huggingface_hub.HfApi()
    operations = [
        *(huggingface_hub.CommitOperationAdd(place.path(path), str(folder / path)) for path in paths),
        *(huggingface_hub.CommitOperationAdd(place.path(path), content) for path, content in more.items()),
    ]
    try:
        hub.create_repo(place.repository, repo_type="dataset", exist_ok=True)
        hub.create_commit(
            place.repository,
            operations,
            commit_message=f"Publish {place.folder or folder.name}",
            repo_type="dataset",
            revision=place.revision,
        )
    except Exception as error:  # as above
        raise WebVoyagerError(
            f"The Hub took nothing ({_reason(place.repository, error)}); log in with `hf auth login`, check the name."
        ) from error


def _download(place: HubFolder, name: str, beside: Path, **options: Any) -> Any:
    """Into a folder of the client's own, so that its notes on broken transfers lie apart from the dataset."""
    own = beside / ".hub"
    found = huggingface_hub.hf_hub_download(
        place.repository,
        place.path(name),
        repo_type="dataset",
        revision=place.revision,
        local_dir=own,
        **options,
    )
    return Path(found) if isinstance(found, str) else found


def _told(progress: Progress) -> type[tqdm]:
    class Told(tqdm):
        """Draws nothing and hands on what it is told."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options | {"disable": True})
            progress(options.get("initial") or 0)

        def update(self, n: float | None = 1) -> bool | None:
            progress(int(n or 0))
            return None

    return Told


def _reason(name: str, error: Exception) -> str:
    said = " ".join(str(error).split())
    return f"{name}: {type(error).__name__}{f', {said[:200]}' if said else ''}"
