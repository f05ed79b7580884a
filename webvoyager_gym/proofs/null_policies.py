"""What agents that do nothing sensible reach on the local suite: a task they complete measures nothing.

    python -m webvoyager_gym.proofs.null_policies

One policy answers at once, with each of a few answers that mean nothing; the other clicks at random until the steps
run out. A template counts as completed if one answer completes more than a quarter of its tasks, or random clicks any.
Prints how often each template is completed, and the share of those that are; exit status 1 if it is above the limit.
"""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import typer

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.proofs.running import SitesOption, WorkersOption, checked, default_workers, in_browsers
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.sites.kit.world import generator
from webvoyager_gym.tasks.local import TASKS_PER_WORLD, LocalTask, open_session

EMPTY_ANSWERS = ("", "done", "I do not know", "yes", "0", "1")
LIMIT = 0.02
"""Largest share of templates that may be completed."""
LUCKY = 0.25
"""Share of a template's tasks that one and the same answer may complete."""
MOST_STEPS = 15


def completing_answers(task: LocalTask) -> list[str]:
    """The empty answers that complete the task."""
    session = open_session(task)
    try:
        return [answer for answer in EMPTY_ANSWERS if session.judge(answer).success]
    finally:
        session.forget()


def clicked_at_random(env: WebVoyagerEnv, task: LocalTask, random: np.random.Generator) -> bool:
    """Whether random clicks complete the task."""
    _, info = env.reset(options={"task_id": task.id})
    checked(info)
    over = False
    while not over:
        marks = env.view.marks
        action = f"click [{marks[int(random.integers(len(marks)))].index}]" if marks else "back"
        _, _, terminated, truncated, info = env.step(action)
        checked(info)
        over = terminated or truncated
    return bool(info["success"])


@dataclass(frozen=True, slots=True)
class Attempt:
    """How often null policies completed tasks of one template.

    Attributes:
        answer: the empty answer that completes most.
        answers: how many tasks it completes.
        clicks: how many tasks random clicks complete.
    """

    template: str
    answer: str
    answers: int
    clicks: int


def attempt(env: WebVoyagerEnv, template: tuple[str, str], *, split: str, tasks: int, walks: int) -> Attempt:
    """Try a template: `tasks` tasks by answering at once, `walks` of them by clicking at random."""
    drawn = [LocalTask(*template, split, TASKS_PER_WORLD * number + number) for number in range(tasks)]
    answers = Counter(answer for task in drawn for answer in completing_answers(task))
    (answer, count), *_ = [*answers.most_common(1), ("", 0)]
    random = generator("null policies", *template)
    return Attempt(
        "/".join(template), answer, count, sum(clicked_at_random(env, task, random) for task in drawn[:walks])
    )


def main(
    tasks: Annotated[int, typer.Option(min=1, help="Tasks of each template to answer at once.")] = 12,
    walks: Annotated[int, typer.Option(min=0, help="Tasks of each template to click through at random.")] = 3,
    split: Annotated[str, typer.Option(help="Split of the tasks.")] = "train",
    site: SitesOption = None,
    workers: WorkersOption = None,
) -> None:
    """Count the templates that null policies complete."""
    templates = [(name, template.name) for name in site or SITES for template in load_site(name).templates]
    attempts = in_browsers(
        functools.partial(attempt, split=split, tasks=tasks, walks=walks),
        templates,
        functools.partial(WebVoyagerEnv, max_steps=MOST_STEPS),
        workers=workers or default_workers(),
        label="templates",
    )
    completed = 0
    for one in attempts:
        if one.answers:
            print(f'{one.template}: {one.answers} of {tasks} by answering "{one.answer}" at once')
        if one.clicks:
            print(f"{one.template}: {one.clicks} of {walks} by clicking at random")
        completed += bool(one.clicks) or one.answers > LUCKY * tasks
    share = completed / len(templates)
    print(f"Templates that null policies complete: {completed} of {len(templates)} ({100 * share:.1f} %).")
    raise typer.Exit(share > LIMIT)


if __name__ == "__main__":
    typer.run(main)
