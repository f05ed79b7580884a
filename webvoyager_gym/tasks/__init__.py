"""Tasks and suites of tasks."""

from __future__ import annotations

import re

from webvoyager_gym.errors import not_found
from webvoyager_gym.tasks.drawing import draw_tasks
from webvoyager_gym.tasks.task import NoExpert, Outcome, Task, TaskSession, TaskSuite

SUITES = ("local", "local?look=7", "miniwob", "webvoyager", "webvoyager?tasks=common", "replay:FOLDER")


def load_suite(name: str) -> TaskSuite:
    """The suite of that name.

    "local?look=7" is the local suite with look 7 of every site, whatever the task; the options of "webvoyager" are at
    `webvoyager_gym.tasks.webvoyager.suite.WebVoyagerSuite.named`. "replay:FOLDER" has a task for
    each episode recorded there (`webvoyager_gym.tasks.replay`).

    Raises:
        NotFound: there is none; the message lists the nearest.
        MissingDependency: it needs a package that is not installed; the message holds the command.
    """
    if match := re.fullmatch(r"local(?:\?look=(\d{1,9}))?", name):
        from webvoyager_gym.tasks.local import LocalSuite

        return LocalSuite(look=int(match[1]) if match[1] else None)
    if name == "miniwob":
        from webvoyager_gym.tasks.miniwob import miniwob_suite

        return miniwob_suite()
    if name.partition("?")[0] == "webvoyager":
        from webvoyager_gym.tasks.webvoyager import WebVoyagerSuite

        return WebVoyagerSuite.named(name)
    if name.startswith("replay:"):
        from webvoyager_gym.tasks.replay import ReplaySuite

        return ReplaySuite.named(name)
    raise not_found("suite", name, SUITES)


__all__ = ["SUITES", "NoExpert", "Outcome", "Task", "TaskSession", "TaskSuite", "draw_tasks", "load_suite"]
