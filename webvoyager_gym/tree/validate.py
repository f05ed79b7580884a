"""Whether a finished tree is what its layout promises, and if not, why; its files are held against checksums before."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from webvoyager_gym.actions import ActionError
from webvoyager_gym.data.layout import TREE_FILE
from webvoyager_gym.data.vectors import FAILURES
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.tree.facts import Said, State, first_key, next_key, page_key
from webvoyager_gym.tree.finished import FinishedTree
from webvoyager_gym.tree.tree import TransitionTree


def validate_tree(folder: Path, *, deep: bool = False) -> None:
    """Raise for the first thing that is wrong with a finished tree.

    Args:
        deep: whether to read every state and look at every picture.

    Raises:
        InvalidFile: naming what is wrong.
    """
    finished = FinishedTree(folder)
    reason = _wrong_columns(finished)
    if not reason and deep:
        with TransitionTree(folder) as tree:
            reason = next(filter(None, (_wrong_state(finished, tree, key) for key in finished.states())), "")
            reason = reason or next(filter(None, (_wrong_page(tree, state) for state in _one_a_page(tree))), "")
    if reason:
        raise InvalidFile(
            f"{folder / TREE_FILE} is not a tree as the layout has it: {reason}; bring it again, or ask who made it."
        )


def _wrong_columns(tree: FinishedTree) -> str:
    columns, metadata = tree.columns, tree.metadata
    firsts = int((columns["parent"] < 0).sum())
    for name, found in (("total_episodes", firsts), ("total_steps", len(tree) - firsts)):
        if metadata.get(name) != found:
            return f"{name} is {metadata.get(name)!r:.40}, and it has {found}"
    if not np.isin(columns["reward"], (0, 1)).all():
        return "a reward is neither 0 nor 1"
    if columns["failure"].max(initial=0) >= len(FAILURES):
        return "a failure code has no name"
    asked = np.diff(columns["cand_ptr"]) > 0
    if tree.settings.width and not np.array_equal(np.isfinite(columns["obs"]).all(axis=1), asked):
        return "a state has candidates without an embedding, or an embedding without candidates"
    if not np.isfinite(columns["cand"]).all():
        return "a candidate's embedding is not finite"
    if np.diff(columns["cand_ptr"]).max(initial=0) > tree.settings.n_candidates:
        return f"a state has more than {tree.settings.n_candidates} candidates"
    return ""


def _wrong_state(finished: FinishedTree, tree: TransitionTree, key: str) -> str:
    """What is wrong with a state: its key follows from the way to it, and its columns from what came of that."""
    row = finished.row(key)
    assert row is not None
    try:
        record = finished.read("state", key)
        assert record is not None
        state = State.read(key, record.words)
        said = finished.read("said", key)
        candidates = Said.read(said.words, said.numbers).candidates if said is not None else ()
    except (ActionError, AssertionError, KeyError, TypeError, ValueError) as error:
        return f"row {row} cannot be read ({error})"
    if state.task is not None:
        right = first_key(state.task.id)
    else:
        assert state.move is not None
        right = next_key(state.parent, state.move.text, state.move.error)
    if right != key or (state.task is None) != bool(state.parent):
        return f"row {row} has another key than its task and actions give"
    columns = finished.columns
    failure = state.played.outcome.failure if state.played is not None else ""
    there = (float(columns["reward"][row]), bool(columns["terminated"][row]), FAILURES[int(columns["failure"][row])])
    if there != (state.reward, state.terminated, failure):
        return f"row {row} has another reward or end than its outcome"
    if len(candidates) != int(np.diff(columns["cand_ptr"][row : row + 2])[0]):
        return f"row {row} has embeddings of other candidates"
    tree.advice(key)
    return ""


def _one_a_page(tree: TransitionTree) -> list[State]:
    return list({state.page: state for state in tree.states()}.values())


def _wrong_page(tree: TransitionTree, state: State) -> str:
    """What is wrong with a page: its key follows from what it shows. Without the pictures there is no telling."""
    shot = tree.read("shot", state.page)
    if shot is None or not shot.numbers:
        return ""
    view = tree.view(state)
    right = view is not None and page_key(view) == state.page
    return "" if right else f"the page {state.page} shows something else"
