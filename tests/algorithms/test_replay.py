"""Batches drawn from flat tensors are d3rlpy's, and what is learnt from them is the same."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from algorithms.batch import CandidateBatch
from algorithms.columns import Columns, columns_of_buffer, columns_of_vectors
from algorithms.configure import ALGORITHMS
from algorithms.d3rlpy_import import d3rlpy
from algorithms.draws import draw, splitmix64, start_value
from algorithms.iql import CandidateIQLConfig
from algorithms.moments import statistics
from algorithms.replay import DeviceReplay, FitReplay, fits
from algorithms.streamed import StreamedReplay
from algorithms.updates import Updates
from tests.algorithms.fitting import QUIET, all_transitions, sampled, small
from tests.algorithms.tabular import Walk, record
from tests.algorithms.worlds import CHAIN, MISSING, MISSING_WALKS, ON, QUIT
from webvoyager_gym.data.convert import to_d3rlpy
from webvoyager_gym.data.vectors import Vectors

ENDS = [
    Walk(0, [ON], "truncated"),
    Walk(0, [ON, ON], "truncated"),
    Walk(0, [ON, ON, QUIT], "broken"),
    Walk(0, [QUIT], "broken"),
    Walk(1, [QUIT]),
]


def with_gaps() -> Vectors:
    """Recorded walks in which a final state and two candidates, one of them in the middle, could not be embedded."""
    vectors = record(CHAIN, ENDS)
    vectors.obs[vectors.ep_ptr[2] - 1] = np.nan
    vectors.cand[[1, 2]] = np.nan
    return vectors


def assert_equal(ours: CandidateBatch, theirs: CandidateBatch) -> None:
    for field in dataclasses.fields(ours):
        assert torch.equal(getattr(ours, field.name), getattr(theirs, field.name)), field.name


@pytest.mark.parametrize("world", ["ends", "gaps", "variable"])
def test_every_transition_is_what_d3rlpy_makes_of_it(world: str) -> None:
    """Whether it comes from the dataset or by way of d3rlpy's episodes."""
    vectors = {"ends": record(CHAIN, ENDS), "gaps": with_gaps(), "variable": record(MISSING, MISSING_WALKS)}[world]
    dataset = to_d3rlpy(vectors)
    theirs = all_transitions(dataset)
    for columns in (columns_of_vectors(vectors, "train", 0.9), columns_of_buffer(dataset, 0.9)):
        replay = DeviceReplay(columns)
        assert len(replay) == dataset.transition_count
        assert replay._states.dtype == replay._candidates.dtype == torch.float16
        assert_equal(replay.take(torch.arange(len(replay))), theirs)
        (whole,) = replay.parts()
        assert_equal(whole, theirs)


def test_candidates_of_next_states_can_be_left_out() -> None:
    columns = columns_of_vectors(record(CHAIN, ENDS), "train", 0.9)
    drawn = torch.arange(len(columns.rows))
    whole, part = (DeviceReplay(columns, next_candidates=given).take(drawn) for given in (True, False))
    left_out = {"next_candidates": whole.next_candidates[:, :0], "next_mask": whole.next_mask[:, :0]}
    assert_equal(part, dataclasses.replace(whole, **left_out))
    assert part.next_candidates.shape == (len(drawn), 0, CHAIN.width)


def test_embeddings_that_half_precision_would_change_stay_as_they_are(chain: d3rlpy.dataset.ReplayBuffer) -> None:
    episodes = [dataclasses.replace(episode, observations=episode.observations + 1e5) for episode in chain.episodes]
    dataset = d3rlpy.dataset.ReplayBuffer(
        d3rlpy.dataset.InfiniteBuffer(), transition_picker=chain.transition_picker, episodes=episodes
    )
    assert columns_of_buffer(dataset, 0.9).states.dtype == np.float32


def test_the_generator_is_splitmix64() -> None:
    """The first numbers for the seed 1234567, as the public reference implementation gives them."""
    found = splitmix64(torch.tensor(1234567), torch.arange(5)).numpy().view(np.uint64)
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431]
    assert found[:4].tolist() == expected


def test_draws_are_uniform_and_differ_by_seed_and_update() -> None:
    start = start_value(0, "cpu")
    drawn = torch.cat([draw(start, torch.tensor(update), 1000, 10) for update in range(20)])
    counts = torch.bincount(drawn, minlength=10)
    assert len(counts) == 10
    # Five standard deviations of a binomial count.
    assert (counts - 2000).abs().max() < 5 * (20_000 * 0.1 * 0.9) ** 0.5
    first = [draw(start_value(seed, "cpu"), torch.tensor(0), 50, 1000).tolist() for seed in (0, 0, 1)]
    assert first[0] == first[1] != first[2]
    assert first[0] != draw(start, torch.tensor(1), 50, 1000).tolist()


def test_a_thousand_updates_lose_what_d3rlpys_own_path_loses(chain: d3rlpy.dataset.ReplayBuffer) -> None:
    """The same transitions, gathered and converted by d3rlpy, one update at a time."""
    config, columns = small("iql"), columns_of_buffer(chain, 0.99)
    replay = DeviceReplay(columns, seed=5)
    ours, theirs = built(config, columns), built(config, columns)
    updates = Updates(ours, replay)
    transitions = sampled(chain).transitions
    for number in range(1000):
        updates.run(1)
        batch = [transitions[index] for index in replay.drawn(torch.tensor(number), config.batch_size).tolist()]
        expected = theirs.update(d3rlpy.dataset.TransitionMiniBatch.from_transitions(batch))
        assert updates.means() == pytest.approx(expected, rel=1e-4, abs=1e-6), number
    assert ours.grad_step == theirs.grad_step == 1000


def built(config: Any, columns: Columns) -> Any:
    d3rlpy.seed(0)
    algo = config.create("cpu:0")
    algo.build_with_columns(columns)
    return algo


def test_fit_learns_what_d3rlpys_own_updates_learn(chain: d3rlpy.dataset.ReplayBuffer) -> None:
    """With a reward scaler, which must act on either path."""
    scaler = d3rlpy.preprocessing.ConstantShiftRewardScaler(shift=-0.5)
    config = CandidateIQLConfig(hidden=(8,), batch_size=8, reward_scaler=scaler)
    d3rlpy.seed(0)
    fitted = config.create("cpu:0")
    fitted.build_with_dataset(chain)
    np.random.seed(0)  # noqa: NPY002
    fitted.fit(chain, n_steps=10, **QUIET)

    d3rlpy.seed(0)
    updated = config.create("cpu:0")
    updated.build_with_dataset(chain)
    np.random.seed(0)  # noqa: NPY002
    replay = DeviceReplay(columns_of_buffer(chain, 0.99), seed=int(np.random.randint(2**31)))  # noqa: NPY002
    transitions = sampled(chain).transitions
    for number in range(10):
        drawn = replay.drawn(torch.tensor(number), 8).tolist()
        updated.update(d3rlpy.dataset.TransitionMiniBatch.from_transitions([transitions[index] for index in drawn]))

    assert fitted.grad_step == updated.grad_step == 10
    for ours, theirs in zip(fitted.impl.q_function.parameters(), updated.impl.q_function.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs)


def test_a_buffer_with_another_picker_keeps_its_own_sampling(chain: d3rlpy.dataset.ReplayBuffer) -> None:
    picker = d3rlpy.dataset.MultiStepTransitionPicker(n_steps=2, gamma=0.9)
    two_steps = d3rlpy.dataset.ReplayBuffer(
        d3rlpy.dataset.InfiniteBuffer(), transition_picker=picker, episodes=chain.episodes
    )
    assert fits(chain)
    assert not fits(two_steps)
    stand_in = FitReplay(chain, DeviceReplay(columns_of_buffer(chain, 0.9)))
    assert stand_in.transition_count == chain.transition_count


def test_streamed_batches_are_the_same_wherever_one_begins(chain: d3rlpy.dataset.ReplayBuffer) -> None:
    host = DeviceReplay(columns_of_buffer(chain, 0.9), seed=3)
    streamed = StreamedReplay(host, "cpu")
    try:
        for update in (0, 1, 2, 7, 8):
            assert_equal(streamed.batch(update, 16), host.batch(update, 16))
    finally:
        streamed.close()
    assert len(streamed) == len(host)


def test_a_dataset_on_disk_is_read_through_the_memory_map(chain_dataset: Any) -> None:
    vectors = chain_dataset.vectors()
    replay = DeviceReplay(columns_of_vectors(vectors, "train", 0.99))
    assert replay._candidates.data_ptr() == vectors.cand.__array_interface__["data"][0]
    assert len(replay) == 12, "the test split is left out"


class HostSyncs(TorchDispatchMode):
    """Collects what makes the host wait for a device, or depends on values that only the device knows."""

    NAMES = ("_local_scalar_dense", "nonzero", "masked_select", "unique", "is_nonzero", "equal")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func.overloadpacket.__name__
        by_mask = name == "index" and any(index is not None and index.dtype == torch.bool for index in args[1])
        if by_mask or name.startswith(self.NAMES):
            self.found.append(name)
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("name", [name for name in ALGORITHMS if not name.startswith("continuous-")])
def test_an_update_never_waits_for_the_device(name: str, chain: d3rlpy.dataset.ReplayBuffer) -> None:
    """So on a GPU it can be captured as a graph."""
    config, columns = small(name), columns_of_buffer(chain, 0.9)
    updates = Updates(built(config, columns), config.replay(columns, "cpu", 0))
    updates.run(1)  # Optimisers make their buffers in the first one.
    with HostSyncs() as syncs:
        updates.one()
    assert syncs.found == []
    with HostSyncs() as syncs:
        updates.means()
    assert syncs.found == [] or set(syncs.found) == {"_local_scalar_dense"}


def test_the_count_of_a_host_sync_counts() -> None:
    with HostSyncs() as syncs:
        float(torch.ones(2).sum())
        torch.ones(2)[torch.tensor([True, False])]
    assert syncs.found == ["_local_scalar_dense", "index"]


def test_half_precision_learns_nearly_the_same(chain: d3rlpy.dataset.ReplayBuffer) -> None:
    columns = columns_of_buffer(chain, 0.9)
    losses = {}
    for precision in ("float32", "bfloat16"):
        config = small("iql", f"precision={precision}", "learning_rate=1e-3")
        algo = built(config, columns)
        updates = Updates(algo, DeviceReplay(columns))
        updates.run(60)
        losses[precision] = updates.means()["critic_loss"]
        assert {parameter.dtype for parameter in algo.impl.q_function.parameters()} == {torch.float32}
    assert losses["bfloat16"] == pytest.approx(losses["float32"], rel=0.1)
    assert losses["bfloat16"] != losses["float32"]


def test_statistics_leave_out_final_observations_and_what_could_not_be_embedded() -> None:
    vectors = with_gaps()
    found = statistics(columns_of_vectors(vectors, "train", 0.9))
    rows = np.concatenate([np.arange(vectors.n_rows)[vectors.rows(e)][:-1] for e in range(vectors.n_episodes)])
    # Of the four-step walk that broke the last action is unknown, and of the one-step walk nothing is left; likewise
    # the last action of the walk whose final state could not be embedded.
    left_out = {int(vectors.ep_ptr[3]) - 2, int(vectors.ep_ptr[4]) - 2, int(vectors.ep_ptr[2]) - 2}
    rows = np.array([row for row in rows if row not in left_out])
    states = vectors.obs[rows].astype(np.float64)
    np.testing.assert_allclose(found.states.mean, states.mean(0), rtol=1e-6)
    np.testing.assert_allclose(found.states.std, states.std(0), rtol=1e-6)
    candidates = np.concatenate([vectors.candidates(int(row)) for row in rows]).astype(np.float64)
    candidates = candidates[~np.isnan(candidates).any(1)]
    np.testing.assert_allclose(found.candidates.mean, candidates.mean(0), rtol=1e-6)
    np.testing.assert_array_equal(found.low, candidates.min(0))
    np.testing.assert_array_equal(found.high, candidates.max(0))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("name", [name for name in ALGORITHMS if not name.startswith("continuous-")])
def test_on_a_gpu_a_graph_does_what_single_updates_do(name: str, chain: d3rlpy.dataset.ReplayBuffer) -> None:
    config, columns = small(name), columns_of_buffer(chain, 0.9)
    losses = []
    for single in (True, False):
        d3rlpy.seed(0)
        algo = config.create("cuda:0")
        algo.build_with_columns(columns)
        updates = Updates(algo, config.replay(columns, "cuda:0", 0))
        assert updates.captures
        if single:
            algo.impl.modules.set_train()
            for _ in range(50):
                updates.one()
        else:
            updates.run(50)
        losses.append(updates.means())
    assert losses[0] == pytest.approx(losses[1], rel=1e-4, abs=1e-6)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_draws_what_the_cpu_draws(chain: d3rlpy.dataset.ReplayBuffer) -> None:
    columns = columns_of_buffer(chain, 0.9)
    here, there = (DeviceReplay(columns, device, seed=3) for device in ("cpu", "cuda:0"))
    streamed = StreamedReplay(here, "cuda:0")
    try:
        for update in range(3):
            expected = here.batch(update, 16)
            for batch in (there.batch(update, 16), streamed.batch(update, 16)):
                columns_here = {field.name: getattr(batch, field.name).cpu() for field in dataclasses.fields(batch)}
                assert_equal(dataclasses.replace(batch, **columns_here), expected)
    finally:
        streamed.close()
