"""Intervals and comparisons, against cases worked by hand and against scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from webvoyager_gym.stats import Bootstrap, Estimate, infrastructure_share, strata

NAN = math.nan


def column(*outcomes: float) -> np.ndarray:
    """(T, 1): one seed a task."""
    return np.array(outcomes)[:, None]


def test_two_strata_worked_by_hand() -> None:
    # One of the two shop tasks is drawn and counts twice: 0 or 1. The papers always give 1. So the mean is 0.5 or 1,
    # each half of the time.
    bootstrap = Bootstrap(["shop", "shop", "papers", "papers"])
    assert bootstrap.mean(column(1, 0, 1, 1)) == Estimate(0.75, 0.5, 1.0)


def test_a_stratum_is_never_drawn_from_another() -> None:
    # Every shop task fails and every paper succeeds: without strata the mean would vary, with them it cannot.
    bootstrap = Bootstrap(["shop"] * 3 + ["papers"] * 3)
    assert bootstrap.mean(column(0, 0, 0, 1, 1, 1)) == Estimate(0.5, 0.5, 0.5)


def test_seeds_stay_with_their_task() -> None:
    # Task means are 0 and 1 whatever seed is looked at, so the mean is 0 or 1; drawing seeds alone could give 0.5.
    estimate = Bootstrap(["shop", "shop"]).mean(np.array([[0, 0, 0, 0], [1, 1, 1, 1]], float))
    assert estimate == Estimate(0.5, 0.0, 1.0)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        # 0.025 ** (1/4) = 0.39764: four failures in a row are that unlikely if more than 60.2 % succeed.
        ((0, 0, 0, 0), Estimate(0.0, 0.0, 1 - 0.025**0.25)),
        ((1, 1, 1, 1), Estimate(1.0, 0.025**0.25, 1.0)),
        ((1, 1, 1, NAN), Estimate(1.0, 0.025 ** (1 / 3), 1.0)),
    ],
)
def test_outcomes_all_alike_give_the_exact_interval(outcomes: tuple[float, ...], expected: Estimate) -> None:
    estimate = Bootstrap(["shop"] * 4).mean(column(*outcomes))
    assert estimate.value == expected.value
    assert estimate.low == pytest.approx(expected.low)
    assert estimate.high == pytest.approx(expected.high)


def test_exact_interval_is_scipys_clopper_pearson() -> None:
    exact = scipy.stats.binomtest(0, 9).proportion_ci(0.95, method="exact")
    assert Bootstrap(["shop"] * 9).mean(column(*[0.0] * 9)).high == pytest.approx(exact.high)


def test_percentile_interval_agrees_with_scipy() -> None:
    random = np.random.default_rng(3)
    outcomes = (random.random(250) < 0.4).astype(float)
    ours = Bootstrap(["shop"] * 250).mean(outcomes[:, None])
    theirs = scipy.stats.bootstrap(
        (outcomes,), np.mean, n_resamples=4000, method="percentile", rng=np.random.default_rng(0)
    ).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.009)


def test_difference_agrees_with_scipys_paired_t_test() -> None:
    random = np.random.default_rng(4)
    baseline = (random.random(200) < 0.4).astype(float)
    agent = np.maximum(baseline, random.random(200) < 0.25)
    ours = Bootstrap(["shop"] * 200).compare(agent[:, None], baseline[:, None]).difference
    theirs = scipy.stats.ttest_rel(agent, baseline).confidence_interval(0.95)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.01)
    assert ours.clear_of_zero


def test_resamples_have_the_variance_of_stratified_sampling() -> None:
    # Var = sum over strata of (n/T)^2 s^2 / n, with s^2 the unbiased variance within the stratum.
    sites = ["a"] * 3 + ["b"] * 5 + ["c"] * 8
    values = np.random.default_rng(5).random(16)
    bootstrap = Bootstrap(sites, resamples=40_000)
    means = bootstrap._weights @ values / 16
    sizes = {"a": 3, "b": 5, "c": 8}
    spread = {name: np.var(values[np.array(sites) == name], ddof=1) for name in sizes}
    expected = sum((n / 16) ** 2 * spread[name] / n for name, n in sizes.items())
    assert np.var(means) == pytest.approx(expected, rel=0.04)


def test_coverage_of_small_samples() -> None:
    # 24 tasks on three sites of different difficulty: 95 % intervals hold the truth about that often.
    random = np.random.default_rng(6)
    rates = np.repeat([0.2, 0.5, 0.7], 8)
    held = 0
    for trial in range(300):
        bootstrap = Bootstrap([f"site{n}" for n in range(3) for _ in range(8)], resamples=400, seed=trial)
        estimate = bootstrap.mean((random.random(24) < rates).astype(float)[:, None])
        held += estimate.low <= rates.mean() <= estimate.high
    assert 0.91 <= held / 300 <= 0.99


def test_pairing_makes_a_steady_gain_visible() -> None:
    # The agent does what the baseline does and two tasks more. Unpaired, 2 of 40 would drown in the tasks' spread.
    baseline = np.tile([0.0, 1.0], 20)
    agent = baseline.copy()
    agent[[0, 2, 4, 6, 8, 10]] = 1.0
    bootstrap = Bootstrap(["shop"] * 40)
    comparison = bootstrap.compare(agent[:, None], baseline[:, None])
    assert comparison.difference.value == pytest.approx(0.15)
    assert comparison.difference.clear_of_zero
    assert (comparison.wins, comparison.losses, comparison.ties) == (6, 0, 34)
    rates = bootstrap.success_rates(np.stack([agent, baseline])[:, :, None])
    assert rates[0].low < rates[1].high


def test_infrastructure_failures_leave_pairs() -> None:
    agent, baseline = column(1, NAN, 0, 1), column(0, 0, NAN, 1)
    bootstrap = Bootstrap(["shop"] * 4)
    assert bootstrap.mean(agent).value == pytest.approx(2 / 3)
    comparison = bootstrap.compare(agent, baseline)
    assert comparison.difference.value == pytest.approx(0.5)
    assert (comparison.wins, comparison.losses, comparison.ties) == (1, 0, 1)
    assert infrastructure_share(np.stack([agent, baseline])).tolist() == [0.25, 0.25]


def test_nothing_counted_is_nan() -> None:
    estimate = Bootstrap(["shop", "shop"]).mean(column(NAN, NAN))
    assert math.isnan(estimate.value)
    assert not estimate.clear_of_zero


def test_probability_of_improvement_is_the_mean_of_mann_whitney() -> None:
    random = np.random.default_rng(7)
    agent, baseline = random.integers(0, 3, (2, 12, 5)).astype(float)
    expected = np.mean([scipy.stats.mannwhitneyu(x, y).statistic / 25 for x, y in zip(agent, baseline, strict=True)])
    comparison = Bootstrap(["shop"] * 12).compare(agent, baseline)
    assert comparison.improvement.value == pytest.approx(expected)


def test_probability_of_improvement_of_an_agent_over_itself_is_a_half() -> None:
    outcomes = np.random.default_rng(8).integers(0, 2, (10, 4)).astype(float)
    comparison = Bootstrap(["shop"] * 10).compare(outcomes, outcomes)
    assert comparison.improvement.value == pytest.approx(0.5)
    assert comparison.difference.value == 0
    assert not comparison.difference.clear_of_zero


@pytest.mark.parametrize(
    ("sites", "expected"),
    [
        (["a", "b", "a"], [0, 0, 0]),  # the lone b joins a
        (["a", "b", "c", "c"], [0, 0, 2, 2]),  # two lone ones share
        (["a"], [0]),
    ],
)
def test_lone_tasks_share_a_stratum(sites: list[str], expected: list[int]) -> None:
    assert strata(sites).tolist() == expected


def test_same_seed_same_numbers() -> None:
    outcomes = np.random.default_rng(9).integers(0, 2, (2, 30, 2)).astype(float)
    sites = ["a"] * 15 + ["b"] * 15
    first, again, other = (Bootstrap(sites, resamples=500, seed=seed).success_rates(outcomes) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@settings(max_examples=50, deadline=None)
@given(
    cells=st.lists(st.sampled_from([0.0, 1.0, NAN]), min_size=1, max_size=12),
    names=st.lists(st.sampled_from("abc"), min_size=12, max_size=12),
)
def test_an_interval_holds_its_estimate_and_stays_in_range(cells: list[float], names: list[str]) -> None:
    estimate = Bootstrap(names[: len(cells)], resamples=200).mean(column(*cells))
    if not math.isnan(estimate.value):
        assert 0 <= estimate.low <= estimate.value + 1e-9
        assert estimate.value - 1e-9 <= estimate.high <= 1


def test_bad_shapes_say_what_was_expected() -> None:
    with pytest.raises(ValueError, match="2 tasks"):
        Bootstrap(["a", "b"]).success_rates(np.zeros((1, 3, 1)))
    with pytest.raises(ValueError, match="at least one"):
        Bootstrap([])
    with pytest.raises(ValueError, match="between 0 and 1"):
        Bootstrap(["a"], confidence=95)
