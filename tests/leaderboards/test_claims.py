"""Claims against what would prove and disprove them, and the one rule that judges all."""

from __future__ import annotations

import math
from itertools import chain

import numpy as np
import pytest

from leaderboards.claims.claim import NotRun, Trial
from leaderboards.claims.collecting import equal_successes
from leaderboards.claims.every import CLAIMS
from leaderboards.claims.measured import acted
from leaderboards.claims.needs import Arm, BySite, Data, Part, Training
from leaderboards.claims.q_size import hidden_of, parameters_of, sizes
from leaderboards.claims.sizes import FULL, QUICK, SIZES, TINY
from leaderboards.claims.verdict import decide, judge
from leaderboards.claims.words import effect_text
from tests.leaderboards.made_up_claims import TRIAL, made_measured
from tests.made_up_results import episode, step
from webvoyager_gym.data.recipes import find_recipe
from webvoyager_gym.stats import Estimate

SUPPORTING = {
    "beats-first": {"best-of-q"},
    "random-is-worse": {"first"},
    "vlm-chooses-worse": {"best-of-q"},
    "another-n-hurts": {"few-3", "many-8"},
    "n-robust-training": {"subsets-3", "subsets-5"},
    "early-gains": {"round-0", "round-1", "round-2"},
    "expectile-by-data": {"weak-0.7", "strong-0.8"},
    "unseen-sites": {"same-sites"},
    "q-size": {"q-0", "q-1", "q-2"},
    "embedder-size": {"small", "large"},
}
"""Arms that succeed where a claim on success is right."""
CONTRADICTING = {
    "beats-first": {"first"},
    "random-is-worse": {"random"},
    "vlm-chooses-worse": {"vlm-selector"},
    "another-n-hurts": {"few-8", "many-3"},
    "n-robust-training": {"many-3", "many-5"},
    "early-gains": {"round-2"},
    "expectile-by-data": {"weak-0.8", "strong-0.7"},
    "unseen-sites": {"other-sites"},
    "q-size": {"q-2"},
    "embedder-size": {"large"},
}
"""Arms that succeed where it is wrong."""
NEUTRAL = {
    "another-n-hurts": {"few-5", "many-5", "few-8", "many-8"},
    "expectile-by-data": {"first", "strong-0.7", "strong-0.8"},
    "n-robust-training": {"many-8"},
    "early-gains": set(),
}
"""Arms that succeed for other reasons: more candidates, better data."""


def verdict(id: str, succeeding: set[str]) -> str:
    measured = made_measured(CLAIMS[id], succeeding)
    return judge(CLAIMS[id].effect(measured), measured).verdict


def test_an_interval_clear_of_zero_decides_and_its_side_says_how() -> None:
    assert decide(Estimate(0.2, 0.1, 0.3)) == "holds"
    assert decide(Estimate(-0.2, -0.3, -0.1)) == "does not hold"
    assert decide(Estimate(0.2, -0.1, 0.5)) == decide(Estimate(0.2, 0.0, 0.4)) == "undecided"
    assert decide(Estimate(math.nan, math.nan, math.nan)) == "undecided"


@pytest.mark.parametrize("id", SUPPORTING)
def test_a_claim_on_success_can_hold_and_fail(id: str) -> None:
    assert verdict(id, SUPPORTING[id]) == "holds"
    assert verdict(id, CONTRADICTING[id]) == "does not hold"
    assert verdict(id, NEUTRAL.get(id, {arm.id for arm in CLAIMS[id].arms(TRIAL)})) == "undecided"


def test_every_claim_is_tested_here() -> None:
    assert (
        CLAIMS.keys()
        == SUPPORTING.keys() | {"failure-split", "cheaper-than-asking"}
        == CONTRADICTING.keys()
        | {
            "failure-split",
            "cheaper-than-asking",
        }
    )


@pytest.mark.parametrize(("letter", "expected"), [("n", "holds"), ("g", "does not hold"), ("o", "undecided")])
def test_of_failures_counts_what_there_was_to_choose(letter: str, expected: str) -> None:
    claim = CLAIMS["failure-split"]
    measured = made_measured(claim, set(), {"best-of-q": letter})
    judgement = judge(claim.effect(measured), measured)
    assert judgement.verdict == expected
    # Successes are no failures: one task of 24 is completed with both seeds.
    assert judgement.counted == 46


def test_cost_is_in_tokens() -> None:
    claim = CLAIMS["cheaper-than-asking"]
    measured = made_measured(claim, set())
    judgement = judge(claim.effect(measured), measured)
    assert (judgement.verdict, judgement.effect.value) == ("holds", 1100.0)
    # 24 tasks in a row that all save 1,100, of 2,000 that one could: 0.025^(1/24) of the way from -900 to 1,100.
    assert effect_text(judgement) == "+1,100 (+815 to +1,228) tokens"


@pytest.mark.parametrize("id", CLAIMS)
@pytest.mark.parametrize("size", SIZES)
def test_arms_have_names_of_their_own_and_the_figure_shows_all_of_them(id: str, size: str) -> None:
    claim = CLAIMS[id]
    arms = claim.arms(Trial(SIZES[size], "validation"))
    assert len({arm.id for arm in arms}) == len(arms)
    figure = str(claim.figure(made_measured(claim, {"best-of-q"})))
    shown = made_measured(claim, {"best-of-q"}).arms
    assert "nan" not in figure
    assert all(text in figure for text in {arm.line or arm.label for arm in shown})


def test_claims_share_what_is_equal() -> None:
    arms = list(chain.from_iterable(claim.arms(Trial(FULL, "test")) for claim in CLAIMS.values()))
    runs = {(arm.chooser, arm.n, arm.embedder) for arm in arms}
    assert len(runs) < 0.7 * len(arms)
    trainings = {arm.chooser for arm in arms if isinstance(arm.chooser, Training)}
    # Three data, two expectiles on two of them, three sizes, two with subsets, one embedder.
    assert len(trainings) == 1 + 1 + 4 + 3 + 2 + 1
    published = {each.data.published for each in trainings if isinstance(each.data, Data)}
    assert published == {"local/mixed-v0", "local/random-v0", "local/expert-v0", ""}
    for training in trainings:
        if isinstance(training.data, Data) and training.data.published:
            recipe = find_recipe(training.data.published)
            assert (recipe.policy, recipe.episodes) == (training.data.policy, training.data.episodes)


def test_every_task_is_acted_on_by_a_fold() -> None:
    for size in (FULL, QUICK, TINY):
        for arm in CLAIMS["unseen-sites"].arms(Trial(size, "validation"))[1:]:
            assert isinstance(arm.chooser, BySite)
            assert sorted(chain.from_iterable(sites for sites, _ in arm.chooser.parts)) == sorted(size.sites)
            for sites, training in arm.chooser.parts:
                assert isinstance(training.data, Part)
                assert (set(training.data.sites) == set(sites)) == (arm.id == "same-sites")
                assert not set(training.data.sites) & set(training.data.others)


@pytest.mark.parametrize("width", [128, 256, 2048, 3584])
@pytest.mark.parametrize("parameters", [500_000, 11_000_000, 40_000_000])
def test_a_network_has_about_as_many_parameters_as_asked_for(parameters: int, width: int) -> None:
    assert parameters_of(hidden_of(parameters, width), width) == pytest.approx(parameters, rel=0.02)
    assert parameters_of(hidden_of(11_012_608, 2048), 2048) == parameters_of((2048, 1024, 512), 2048)
    assert sizes(500_000, 40_000_000) == (500_000, 4_472_136, 40_000_000)


def test_parts_have_as_many_successes_and_no_site_of_the_other() -> None:
    random = np.random.default_rng(1)
    sites = random.choice(["shop", "maps", "news"], 300)
    success = random.random(300) < np.where(sites == "shop", 0.2, 0.7)
    few = equal_successes(sites, success, ("shop",), ("maps", "news"))
    many = equal_successes(sites, success, ("maps", "news"), ("shop",))
    assert success[few].sum() == success[many].sum() == success[sites == "shop"].sum()
    assert set(sites[few]) == {"shop"}
    assert set(sites[many]) == {"maps", "news"}
    assert (np.diff(few) > 0).all()
    # Failures are there as often as they happen.
    assert success[many].mean() == pytest.approx(success[sites != "shop"].mean(), abs=0.1)
    with pytest.raises(NotRun, match="successes both on maps"):
        equal_successes(sites, success & (sites != "shop"), ("maps",), ("shop",))


def test_ends_and_costs_are_those_of_the_episodes() -> None:
    rows = [
        episode("x", "shop/a/test-0", True, seed=0, cost={"tokens_in": 90.0, "tokens_out": 10.0}),
        episode("x", "shop/a/test-0", False, seed=1, trace=(step(0, (False, True, False)),)),
        episode("x", "maps/a/test-0", False, seed=1, trace=(step(0, (False, False, False)),)),
        episode("x", "maps/a/test-0", False, seed=0, failure="browser"),
    ]
    found = acted(Arm("x", "X", "first"), "first", ["shop/a/test-0", "maps/a/test-0"], rows, {})
    assert found.ends == ("1g", "xn")
    np.testing.assert_array_equal(found.success, [[1, 0], [np.nan, 0]])
    assert found.tokens.tolist() == [[100, 0], [0, 0]]
