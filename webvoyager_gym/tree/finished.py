"""A finished tree: columns in memory maps, one row a state; published, downloaded and verified as datasets are.

Its files are those of a dataset, with `data/tree.h5` in the place of episodes and training view; docs/tree.md has every
field. Rows are in order of the states' keys, so that a state is found by bisection.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.data import Dataset, h5
from webvoyager_gym.data.dataset import TREE_KIND
from webvoyager_gym.data.layout import METADATA_FILE, SHOTS_FILE, TREE_FILE
from webvoyager_gym.data.screenshots import Screenshots
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.tree.facts import KEY
from webvoyager_gym.tree.records import Kind, Record
from webvoyager_gym.tree.settings import Settings

COLUMNS: dict[str, tuple[tuple[str, ...], str]] = {
    "state_key": (("S", "K"), "|u1"),
    "parent": (("S",), "<i8"),
    "page": (("S",), "<i8"),
    "reward": (("S",), "<f4"),
    "terminated": (("S",), "|b1"),
    "failure": (("S",), "|u1"),
    "obs": (("S", "D"), "<f2"),
    "cand": (("C", "D"), "<f2"),
    "cand_ptr": (("S + 1",), "<i8"),
    "text": (("B",), "|u1"),
    "text_ptr": (("S + 1",), "<i8"),
    "page_key": (("P", "K"), "|u1"),
    "page_text": (("G",), "|u1"),
    "page_ptr": (("P + 1",), "<i8"),
    "marks_text": (("M",), "|u1"),
    "marks_ptr": (("P + 1",), "<i8"),
}
"""Shape and dtype of every dataset in `tree.h5`."""


@dataclass(frozen=True, eq=False)
class Keys:
    """Keys in order, to be found by bisection.

    Attributes:
        rows: (n, KEY) uint8.
        heads: (n,) uint64, the first eight bytes of each, ascending.
    """

    rows: NDArray[np.uint8]
    heads: NDArray[np.uint64]

    @classmethod
    def of(cls, rows: NDArray[np.uint8]) -> Keys:
        return cls(rows, np.ascontiguousarray(rows[:, :8]).view(">u8").ravel().astype(np.uint64))

    def find(self, key: str) -> int | None:
        """The row of a key, None if it is not there."""
        wanted = bytes.fromhex(key)
        at = int(np.searchsorted(self.heads, np.uint64(int.from_bytes(wanted[:8]))))
        while at < len(self.rows):
            found = self.rows[at].tobytes()
            if found >= wanted:
                return at if found == wanted else None
            at += 1
        return None

    def __getitem__(self, row: int) -> str:
        return self.rows[row].tobytes().hex()

    @property
    def in_order(self) -> bool:
        """Whether they ascend and none comes twice."""
        words = np.ascontiguousarray(self.rows).view(">u8").reshape(-1, 2)
        first, second = words[:-1], words[1:]
        rises = (first[:, 0] < second[:, 0]) | ((first[:, 0] == second[:, 0]) & (first[:, 1] < second[:, 1]))
        return bool(rises.all())


class FinishedTree:
    """The records of a finished tree, mapped into memory, read-only.

    Args:
        folder: holds `data/metadata.json` and the files beside it.

    Raises:
        InvalidFile: it is damaged, foreign, or a dataset of episodes.
    """

    def __init__(self, folder: Path) -> None:
        dataset = Dataset(folder)
        ours = dataset.metadata["webvoyager_gym"]
        if dataset.kind != TREE_KIND:
            raise InvalidFile(f"{folder} holds episodes and no transition tree; open it with load_dataset.")
        self.folder, self.id, self.metadata = folder, dataset.id, dataset.metadata
        self.settings = Settings.read(ours.get("settings"), str(folder / METADATA_FILE))
        path = folder / TREE_FILE
        with h5.reading(path) as file:
            self._check_size(file, path)
            columns = {name: h5.memory_map(file, name, len(form), dtype) for name, (form, dtype) in COLUMNS.items()}
        reason = contradiction(columns, self.settings)
        if reason:
            raise InvalidFile(f"{path} contradicts itself: {reason}; bring the tree again.")
        self.columns: Mapping[str, NDArray[Any]] = columns
        self._states, self._pages = Keys.of(columns["state_key"]), Keys.of(columns["page_key"])
        self._shots = Screenshots.open(folder / SHOTS_FILE) if (folder / SHOTS_FILE).is_file() else None
        if self._shots is not None and len(self._shots) != len(self._pages.rows):
            raise InvalidFile(f"{folder / SHOTS_FILE} has pictures of other pages than {path}; bring the tree again.")

    def __len__(self) -> int:
        """Number of states."""
        return len(self._states.rows)

    def read(self, kind: Kind, key: str) -> Record | None:
        """The record, or None if there is none. Raises InvalidFile."""
        row = (self._states if kind in ("state", "said", "advice") else self._pages).find(key)
        if row is None:
            return None
        if kind == "page":
            return Record(self._words("page", row))
        if kind == "marks":
            return Record(self._words("marks", row))
        if kind == "shot":
            return None if self._shots is None else Record(numbers=self._shots[row])
        words = self._words("text", row).get(kind)
        if words is None:
            return None
        if kind == "said":
            return Record(words, self._vectors(row))
        if kind == "state":
            parent = int(self.columns["parent"][row])
            places = {"page": self._pages[int(self.columns["page"][row])]}
            return Record(words | places | {"parent": self._states[parent] if parent >= 0 else ""})
        return Record(words)

    def row(self, key: str) -> int | None:
        """The row of a state, None if it is not there."""
        return self._states.find(key)

    def has(self, kind: Kind, key: str) -> bool:
        """Whether there is such a record."""
        return self._states.find(key) is not None if kind == "state" else self.read(kind, key) is not None

    def states(self) -> Iterator[str]:
        """The keys of all states."""
        return (self._states[row] for row in range(len(self)))

    def firsts(self) -> Iterator[str]:
        """The keys of the first states of tasks."""
        return (self._states[row] for row in np.flatnonzero(self.columns["parent"] < 0).tolist())

    def _vectors(self, row: int) -> bytes:
        """The embeddings of a state and its candidates, as `Said.numbers` has them."""
        if not self.settings.width:
            return b""
        candidates = slice(*self.columns["cand_ptr"][row : row + 2].tolist())
        return self.columns["obs"][row].tobytes() + self.columns["cand"][candidates].tobytes()

    def _words(self, column: str, row: int) -> dict[str, Any]:
        start, end = self.columns[f"{column}_ptr"][row : row + 2].tolist()
        texts = self.columns["text" if column == "text" else f"{column}_text"]
        try:
            words = json.loads(texts[start:end].tobytes())
        except (ValueError, RecursionError) as error:
            raise InvalidFile(
                f"{self.folder / TREE_FILE} has a damaged text in row {row}; bring the tree again."
            ) from error
        if not isinstance(words, dict):
            raise InvalidFile(f"{self.folder / TREE_FILE} has no object in row {row}; bring the tree again.")
        return words

    def _check_size(self, file: h5py.File, path: Path) -> None:
        if unknown := sorted(set(file) - set(COLUMNS)):
            raise InvalidFile(f"{path} has the unknown column {unknown[0][:40]!r}; upgrade webvoyager-gym.")


def contradiction(columns: Mapping[str, NDArray[Any]], settings: Settings) -> str:
    """Why the columns cannot belong together; "" if they do."""
    states, pages = len(columns["state_key"]), len(columns["page_key"])
    lengths = {"S": states, "S + 1": states + 1, "P": pages, "P + 1": pages + 1, "K": KEY, "D": settings.width}
    for name, (form, _) in COLUMNS.items():
        for size, letter in zip(columns[name].shape, form, strict=True):
            if letter in lengths and size != lengths[letter]:
                return f"{name} has {size} entries where {lengths[letter]} belong"
    for name, end in (
        ("cand_ptr", len(columns["cand"])),
        ("text_ptr", len(columns["text"])),
        ("page_ptr", len(columns["page_text"])),
        ("marks_ptr", len(columns["marks_text"])),
    ):
        pointers = columns[name]
        if pointers[0] != 0 or pointers[-1] != end or np.any(np.diff(pointers) < 0):
            return f"{name} does not divide what it points into"
    if not (Keys.of(columns["state_key"]).in_order and Keys.of(columns["page_key"]).in_order):
        return "its keys are not in order"
    if np.any((columns["parent"] < -1) | (columns["parent"] >= states)):
        return "a parent is no state"
    if np.any((columns["page"] < 0) | (columns["page"] >= pages)):
        return "a state has no page"
    if columns["terminated"].view(np.uint8).max(initial=0) > 1:
        return "terminated holds values other than false and true"
    return ""
