"""The replay buffer holds exactly the transitions whose outcome is known, none shifted."""

from __future__ import annotations

import io
from pathlib import Path

import minari
import numpy as np
import pytest
from d3rlpy.constants import ActionSpace
from d3rlpy.dataset import InfiniteBuffer, MDPDataset, ReplayBuffer

from tests.data.making import make_episode
from webvoyager_gym.data import Dataset, Recorder, finalize
from webvoyager_gym.data.convert import CandidateEpisode, CandidateTransition, CandidateTransitionPicker
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.types import Episode

EPISODES = [
    make_episode("a", 0, length=3),
    make_episode("b", 0, length=2, ending="truncated"),
    make_episode("c", 0, length=1),
    make_episode("d", 0, length=3, ending="truncated", failure="vlm", final_candidates=0),
    make_episode("e", 0, length=1, ending="truncated", failure="vlm", final_candidates=0),
    make_episode("f", 0, length=2, final_candidates=0),
]
KNOWN = [3, 2, 1, 2, 0, 2]
"""Transitions of each whose outcome is known."""


def merge(folder: Path, *episodes: Episode) -> Dataset:
    with Recorder(folder / "shards") as recorder:
        for episode in episodes:
            recorder.write(episode)
    return finalize(folder / "shards", folder / "d", id="local/toy-v0")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return merge(tmp_path_factory.mktemp("convert"), *EPISODES)


def transitions(buffer: ReplayBuffer) -> list[CandidateTransition]:
    places = [buffer.buffer[k] for k in range(buffer.transition_count)]
    return [buffer.transition_picker(episode, index) for episode, index in places]


def test_every_transition_is_the_recorded_one(dataset: Dataset) -> None:
    buffer = dataset.to_d3rlpy()
    found = iter(transitions(buffer))
    for episode, known in zip(EPISODES, KNOWN, strict=True):
        for t in range(known):
            transition, step, following = next(found), episode.steps[t], episode.steps[t + 1]
            assert transition.observation.dtype == transition.candidates.dtype == np.float32
            np.testing.assert_array_equal(transition.observation, step.state_embedding)
            np.testing.assert_array_equal(transition.next_observation, following.state_embedding)
            np.testing.assert_array_equal(transition.candidates[transition.mask], step.candidate_embeddings)
            np.testing.assert_array_equal(
                transition.next_candidates[transition.next_mask], following.candidate_embeddings
            )
            assert not transition.candidates[~transition.mask].any()
            assert transition.action.tolist() == [step.chosen]
            assert transition.reward.tolist() == [step.reward]
            assert transition.terminal == float(step.terminated)
            assert len(transition.rewards_to_go) == known - t
            assert transition.next_action.tolist() == [following.chosen]
            assert transition.return_known == (episode.failure == "")
    assert next(found, None) is None
    info = buffer.dataset_info
    assert (info.action_space, info.action_size) == (ActionSpace.DISCRETE, dataset.vectors().n_candidates)


def test_the_concatenation_that_get_minari_does_would_shift_them(dataset: Dataset) -> None:
    """T + 1 observations beside T actions: from the second episode on, actions meet the wrong observations."""
    loaded = list(minari.MinariDataset(dataset.folder / "data"))
    shifted = MDPDataset(
        np.concatenate([episode.observations for episode in loaded]).astype(np.float32),
        np.concatenate([episode.actions for episode in loaded]),
        np.concatenate([episode.rewards for episode in loaded]),
        np.concatenate([episode.terminations for episode in loaded]).astype(float),
        np.concatenate([episode.truncations for episode in loaded]).astype(float),
        action_space=ActionSpace.DISCRETE,
    )
    ours = dataset.to_d3rlpy().episodes
    np.testing.assert_array_equal(shifted.episodes[0].observations, ours[0].observations[:-1])
    assert not np.array_equal(shifted.episodes[1].observations, ours[1].observations[:-1])


def test_a_batch_has_d3rlpys_shapes(dataset: Dataset) -> None:
    batch = dataset.to_d3rlpy().sample_transition_batch(8)
    assert batch.observations.shape == batch.next_observations.shape == (8, 4)
    assert batch.actions.shape == batch.rewards.shape == batch.terminals.shape == (8, 1)
    assert np.stack([t.next_candidates for t in batch.transitions]).shape == (8, dataset.vectors().n_candidates, 4)


def test_d3rlpy_dumps_and_loads_it(dataset: Dataset) -> None:
    buffer, file = dataset.to_d3rlpy(), io.BytesIO()
    buffer.dump(file)
    file.seek(0)
    loaded = ReplayBuffer.load(
        file, InfiniteBuffer(), episode_cls=CandidateEpisode, transition_picker=CandidateTransitionPicker()
    )
    assert loaded.transition_count == buffer.transition_count
    for before, after in zip(transitions(buffer), transitions(loaded), strict=True):
        np.testing.assert_array_equal(before.next_candidates, after.next_candidates)
        assert before.terminal == after.terminal
        assert before.next_action.tolist() == after.next_action.tolist()
        assert before.return_known is after.return_known


@pytest.mark.parametrize(("ending", "known"), [("terminated", 2), ("truncated", 1)])
def test_a_final_observation_without_embedding_is_never_a_target(tmp_path: Path, ending: str, known: int) -> None:
    from dataclasses import replace

    episode = make_episode(length=2, ending=ending, final_candidates=0)
    bare = make_episode(length=0, width=0, final_candidates=0).steps[0]
    buffer = merge(tmp_path, replace(episode, steps=(*episode.steps[:-1], bare))).to_d3rlpy()
    found = transitions(buffer)
    assert len(found) == known
    assert all(np.isfinite(t.next_observation).all() for t in found)
    assert found[-1].terminal == float(ending == "terminated")


def test_datasets_that_cannot_be_learnt_from_say_why(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="webvoyager-gym embed"):
        merge(tmp_path / "bare", make_episode(width=0)).to_d3rlpy()
    with pytest.raises(InvalidFile, match="no transition"):
        merge(tmp_path / "failed", EPISODES[4]).to_d3rlpy()
