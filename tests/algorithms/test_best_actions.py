"""How often a best action is taken, on the states of a tree, against what can be counted by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from algorithms.best_actions import Choices, choices_in, compare, scored
from algorithms.checkpoint import load_checkpoint, save_checkpoint
from algorithms.d3rlpy_import import d3rlpy
from tests.algorithms.fitting import small
from tests.collecting import SIZE
from tests.tree.trees import grow
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.tree import TransitionTree
from webvoyager_gym.tree.facts import Advice


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree of two tasks with three states each, in which the answer, the second of two candidates, is best."""
    folder = tmp_path_factory.mktemp("trees") / "grown"
    grow(folder)
    return folder


@pytest.fixture(scope="module")
def choices(folder: Path) -> Choices:
    with TransitionTree(folder) as tree:
        return choices_in(tree)


def model(folder: Path, name: str, seed: int = 0, width: int = SIZE) -> str:
    """A checkpoint of networks that have learnt nothing."""
    d3rlpy.seed(seed)
    algo = small(name).create("cpu:0")
    algo.create_impl((width,), width if name.startswith("continuous-") else 2)
    path = folder / f"{name}-{seed}" / "model.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    save_checkpoint(path, algo, {})
    return str(path)


def test_states_where_something_is_to_be_chosen(choices: Choices) -> None:
    assert choices.states.shape == (6, SIZE)
    assert choices.candidates.shape == (6, 2, SIZE)
    assert choices.best.tolist() == [[False, True]] * 6
    assert sorted(set(choices.tasks.tolist())) == ["shop/listed-fact/train-0", "shop/listed-fact/train-1"]
    assert set(choices.sites.tolist()) == {"shop"}
    assert choices.chance.tolist() == [0.5] * 6
    assert choices.hits(np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 1.0]] * 2)).tolist() == [1.0, 0.0, 0.0] * 2


def test_an_answer_that_the_check_accepts_is_best_however_the_expert_words_it(tmp_path: Path) -> None:
    states = grow(tmp_path / "grown", tasks=1)
    with TransitionTree(tmp_path / "other") as tree, TransitionTree(tmp_path / "grown") as grown:
        assert grown.settings is not None
        tree.begin(grown.settings)
        for state in states:
            view, said = grown.view(state), grown.said(state.key)
            assert view is not None
            tree.keep_state(state, view)
            if said is not None:
                tree.keep_said(state.key, said)
                tree.keep_advice(state.key, Advice(('answer "forty-two"',)))
        tree.flush()
        # It is accepted on the last page only, and elsewhere nothing that was proposed is right.
        assert choices_in(tree).best.tolist() == [[False, True]]


def test_algorithms_are_compared_with_the_first_choice(choices: Choices, tmp_path: Path) -> None:
    paths = [model(tmp_path, "iql", seed) for seed in (0, 1)]
    first, lots, iql = compare(choices, [("iql", paths)])
    assert (first.name, first.top_1.value, first.against) == ("first", 0.0, None)
    assert (lots.name, lots.top_1.value) == ("lots", 0.5)
    expected = []
    for path in paths:
        algo, _ = load_checkpoint(path)
        values = algo.predict_values([choices.states, choices.candidates, choices.mask])
        expected.append((values[:, 1] > values[:, 0]).mean())
    assert iql.seeds == 2
    assert iql.top_1.value == pytest.approx(np.mean(expected))
    assert iql.against is not None
    assert iql.against.difference.value == pytest.approx(np.mean(expected))


@pytest.mark.parametrize(
    ("name", "width", "why"), [("decision-transformer", SIZE, "chooses by the history"), ("iql", SIZE + 1, "of width")]
)
def test_what_cannot_be_compared_says_why(choices: Choices, tmp_path: Path, name: str, width: int, why: str) -> None:
    with pytest.raises(WebVoyagerError, match=why):
        scored(model(tmp_path, name, width=width), choices)


def test_a_tree_in_which_nothing_is_to_be_chosen_says_what_to_do(tmp_path: Path) -> None:
    with TransitionTree(tmp_path / "none") as tree, pytest.raises(WebVoyagerError, match="--agent oracle-of-n --tree"):
        choices_in(tree)


def test_the_command(folder: Path, tmp_path: Path) -> None:
    for seed in (0, 1):
        model(tmp_path, "bcq", seed)
    command = [sys.executable, "-m", "algorithms.best_actions", "--tree", str(folder), "--seeds", "0,1"]
    command += ["--model", f"{tmp_path}/bcq-{{seed}}/model.safetensors"]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=120, check=True)
    report = json.loads(done.stdout)
    assert (report["states"], report["tasks"]) == (6, 2)
    assert [(row["who"], row["models"]) for row in report["rows"]] == [
        ("first", 1),
        ("lots", 1),
        (f"{tmp_path}/bcq", 2),
    ]
    assert subprocess.run([*command, "--seeds", "x"], capture_output=True, timeout=120, check=False).returncode == 2
