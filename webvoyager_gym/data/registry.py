"""The registry of published datasets: what each is made of, under which licence, and where it can be had.

A registry is one JSON file; the package ships one. A mirror's `manifest.json` is an entry of it. Both may come from
anywhere, so nothing in them is believed before it is checked: names stay inside their folder, sizes have bounds.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from webvoyager_gym.data.ids import ID
from webvoyager_gym.data.layout import CARD_FILE, FORMAT_VERSION, METADATA_FILE
from webvoyager_gym.errors import InvalidFile, WebVoyagerError

FORMAT = 1
"""Version of the registry file."""

REGISTRY_VARIABLE = "WEBVOYAGER_GYM_REGISTRY"
"""Environment variable that names a registry file to use in place of the package's own."""

MANIFEST_FILE = "manifest.json"
"""Name of the entry that a mirror keeps beside the files."""

MOST_BYTES = 16 * 2**20
"""Longest registry or manifest that is read, in bytes."""

MOST_FILES = 1000
LARGEST_FILE = 2**43
"""Bounds on what an entry may claim: files, and bytes of one file."""

SCHEMES = ("https", "http", "hf", "file", "")
"""How a mirror's address may begin; none for a path."""

_NAME = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}"
_PATH = re.compile(rf"{_NAME}(/{_NAME}){{0,3}}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file of a published dataset.

    Attributes:
        path: relative to the dataset's folder, with `/`.
        size: in bytes.
        sha256: of its content, hexadecimal.

    Raises:
        InvalidFile: the path leads out of the folder, or the size or the checksum is none.
    """

    path: str
    size: int
    sha256: str

    def __post_init__(self) -> None:
        if not _PATH.fullmatch(self.path):
            raise InvalidFile(
                f"{self.path[:80]!r} is no name of a file inside a dataset's folder; do not trust where it comes from."
            )
        if not 0 <= self.size <= LARGEST_FILE:
            raise InvalidFile(f"{self.path} claims {self.size} bytes; a file of a dataset has 0 to {LARGEST_FILE}.")
        if not _SHA256.fullmatch(self.sha256):
            raise InvalidFile(f"{self.path} has the checksum {self.sha256[:80]!r}; write SHA-256 as 64 hex digits.")


@dataclass(frozen=True, slots=True)
class Published:
    """A published dataset.

    Attributes:
        id: `<namespace>/<name>-v<version>`.
        version: the number at the end of the id.
        format_version: version of the layout; see `webvoyager_gym.data.layout.FORMAT_VERSION`.
        episodes, steps: how many it holds.
        licence: SPDX name of the licence it is given under.
        card: path of its card, one of the files.
        files: all its files.
        mirrors: where they lie, in the order to try: `https://…`, `hf://datasets/OWNER/REPO[@REVISION]/FOLDER`,
            `file:///…`, or a path, relative to the registry file.
        parent: id of the version that this one adds a round to; "" for none.
        parent_sha256: SHA-256 of that version's SHA256SUMS; "" for none.

    Raises:
        InvalidFile: it contradicts itself.
    """

    id: str
    version: int
    format_version: int
    episodes: int
    steps: int
    licence: str
    card: str
    files: tuple[PublishedFile, ...]
    mirrors: tuple[str, ...] = ()
    parent: str = ""
    parent_sha256: str = ""

    def __post_init__(self) -> None:
        reason = _contradiction(self)
        if reason:
            raise InvalidFile(f"The entry {self.id[:80]!r} of a dataset registry is wrong: {reason}.")

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)

    def file(self, path: str) -> PublishedFile | None:
        """The file of that path, or None."""
        return next((file for file in self.files if file.path == path), None)


@dataclass(frozen=True, slots=True)
class Registry:
    """Published datasets, and the folder that their relative mirrors start from."""

    entries: tuple[Published, ...] = ()
    folder: Path = Path()

    def find(self, id: str) -> Published | None:
        """The dataset of that id, or None."""
        return next((entry for entry in self.entries if entry.id == id), None)


def registry_path() -> Path:
    """The registry file: the environment variable WEBVOYAGER_GYM_REGISTRY, else the package's."""
    chosen = os.environ.get(REGISTRY_VARIABLE)
    return Path(chosen) if chosen else Path(__file__).with_name("registry.json")


def read_registry(path: Path | None = None) -> Registry:
    """The registry in a file; without one, that of `registry_path()`.

    Raises:
        InvalidFile: it is missing, damaged or of another version.
    """
    path = registry_path() if path is None else path
    document = parse_json(_read(path), str(path))
    if set(document) != {"format", "datasets"} or not isinstance(document["datasets"], list):
        raise InvalidFile(f"{path} is no dataset registry; it must hold `format` and a list `datasets`.")
    if document["format"] != FORMAT:
        raise InvalidFile(
            f"{path} is a registry of version {document['format']!r} and this package reads {FORMAT}; upgrade "
            "webvoyager-gym."
        )
    entries = tuple(entry_of(each, str(path)) for each in document["datasets"])
    if repeated := _first_repeated(entry.id for entry in entries):
        raise InvalidFile(f"{path} has {repeated} more than once; keep one entry a dataset.")
    return Registry(entries, path.absolute().parent)


def with_entry(registry: Registry, entry: Published) -> Registry:
    """The registry with one more dataset, or with more mirrors of one that it has.

    Raises:
        WebVoyagerError: it has a dataset of that id with other files.
    """
    known = registry.find(entry.id)
    if known is not None:
        if set(known.files) != set(entry.files):
            raise WebVoyagerError(
                f"The registry has another {entry.id} already, and datasets never change; raise the version in the id."
            )
        entry = dataclasses.replace(entry, mirrors=tuple(dict.fromkeys((*known.mirrors, *entry.mirrors))))
    others = (each for each in registry.entries if each.id != entry.id)
    return Registry(tuple(sorted((*others, entry), key=lambda each: each.id)), registry.folder)


def write_registry(path: Path, registry: Registry) -> None:
    """Write a registry file, whole or not at all."""
    document = {"format": FORMAT, "datasets": [document_of(entry) for entry in registry.entries]}
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(json.dumps(document, indent=1) + "\n")
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def document_of(entry: Published) -> dict[str, Any]:
    """An entry as JSON."""
    return dataclasses.asdict(entry)


def entry_of(document: Any, where: str) -> Published:
    """An entry from JSON.

    Raises:
        InvalidFile: a field is missing, unknown or of another type, or the entry contradicts itself.
    """
    fields = _fields(document, Published, where)
    fields["files"] = tuple(
        PublishedFile(**_fields(each, PublishedFile, where)) for each in _short(fields["files"], where)
    )
    fields["mirrors"] = tuple(_short(fields["mirrors"], where))
    return Published(**fields)


def parse_json(text: bytes, where: str) -> dict[str, Any]:
    """A JSON object.

    Raises:
        InvalidFile: it is none.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidFile(f"{where} is not JSON; bring it again.") from error
    if not isinstance(document, dict):
        raise InvalidFile(f"{where} should hold a JSON object and holds something else; bring it again.")
    return document


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InvalidFile(
            f"{path} cannot be read as a dataset registry ({error.strerror}); check {REGISTRY_VARIABLE}."
        ) from error
    if len(text) > MOST_BYTES:
        raise InvalidFile(f"{path} is longer than any dataset registry; check {REGISTRY_VARIABLE}.")
    return text


_TYPES: dict[str, type] = {"str": str, "int": int, "tuple[PublishedFile, ...]": list, "tuple[str, ...]": list}


def _fields(document: Any, kind: type, where: str) -> dict[str, Any]:
    """The fields of a dataclass as they stand in JSON, all there and of the right types."""
    if not isinstance(document, dict):
        raise InvalidFile(f"{where} has {str(document)[:40]!r} where a dataset's entry should be.")
    for field in dataclasses.fields(kind):
        expected = _TYPES[str(field.type)]
        if field.name not in document:
            raise InvalidFile(f"{where} has an entry without {field.name!r}.")
        # bool is an int to Python and not to anybody else.
        if type(document[field.name]) is not expected:
            raise InvalidFile(f"{where} has {document[field.name]!r:.40} as {field.name!r}, not {expected.__name__}.")
    if unknown := sorted(set(document) - {field.name for field in dataclasses.fields(kind)}):
        raise InvalidFile(f"{where} has the unknown field {unknown[0][:40]!r}; upgrade webvoyager-gym.")
    return dict(document)


def _short(values: list[Any], where: str) -> list[Any]:
    if len(values) > MOST_FILES:
        raise InvalidFile(f"{where} names {len(values)} files or mirrors of a dataset; it may have {MOST_FILES}.")
    return values


def _contradiction(entry: Published) -> str:
    """What is wrong with an entry; "" if nothing is."""
    paths = [file.path for file in entry.files]
    if not re.fullmatch(ID, entry.id):
        return "its id is not <namespace>/<name>-v<number>"
    if not entry.id.endswith(f"-v{entry.version}"):
        return f"its version is {entry.version}, and its id says otherwise"
    if entry.format_version != FORMAT_VERSION:
        return f"its layout has version {entry.format_version} and this package reads {FORMAT_VERSION}"
    if entry.episodes < 0 or entry.steps < 0:
        return "it has less than no episodes or steps"
    if entry.parent and not re.fullmatch(ID, entry.parent):
        return f"its parent {entry.parent[:80]!r} is no id of a dataset"
    if bool(entry.parent) != bool(_SHA256.fullmatch(entry.parent_sha256)):
        return "it names a parent without its SHA-256, or the other way round"
    if not entry.licence.strip():
        return "it names no licence"
    if twice := _first_repeated(path.lower() for path in paths):
        return f"it has the file {twice} twice"
    if inside := next((path for path in paths if any(other.startswith(f"{path}/") for other in paths)), ""):
        return f"{inside} is both a file and a folder"
    if missing := {CARD_FILE, METADATA_FILE, entry.card}.difference(paths):
        return f"it lacks the file {min(missing)}"
    return next(filter(None, map(_wrong_mirror, entry.mirrors)), "")


def _first_repeated(values: Iterable[str]) -> str:
    return next((value for value, count in Counter(values).items() if count > 1), "")


def _wrong_mirror(address: Any) -> str:
    if not isinstance(address, str) or not address or not address.isprintable():
        return f"{str(address)[:80]!r} is no address of a mirror"
    scheme = urlsplit(address).scheme
    if scheme not in SCHEMES:
        return f"the mirror {address[:80]!r} begins with {scheme}:, and https, http, hf, file and paths are known"
    return ""
