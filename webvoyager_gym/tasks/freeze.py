"""Make the list of test tasks: choose them by a fixed rule, have the expert do each, note what it took.

    python -m webvoyager_gym.tasks.freeze

The templates of a site take turns, and every task has a world of its own. Nothing here depends on any agent.
"""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import Annotated

import typer

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.proofs.running import WorkersOption, checked, default_workers, in_browsers
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.sites.kit.world import generator
from webvoyager_gym.tasks.frozen import COUNTS, FILE, FrozenTask, as_text
from webvoyager_gym.tasks.local import TASKS_PER_WORLD, LocalTask, open_session, template_of
from webvoyager_gym.types import Mark
from webvoyager_gym.vlm.prompt import goal_words, stars

PACKAGED = Path(__file__).with_name(FILE)
MOST_STEPS = 15
"""As many as an episode allows."""


def chosen_tasks(site: str, count: int) -> list[LocalTask]:
    """So many test tasks of a site; goals differ."""
    templates = load_site(site).templates
    random = generator("frozen test split", site)
    tasks: list[LocalTask] = []
    goals: set[str] = set()
    world = 0
    while len(tasks) < count:
        template = templates[len(tasks) % len(templates)].name
        task = LocalTask(site, template, "test", TASKS_PER_WORLD * world + int(random.integers(TASKS_PER_WORLD)))
        world += 1
        if task.goal not in goals:
            goals.add(task.goal)
            tasks.append(task)
    return tasks


def look_alikes(goal: str, marks: tuple[Mark, ...], target: int) -> int:
    """How many other elements share at least as many of the goal's words as the target does, and at least one."""
    words = goal_words(goal)
    shared = {mark.index: len(stars(f"{mark.name} {mark.value}", words)) for mark in marks}
    return sum(count >= max(shared.get(target, 0), 1) for index, count in shared.items() if index != target)


def content_of(task: LocalTask) -> str:
    """Digest of a task's goal, of the state that it wants and of its right answer."""
    session = open_session(task)
    try:
        content = [task.goal, session.wanted, repr(session.expected)]
    finally:
        session.forget()
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def measured(env: WebVoyagerEnv, task: LocalTask) -> FrozenTask | str:
    """What the expert needs for a task; if it did not complete it, why."""
    _, info = env.reset(options={"task_id": task.id})
    checked(info)
    steps = alike = 0
    over = False
    while not over:
        action = env.best_actions()[0]
        if action.mark is not None:
            alike += look_alikes(task.goal, env.view.marks, action.mark)
        _, _, terminated, truncated, info = env.step(action.text)
        checked(info)
        steps += 1
        over = terminated or truncated
    if not info["success"]:
        return f"{task.id}: {info['reason']}"
    return FrozenTask(task.id, steps, alike, template_of(task.site, task.template).feasible, content_of(task))


def main(
    out: Annotated[Path, typer.Option(help="File to write.")] = PACKAGED,
    workers: WorkersOption = None,
) -> None:
    """Make the list of test tasks of all sites that there are."""
    tasks = [task for site in sorted(SITES) for task in chosen_tasks(site, COUNTS[site])]
    found = in_browsers(
        measured,
        tasks,
        functools.partial(WebVoyagerEnv, max_steps=MOST_STEPS),
        workers=workers or default_workers(),
        label="test tasks",
    )
    failed = [reason for reason in found if isinstance(reason, str)]
    if failed:
        raise WebVoyagerError("The expert did not complete these tasks, so there is no list:\n" + "\n".join(failed))
    out.write_text(as_text([task for task in found if isinstance(task, FrozenTask)]), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
