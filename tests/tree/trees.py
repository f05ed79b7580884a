"""Trees that nobody walked, made by hand: every candidate of every state leads somewhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.collecting import SIZE
from webvoyager_gym.actions import Action
from webvoyager_gym.episode import Move, Played
from webvoyager_gym.history import in_words
from webvoyager_gym.tasks import Outcome
from webvoyager_gym.tree import TransitionTree
from webvoyager_gym.tree.facts import Advice, Said, State, TaskFacts, first_key, next_key, page_key
from webvoyager_gym.tree.settings import Model, Settings
from webvoyager_gym.types import Candidate, Mark, PageView

CANDIDATES = (Candidate(Action("click", 1), -0.5), Candidate(Action("answer", argument="42"), -1.5))
COST = {"tokens_in": 7.0, "tokens_out": 3.0, "passes": 1.0, "unreadable": 0.0}


def settings(width: int = SIZE, max_steps: int = 15) -> Settings:
    return Settings("local", (64, 64), max_steps, 2, Model("", "clicks"), Model("", "clicks", size=width))


def page(random: np.random.Generator, name: str, marks: int = 2) -> PageView:
    elements = tuple(
        Mark(n, "link", f"Lamp {n} Größe", (n, n, 9, 9), options=("a", "b"), href=f"/{n}") for n in range(1, marks + 1)
    )
    outline = "\n".join(f'[{mark.index}] link "{mark.name}"' for mark in elements)
    picture = random.integers(0, 255, (64, 64, 3), np.uint8)
    below = (Mark(0, "button", "Buy", (0, 900, 9, 9), checked=False),)
    return PageView(picture, elements, outline, f"http://shop.webvoyager.test/{name}", name, (0, 64, 999), below)


def grow(
    folder: Path, tasks: int = 2, depth: int = 2, *, width: int = SIZE, marks: int = 2, max_steps: int = 15
) -> list[State]:
    """Grow a tree: from each state the click leads to another page, and the answer is right on the last of them."""
    kept = []
    with TransitionTree(folder) as tree:
        tree.begin(settings(width, max_steps))
        for number in range(tasks):
            random = np.random.default_rng(number)
            task = TaskFacts(f"shop/listed-fact/train-{number}", "shop", "train", f"Find lamp {number}.", "listed-fact")
            view = page(random, f"{number}-0", marks)
            state = State(first_key(task.id), page_key(view), task=task)
            for step in range(depth + 1):
                tree.keep_state(state, view)
                vectors = random.normal(size=(3, width)).astype(np.float16)
                tree.keep_said(state.key, Said(CANDIDATES, vectors[0], vectors[1:], COST))
                tree.keep_advice(state.key, Advice(('answer "42"',)))
                answer = Outcome(True, step == depth, reason="the answer is judged")
                answered = _after(state, CANDIDATES[1].action, view, view, Played(answer))
                tree.keep_state(answered, view)
                kept += [state, answered]
                following = page(random, f"{number}-{step + 1}", marks)
                if step < depth:
                    state, view = _after(state, CANDIDATES[0].action, view, following, Played(Outcome())), following
            tree.flush()
    return kept


def _after(state: State, action: Action, view: PageView, following: PageView, played: Played) -> State:
    move = Move(action.text, action, in_words(action, view), "")
    return State(next_key(state.key, action.text), page_key(following), state.key, move, played)
