"""Merging what was walked into a finished tree: the shards of all workers, and the finished tree they grew from."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.data import checksums
from webvoyager_gym.data.dataset import ID, TREE_KIND
from webvoyager_gym.data.layout import CARD_FILE, FORMAT_VERSION, METADATA_FILE, SHOTS_FILE, TREE_FILE
from webvoyager_gym.data.provenance import commit, versions
from webvoyager_gym.data.room import NO_ROOM, RoomFile, not_written, writing
from webvoyager_gym.data.vectors import FAILURES
from webvoyager_gym.errors import NotFound, WebVoyagerError
from webvoyager_gym.tree.card import write_card
from webvoyager_gym.tree.facts import KEY, Said, State
from webvoyager_gym.tree.finished import COLUMNS, FinishedTree
from webvoyager_gym.tree.records import Kind
from webvoyager_gym.tree.settings import Settings
from webvoyager_gym.tree.tree import TransitionTree

VERSION = ("v110", "v110")
"""Of HDF5's file format, the oldest and newest allowed."""
ALIGNED = {"alignment_threshold": 1, "alignment_interval": 64}
"""Columns begin at multiples of 64 bytes, for those who map them into memory."""

BLOCK = 4 * 2**20
"""Bytes of a column that are written at once."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is merged, in the order of the rows.

    Attributes:
        states: those whose way from the first state of their task is known.
        pages: keys of their pages.
    """

    states: Sequence[State]
    pages: Sequence[str]


def merge(tree: TransitionTree, folder: str | os.PathLike[str], *, id: str) -> FinishedTree:
    """Make a finished tree of all that is known in a tree, which is left as it is.

    It appears in its place whole or not at all; the same records give the same bytes but for the versions in its
    metadata. For `TransitionTree(id)` to find it, `folder` must be the datasets folder followed by the id.

    Raises:
        NotFound: nothing was walked.
        WebVoyagerError: there is something at that place already.
        NotWritten: there was no room, and nothing is left of what was begun.
        ValueError: the id is none.
    """
    if not re.fullmatch(ID, id):
        raise ValueError(f"{id!r} is no id; write <namespace>/<name>-v<number>, for example local/tree-v0.")
    settings, plan = tree.settings, _plan(tree)
    if settings is None or not plan.states:
        raise NotFound(f"Nothing was walked in {tree.name}; grow it with `webvoyager-gym evaluate --tree {tree.name}`.")
    with _appearing(Path(folder)) as building:
        _write_columns(building / TREE_FILE, tree, plan, settings)
        _write_shots(building / SHOTS_FILE, tree, plan.pages)
        described = _metadata(id, plan, settings)
        (building / METADATA_FILE).write_text(json.dumps(described, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        (building / CARD_FILE).write_text(write_card(id, plan.states, settings, described), encoding="utf-8")
    return FinishedTree(Path(folder))


@contextmanager
def _appearing(target: Path) -> Iterator[Path]:
    """A folder to fill, which is then checksummed, put on the disk, and renamed to its place."""
    if target.exists():
        raise WebVoyagerError(f"{target} exists, and trees never change; raise the version in the id, or remove it.")
    target.parent.mkdir(parents=True, exist_ok=True)
    building = target.parent / f".{target.name}.building-{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    try:
        (building / "data").mkdir(parents=True)
        yield building
        names = [path.relative_to(building).as_posix() for path in building.rglob("*") if path.is_file()]
        checksums.write(building, names)
        for name in (*names, checksums.FILE):
            with (building / name).open("rb") as file:
                os.fsync(file.fileno())
        building.rename(target)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise not_written(target, error) from error
        raise
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _plan(tree: TransitionTree) -> _Plan:
    """The states that can be come to from their task's first one, and whose pages are known."""
    states = {state.key: state for state in tree.states() if tree.view(state) is not None}
    reached: dict[str, bool] = {}

    def known(key: str) -> bool:
        way = []
        while key in states and key not in reached:
            way.append(key)
            if states[key].task is not None:
                reached[key] = True
                break
            key = states[key].parent
        found = reached.get(key, False)
        reached.update(dict.fromkeys(way, found))
        return found

    kept = [states[key] for key in sorted(states) if known(key)]
    return _Plan(kept, sorted({state.page for state in kept}))


def _write_columns(path: Path, tree: TransitionTree, plan: _Plan, settings: Settings) -> None:
    rows = {state.key: row for row, state in enumerate(plan.states)}
    pages = {key: row for row, key in enumerate(plan.pages)}
    said = [tree.said(state.key) for state in plan.states]
    failures = [state.played.outcome.failure if state.played is not None else "" for state in plan.states]
    columns: dict[str, Any] = {
        "state_key": _keys(rows),
        "parent": [rows.get(state.parent, -1) for state in plan.states],
        "page": [pages[state.page] for state in plan.states],
        "reward": [state.reward for state in plan.states],
        "terminated": [state.terminated for state in plan.states],
        "failure": [FAILURES.index(failure) for failure in failures],
        "obs": _states(said, settings.width),
        "cand": _candidates(said, settings.width),
        "cand_ptr": _pointers([len(each.candidates) if each is not None else 0 for each in said]),
        "page_key": _keys(pages),
    }
    with writing(path, libver=VERSION, **ALIGNED) as (file, room):
        for name, values in columns.items():
            file.create_dataset(name, data=np.asarray(values, COLUMNS[name][1]))
        stretches: dict[str, tuple[int, Callable[[int], bytes]]] = {
            "text": (len(plan.states), lambda row: _text(tree, plan.states[row])),
            "page_text": (len(plan.pages), lambda row: _words(tree, "page", plan.pages[row])),
            "marks_text": (len(plan.pages), lambda row: _words(tree, "marks", plan.pages[row])),
        }
        for name, (count, content) in stretches.items():
            pointers = _write_stretches(file, name, count, content, room)
            file.create_dataset(f"{name.removesuffix('_text')}_ptr", data=pointers)


def _write_shots(path: Path, tree: TransitionTree, pages: Sequence[str]) -> None:
    def shot(row: int) -> bytes:
        record = tree.read("shot", pages[row])
        return b"" if record is None else record.numbers

    with writing(path, libver=VERSION, **ALIGNED) as (file, room):
        file.create_dataset("ptr", data=_write_stretches(file, "data", len(pages), shot, room))


def _write_stretches(
    file: h5py.File, name: str, count: int, content: Callable[[int], bytes], room: RoomFile
) -> NDArray[np.int64]:
    """Bytes end to end, one stretch at a time: together they may be larger than memory. Gives where each begins."""
    pointers = _pointers(len(content(row)) for row in range(count))
    column = file.create_dataset(name, (int(pointers[-1]),), "|u1")
    held, start = bytearray(), 0
    for row in range(count):
        held += content(row)
        # Small writes are what takes the time.
        if held and (len(held) >= BLOCK or row == count - 1):
            column[start : start + len(held)] = np.frombuffer(held, "|u1")
            held, start = bytearray(), start + len(held)
            room.check()
    return pointers


def _text(tree: TransitionTree, state: State) -> bytes:
    """What is known of a state beside numbers and pages; parent and page are columns."""
    words = {"state": {key: value for key, value in state.document().items() if key not in ("parent", "page")}}
    others: tuple[Kind, ...] = ("said", "advice")
    for kind in others:
        if (record := tree.read(kind, state.key)) is not None:
            words[kind] = record.words
    return _json(words)


def _words(tree: TransitionTree, kind: Kind, page: str) -> bytes:
    record = tree.read(kind, page)
    return _json({} if record is None else record.words)


def _json(words: dict[str, Any]) -> bytes:
    return json.dumps(words, separators=(",", ":"), sort_keys=True).encode()


def _keys(keys: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(map(bytes.fromhex, keys)), np.uint8).reshape(-1, KEY)


def _pointers(lengths: Iterable[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(list(lengths), dtype="<i8")]).astype("<i8")


def _states(said: Sequence[Said | None], width: int) -> NDArray[np.float16]:
    """(S, D): the states' embeddings, nan where the models were not asked."""
    rows = np.full((len(said), width), np.nan, np.float16)
    for row, each in enumerate(said):
        if each is not None and each.state_embedding is not None:
            rows[row] = each.state_embedding
    return rows


def _candidates(said: Sequence[Said | None], width: int) -> NDArray[np.float16]:
    """(C, D): the candidates' embeddings, state by state."""
    given = [each.candidate_embeddings for each in said if each is not None and each.candidate_embeddings is not None]
    count = sum(len(each.candidates) for each in said if each is not None)
    return np.concatenate(given) if given else np.zeros((count, width), np.float16)


def _metadata(id: str, plan: _Plan, settings: Settings) -> dict[str, Any]:
    """As of a dataset, so that it is listed, published and brought as one: a task counts as an episode."""
    firsts = sum(state.task is not None for state in plan.states)
    return {
        "dataset_id": id,
        "data_format": "hdf5",
        "total_episodes": firsts,
        "total_steps": len(plan.states) - firsts,
        "webvoyager_gym": {
            "kind": TREE_KIND,
            "lineage": [],
            "format_version": FORMAT_VERSION,
            "settings": settings.document(),
            "states": len(plan.states),
            "pages": len(plan.pages),
            "commit": commit(),
            "packages": versions(),
        },
    }
