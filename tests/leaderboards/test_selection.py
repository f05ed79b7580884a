"""What the selection board measures, by hand and against scipy; and its files."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest
import scipy.stats

from leaderboards.selection import (
    calibration_error,
    kendall,
    overestimation,
    regret,
    selection_board,
)
from leaderboards.selection_file import load_selection, scores_text, states_text
from tests.leaderboards.made_up import made_selection
from webvoyager_gym.errors import InvalidFile

NAN = math.nan
VALUES = np.array([[0.9, 0.5, 0.0], [0.0, 0.8, NAN]])


def test_regret_by_hand() -> None:
    scores = np.array([[[0.1, 0.3, 0.2], [0.5, 0.4, NAN]], [[1.0, 0.0, 0.0], [0.0, 1.0, NAN]]])
    assert regret(scores, VALUES) == pytest.approx(np.array([[0.4, 0.8], [0.0, 0.0]]))


def test_kendall_is_scipys() -> None:
    random = np.random.default_rng(0)
    values = random.integers(0, 4, (50, 5)).astype(float)
    scores = random.integers(0, 4, (2, 50, 5)).astype(float)
    expected = [
        [scipy.stats.kendalltau(ours, true).statistic for ours, true in zip(seed, values, strict=True)]
        for seed in scores
    ]
    assert kendall(scores, values) == pytest.approx(np.array(expected), nan_ok=True)


def test_kendall_leaves_out_what_is_no_candidate() -> None:
    scores = np.array([[[0.9, 0.1, 0.2], [0.1, 0.2, NAN]]])
    assert kendall(scores, VALUES)[0] == pytest.approx([1 / 3, 1.0])
    assert math.isnan(kendall(np.zeros((1, 2, 3)), VALUES)[0, 0])


def test_calibration_error_by_hand() -> None:
    # Twenty candidates in ten bins of two; every score is 0.1 above its value.
    values = np.linspace(0, 0.9, 20).reshape(10, 2)
    assert calibration_error(values[None] + 0.1, values) == pytest.approx(0.1)
    assert calibration_error(values[None], values) == pytest.approx(0.0)


def test_overestimation_by_hand() -> None:
    scores = np.array([[[0.2, 0.7, 0.9], [0.5, 0.4, NAN]]])
    assert overestimation(scores, VALUES, 1)[0] == pytest.approx([-0.7, 0.5])
    assert overestimation(scores, VALUES, 2)[0] == pytest.approx([0.2, 0.5])
    assert overestimation(scores, VALUES, 3)[0] == pytest.approx([0.9, 0.5])


def test_noise_makes_the_highest_score_too_high_and_the_more_so_the_more_there_are() -> None:
    random = np.random.default_rng(1)
    values = np.full((4000, 8), 0.5)
    scores = values[None] + random.normal(0, 0.1, (1, 4000, 8))
    means = [overestimation(scores, values, n).mean() for n in (1, 2, 4, 8)]
    # The expected largest of n standard normal draws.
    assert means == pytest.approx([0.0, 0.0564, 0.1029, 0.1424], abs=0.005)


def test_the_better_informed_method_comes_first() -> None:
    states, methods = made_selection()
    good, poor = selection_board(states, methods)
    assert [good.scores.about.id, poor.scores.about.id] == ["iql", "dqn"]
    assert good.top_1.low > poor.top_1.value
    assert good.rank_correlation.value > poor.rank_correlation.value
    assert good.calibration is not None
    assert len(good.overestimation) == 3


def test_scores_that_are_no_values_are_not_held_against_values() -> None:
    states, (method, _) = made_selection()
    (row,) = selection_board(states, [dataclasses.replace(method, are_values=False, scores=10 * method.scores)])
    assert row.calibration is None
    assert row.overestimation == ()
    assert row.top_1.value == selection_board(states, [method])[0].top_1.value


def test_files_are_read_as_written_and_changed_ones_refused(tmp_path: Path) -> None:
    folder = tmp_path / "selection"
    folder.mkdir()
    assert load_selection(tmp_path) == (None, ())
    states, (method, _) = made_selection(20)
    (folder / "states.json").write_text(states_text(states), encoding="utf-8")
    known, _ = load_selection(tmp_path)
    assert known is not None
    assert known.tasks == states.tasks
    assert known.values == pytest.approx(states.values, abs=1e-5, nan_ok=True)

    text = scores_text(dataclasses.replace(method, states_sha256=known.sha256))
    path = folder / "iql.json"
    path.write_text(text, encoding="utf-8")
    (read,) = load_selection(tmp_path)[1]
    assert read.scores == pytest.approx(method.scores, abs=1e-5, nan_ok=True)
    path.write_text(text.replace('"IQL"', '"Best"'), encoding="utf-8")
    with pytest.raises(InvalidFile, match="checksum"):
        load_selection(tmp_path)
    path.write_text(scores_text(method), encoding="utf-8")
    with pytest.raises(InvalidFile, match="other states"):
        load_selection(tmp_path)
    short = dataclasses.replace(method, states_sha256=known.sha256, scores=method.scores[:, :10])
    path.write_text(scores_text(short), encoding="utf-8")
    with pytest.raises(InvalidFile, match="each candidate of the 20 states"):
        load_selection(tmp_path)
