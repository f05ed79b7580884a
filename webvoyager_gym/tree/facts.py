"""What a transition tree knows: states and how they were come to, pages, proposals, and what the expert would do.

A state is a task and the actions taken so far, in this order: history and step number are part of every prompt, so two
ways to the same page are two states. Each state but the first of its task has one edge that leads to it, from its
parent by an action; what came of that action is kept with the state.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.actions import parse
from webvoyager_gym.episode import Move, Played
from webvoyager_gym.tasks import Outcome
from webvoyager_gym.types import Candidate, Mark, PageView

KEY = 16
"""Bytes of a key; written as twice as many hexadecimal digits."""


def first_key(task_id: str) -> str:
    """Key of the first state of a task."""
    return _digest("task", task_id)


def next_key(parent: str, text: str, error: str = "") -> str:
    """Key of the state that an action leads to. What cannot be read is told apart by why, which the prompt shows."""
    return _digest(parent, text, error)


def page_key(view: PageView) -> str:
    """Key of a page: of its picture to the byte, its marks and its texts."""
    seen = [view.outline, view.url, view.title, view.scroll, view.screenshot.shape]
    marks = [_mark_row(mark) for mark in (*view.marks, *view.offscreen)]
    digest = hashlib.sha256(json.dumps([seen, marks, len(view.marks)]).encode())
    digest.update(np.ascontiguousarray(view.screenshot).data)
    return digest.hexdigest()[: 2 * KEY]


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[: 2 * KEY]


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task as far as a tree has to know it. Attributes as of `webvoyager_gym.tasks.Task`."""

    id: str
    site: str
    split: str
    goal: str
    template: str


@dataclass(frozen=True, slots=True)
class State:
    """A state and the step that led to it.

    Attributes:
        key: of the state.
        page: key of its page.
        parent: key of the state before; "" for the first state of a task.
        move: the action as it was given there, its words for the history, and why it could not be read; None first.
        played: what came of it: the task's verdict, and why the action could not be carried out.
        task: of a first state its task.
    """

    key: str
    page: str
    parent: str = ""
    move: Move | None = None
    played: Played | None = None
    task: TaskFacts | None = None

    @property
    def reward(self) -> float:
        """Of the step: 1 if it completed the task."""
        outcome = self.played.outcome if self.played is not None else Outcome()
        return float(outcome.done and outcome.success and not outcome.failure)

    @property
    def terminated(self) -> bool:
        """Whether the step ended the episode, for whatever reason but the number of steps."""
        return self.played is not None and self.played.outcome.done and not self.played.outcome.failure

    def document(self) -> dict[str, Any]:
        """As JSON."""
        given: dict[str, Any] = {"page": self.page, "parent": self.parent}
        if self.task is not None:
            given["task"] = asdict(self.task)
        if self.move is not None and self.played is not None:
            given["move"] = [self.move.text, self.move.words, self.move.error]
            given["error"], given["outcome"] = self.played.error, asdict(self.played.outcome)
        return given

    @classmethod
    def read(cls, key: str, document: dict[str, Any]) -> State:
        """From JSON. Raises KeyError, TypeError or ValueError if it is none."""
        move = played = task = None
        if "task" in document:
            task = TaskFacts(**document["task"])
        else:
            text, words, error = document["move"]
            move = Move(text, None if error else parse(text), words, error)
            played = Played(Outcome(**document["outcome"]), document["error"])
        return cls(key, document["page"], document["parent"], move, played, task)


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What the models say of a state.

    Attributes:
        candidates: the most likely first.
        state_embedding: (D,) float16; None without an embedder.
        candidate_embeddings: (N, D) float16; None without an embedder.
        cost: tokens and passes that it took, as `webvoyager_gym.vlm.Cost.take` names them, without the seconds.
    """

    candidates: tuple[Candidate, ...]
    state_embedding: NDArray[np.float16] | None = None
    candidate_embeddings: NDArray[np.float16] | None = None
    cost: dict[str, float] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """As JSON, without the embeddings."""
        return {"candidates": [(c.text, c.log_prob, c.thought) for c in self.candidates], "cost": dict(self.cost)}

    def numbers(self) -> bytes:
        """The embeddings, the state's first, as little-endian half precision; empty without an embedder."""
        if self.state_embedding is None or self.candidate_embeddings is None:
            return b""
        return np.concatenate([self.state_embedding[None], self.candidate_embeddings]).astype("<f2").tobytes()

    @classmethod
    def read(cls, document: dict[str, Any], numbers: bytes) -> Said:
        """From JSON and the embeddings. Raises KeyError, TypeError or ValueError if they are none."""
        candidates = tuple(Candidate(parse(text), lp, thought) for text, lp, thought in document["candidates"])
        state = actions = None
        if numbers:
            rows = np.frombuffer(numbers, "<f2").reshape(1 + len(candidates), -1).astype(np.float16)
            state, actions = rows[0], rows[1:]
        return cls(candidates, state, actions, dict(document["cost"]))


@dataclass(frozen=True, slots=True)
class Advice:
    """What the expert would do in a state.

    Attributes:
        actions: as texts, equally good, the plainest first.
        refusal: why there are none; "" if there are.
    """

    actions: tuple[str, ...] = ()
    refusal: str = ""


def page_document(view: PageView) -> dict[str, Any]:
    """A page's texts as JSON."""
    return {"url": view.url, "title": view.title, "outline": view.outline, "scroll": view.scroll}


def marks_document(view: PageView) -> dict[str, Any]:
    """A page's elements as JSON."""
    rows = {"marks": view.marks, "offscreen": view.offscreen}
    return {name: [_mark_row(mark) for mark in marks] for name, marks in rows.items()}


def read_marks(rows: list[Any]) -> tuple[Mark, ...]:
    """Elements from JSON. Raises TypeError or ValueError if they are none."""
    return tuple(
        Mark(index, role, name, tuple(box), value, tuple(options), checked, href, key, more)
        for index, role, name, box, value, options, checked, href, key, more in rows
    )


def _mark_row(mark: Mark) -> list[Any]:
    return [
        *(mark.index, mark.role, mark.name, list(mark.box), mark.value),
        *(list(mark.options), mark.checked, mark.href, mark.key, mark.more_options),
    ]
