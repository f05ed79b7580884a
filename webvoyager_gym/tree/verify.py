"""Walking known branches of a tree again in a real browser: the proof that the tree still says what is there."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.errors import NotFound
from webvoyager_gym.proofs.running import checked, in_browsers
from webvoyager_gym.tasks import load_suite
from webvoyager_gym.tree.facts import State, page_key
from webvoyager_gym.tree.tree import TransitionTree


@dataclass(frozen=True, slots=True)
class Branch:
    """A way from the first state of a task to another state.

    Attributes:
        task_id: of the task.
        states: all on the way, the first one included.
    """

    task_id: str
    states: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """What came of walking a branch again.

    Attributes:
        task_id, actions: the branch.
        steps: actions that were compared.
        difference: the first thing that was not as it had been, "" if all was.
    """

    task_id: str
    actions: tuple[str, ...]
    steps: int
    difference: str


def draw_branches(tree: TransitionTree, count: int, *, seed: int = 0) -> list[Branch]:
    """Branches drawn by the seed among all that are known, each to another state; all if there are not so many.

    Raises:
        NotFound: nothing was walked.
    """
    states = {state.key: state for state in tree.states()}
    branches = [branch for key in sorted(states) if (branch := _branch(states, key)) is not None]
    if not branches:
        raise NotFound(f"Nothing was walked in {tree.name}, so that nothing can be walked again.")
    chosen = np.random.default_rng(seed).permutation(len(branches))[:count]
    return [branches[index] for index in chosen]


def walk_again(tree: TransitionTree, branches: Sequence[Branch], *, workers: int = 1) -> list[Walk]:
    """Walk branches in real browsers and compare every page to the byte, every error and every verdict.

    Raises:
        NotFound: nothing was walked.
        InfrastructureFailure: a browser or the site failed three times.
    """
    settings = tree.settings
    if settings is None:
        raise NotFound(f"Nothing was walked in {tree.name}, so that nothing can be walked again.")
    make_env = functools.partial(
        WebVoyagerEnv, load_suite(settings.suite), viewport=settings.viewport, max_steps=settings.max_steps
    )
    return in_browsers(_walk, branches, make_env, workers=workers, label="branches")


def _branch(states: dict[str, State], key: str) -> Branch | None:
    """The way to a state, None if a part of it was lost."""
    way = [states[key]]
    while way[-1].task is None:
        if way[-1].parent not in states:
            return None
        way.append(states[way[-1].parent])
    return Branch(way[-1].task.id, tuple(reversed(way)))


def _walk(env: WebVoyagerEnv, branch: Branch) -> Walk:
    _, info = env.reset(seed=0, options={"task_id": branch.task_id})
    checked(info)
    difference, steps = _page_differs(env, branch.states[0]), 0
    for state in branch.states[1:]:
        if difference:
            break
        assert state.move is not None
        info = env.step(state.move.text)[-1]
        checked(info)
        steps += 1
        difference = _outcome_differs(env, info, state) or _page_differs(env, state)
    actions = tuple(state.move.text for state in branch.states[1:] if state.move is not None)
    return Walk(branch.task_id, actions, steps, difference and f"after {steps} actions {difference}")


def _page_differs(env: WebVoyagerEnv, state: State) -> str:
    return "" if page_key(env.view) == state.page else "the page is another"


def _outcome_differs(env: WebVoyagerEnv, info: dict[str, object], state: State) -> str:
    assert state.played is not None
    assert state.move is not None
    outcome = state.played.outcome
    for name in ("success", "reason", "judge"):
        if info[name] != getattr(outcome, name):
            return f"{name} is {info[name]!r}, and was {getattr(outcome, name)!r}"
    error = env.prompt.last_error
    # Why something could not be read was said by whoever gave it.
    if state.move.action is not None and error != state.played.error:
        return f"the error is {error!r}, and was {state.played.error!r}"
    return ""
