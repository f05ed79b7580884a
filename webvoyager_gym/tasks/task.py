"""What a task is. Suites of them are in this folder; an environment needs nothing else of a suite.

A `Task` is a description that can be listed, compared and pickled. `Task.setup` starts one episode of it in a browser
page and gives a `TaskSession`, which knows whether it is done and, where the suite has experts, what to do next.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from webvoyager_gym.actions import Action
from webvoyager_gym.types import Failure, PageView

if TYPE_CHECKING:
    from webvoyager_gym.browser.page import BrowserPage


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found after an action.

    Attributes:
        done: the episode is over.
        success: the task was completed; only meaningful when done.
        failure: the part of the infrastructure that failed, or "".
        reason: one short sentence for people.
        judge: who decided; "check" for a check on server state and answer.
    """

    done: bool = False
    success: bool = False
    failure: Failure = ""
    reason: str = ""
    judge: str = "check"


class NoExpert(Exception):
    """There is no expert for this task, or the task can no longer be completed; the message says which."""


class TaskSession(ABC):
    """One running episode of a task.

    Attributes:
        task: the task; where a page words its goal only once it is open, the goal is known here.
    """

    task: Task

    @abstractmethod
    async def check(self, view: PageView, answer: str | None) -> Outcome:
        """Judge the state after an action. `answer` is the text of an answer action, None for any other action."""

    def best_actions(self, view: PageView) -> tuple[Action, ...]:
        """The expert's next actions from any state, equally good, the plainest first.

        Raises:
            NoExpert: there is no expert, or nothing it could do would complete the task.
        """
        raise NoExpert("This suite has no experts.")

    def notes(self) -> Mapping[str, Any]:
        """What `info` says besides of the last action, or of the first page before there was one."""
        return {}

    async def close(self) -> None:
        """Release what the episode holds on the server. Called once, also after failures."""


class Task(Protocol):
    """A task: a goal on a site. Attributes are plain data; equal tasks have equal ids."""

    @property
    def id(self) -> str: ...
    @property
    def site(self) -> str: ...
    @property
    def split(self) -> str: ...
    @property
    def goal(self) -> str: ...
    @property
    def template(self) -> str: ...

    async def setup(self, page: BrowserPage) -> TaskSession:
        """Open the first page of a new episode.

        Raises:
            InfrastructureFailure: the site could not be reached.
        """
        ...


class TaskSuite(Protocol):
    """A collection of tasks by site and split."""

    @property
    def name(self) -> str: ...
    @property
    def sites(self) -> tuple[str, ...]: ...
    @property
    def splits(self) -> tuple[str, ...]: ...
    @property
    def listed_splits(self) -> tuple[str, ...]:
        """The splits whose tasks are a fixed list, of which `tasks` gives all."""
        ...

    @property
    def resolver_rules(self) -> str | None:
        """Chromium's --host-resolver-rules for this suite; starts what the suite has to serve."""
        ...

    def task(self, task_id: str) -> Task:
        """The task with that id.

        Raises:
            NotFound: there is none; the message lists the nearest.
        """
        ...

    def sample(self, seed: int, site: str | None = None, split: str = "train") -> Task:
        """A task drawn by the seed alone."""
        ...

    def tasks(self, site: str | None = None, split: str = "test", template: str | None = None) -> Sequence[Task]:
        """The listed tasks of a split (a split with unlimited seeds lists its first ones)."""
        ...
