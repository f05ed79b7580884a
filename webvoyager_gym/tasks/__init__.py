"""Tasks and suites of tasks."""

from __future__ import annotations

from webvoyager_gym.errors import not_found
from webvoyager_gym.tasks.task import NoExpert, Outcome, Task, TaskSession, TaskSuite

SUITES = ("local",)


def load_suite(name: str) -> TaskSuite:
    """The suite of that name.

    Raises:
        NotFound: there is none; the message lists the nearest.
    """
    if name == "local":
        from webvoyager_gym.tasks.local import LocalSuite

        return LocalSuite()
    raise not_found("suite", name, SUITES)


__all__ = ["SUITES", "NoExpert", "Outcome", "Task", "TaskSession", "TaskSuite", "load_suite"]
