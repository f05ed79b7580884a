"""Sampling on the device gives what d3rlpy's own sampling gives."""

from __future__ import annotations

import dataclasses

import numpy as np
import torch

from algorithms.batch import candidate_batch
from algorithms.d3rlpy_import import d3rlpy
from algorithms.iql import CandidateIQLConfig
from algorithms.replay import DeviceReplay
from tests.algorithms.fitting import QUIET
from tests.algorithms.tabular import Walk, record
from tests.algorithms.worlds import CHAIN, ON, QUIT
from webvoyager_gym.data.convert import to_d3rlpy
from webvoyager_gym.data.vectors import Vectors


def test_from_the_same_generator_state_the_same_transitions_come(chain_vectors: Vectors) -> None:
    ends = [
        Walk(0, [ON], "truncated"),
        Walk(0, [ON, ON], "truncated"),
        Walk(0, [ON, ON, QUIT], "broken"),
        Walk(1, [QUIT]),
    ]
    for vectors in (chain_vectors, record(CHAIN, ends)):
        dataset = to_d3rlpy(vectors)
        assert DeviceReplay.fits(dataset)
        np.random.seed(0)  # noqa: NPY002
        theirs = d3rlpy.TorchMiniBatch.from_batch(dataset.sample_transition_batch(200), 0.9, True, "cpu:0")
        np.random.seed(0)  # noqa: NPY002
        ours = DeviceReplay(dataset, "cpu:0", 0.9).sample_transition_batch(200)
        for field in dataclasses.fields(ours):
            assert torch.equal(getattr(ours, field.name), getattr(candidate_batch(theirs), field.name)), field.name


def test_fit_learns_what_d3rlpys_own_updates_learn(chain: d3rlpy.dataset.ReplayBuffer) -> None:
    """With a reward scaler, which must act on either path."""
    config = CandidateIQLConfig(
        hidden=(8,), batch_size=8, reward_scaler=d3rlpy.preprocessing.ConstantShiftRewardScaler(shift=-0.5)
    )
    d3rlpy.seed(0)
    fitted = config.create("cpu:0")
    fitted.build_with_dataset(chain)
    np.random.seed(0)  # noqa: NPY002
    fitted.fit(chain, n_steps=10, **QUIET)

    d3rlpy.seed(0)
    updated = config.create("cpu:0")
    updated.build_with_dataset(chain)
    np.random.seed(0)  # noqa: NPY002
    for _ in range(10):
        updated.update(chain.sample_transition_batch(8))

    assert fitted.grad_step == updated.grad_step == 10
    for ours, theirs in zip(fitted.impl.q_function.parameters(), updated.impl.q_function.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs)


def test_a_buffer_with_another_picker_keeps_its_own_sampling(chain: d3rlpy.dataset.ReplayBuffer) -> None:
    picker = d3rlpy.dataset.MultiStepTransitionPicker(n_steps=2, gamma=0.9)
    two_steps = d3rlpy.dataset.ReplayBuffer(
        d3rlpy.dataset.InfiniteBuffer(), transition_picker=picker, episodes=chain.episodes
    )
    assert not DeviceReplay.fits(two_steps)
