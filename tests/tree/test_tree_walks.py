"""Rollouts in a tree and real pages: what was walked once needs no browser and no model, the rest grows the tree."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.collecting import Clicks
from webvoyager_gym.agents import First, OracleOfN
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.browser.loop import end_browser_loop
from webvoyager_gym.collect import collect
from webvoyager_gym.data import read_shards
from webvoyager_gym.evaluate import evaluate
from webvoyager_gym.proofs.processes import descendants
from webvoyager_gym.results import Result
from webvoyager_gym.tasks.local import LocalTask, open_session
from webvoyager_gym.tree import TransitionTree
from webvoyager_gym.tree.env import TreeEnv
from webvoyager_gym.tree.verify import draw_branches, walk_again
from webvoyager_gym.types import Candidate, Prompt
from webvoyager_gym.values import candidate_values
from webvoyager_gym.vlm import Embeddings

TASK = LocalTask("shop", "listed-fact", "validation", 3)
AGENTS = (First(), OracleOfN())


class Mute(Clicks):
    """Calls itself as the model that was asked before, and must not be asked."""

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        assert not prompts, "The model was asked."
        return []

    def embed(self, prompts: Sequence[Prompt], candidates: Sequence[Sequence[Candidate]]) -> Embeddings:
        raise AssertionError("The model was asked.")


def right() -> str:
    session = open_session(TASK)
    session.forget()
    assert session.expected is not None
    return session.expected.text


def options(proposer: type[Clicks] = Clicks, **more: Any) -> dict[str, Any]:
    return {"proposer": proposer(answer=right()), "viewport": (640, 480), "max_steps": 2, **more}


def is_away(env: TreeEnv) -> bool:
    return env.episode.away


def browsers() -> list[Any]:
    return [process for process in descendants() if process.is_browser]


def told(result: Result) -> list[Any]:
    """Everything of a result but times and costs of time."""
    rows = []
    for row in result.episodes:
        trace = [dataclasses.replace(step, seconds=0.0) for step in row.trace]
        cost = {name: value for name, value in row.cost.items() if name != "seconds"}
        rows.append(repr(dataclasses.replace(row, seconds=0.0, trace=tuple(trace), cost=cost)))
    return rows


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A tree that two agents have grown, and what came of them."""
    folder = tmp_path_factory.mktemp("walked") / "tree"
    return folder, evaluate(AGENTS, [TASK], env_options=options(), tree=folder)


def test_agents_whose_steps_are_all_known_start_no_browser_and_ask_no_model(walked: tuple[Path, Result]) -> None:
    folder, first = walked
    assert {row.agent: (row.success, row.failure) for row in first.episodes} == {
        "first": (False, ""),
        "oracle-of-n": (True, ""),
    }
    end_browser_loop()
    assert browsers() == []
    again = evaluate(AGENTS, [TASK], env_options=options(Mute), tree=folder)
    assert browsers() == []
    assert told(again) == told(first)


def test_a_collection_in_a_tree_records_what_was_seen(walked: tuple[Path, Result], tmp_path: Path) -> None:
    folder, _ = walked
    # Whoever looked for this browser would fail.
    known = options(Mute, browser="/nowhere/chromium")
    collect([TASK], First(), tmp_path / "shards", env_options=known, tree=folder)
    (episode,) = read_shards(tmp_path / "shards")
    assert (episode.failure, len(episode)) == ("", 2)
    assert all(step.screenshot and len(step.candidates) == 3 for step in episode.steps)
    settings = json.loads((tmp_path / "shards/collection.json").read_text())
    assert "tree" not in json.dumps(settings["env"])


def test_an_unknown_step_is_taken_in_a_browser_after_the_known_ones_and_the_tree_grows(
    walked: tuple[Path, Result],
) -> None:
    folder, _ = walked
    env, plain = TreeEnv(folder, screenshots=True, **options()), BestOfQEnv(**options())
    before = {state.key for state in env.tree.states()}
    env.reset(options={"task_id": TASK.id})
    plain.reset(options={"task_id": TASK.id})
    known = env.step(0)
    assert is_away(env)
    assert known[4]["known"].tolist() == [1, 0, 1]
    plain.step(0)
    there, here = plain.step(1), env.step(1)
    assert not is_away(env)
    assert here[1:4] == there[1:4]
    for name, value in there[0].items():
        np.testing.assert_array_equal(here[0][name], value)
    new = {state.key for state in env.tree.states()} - before
    assert len(new) >= 1
    plain.close()
    env.close()
    end_browser_loop()
    again = TreeEnv(folder, screenshots=True, **options(Mute))
    again.reset(options={"task_id": TASK.id})
    again.step(0)
    observation, *rest = again.step(1)
    for name, value in there[0].items():
        np.testing.assert_array_equal(observation[name], value)
    assert tuple(rest[:3]) == there[1:4]
    assert browsers() == []
    again.close()


def test_exact_values_of_candidates_are_found_again_without_a_browser(walked: tuple[Path, Result]) -> None:
    folder, _ = walked
    found = []
    for arguments in (options(), options(Mute, browser="/nowhere/chromium")):
        env = TreeEnv(folder, **arguments)
        env.reset(options={"task_id": TASK.id})
        found.append(candidate_values(env))
        env.close()
    assert found[0].best.tolist() == found[1].best.tolist()
    assert found[0].policy.tolist() == found[1].policy.tolist()
    assert found[0].best[2] == 1.0


def test_a_page_that_is_not_the_one_in_the_tree_is_the_trees_failure(walked: tuple[Path, Result]) -> None:
    folder, _ = walked
    env = TreeEnv(folder, **options())
    env.reset(options={"task_id": TASK.id})
    assert env.episode.state is not None
    env.episode.state = dataclasses.replace(env.episode.state, page="0" * 32)
    _, _, _, truncated, info = env.step(9)
    assert (truncated, info["failure"]) == (True, "tree")
    assert "tree verify" in info["reason"]
    env.close()


def test_known_branches_are_walked_again_and_what_differs_is_named(walked: tuple[Path, Result]) -> None:
    folder, _ = walked
    with TransitionTree(folder) as tree:
        branches = draw_branches(tree, 4, seed=1)
        assert branches == draw_branches(tree, 4, seed=1)
        assert branches != draw_branches(tree, 4, seed=2)
        longest = max(draw_branches(tree, 1000), key=lambda branch: len(branch.states))
        last = dataclasses.replace(longest.states[-1], page="0" * 32)
        changed = dataclasses.replace(longest, states=(*longest.states[:-1], last))
        walks = walk_again(tree, [*branches, changed])
    assert [walk.difference for walk in walks[:-1]] == [""] * 4
    assert walks[-1].difference == f"after {len(longest.states) - 1} actions the page is another"
