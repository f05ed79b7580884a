"""Data for imitation: pages of train worlds, each with many goals and what their experts would do there.

One page serves many goals, because experts act from any state: the page is read once, and the expert of every other
task of the same world is asked as well. The walk follows an expert most of the time, wanders off at random or after
other goals the rest, so that the model also learns to find its way back. With `--model` most of the walk follows a
model's own proposals: the states that it gets itself into, labelled by the experts (DAgger).

    python -m algorithms.pocket_vlm.pages --out runs/pocket/pages/0 --worker 0 --pages 5000
    python -m algorithms.pocket_vlm.pages --out runs/pocket/pages/2 --worker 2 --model runs/pocket/model/model
"""

from __future__ import annotations

import contextlib
import itertools
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from PIL import Image
from rich.progress import track

from algorithms.pocket_vlm.model import STYLE
from webvoyager_gym.actions import parse
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.sites.kit.answers import Expected
from webvoyager_gym.sites.kit.server import Site
from webvoyager_gym.sites.kit.template import Params, Template
from webvoyager_gym.tasks import NoExpert
from webvoyager_gym.tasks.local import TASKS_PER_WORLD, LocalSession, LocalTask, open_session
from webvoyager_gym.types import PageView, Prompt
from webvoyager_gym.vlm import Proposer
from webvoyager_gym.vlm.prompt import Pictures, pictures
from webvoyager_gym.vlm.transformers_backend import TransformersVLM

GOALS_ASKED, GOALS_PER_PAGE = 96, 24
"""Of so many other goals the experts are asked; so many are kept, with as different actions as possible."""
FOLLOW, WANDER = 0.66, 0.22
"""Shares of the walk that follow the task's own expert, and the expert of another goal; the rest is a random action."""
DRAWS, ANSWERS_PER_PAGE = 60, 8
"""How many tasks of each template are drawn in a walk's world, and how many that a page answers are kept."""
FOREIGN_HISTORY = 8
"""Every so many-th lesson of another goal keeps the walk's history; the others have none, as if the episode began here,
so that the model learns to believe its history."""
OWN, PROPOSED = 0.6, 3
"""Share of the walk that follows a model, if there is one, and how many proposals are drawn from."""


@dataclass(frozen=True)
class Lesson:
    """One page with one goal.

    Attributes:
        prompt: as the model gets it, without the screenshot.
        pictures: the page's pictures.
        actions: the expert's equally good actions, canonical texts.
        template: site and name of the task's template.
        own: whether the walk was after this goal, so that the history belongs to it.
    """

    prompt: Prompt
    pictures: Pictures
    actions: tuple[str, ...]
    template: str
    own: bool


def _others(task: LocalTask, random: np.random.Generator) -> Iterator[LocalTask]:
    """Other tasks of the same world that start from a fresh state, so that their expert may be asked in this one."""
    templates = [t for t in load_site(task.site).templates if type(t).prepare is Template.prepare]
    first = task.world_seed * TASKS_PER_WORLD
    for index in random.permutation(len(templates) * TASKS_PER_WORLD)[:GOALS_ASKED]:
        yield LocalTask(
            task.site, templates[index // TASKS_PER_WORLD].name, task.split, first + int(index) % TASKS_PER_WORLD
        )


def _varied(lessons: list[dict[str, Any]], many: int) -> list[dict[str, Any]]:
    """So many of the lessons, taking turns among the elements acted on, so that rare actions are not drowned."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for lesson in lessons:
        action = parse(lesson["actions"][0])
        groups[f"{action.kind} {action.mark}"].append(lesson)
    turns = itertools.chain.from_iterable(itertools.zip_longest(*groups.values()))
    return [lesson for lesson in turns if lesson is not None][:many]


def _best(session: LocalSession, other: LocalTask, view: PageView) -> tuple[str, ...]:
    """What the other task's expert would do here; nothing if it sees no way."""
    probe = open_session(other)
    if probe.episode.world is not session.episode.world:
        probe.forget()
        return ()
    try:
        actions = session.experts_actions(probe.template, probe.params, probe.wanted, probe.expected, view)
        done = probe.expected is None and session.episode.state.effects() == probe.wanted
        return () if done else tuple(action.text for action in actions)
    except NoExpert:
        return ()
    finally:
        probe.forget()


def _proposed(proposer: Proposer, prompt: Prompt, random: np.random.Generator) -> str:
    """One of the model's proposals, drawn by their probabilities."""
    candidates = proposer.propose([prompt], PROPOSED)[0]
    if len(candidates) == 1:  # Which may be the fallback, whose probability is not known.
        return candidates[0].text
    weights = np.exp([candidate.log_prob for candidate in candidates])
    return candidates[int(random.choice(len(candidates), p=weights / weights.sum()))].text


def walk(
    env: WebVoyagerEnv, task: LocalTask, random: np.random.Generator, max_pages: int, proposer: Proposer | None = None
) -> Iterator[dict[str, Any]]:
    """Walk through one episode; yields one record a page: the view, the history and the lessons."""
    _, info = env.reset(options={"task_id": task.id})
    if info["failure"]:
        return
    session = env.session
    assert isinstance(session, LocalSession)
    looked_up = questions(session.episode.site, session.episode.world, random)
    for _ in range(max_pages):
        view, prompt = env.view, env.prompt
        try:
            own = tuple(action.text for action in session.best_actions(view))
        except NoExpert:
            return
        asked = []
        for other in _others(task, random):
            actions = _best(session, other, view)
            if actions:
                asked.append({"goal": other.goal, "template": f"{other.site}/{other.template}", "actions": actions})
        asked = [*_varied(asked, GOALS_PER_PAGE - 1), *_answerable(session, looked_up, view, random)]
        lessons = [{"goal": task.goal, "template": f"{task.site}/{task.template}", "actions": own}, *asked]
        others = [lesson["actions"][0] for lesson in asked if not lesson["actions"][0].startswith("answer")]
        yield {"view": view, "prompt": prompt, "lessons": lessons}
        draw = random.random()
        if proposer is not None and random.random() < OWN:
            text = _proposed(proposer, prompt, random)
        elif draw < FOLLOW or (not others and draw < FOLLOW + WANDER):
            text = own[0]
        elif draw < FOLLOW + WANDER:
            text = others[int(random.integers(len(others)))]
        else:
            text = env.action_space.sample()
        if text.startswith("answer") and text not in own:
            continue
        _, _, terminated, truncated, info = env.step(text)
        if terminated or truncated:
            return


@dataclass(frozen=True)
class Question:
    """A task of a world that only looks things up, without its goal's wording."""

    template: Template[Any, Any]
    params: Params
    expected: Expected | None
    wanted: dict[str, Any]


def questions(site: Site[Any, Any], world: Any, random: np.random.Generator) -> list[Question]:
    """So many draws of every template that asks for an answer and starts from a fresh state."""
    fresh = site.new_state(world).effects()
    found = []
    for template in site.templates:
        if template.kind == "act" or type(template).prepare is not Template.prepare:
            continue
        for params in [template.draw(world, random) for _ in range(DRAWS)]:
            if params is not None:
                expected, wanted = template.expected(world, params), template.effects(world, params, fresh)
                found.append(Question(template, params, expected, wanted))
    return found


def _answerable(
    session: LocalSession, asked: list[Question], view: PageView, random: np.random.Generator
) -> list[dict[str, Any]]:
    """Lessons of questions that this page answers; of the suite's own few would be."""
    site, world = session.episode.site, session.episode.world
    if session.episode.state.effects() != site.new_state(world).effects():
        return []
    found: dict[str, dict[str, Any]] = {}
    for each in asked:
        try:
            actions = session.experts_actions(each.template, each.params, each.wanted, each.expected, view)
        except NoExpert:
            continue
        if actions[0].kind == "answer":
            goal = each.template.goal(world, each.params, random)
            found[goal] = {
                "goal": goal,
                "template": f"{site.name}/{each.template.name}",
                "actions": tuple(action.text for action in actions),
            }
    return [list(found.values())[int(i)] for i in random.permutation(len(found))[:ANSWERS_PER_PAGE]]


class PageWriter:
    """Appends pages to a folder: text as JSON lines, pictures as raw bytes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lines = (folder / "pages.jsonl").open("a", encoding="utf-8")
        self._bytes: BinaryIO = (folder / "pictures.bin").open("ab")

    def write(self, record: dict[str, Any]) -> None:
        view: PageView = record["view"]
        prompt: Prompt = record["prompt"]
        seen = pictures(view, STYLE)
        offset = self._bytes.tell()
        self._bytes.write(np.asarray(seen.whole).tobytes())
        for picture in seen.crops.values():
            self._bytes.write(np.asarray(picture).tobytes())
        self._bytes.flush()
        line = {
            "url": view.url,
            "title": view.title,
            "outline": view.outline,
            "scroll": view.scroll,
            "history": prompt.history,
            "last_error": prompt.last_error,
            "step": prompt.step,
            "max_steps": prompt.max_steps,
            "offset": offset,
            "crops": list(seen.crops),
            "lessons": record["lessons"],
        }
        self._lines.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._lines.flush()

    def close(self) -> None:
        self._lines.close()
        self._bytes.close()


def read_lessons(folder: Path) -> list[Lesson]:
    """All lessons of a folder, none if it does not exist yet; pictures stay on disk until they are looked at."""
    if not (folder / "pages.jsonl").exists():
        return []
    width, height = STYLE.image_size or (0, 0)
    whole, small = width * height * 3, STYLE.crop_size**2 * 3
    size = (folder / "pictures.bin").stat().st_size
    raw = np.memmap(folder / "pictures.bin", np.uint8, mode="r")
    lessons: list[Lesson] = []
    for text in (folder / "pages.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(text)
        start, crops = page["offset"], page["crops"]
        if start + whole + len(crops) * small > size:
            break
        seen = Pictures(
            _image(raw, start, height, width),
            {m: _image(raw, start + whole + i * small, STYLE.crop_size, STYLE.crop_size) for i, m in enumerate(crops)},
        )
        scroll = (page["scroll"][0], page["scroll"][1], page["scroll"][2])
        view = PageView(np.zeros((0, 0, 3), np.uint8), (), page["outline"], page["url"], page["title"], scroll)
        for number, lesson in enumerate(page["lessons"]):
            own = number == 0
            history = tuple(page["history"]) if own or len(lessons) % FOREIGN_HISTORY == 0 else ()
            prompt = Prompt(lesson["goal"], view, history, page["last_error"], page["step"], page["max_steps"])
            lessons.append(Lesson(prompt, seen, tuple(lesson["actions"]), lesson["template"], own))
    return lessons


def _image(raw: NDArray[np.uint8], start: int, height: int, width: int) -> Image.Image:
    return Image.fromarray(np.asarray(raw[start : start + height * width * 3]).reshape(height, width, 3))


def main(
    out: Annotated[Path, typer.Option(help="Folder to append to.")],
    pages: Annotated[int, typer.Option(help="How many pages to gather.")] = 5000,
    worker: Annotated[int, typer.Option(help="Number of this worker; workers walk different worlds.")] = 0,
    sites: Annotated[str, typer.Option(help="Sites, separated by commas.")] = ",".join(SITES),
    split: Annotated[str, typer.Option(help="Split of the worlds.")] = "train",
    worlds: Annotated[int, typer.Option(help="How many worlds to walk in.")] = 400,
    model: Annotated[Path | None, typer.Option(help="Folder of a model whose proposals to follow.")] = None,
) -> None:
    """Gather pages with their goals and expert actions."""
    torch.set_num_threads(1)
    proposer = TransformersVLM(model, device="cpu", name="pocket") if model is not None else None
    random = np.random.default_rng([17, worker])
    names = sites.split(",")
    with contextlib.closing(PageWriter(out)) as writer, contextlib.closing(WebVoyagerEnv(max_steps=15)) as env:
        env.action_space.seed(worker)
        count = 0
        progress = iter(track(range(pages), description="pages"))
        while count < pages:
            site = names[int(random.integers(len(names)))]
            templates = load_site(site).templates
            seed = int(random.integers(worlds * TASKS_PER_WORLD))
            task = LocalTask(site, templates[int(random.integers(len(templates)))].name, split, seed)
            for record in walk(env, task, random, 14, proposer):
                writer.write(record)
                next(progress, None)
                count += 1


if __name__ == "__main__":
    typer.run(main)
