"""A transition tree as rollouts see it: what is known of states, finished part and growing part together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from webvoyager_gym.collect import webp
from webvoyager_gym.data.dataset import ID, datasets_folder, growth_folder
from webvoyager_gym.data.layout import METADATA_FILE
from webvoyager_gym.errors import InvalidFile, NotFound
from webvoyager_gym.tree.facts import (
    Advice,
    Said,
    State,
    TaskFacts,
    first_key,
    marks_document,
    page_document,
)
from webvoyager_gym.tree.finished import FinishedTree
from webvoyager_gym.tree.records import Kind, Record, Source
from webvoyager_gym.tree.settings import Settings, check_agreement, read_settings, write_settings
from webvoyager_gym.tree.shards import Shards
from webvoyager_gym.tree.view import StoredView
from webvoyager_gym.types import PageView

T = TypeVar("T")


class TransitionTree:
    """Everything seen of some tasks. Several processes may walk and grow the same tree at the same time.

    A finished tree never changes: what is seen beyond it goes to a hidden folder beside it, is found there the next
    time, and becomes part of the next version by `webvoyager_gym.tree.merge`.

    Args:
        where: id or folder of a finished tree, or the folder of a growing one, which need not be there.
        download: bring a published tree that is not on this machine.

    Attributes:
        finished: the finished part, None if there is none.
        name: the id, or the folder.

    Raises:
        InvalidFile: it is damaged, or no tree.
        NotFound: the id is of no tree here, nor of a published one.
    """

    def __init__(self, where: str | Path, *, download: bool = True) -> None:
        folder = _finished_folder(str(where), download)
        self.finished = FinishedTree(folder) if folder is not None else None
        self.folder = growth_folder(folder) if folder is not None else Path(where)
        self.name = self.finished.id if self.finished is not None else str(where)
        self._settings = self.finished.settings if self.finished is not None else read_settings(self.folder)
        self._shards = Shards(self.folder)
        self._sources: tuple[Source, ...] = (*([self.finished] if self.finished is not None else ()), self._shards)

    @property
    def settings(self) -> Settings | None:
        """What it was walked with; None if nobody has begun it."""
        return self._settings

    def begin(self, settings: Settings) -> Settings:
        """Walk the tree with these settings, which a tree that is begun has to agree with; gives the tree's.

        Raises:
            WebVoyagerError: they differ.
        """
        if self._settings is None:
            self._settings = write_settings(self.folder, settings)
        check_agreement(self._settings, settings, self.name)
        return self._settings

    # What is known.

    def state(self, key: str) -> State | None:
        """A state, None if nobody has been there."""
        record = self.read("state", key)
        return None if record is None else _checked(self.name, lambda: State.read(key, record.words))

    def first(self, task_id: str) -> State | None:
        """The first state of a task."""
        return self.state(first_key(task_id))

    def view(self, state: State) -> PageView | None:
        """A state's page; None if its record was damaged."""
        record = self.read("page", state.page)
        if record is None:
            return None
        return _checked(self.name, lambda: StoredView(record, lambda kind: self.read(kind, state.page)))

    def said(self, key: str) -> Said | None:
        """What the models say of a state, None if they were not asked."""
        record = self.read("said", key)
        return None if record is None else _checked(self.name, lambda: Said.read(record.words, record.numbers))

    def advice(self, key: str) -> Advice | None:
        """What the expert would do in a state, None if it was not asked."""
        record = self.read("advice", key)
        if record is None:
            return None
        return _checked(self.name, lambda: Advice(tuple(record.words["actions"]), record.words["refusal"]))

    def states(self) -> Iterator[State]:
        """All states."""
        seen = set()
        for source in self._sources:
            for key in source.states():
                if key not in seen and (state := self.state(key)) is not None:
                    yield state
                seen.add(key)

    def tasks(self) -> tuple[TaskFacts, ...]:
        """The tasks whose first state is known, by id."""
        keys = dict.fromkeys(key for source in self._sources for key in source.firsts())
        firsts = (state for key in keys if (state := self.state(key)) is not None)
        return tuple(sorted((state.task for state in firsts if state.task is not None), key=lambda task: task.id))

    def knows(self, key: str) -> bool:
        """Whether somebody has been in that state."""
        return any(source.has("state", key) for source in self._sources)

    def read(self, kind: Kind, key: str) -> Record | None:
        """A record as it lies in the files, None if there is none. Raises InvalidFile."""
        return next((found for source in self._sources if (found := source.read(kind, key)) is not None), None)

    # What is added. What was kept first stays.

    def keep_state(self, state: State, view: PageView) -> None:
        """Keep a state and its page."""
        if self.read("page", state.page) is None:
            self._shards.keep("page", state.page, Record(page_document(view)))
            self._shards.keep("marks", state.page, Record(marks_document(view)))
            self._shards.keep("shot", state.page, Record(numbers=webp(view.screenshot)))
        self._keep("state", state.key, Record(state.document()))

    def keep_said(self, key: str, said: Said) -> None:
        """Keep what the models say of a state."""
        self._keep("said", key, Record(said.document(), said.numbers()))

    def keep_advice(self, key: str, advice: Advice) -> None:
        """Keep what the expert would do in a state."""
        self._keep("advice", key, Record(asdict(advice)))

    def flush(self) -> None:
        """Put on the disk what was kept. Raises NotWritten."""
        self._shards.flush()

    def refresh(self) -> None:
        """Take notice of what other processes have kept."""
        self._shards.refresh()

    def close(self) -> None:
        """Let go of the files, what was kept being on the disk."""
        self._shards.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _keep(self, kind: Kind, key: str, record: Record) -> None:
        if not any(source.has(kind, key) for source in self._sources):
            self._shards.keep(kind, key, record)


def _finished_folder(where: str, download: bool) -> Path | None:
    """The folder of a finished tree; None if a growing one is meant."""
    if (Path(where) / METADATA_FILE).is_file():
        return Path(where)
    if not re.fullmatch(ID, where) or Path(where).is_dir():
        return None
    if (datasets_folder() / where / METADATA_FILE).is_file():
        return datasets_folder() / where
    from webvoyager_gym.data.registry import read_registry

    if not download or read_registry().find(where) is None:
        raise NotFound(
            f"There is no tree {where!r} on this machine; bring it with `webvoyager-gym datasets download {where}`, or "
            f"write ./{where} if you mean a folder that a tree is to grow in."
        )
    from webvoyager_gym.data.download import download as bring

    return bring(where).folder


def _checked(name: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidFile(f"The tree {name} is damaged ({type(error).__name__}: {error}); bring it again.") from error
