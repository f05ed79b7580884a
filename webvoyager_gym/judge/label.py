"""Make the labelled cases: experts and what goes wrong, on the local suite, labelled by the sites' own checks.

    python -m webvoyager_gym.judge.label

Two tasks of one template and one world make a pair. The expert's way through the first is a success; the way through
the second is a near miss of the first. A wrong value and an invented answer take the second one's answer to the first
one's pages, and to its first page alone. No evidence is the first page of a task to change something, and the word that
it is done. Every label is what the site's check says of that state and answer.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from PIL import Image

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.judge import labelled
from webvoyager_gym.judge.labelled import CASES, Kind
from webvoyager_gym.proofs.running import checked
from webvoyager_gym.sites import load_site
from webvoyager_gym.tasks.local import TASKS_PER_WORLD, LocalSession, LocalTask, open_session
from webvoyager_gym.types import Screenshot

SIZE, QUALITY = (640, 480), 40
"""Of a picture: pixels, and WebP's quality. Small, and what decides a case can still be read."""
MOST_SHOTS = 3
TAKEN = ("shop", "papers", "hotels", "recipes", "news", "dictionary")
"""Sites whose cases are made."""
WORLD = 7
"""Number of the world of each site; cases are of the split "validation", on which nobody is evaluated."""
DONE = "Done. It is all as you asked."


@dataclass(frozen=True)
class Way:
    """An expert's way through a task.

    Attributes:
        goal: of the task.
        answer: the expert's; "" where none is asked for.
        shots: what it saw.
    """

    task: LocalTask
    goal: str
    answer: str
    shots: tuple[Screenshot, ...]


def walked(env: WebVoyagerEnv, task: LocalTask) -> Way:
    """The expert's way. Raises WebVoyagerError if it does not complete the task."""
    _, info = env.reset(options={"task_id": task.id})
    checked(info)
    shots = [env.view.screenshot]
    over = False
    while not over:
        action = env.best_actions()[0]
        _, _, terminated, truncated, info = env.step(action.text)
        checked(info)
        over = terminated or truncated
        if action.kind != "answer":
            shots.append(env.view.screenshot)
    if not info["success"]:
        raise WebVoyagerError(f"The expert did not complete {task.id}: {info['reason']}")
    return Way(task, env.task.goal, info["answer"], tuple(shots))


def is_right(env: WebVoyagerEnv, task: LocalTask, answer: str) -> bool:
    """Whether a task is completed by an answer given at once."""
    _, info = env.reset(options={"task_id": task.id})
    checked(info)
    session = env.session
    assert isinstance(session, LocalSession)
    return session.judge(answer).success


def pairs(site: str) -> Iterator[tuple[LocalTask, LocalTask]]:
    """Two tasks of the same world: of the first template that asks for an answer, and of the first that does not."""
    wanted = {True, False}
    for template in load_site(site).templates:
        seeds = range(TASKS_PER_WORLD * WORLD, TASKS_PER_WORLD * (WORLD + 1))
        first, *others = (LocalTask(site, template.name, "validation", seed) for seed in seeds)
        other = next((other for other in others if other.goal != first.goal), None)
        if template.feasible and other is not None and asks(first) in wanted:
            wanted.remove(asks(first))
            yield first, other


def asks(task: LocalTask) -> bool:
    """Whether a task asks for an answer, rather than for something to be done."""
    session = open_session(task)
    session.forget()
    return session.expected is not None


def cases_of(env: WebVoyagerEnv, first: LocalTask, other: LocalTask) -> Iterator[tuple[Kind, bool, str, Way]]:
    """The cases of a pair: kind, truth, answer and the way whose pages are shown."""
    way = walked(env, first)
    if not way.answer:
        start = Way(first, way.goal, "", way.shots[:1])
        yield "success", True, DONE, way
        yield "no evidence", is_right(env, first, DONE), DONE, start
        return
    astray = walked(env, other)
    if is_right(env, first, astray.answer):
        return
    yield "success", True, way.answer, way
    yield "near miss", False, astray.answer, astray
    yield "wrong value", False, astray.answer, way
    yield "invented answer", False, astray.answer, Way(first, way.goal, "", way.shots[:1])


def encoded(shot: Screenshot) -> bytes:
    """A small picture of a page."""
    file = io.BytesIO()
    Image.fromarray(shot).resize(SIZE, Image.Resampling.LANCZOS).save(file, "WEBP", quality=QUALITY, method=6)
    return file.getvalue()


def main(
    out: Annotated[Path, typer.Option(help="Folder to write into.")] = Path(labelled.__file__).parent,
    sites: Annotated[list[str], typer.Option("--site", help="Sites to take; repeatable.")] = list(TAKEN),  # noqa: B006
) -> None:
    """Make the labelled cases."""
    rows: list[dict[str, Any]] = []
    pictures: dict[bytes, str] = {}
    env = WebVoyagerEnv(split="validation")
    try:
        for site in sites:
            for first, other in pairs(site):
                for kind, success, answer, way in cases_of(env, first, other):
                    contents = [encoded(shot) for shot in _spread(way.shots)]
                    names = [pictures.setdefault(each, f"{site}-{len(pictures):03d}.webp") for each in contents]
                    about = {"id": f"{first.id} {kind}", "kind": kind, "success": success, "goal": first.goal}
                    rows.append(about | {"answer": answer, "shots": names})
                print(f"{first.id}: {len(rows)} cases, {sum(map(len, pictures)) / 1e3:.0f} kB", flush=True)
    finally:
        env.close()
    for content, name in pictures.items():
        (out / name).write_bytes(content)
    lines = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in rows)
    (out / CASES).write_text(f'{{\n  "cases": [\n{lines}\n  ]\n}}\n', encoding="utf-8")


def _spread(shots: tuple[Screenshot, ...]) -> list[Screenshot]:
    """The last few pages, the first of them the first page of all."""
    if len(shots) <= MOST_SHOTS:
        return list(shots)
    return [shots[at] for at in np.unique([0, *range(len(shots) - MOST_SHOTS + 1, len(shots))])]


if __name__ == "__main__":
    typer.run(main)
