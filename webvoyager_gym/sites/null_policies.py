"""What agents that do nothing sensible reach on the local suite: a task they complete measures nothing.

    python -m webvoyager_gym.sites.null_policies

One policy answers at once, with each of a few answers that mean nothing; the other clicks at random until the steps
run out. Prints the templates that either completes, and their share; exit status 1 if it is above the limit.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import track

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.tasks.local import TASKS_PER_WORLD, LocalTask, open_session

EMPTY_ANSWERS = ("", "done", "I do not know", "yes", "0", "1")
LIMIT = 0.02
"""Largest share of templates that may be completed."""
MOST_STEPS = 15


def answered_at_once(task: LocalTask) -> str | None:
    """The first empty answer that completes the task, None if none does."""
    session = open_session(task)
    try:
        return next((answer for answer in EMPTY_ANSWERS if session.judge(answer).success), None)
    finally:
        session.forget()


def clicked_at_random(env: WebVoyagerEnv, task: LocalTask, random: np.random.Generator) -> bool:
    """Whether random clicks complete the task."""
    _, info = env.reset(options={"task_id": task.id})
    over = bool(info["failure"])
    while not over:
        marks = env.view.marks
        action = f"click [{marks[int(random.integers(len(marks)))].index}]" if marks else "back"
        _, _, terminated, truncated, info = env.step(action)
        over = terminated or truncated
    return bool(info["success"])


def main(
    tasks: Annotated[int, typer.Option(min=1, help="Tasks of each template to answer at once.")] = 12,
    walks: Annotated[int, typer.Option(min=0, help="Tasks of each template to click through at random.")] = 2,
    split: Annotated[str, typer.Option(help="Split of the tasks.")] = "train",
) -> None:
    """Count the templates that null policies complete."""
    templates = [(site, template.name) for site in SITES for template in load_site(site).templates]
    env = WebVoyagerEnv(split=split, max_steps=MOST_STEPS)
    random = np.random.default_rng(0)
    completed: dict[str, str] = {}
    for site, name in track(templates, description="templates", console=Console(stderr=True)):
        drawn = [LocalTask(site, name, split, TASKS_PER_WORLD * number + number) for number in range(tasks)]
        answers = [answered_at_once(task) for task in drawn]
        hits = [answer for answer in answers if answer is not None]
        if len(hits) * 2 > len(answers):
            completed[f"{site}/{name}"] = f'{len(hits)} of {len(answers)} by answering at once, such as "{hits[0]}"'
        clicks = sum(clicked_at_random(env, task, random) for task in drawn[:walks])
        if clicks:
            completed[f"{site}/{name}"] = f"{clicks} of {walks} by clicking at random"
    env.close()
    for template, how in completed.items():
        print(f"{template}: {how}")
    share = len(completed) / len(templates)
    print(f"Templates that null policies complete: {len(completed)} of {len(templates)} ({100 * share:.1f} %).")
    raise typer.Exit(share > LIMIT)


if __name__ == "__main__":
    typer.run(main)
