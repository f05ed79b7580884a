"""What every algorithm does, whichever it is."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from algorithms.checkpoint import load_checkpoint
from algorithms.configure import ALGORITHMS, configure
from algorithms.d3rlpy_import import d3rlpy
from algorithms.training import train
from tests.algorithms.fitting import QUIET, fitted, sampled, small
from tests.algorithms.tabular import END, Walk, World, record
from webvoyager_gym.data import Dataset
from webvoyager_gym.data.convert import to_d3rlpy
from webvoyager_gym.errors import NotFound, WebVoyagerError
from webvoyager_gym.q_function import QFunction

ROWS: list[tuple[str, tuple[str, ...]]] = [(name, ()) for name in ALGORITHMS]
ROWS += [(name, ("choose_by=actor",)) for name in ALGORITHMS if name.startswith("continuous-")]
every = pytest.mark.parametrize(("name", "settings"), ROWS, ids=["-".join((name, *more)) for name, more in ROWS])

WORLD = World(
    {
        (0, 0): (1, 0.0),
        (0, 1): (END, 0.0),
        (0, 2): (2, 0.0),
        (1, 1): (2, 0.0),
        (1, 2): (END, 0.0),
        (2, 0): (END, 1.0),
    }
)
"""Three states with three, two and one candidates."""
WALKS = [Walk(0, [0, 1, 0]), Walk(0, [1]), Walk(0, [2, 0]), Walk(1, [2]), Walk(1, [1], "truncated")]
BROKEN = Walk(0, [0, 1], "broken")
D = WORLD.width


@pytest.fixture(scope="module")
def dataset() -> d3rlpy.dataset.ReplayBuffer:
    return to_d3rlpy(record(WORLD, [*WALKS, BROKEN]))


def questions(n: int, size: int = 50) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """States (B, D), candidates (B, N, D) and a mask (B, N) with at least one candidate each."""
    random = np.random.default_rng(n)
    mask = random.random((size, n)) < 0.5
    mask[np.arange(size), random.integers(n, size=size)] = True
    return (
        random.normal(size=(size, D)).astype(np.float32),
        random.normal(size=(size, n, D)).astype(np.float32),
        mask,
    )


@every
@pytest.mark.parametrize("n", [1, 3, 7])
def test_any_number_of_candidates_is_scored(
    name: str, settings: tuple[str, ...], n: int, dataset: d3rlpy.dataset.ReplayBuffer
) -> None:
    """Trained with up to three."""
    algo = fitted(small(name, *settings), dataset, 2)
    states, candidates, mask = questions(n)
    values, chosen = algo.predict_values([states, candidates, mask]), algo.predict([states, candidates, mask])
    assert (values.shape, values.dtype, chosen.shape) == ((50, n), np.float32, (50,))
    assert np.isneginf(values[~mask]).all()
    assert np.isfinite(values[np.arange(50), chosen]).all(), "a candidate that is there is chosen"
    np.testing.assert_array_equal(chosen, values.argmax(1))
    np.testing.assert_array_equal(algo.predict_value([states, candidates, mask], chosen), values.max(1))
    all_there = algo.predict_values([states, candidates])
    np.testing.assert_array_equal(all_there, algo.predict_values([states, candidates, np.ones_like(mask)]))
    mask[7] = False
    with pytest.raises(ValueError, match="no candidate"):
        algo.predict([states, candidates, mask])


@every
def test_values_go_with_their_candidates(
    name: str, settings: tuple[str, ...], dataset: d3rlpy.dataset.ReplayBuffer
) -> None:
    """However they are ordered, and whatever stands in the places without one."""
    algo = fitted(small(name, *settings), dataset, 2)
    states, candidates, mask = questions(5)
    values = algo.predict_values([states, candidates, mask])
    order = [3, 0, 4, 1, 2]
    shuffled = algo.predict_values([states, candidates[:, order], mask[:, order]])
    np.testing.assert_allclose(shuffled, values[:, order], rtol=1e-4, atol=1e-5)
    junk = np.where(mask[..., None], candidates, np.float32(1e3))
    np.testing.assert_allclose(algo.predict_values([states, junk, mask]), values, rtol=1e-4, atol=1e-5)


def disguised(dataset: d3rlpy.dataset.ReplayBuffer) -> d3rlpy.dataset.ReplayBuffer:
    """The same transitions with candidates in another order, two more places, and junk where there is no candidate."""
    episodes = []
    for episode in dataset.episodes:
        rows, n, width = episode.candidates.shape
        candidates = np.full((rows, n + 2, width), 77.0, np.float32)
        mask = np.zeros((rows, n + 2), bool)
        places = np.array([4, 1, 2])
        candidates[:, places] = np.where(episode.mask[..., None], episode.candidates, np.float32(-55.0))
        mask[:, places] = episode.mask
        last = episode.last_chosen if episode.last_chosen < 0 else int(places[episode.last_chosen])
        episodes.append(
            dataclasses.replace(
                episode, candidates=candidates, mask=mask, actions=places[episode.actions], last_chosen=last
            )
        )
    return d3rlpy.dataset.ReplayBuffer(
        d3rlpy.dataset.InfiniteBuffer(),
        transition_picker=dataset.transition_picker,
        episodes=episodes,
        observation_signature=dataset.dataset_info.observation_signature,
        action_signature=dataset.dataset_info.action_signature,
        reward_signature=dataset.dataset_info.reward_signature,
        action_space=dataset.dataset_info.action_space,
        action_size=dataset.dataset_info.action_size + 2,
    )


@every
def test_what_is_learnt_knows_no_order_and_no_absent_candidate(
    name: str, settings: tuple[str, ...], dataset: d3rlpy.dataset.ReplayBuffer
) -> None:
    states, candidates, _ = questions(3)
    plain, other = (fitted(small(name, *settings), data, 5) for data in (dataset, disguised(dataset)))
    values = plain.predict_values([states, candidates])
    close = 1e-4 * float(np.abs(values[np.isfinite(values)]).max())
    np.testing.assert_allclose(other.predict_values([states, candidates]), values, rtol=1e-3, atol=close)


@every
def test_same_seed_same_values(name: str, settings: tuple[str, ...], dataset: d3rlpy.dataset.ReplayBuffer) -> None:
    states, candidates, _ = questions(3)
    one, same, other = (
        fitted(small(name, *settings), dataset, 5, seed).predict_values([states, candidates]) for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


@every
def test_a_saved_algorithm_predicts_and_goes_on_as_before(
    name: str, settings: tuple[str, ...], dataset: d3rlpy.dataset.ReplayBuffer, tmp_path: Path
) -> None:
    algo = fitted(small(name, *settings), dataset, 5)
    algo.save(tmp_path / "model.d3")
    loaded = d3rlpy.load_learnable(tmp_path / "model.d3")
    assert type(loaded) is type(algo)
    assert loaded.config.serialize_to_dict() == algo.config.serialize_to_dict()
    question = questions(3)
    np.testing.assert_array_equal(loaded.predict_values(question), algo.predict_values(question))
    loaded._grad_step = algo.grad_step  # d3rlpy saves no count, by which some update their actor now and then only
    for each in (algo, loaded):
        d3rlpy.seed(1)
        each.update(sampled(dataset))
    np.testing.assert_array_equal(loaded.predict_values(question), algo.predict_values(question))


@every
def test_updates_lower_the_loss(name: str, settings: tuple[str, ...], dataset: d3rlpy.dataset.ReplayBuffer) -> None:
    d3rlpy.seed(0)
    config = small(name, *settings)
    if name != "filtered-bc":
        config.gamma = 0.0  # a target that stays where it is, so that losses can be compared
    if name == "continuous-cql":
        config.alpha_learning_rate = 0.0  # likewise: the weight of its second term is learnt, to make the loss larger
        config.critic_learning_rate = 3e-3  # what it draws at random would hide the little that 60 small steps do
    algo = config.create("cpu:0")
    algo.build_with_dataset(dataset)
    batch = sampled(dataset)
    losses = [algo.update(batch) for _ in range(60)]
    (key,) = {"critic_loss", "imitation_loss"} & losses[0].keys()
    first, last = (np.mean([loss[key] for loss in part]) for part in (losses[:5], losses[-5:]))
    assert last < first - 0.01 * abs(first)
    assert all(np.isfinite(list(loss.values())).all() for loss in losses)


@every
def test_training_from_disk_writes_what_can_be_loaded(
    name: str, settings: tuple[str, ...], chain_dataset: Dataset, tmp_path: Path
) -> None:
    config = small(name, *settings)
    path = train(chain_dataset, config, steps=2, device="cpu", out=tmp_path)
    algo, _ = load_checkpoint(tmp_path / "model.safetensors")
    assert algo.config.get_type() == config.get_type()
    states, candidates = np.eye(4, dtype=np.float32)[:3], np.tile(np.eye(4, dtype=np.float32)[:2], (3, 1, 1))
    values = algo.predict_values([states, candidates])
    if algo.exportable:
        scores = QFunction.load(path).score_batch(states, candidates)
        np.testing.assert_allclose(scores, values, rtol=1e-5, atol=1e-6)
    else:
        assert path == tmp_path / "model.safetensors"
        assert not (tmp_path / "q.safetensors").exists()


def test_an_unknown_name_names_the_nearest() -> None:
    with pytest.raises(NotFound, match=r"no algorithm 'double-dqm'; the nearest are double-dqn"):
        configure("double-dqm", [])


def test_what_chooses_by_more_than_q_is_not_exported_as_if_it_did_not(
    dataset: d3rlpy.dataset.ReplayBuffer, tmp_path: Path
) -> None:
    with pytest.raises(WebVoyagerError, match="more than a Q-function"):
        fitted(small("bcq"), dataset, 1).export_q(tmp_path / "q.safetensors")


@pytest.mark.parametrize(
    ("name", "setting", "reason"),
    [
        ("iql", "expectile=1", "expectile must lie between"),
        ("sarsa", "tau=0", "tau must lie above 0"),
        ("cql", "alpha=-1", "alpha must be at least 0"),
        ("bcq", "threshold=1.1", "threshold must lie between"),
        ("continuous-iql", "choose_by=luck", "one of q, actor, not 'luck'"),
        ("continuous-cql", "hidden=[0]", "at least 1"),
    ],
)
def test_settings_that_could_not_work_are_refused(name: str, setting: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        configure(name, [setting])


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"compile_graph": True}, "compile_graph"),
        ({"observation_scaler": d3rlpy.preprocessing.StandardObservationScaler()}, "standardise"),
    ],
)
def test_what_candidate_networks_do_not_do_is_refused(options: dict[str, Any], reason: str) -> None:
    for config in ALGORITHMS.values():
        if not config.__name__.startswith("Continuous"):
            with pytest.raises(ValueError, match=reason):
                config(**options)


def test_a_dataset_without_candidate_sets_is_refused() -> None:
    episode = d3rlpy.dataset.Episode(np.zeros((3, 4), np.float32), np.zeros((3, 1)), np.zeros((3, 1)), True)
    plain = d3rlpy.dataset.create_infinite_replay_buffer([episode])
    for name in ALGORITHMS:
        with pytest.raises(TypeError, match="no candidate sets"):
            small(name).create("cpu:0").fit(plain, n_steps=1, **QUIET)
