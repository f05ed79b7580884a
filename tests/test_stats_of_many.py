"""Statistics of many methods at once: interquartile means, p-values and Holm's correction."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from webvoyager_gym.stats import Bootstrap, holm, interquartile_mean

NAN = math.nan


def test_interquartile_mean_by_hand() -> None:
    # Of eight values two are cut at each end: (2 + 3 + 4 + 5) / 4.
    assert interquartile_mean([9.0, 0.0, 2.0, 5.0, 3.0, 4.0, 1.0, 8.0]) == pytest.approx(3.5)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_interquartile_mean_is_scipys_trimmed_mean(values: list[float]) -> None:
    assert interquartile_mean(values) == pytest.approx(scipy.stats.trim_mean(values, 0.25))


def test_interquartile_mean_leaves_out_what_does_not_count() -> None:
    rows = interquartile_mean([[0.0, NAN, 0.5, 0.5, 1.0], [NAN] * 5])
    assert rows[0] == pytest.approx(0.5)
    assert math.isnan(rows[1])


def test_one_site_that_is_failed_altogether_moves_the_mean_and_not_the_interquartile_mean() -> None:
    # Four sites of four tasks: half of each is solved, but nothing of the last.
    sites = np.repeat(["a", "b", "c", "d"], 4)
    cells = np.tile([1.0, 0.0, 1.0, 0.0], 4)[:, None]
    cells[12:] = 0.0
    bootstrap = Bootstrap(list(sites))
    assert bootstrap.mean(cells).value == pytest.approx(0.375)
    (estimate,) = bootstrap.interquartile_means(cells[None])
    assert estimate.value == pytest.approx(0.5)
    assert estimate.low < 0.5 < estimate.high


def test_interquartile_mean_is_over_sites_and_seeds() -> None:
    random = np.random.default_rng(0)
    sites = list(np.repeat(["a", "b", "c", "d", "e"], 6))
    outcomes = random.integers(0, 2, (2, 30, 4)).astype(float)
    rates = outcomes[1].reshape(5, 6, 4).mean(axis=1).ravel()
    estimate = Bootstrap(sites).interquartile_means(outcomes)[1]
    assert estimate.value == pytest.approx(scipy.stats.trim_mean(rates, 0.25))


def test_interquartile_means_that_cannot_vary_have_the_exact_interval() -> None:
    (estimate,) = Bootstrap(["a"] * 8).interquartile_means(np.ones((1, 8, 3)))
    assert (estimate.value, estimate.high) == (1.0, 1.0)
    assert estimate.low == pytest.approx(0.025 ** (1 / 4))  # four tasks are the middle half of eight
    (nothing,) = Bootstrap(["a", "a"]).interquartile_means(np.full((1, 2, 1), NAN))
    assert math.isnan(nothing.value)


def test_coverage_of_interquartile_means() -> None:
    # 15 sites of different difficulty with ten tasks each, two seeds: 95 % intervals hold the truth about that often.
    random = np.random.default_rng(1)
    rates = np.linspace(0.1, 0.9, 15)
    sites = [f"site{n}" for n in range(15) for _ in range(10)]
    held = 0
    for trial in range(200):
        cells = (random.random((150, 2)) < np.repeat(rates, 10)[:, None]).astype(float)
        (estimate,) = Bootstrap(sites, resamples=300, seed=trial).interquartile_means(cells[None])
        held += estimate.low <= 0.5 <= estimate.high
    assert 0.90 <= held / 200 <= 0.995


@pytest.mark.parametrize("tasks", [3, 8])
def test_all_tasks_won_give_the_sign_tests_p_value(tasks: int) -> None:
    outcomes = np.stack([np.zeros((tasks, 2)), np.ones((tasks, 2))])
    p = Bootstrap(["shop"] * tasks).p_values(outcomes)
    assert p[1] == pytest.approx(scipy.stats.binomtest(tasks, tasks, 0.5).pvalue)
    assert p[0] == 1.0


def test_p_values_by_hand() -> None:
    # Differences 1 and 0 of two tasks, one of which is drawn: half of the resamples are 0, none is below, all are at
    # least 0. So min(below or 0, above or 0) is about B/2 and p is about 1.
    outcomes = np.array([[[0.0], [0.0]], [[1.0], [0.0]]])
    assert Bootstrap(["shop", "shop"], resamples=4000).p_values(outcomes)[1] == pytest.approx(1.0, abs=0.05)


def test_p_values_agree_with_the_paired_t_test() -> None:
    random = np.random.default_rng(2)
    baseline = (random.random(300) < 0.5).astype(float)
    shifts = (0.0, 0.04, 0.08)
    agents = [np.where(random.random(300) < shift, 1.0, baseline) for shift in shifts]
    noisy = [np.where(random.random(300) < 0.3, random.integers(0, 2, 300), agent) for agent in agents]
    ours = Bootstrap(["shop"] * 300).p_values(np.stack([baseline, *noisy])[:, :, None])[1:]
    theirs = [scipy.stats.ttest_rel(agent, baseline).pvalue for agent in noisy]
    # Resamples without any difference count on both sides, so the bootstrap is the more careful of the two.
    assert ours == pytest.approx(theirs, abs=0.06)
    assert all(ours >= np.array(theirs) - 0.01)


def test_p_values_and_intervals_say_the_same() -> None:
    random = np.random.default_rng(3)
    sites = list(np.repeat(["a", "b"], 30))
    outcomes = (random.random((12, 60, 2)) < np.linspace(0.3, 0.7, 12)[:, None, None]).astype(float)
    bootstrap = Bootstrap(sites)
    p = bootstrap.p_values(outcomes)
    clear = [bootstrap.compare(agent, outcomes[0]).difference.clear_of_zero for agent in outcomes]
    assert [value < 0.05 for value in p] == clear
    assert any(clear)
    assert not all(clear[1:])


def test_equal_agents_are_not_told_apart_more_often_than_one_says() -> None:
    random = np.random.default_rng(4)
    outcomes = (random.random((400, 60, 2)) < 0.5).astype(float)
    p = Bootstrap(["a"] * 30 + ["b"] * 30, resamples=1000).p_values(outcomes)[1:]
    # Every agent is compared with the same one, so the p-values hang together; hence the wide bounds.
    assert np.mean(p < 0.05) < 0.2
    assert np.median(p) > 0.2


def test_p_values_are_of_pairs_that_count() -> None:
    outcomes = np.array([[[0.0], [0.0], [0.0], [NAN]], [[1.0], [1.0], [1.0], [0.0]], [[NAN]] * 4])
    p = Bootstrap(["shop"] * 4).p_values(outcomes)
    assert p[1] == pytest.approx(2 * 0.5**3)
    assert math.isnan(p[2])


def test_holm_by_hand() -> None:
    # 0.01 x 3, 0.03 x 2, and 0.04 x 1 which is not let below the one before.
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, NAN, 0.7])[[0, 2]] == pytest.approx([1.0, 1.0])
    assert math.isnan(holm([0.6, NAN])[1])
    assert len(holm([])) == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_lies_between_nothing_and_bonferroni(p: list[float]) -> None:
    adjusted = holm(p)
    assert np.all(adjusted >= np.array(p) - 1e-12)
    assert np.all(adjusted <= np.minimum(1.0, np.array(p) * len(p)) + 1e-12)
    assert np.array_equal(np.argsort(adjusted[np.argsort(p)], kind="stable"), np.arange(len(p)))
