"""Estimates of a selector's success from another policy's episodes, in a world where its success is known."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from algorithms import estimate
from algorithms.columns import Columns, columns_of_vectors
from algorithms.configure import configure
from algorithms.estimate import logged, selected
from algorithms.off_policy import Logged, effective_episodes, estimates, fitted_q
from algorithms.training import train
from tests.algorithms.fitting import small
from tests.algorithms.tabular import END, Walk, World, record
from webvoyager_gym.data import Dataset
from webvoyager_gym.data.vectors import Vectors
from webvoyager_gym.errors import WebVoyagerError

GO, QUIT = 0, 1
WORLD = World(
    {
        (0, GO): (1, 0.0),
        (0, QUIT): (END, 0.0),
        (1, GO): (END, 1.0),
        (1, QUIT): (END, 0.0),
        (2, GO): (END, 0.0),
        (2, QUIT): (END, 1.0),
    }
)
FROM_0 = [Walk(0, [GO, GO]), Walk(0, [GO, QUIT]), Walk(0, [QUIT]), Walk(0, [QUIT])]
BALANCED = [*FROM_0, *[Walk(2, [GO]), Walk(2, [QUIT])] * 2]
"""Half begin in 0, half in 2, and either action is taken half of the time: just what that policy lets expect."""

TRUE: dict[tuple[int, ...], float] = {
    (GO, GO, GO): 0.5,
    (GO, GO, QUIT): 1.0,
    (QUIT, GO, GO): 0.0,
    (GO, QUIT, QUIT): 0.5,
}
"""Success of selectors, given what they take in states 0, 1 and 2."""


def of_states(vectors: Vectors, columns: Columns, actions: tuple[int, ...]) -> tuple[Any, Any]:
    """What a selector takes in every state and next state; -1 after the end."""
    states = vectors.obs.argmax(1)
    table = np.array([*actions, -1])
    return table[states[columns.rows]], np.where(columns.terminals > 0, -1, table[states[columns.rows + 1]])


@pytest.fixture(scope="module")
def world() -> tuple[Vectors, Columns]:
    vectors = record(WORLD, BALANCED)
    return vectors, columns_of_vectors(vectors, "train", 1.0)


@pytest.mark.parametrize("actions", TRUE)
def test_estimates_are_the_true_success(actions: tuple[int, ...], world: tuple[Vectors, Columns]) -> None:
    """Weighted ones to the last digit, since the episodes are just as expected; of the doubly robust one that holds
    whatever Q is given."""
    vectors, columns = world
    here, following = of_states(vectors, columns, actions)
    data = logged(columns, here)
    wrong = np.random.default_rng(0).normal(size=(3, 2))[vectors.obs[columns.rows].argmax(1)]
    found = {kind: one.value for kind, one in estimates(data, wrong).items()}
    weighted = ("importance", "self-normalised", "per decision", "doubly robust")
    assert {kind: found[kind] for kind in weighted} == pytest.approx(dict.fromkeys(weighted, TRUE[actions]))
    config = configure("sarsa", ["hidden=[64]", "learning_rate=1e-2", "tau=0.2", "gamma=1", "batch_size=64"])
    q = fitted_q(columns, following, config, 300)
    assert estimates(data, q)["fitted Q"].value == pytest.approx(TRUE[actions], abs=0.05)


def test_fitted_q_evaluation_knows_what_nobody_did(world: tuple[Vectors, Columns]) -> None:
    """No recorded walk goes on twice, so no weight is above 0; Q is stitched together from two walks."""
    walks = [Walk(0, [GO, QUIT]), Walk(1, [GO]), Walk(0, [QUIT])]
    vectors = record(WORLD, walks)
    columns = columns_of_vectors(vectors, "train", 1.0)
    here, following = of_states(vectors, columns, (GO, GO, GO))
    config = configure("sarsa", ["hidden=[64]", "learning_rate=1e-2", "tau=0.2", "gamma=1", "batch_size=64"])
    q = fitted_q(columns, following, config, 300)
    first = columns.steps == 0
    np.testing.assert_allclose(q[first][:, GO], [1, 1, 1], atol=0.05)
    assert logged(columns, here).weights().tolist() == [0, 2, 0]


def test_a_step_limit_ends_and_an_infrastructure_failure_does_not() -> None:
    """Truncated after "go": a failure within the limit, though going on would have succeeded."""
    walks = [Walk(0, [GO], "truncated"), Walk(1, [GO]), Walk(0, [GO, GO], "broken")]
    config = configure("sarsa", ["hidden=[64]", "learning_rate=1e-2", "tau=0.2", "gamma=1", "batch_size=64"])
    for kept, expected in ((walks[:2], 0.0), (walks[1:], 1.0)):
        vectors = record(WORLD, kept)
        columns = columns_of_vectors(vectors, "train", 1.0)
        here, following = of_states(vectors, columns, (GO, GO, GO))
        q = fitted_q(columns, following, config, 300)
        at_start = columns.rows[vectors.obs[columns.rows].argmax(1) == 0]
        np.testing.assert_allclose(q[np.isin(columns.rows, at_start), GO], expected, atol=0.05)
        data = logged(columns, here)
        assert data.known.tolist() == [True, True] if kept is walks[:2] else [True, False]


def test_what_the_weights_are() -> None:
    """By hand: two episodes of two steps and one; half of the first step's choices, a fifth of the second's."""
    data = Logged(
        starts=np.array([0, 2]),
        chosen=np.array([0, 1, 1]),
        propensity=np.array([0.5, 0.2, 0.5]),
        rewards=np.array([0.0, 1.0, 1.0]),
        known=np.array([True, True]),
        selected=np.array([0, 1, 0]),
    )
    assert data.reach.tolist() == [2.0, 10.0, 0.0]
    assert data.weights().tolist() == [10.0, 0.0]
    assert effective_episodes(data) == 1.0
    found = estimates(data, np.zeros((3, 2)))
    assert (found["importance"].value, found["self-normalised"].value) == (5.0, 1.0)
    assert found["importance"].low <= 5.0 <= found["importance"].high
    nobody = dataclasses.replace(data, selected=1 - data.chosen)
    assert np.isnan(estimates(nobody, np.zeros((3, 2)))["self-normalised"].value)


def test_the_interval_holds_the_true_success_about_as_often_as_it_says() -> None:
    """Forty recordings of eighty walks by lot."""
    held = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        walks = [BALANCED[index] for index in random.integers(len(BALANCED), size=80)]
        vectors = record(WORLD, walks)
        columns = columns_of_vectors(vectors, "train", 1.0)
        data = logged(columns, of_states(vectors, columns, (GO, GO, GO))[0])
        one = estimates(data, np.zeros((len(columns.rows), 2)))["self-normalised"]
        held += one.low <= 0.5 <= one.high
    # 95 % of 40 is 38; fewer than 33 would happen once in ten thousand times.
    assert held >= 33


def test_selectors_choose_what_their_values_say(chain_dataset: Dataset, tmp_path: Path) -> None:
    columns = columns_of_vectors(chain_dataset.vectors(), "train", 1.0)
    first = selected("first", columns, "cpu")
    assert set(first.here) == {0}
    # The final observations of this dataset have candidates too.
    assert set(first.following) == {0}
    for name in ("bcq", "continuous-iql"):
        train(chain_dataset, small(name), 3, device="cpu", out=tmp_path)
        taken = selected(str(tmp_path / "model.safetensors"), columns, "cpu")
        assert taken.here.shape == taken.following.shape == columns.rows.shape
        assert set(taken.here) <= {0, 1}
    train(chain_dataset, small("decision-transformer"), 1, device="cpu", out=tmp_path)
    with pytest.raises(WebVoyagerError, match="by rollouts"):
        selected(str(tmp_path / "model.safetensors"), columns, "cpu")


def test_the_command(chain_dataset: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--dataset", str(chain_dataset.folder), "--updates", "2", "--device", "cpu"]
    estimate.app([*options, "--json"], standalone_mode=False)
    document = json.loads(capsys.readouterr().out)
    (row,) = document["selectors"]
    assert (row["selector"], row["episodes"], row["true"]) == ("first", 8, None)
    # Of the eight walks [on, on] from B and [on] from C went on to the end; w = 4 and 2, G = 1.
    assert row["estimates"]["importance"]["value"] == pytest.approx(6 / 8)
    assert row["estimates"]["self-normalised"]["value"] == pytest.approx(1.0)
    estimate.app(options, standalone_mode=False)
    assert "doubly robust" in capsys.readouterr().out
