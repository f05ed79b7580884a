"""The frozen test split of the local suite: the same tasks for everyone, listed in a file with a checksum.

`python -m webvoyager_gym.tasks.freeze` makes the file; it is not made again once results refer to it.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Literal

from webvoyager_gym.errors import WebVoyagerError

FILE = "local_test.json"

COUNTS = {
    "recipes": 45,
    "shop": 41,
    "devices": 43,
    "papers": 43,
    "news": 42,
    "hotels": 44,
    "dictionary": 43,
    "courses": 42,
    "sports": 44,
    "code": 41,
    "flights": 42,
    "maps": 41,
    "search": 43,
    "models": 43,
    "calculator": 46,
}
"""Test tasks of each site: as many as WebVoyager has of its counterpart, 643 in all."""

Difficulty = Literal["easy", "medium", "hard"]
EASY_STEPS, HARD_STEPS = 3, 7
"""A task of at most so many steps may be easy; one of at least so many is hard."""
EASY_LOOK_ALIKES, HARD_LOOK_ALIKES = 4, 16
"""Likewise its look-alikes."""


@dataclass(frozen=True, slots=True)
class FrozenTask:
    """One entry of the list.

    Attributes:
        id: of the task.
        steps: actions that the expert needs from the start.
        look_alikes: elements along the expert's way that share as many of the goal's words as the one it acts on.
        feasible: False if the right answer is that it cannot be done.
        content: digest of what is asked and what is right, so that neither can change unnoticed.
    """

    id: str
    steps: int
    look_alikes: int
    feasible: bool
    content: str

    @property
    def difficulty(self) -> Difficulty:
        """By what the expert has to do and what it could mistake for it."""
        if self.steps >= HARD_STEPS or self.look_alikes >= HARD_LOOK_ALIKES:
            return "hard"
        return "easy" if self.steps <= EASY_STEPS and self.look_alikes <= EASY_LOOK_ALIKES else "medium"


def checksum(tasks: Sequence[FrozenTask]) -> str:
    """SHA-256 of the list, whatever the file's layout."""
    plain = json.dumps([asdict(task) for task in tasks], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def as_text(tasks: Sequence[FrozenTask]) -> str:
    """The file's text, a line a task."""
    lines = ",\n".join("    " + json.dumps(asdict(task)) for task in tasks)
    return f'{{\n  "sha256": "{checksum(tasks)}",\n  "tasks": [\n{lines}\n  ]\n}}\n'


def read(text: str) -> tuple[FrozenTask, ...]:
    """The tasks of a file's text.

    Raises:
        WebVoyagerError: it is not what it says it is.
    """
    try:
        parsed = json.loads(text)
        tasks = tuple(FrozenTask(**entry) for entry in parsed["tasks"])
        stated = parsed["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise WebVoyagerError(f"The list of test tasks cannot be read ({error}); install the package again.") from error
    if checksum(tasks) != stated:
        raise WebVoyagerError(
            f"The list of test tasks was changed: its checksum is {checksum(tasks)[:12]}…, not {stated[:12]}… as it "
            "says. Results on another list do not compare; install the package again."
        )
    return tasks


@functools.cache
def frozen_tasks() -> tuple[FrozenTask, ...]:
    """The test split. Raises WebVoyagerError if the list was changed."""
    return read(resources.files(__package__).joinpath(FILE).read_text(encoding="utf-8"))


@functools.cache
def frozen_task(task_id: str) -> FrozenTask | None:
    """The entry of a task; None if it is not on the list."""
    return next((task for task in frozen_tasks() if task.id == task_id), None)
