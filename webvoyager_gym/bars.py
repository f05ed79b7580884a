"""Progress bars on a terminal, and now and then a line of text where there is none, such as in a log file."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Column
from rich.text import Text

QUIET = 15.0
"""Seconds between two lines where there is no terminal."""


class Count(MofNCompleteColumn):
    """How many of how many, or the task's own `count` where that says more."""

    def render(self, task: Task) -> Text:
        return Text(str(task.fields["count"])) if "count" in task.fields else super().render(task)


class Bars(Progress):
    """Progress on stderr with the time taken and the time to go."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        if not console.is_terminal:
            # A file has no width; there, nothing need be cut.
            console.width = 160
        self._count = Count(table_column=Column(no_wrap=True))
        # What is left beside a count of up to thirty characters, a bar and two times.
        widest = max(16, console.width - 64)
        column = Column(no_wrap=True, overflow="ellipsis", max_width=widest)
        description = TextColumn("{task.description}", markup=False, table_column=column)
        times = TimeElapsedColumn(), TimeRemainingColumn(compact=True)
        super().__init__(description, BarColumn(bar_width=14), self._count, *times, console=console)
        self._said = time.monotonic()

    def update(self, task_id: TaskID, **changes: Any) -> None:
        """Change a task; see `rich.progress.Progress.update`."""
        super().update(task_id, **changes)
        if self.console.is_terminal or time.monotonic() - self._said < QUIET:
            return
        self._said = time.monotonic()
        task = next(task for task in self.tasks if task.id == task_id)
        left = "" if task.time_remaining is None else f", about {task.time_remaining:.0f} s to go"
        text = f"{task.description}: {task.percentage:.0f} %, {self._count.render(task)}{left}"
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)
