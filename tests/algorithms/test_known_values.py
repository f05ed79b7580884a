"""In small worlds each value method converges to the value that it claims to estimate."""

from __future__ import annotations

import numpy as np
import pytest

from tests.algorithms import tabular
from tests.algorithms.fitting import converged, of_state, values
from tests.algorithms.tabular import Table, Walk, World
from tests.algorithms.worlds import (
    CHAIN,
    CHAIN_WALKS,
    DETOUR,
    GO,
    MISSING,
    MISSING_WALKS,
    ON,
    QUIT,
    SLOW,
    TREE,
    TREE_WALKS,
    WIN,
)
from webvoyager_gym.data.convert import to_d3rlpy

WORLDS = {"chain": (CHAIN, CHAIN_WALKS), "tree": (TREE, TREE_WALKS), "missing": (MISSING, MISSING_WALKS)}


def known(name: str, world: World, walks: list[Walk]) -> Table:
    """What an algorithm claims to estimate."""
    policy = tabular.behaviour(world, walks)
    if name == "monte-carlo":
        return tabular.monte_carlo(world, walks)
    if name == "sarsa":
        return tabular.along_the_walks(world, walks)
    if name == "cql":
        return tabular.solve(world, policy, tabular.best, tabular.conservative(0.1))
    backups = {"iql": tabular.expectile(0.7), "bcq": tabular.best_plausible(0.4)}
    return tabular.solve(world, policy, backups.get(name, tabular.best))


SETTINGS = {"cql": ["alpha=0.1"], "bcq": ["threshold=0.4", "logit_penalty=0"], "monte-carlo": []}


@pytest.mark.parametrize("where", WORLDS)
@pytest.mark.parametrize("name", ["sarsa", "dqn", "double-dqn", "iql", "cql", "bcq", "monte-carlo"])
def test_values_converge_to_the_known_ones(name: str, where: str) -> None:
    world, walks = WORLDS[where]
    tau = [] if name == "monte-carlo" else ["tau=0.2"]
    algo = converged(name, world, to_d3rlpy(tabular.record(world, walks)), *tau, *SETTINGS.get(name, []))
    expected = known(name, world, walks)
    for step, value in values(algo, world).items():
        # BCQ gives no value to what it would never do.
        if np.isfinite(value):
            assert value == pytest.approx(expected[step], abs=0.03), step


def test_the_worlds_tell_the_methods_apart() -> None:
    """Otherwise the test above would let one method pass for another."""
    tree = {name: known(name, TREE, TREE_WALKS)[0, GO] for name in ("monte-carlo", "sarsa", "iql", "dqn")}
    assert tree == pytest.approx({"monte-carlo": 0.0, "sarsa": 0.0, "iql": 0.63, "dqn": 0.9})
    missing = known("dqn", MISSING, MISSING_WALKS)
    assert missing[0, GO] == pytest.approx(0.9**3)
    chain = [known(name, CHAIN, CHAIN_WALKS)[0, ON] for name in ("cql", "dqn")]
    assert chain[1] - chain[0] > 0.05


def test_only_what_stitches_takes_the_short_way() -> None:
    """From state 0 the short way is worth 0.9 and the long one 0.81, but all that began the short way failed."""
    dataset = to_d3rlpy(tabular.record(TREE, TREE_WALKS))
    chosen = {
        name: int(of_state(converged(name, TREE, dataset, *settings), TREE, 0).argmax())
        for name, settings in {"dqn": ["tau=0.2"], "monte-carlo": [], "sarsa": ["tau=0.2"], "filtered-bc": []}.items()
    }
    assert chosen == {"dqn": GO, "monte-carlo": DETOUR, "sarsa": DETOUR, "filtered-bc": DETOUR}


def test_iql_rises_with_the_expectile_from_sarsa_to_dqn() -> None:
    dataset = to_d3rlpy(tabular.record(CHAIN, CHAIN_WALKS))
    settings = ["tau=0.2", "n_critics=1"]
    levels = [
        values(converged("iql", CHAIN, dataset, *settings, f"expectile={level}"), CHAIN)[0, ON]
        for level in (0.5, 0.7, 0.9)
    ]
    sarsa, dqn = (known(name, CHAIN, CHAIN_WALKS)[0, ON] for name in ("sarsa", "dqn"))
    assert levels[0] == pytest.approx(sarsa, abs=0.03)
    assert levels[0] + 0.1 < levels[1] < levels[2] - 0.1 < dqn


def test_bc_gives_the_behaviours_odds_and_filtered_bc_those_of_what_succeeded() -> None:
    """Of the seven times in state 0, the data goes on three times, wins three times and quits once; of the five of
    these in walks that succeeded it goes on twice and wins three times."""
    dataset = to_d3rlpy(tabular.record(MISSING, MISSING_WALKS))
    logits = of_state(converged("bc", MISSING, dataset), MISSING, 0).astype(np.float64)
    policy = tabular.behaviour(MISSING, MISSING_WALKS)
    shares = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(shares, [policy[0, a] for a in MISSING.candidates(0)], atol=0.02)
    filtered = of_state(converged("filtered-bc", MISSING, dataset), MISSING, 0).astype(np.float64)
    shares = np.exp(filtered) / np.exp(filtered).sum()
    np.testing.assert_allclose(shares, [2 / 5, 3 / 5, 0], atol=0.02)


def test_cql_holds_down_a_candidate_that_was_never_executed() -> None:
    """In state 0 "win" is proposed and never taken: the more conservative, the lower its value beside the taken one."""
    walks = [Walk(0, [GO, SLOW, SLOW, QUIT]), Walk(1, [QUIT]), Walk(0, [GO, QUIT])]
    dataset = to_d3rlpy(tabular.record(MISSING, walks))
    gaps = []
    for alpha in (0.0, 0.1, 1.0):
        found = values(converged("cql", MISSING, dataset, "tau=0.2", f"alpha={alpha}", steps=200), MISSING)
        gaps.append(found[0, WIN] - found[0, GO])
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] < -1
