"""Logging states with exact values in a real page, and scoring them."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import numpy as np
import pytest

from leaderboards.log_states import Logged, gathered, score, walk
from leaderboards.run import About
from leaderboards.selection import selection_board
from tests.leaderboards.q_files import q_file
from tests.scripted import Scripted
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.q_function import QFunction
from webvoyager_gym.tasks.local import LocalTask, open_session

ABOUT = About("mine", "Mine", "", "", "2026-11-01")


def test_states_are_logged_with_what_each_candidate_is_worth() -> None:
    task = LocalTask("shop", "listed-fact", "validation", 3)
    session = open_session(task)
    session.forget()
    assert session.expected is not None
    right = f"answer {json.dumps(session.expected.text, ensure_ascii=False)}"
    proposer = Scripted({task.goal: ['answer "a wrong answer"', right]})
    env = BestOfQEnv(proposer=proposer, embedder=None, viewport=(640, 480), max_steps=2)
    with contextlib.closing(env):
        (logged,) = walk(env, [task])
    assert (logged.task, logged.way) == (task.id, ())
    assert logged.values.tolist() == [0.0, 1.0]


def test_q_functions_score_what_was_logged(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    logged = [
        Logged(
            f"shop/a/test-{number // 2}",
            (0,) * (number % 2),
            random.random(n),
            random.normal(size=4).astype(np.float16),
            random.normal(size=(n, 4)).astype(np.float16),
        )
        for number, n in enumerate((3, 2, 3, 1))
    ]
    states, embeddings = gathered("a log", logged)
    assert states.ways == ("", "0", "", "0")
    assert np.isnan(states.values).sum() == 3
    paths = [q_file(tmp_path / f"{seed}.safetensors", seed) for seed in range(2)]
    scores = score(states, embeddings, ABOUT, paths, are_values=True)
    assert scores.scores.shape == (2, 4, 3)
    for at, each in enumerate(logged):
        alone = QFunction.load(paths[1]).score(each.state, each.candidates)
        assert scores.scores[1, at, : len(alone)] == pytest.approx(alone, abs=1e-5)
        assert np.isnan(scores.scores[1, at, len(alone) :]).all()
    assert [model.seed for model in scores.models] == [0, 1]
    (row,) = selection_board(states, [scores])
    assert 0 <= row.regret.value <= 1
    with pytest.raises(WebVoyagerError, match="written with it"):
        score(states, {name: array[:3] for name, array in embeddings.items()}, ABOUT, paths, are_values=True)
