"""One entry through the live path, and whether the label that it ends with is right."""

from __future__ import annotations

import time
import traceback
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from webvoyager_gym.actions import Action
from webvoyager_gym.agents import First
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.play import run_episode
from webvoyager_gym.proofs.live.troubles import BY_NAME, troubled_host
from webvoyager_gym.tasks.webvoyager import WebVoyagerSuite
from webvoyager_gym.tasks.webvoyager.suite import LiveTask
from webvoyager_gym.types import Candidate, Prompt
from webvoyager_gym.vlm import Cost, Proposer, load_proposer

AT = "@"
"""Stands in a task's id before the name of its trouble."""
VERDICTS = ("success", "failure")
UNDECIDED = ("judge", "blocked")
"""Why a judge gives no verdict."""
INFRASTRUCTURE = ("browser", "site", "vlm", "deadline")
EXCEPTION = "exception"


class ReplicaSuite(WebVoyagerSuite):
    """WebVoyager's tasks, and the same in trouble: "Booking--5@captcha"."""

    def task(self, task_id: str) -> LiveTask:
        entry, _, trouble = task_id.partition(AT)
        task = super().task(entry)
        if not trouble:
            return task
        host = troubled_host(task.start_url, BY_NAME[trouble])
        return replace(task, entry=replace(task.entry, id=task_id), start_url=f"https://{host}/")


@dataclass(frozen=True)
class Answering:
    """Proposes what another proposer does, but in an episode's last step an answer: what the page is called."""

    other: Proposer

    @property
    def name(self) -> str:
        return self.other.name

    @property
    def cost(self) -> Cost:
        return self.other.cost

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        """As a `Proposer`."""
        return [
            [Candidate(Action("answer", argument=f"It is on this page: {prompt.view.title}."))]
            if prompt.step >= prompt.max_steps - 1
            else self.other.propose([prompt], n, seed=seed)[0]
            for prompt in prompts
        ]


@dataclass(frozen=True, slots=True)
class Visited:
    """What came of one entry.

    Attributes:
        task: its id, with the trouble that was made behind an "@".
        site, proposer: of it.
        label: a verdict, the part that failed, or "exception".
        reason: what was said of it.
        answer: what was judged.
        urls: of the pages that were seen.
        seconds: wall-clock time, the judge's included.
    """

    task: str
    site: str
    proposer: str
    label: str
    reason: str
    answer: str = ""
    urls: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def trouble(self) -> str:
        """The trouble that was made; "" if none was."""
        return self.task.partition(AT)[2]

    @property
    def broken(self) -> bool:
        """Whether the infrastructure failed by itself."""
        return not self.trouble and self.label in INFRASTRUCTURE


def make_env(suite: ReplicaSuite, proposer: str, steps: int, browser: str) -> BestOfQEnv:
    """The environment as on the live web, with a proposer that answers in the last step."""
    return BestOfQEnv(
        suite=suite,
        proposer=Answering(load_proposer(proposer)),
        embedder=None,
        max_steps=steps,
        browser=browser,
    )


def visit(env: BestOfQEnv, task: LiveTask) -> Visited:
    """Run one entry with the proposer's first choices; that it raises is a finding too."""
    started = time.perf_counter()
    try:
        row = run_episode(env, First(), task)
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__}: {error} ({frame.filename}, line {frame.lineno})"
        return Visited(task.id, task.site, env.proposer.name, EXCEPTION, said)
    label = row.failure or ("success" if row.success else "failure")
    urls = (*(step.url for step in row.trace), row.url)
    seconds = round(time.perf_counter() - started, 2)
    return Visited(task.id, task.site, env.proposer.name, label, row.reason, row.answer, urls, seconds)


def mistake(visited: Visited, hosts: Collection[str]) -> str:
    """One sentence on what is wrong with how an entry ended; "" if nothing is.

    Args:
        hosts: those that are served; nothing else may have been seen.
    """
    if visited.label == EXCEPTION:
        return visited.reason
    if visited.trouble:
        right = BY_NAME[visited.trouble]
        if visited.label != right.label or right.sign not in visited.reason:
            return f"ended as {visited.label} ({visited.reason}); right is {right.label} with {right.sign}"
        return ""
    if visited.broken:
        return ""
    seen = {(parts.scheme, parts.hostname) for parts in map(urlsplit, visited.urls)}
    if strange := [f"{scheme}://{host}" for scheme, host in seen if scheme != "https" or host not in hosts]:
        return f"saw {', '.join(map(str, strange))}"
    if visited.label not in (*VERDICTS, *UNDECIDED):
        return f"ended as {visited.label}, which is no label of the live web ({visited.reason})"
    return "" if visited.answer else f"ended as {visited.label} before it was judged ({visited.reason})"
