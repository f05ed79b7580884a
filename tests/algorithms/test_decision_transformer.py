"""The Decision Transformer over candidate sets: windows of history, and what they and the wished return change."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

from algorithms.columns import columns_of_buffer, columns_of_vectors
from algorithms.configure import configure
from algorithms.d3rlpy_import import d3rlpy
from algorithms.windows import WindowReplay
from tests.algorithms.fitting import QUIET
from tests.algorithms.tabular import END, Walk, World, record
from webvoyager_gym.data.convert import to_d3rlpy

WORLD = World({(0, 0): (1, 0.0), (0, 1): (1, 0.0), (1, 0): (END, 1.0), (1, 1): (END, 0.0), (1, 2): (END, 1.0)})
ECHO = [Walk(0, [0, 0]), Walk(0, [1, 2]), Walk(0, [0, 1])] * 4
"""Both ways lead to state 1, and there success was reached by 0 after 0 and by 2 after 1; failure by 1."""


def echoing(*settings: str, steps: int = 220) -> tuple[d3rlpy.dataset.ReplayBuffer, Any]:
    d3rlpy.seed(0)
    base = ["hidden=[16]", "batch_size=32", "learning_rate=3e-3", "n_layers=1"]
    algo = configure("decision-transformer", [*base, *settings]).create("cpu:0")
    dataset = to_d3rlpy(record(WORLD, ECHO))
    algo.fit(dataset, n_steps=steps, **QUIET)
    return dataset, algo


def embed(*numbers: int) -> np.ndarray:
    return np.stack([WORLD.embed(number) for number in numbers]).astype(np.float32)


def test_a_window_holds_the_latest_steps_of_its_own_episode() -> None:
    walks = [Walk(0, [0, 1]), Walk(0, [1, 0]), Walk(1, [2])]
    replay = WindowReplay(columns_of_vectors(record(WORLD, walks), "train", 1.0), length=2)
    window = replay.take(torch.arange(5))
    assert window.past_mask.tolist() == [[False, False], [False, True], [False, False], [False, True], [False, False]]
    np.testing.assert_array_equal(window.past_states[[1, 3], 1], embed(0, 0))
    np.testing.assert_array_equal(window.past_actions[[1, 3], 1], embed(0, 1))
    assert window.past_returns[[1, 3], 1].tolist() == [0.0, 1.0]


def test_what_came_before_decides_and_the_wished_return_too() -> None:
    _, algo = echoing()
    here = [embed(1, 1), np.stack([embed(0, 1, 2)] * 2)]
    after = algo.predict_values_after(here, embed(0, 0)[:, None], embed(0, 1)[:, None])
    assert after.argmax(1).tolist() == [0, 2]
    _, failing = echoing("target_return=0")
    after = failing.predict_values_after(here, embed(0, 0)[:, None], embed(0, 1)[:, None])
    assert after[0].argmax() == 1


def test_what_lies_before_the_context_or_the_episode_changes_nothing() -> None:
    dataset, algo = echoing("context=2", steps=2)
    here = [embed(1), embed(0, 1, 2)[None]]
    long = algo.predict_values_after(here, embed(2, 2, 0)[None], embed(1, 2, 0)[None])
    short = algo.predict_values_after(here, embed(0)[None], embed(0)[None])
    np.testing.assert_allclose(long, short, rtol=1e-5)

    batch = WindowReplay(columns_of_buffer(dataset, 1.0), length=1).take(torch.arange(8))
    junk = torch.where(batch.past_mask[..., None], batch.past_states, torch.tensor(99.0))
    other = dataclasses.replace(batch, past_states=junk)
    losses = [algo.impl.loss(each)[0].item() for each in (batch, other)]
    assert losses[0] == losses[1]


def test_settings_that_could_not_work_are_refused() -> None:
    for setting in ("context=0", "n_critics=2", "hidden=[9]"):
        with pytest.raises(ValueError, match=r"at least 1|n_critics at 1|multiple of n_heads"):
            configure("decision-transformer", ["n_heads=2", setting])
