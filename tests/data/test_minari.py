"""`minari.load_dataset` opens what `finalize` made, and agrees with it step by step."""

from __future__ import annotations

from pathlib import Path

import gymnasium as gym
import minari
import numpy as np
import pytest
from minari.serialization import serialize_space

from tests.data.making import make_episode
from webvoyager_gym.data import Dataset, Recorder, finalize

ID = "local/toy-v0"


@pytest.fixture(params=[4, 0], ids=["embedded", "no embedder"])
def dataset(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    width = request.param
    root = tmp_path / "datasets"
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(root))
    with Recorder(tmp_path / "shards") as recorder:
        for k, length in enumerate((3, 1, 5)):
            recorder.write(make_episode(f"task-{k}", k, length=length, width=width))
        recorder.write(make_episode("task-3", 0, width=width, length=2, ending="truncated", failure="browser"))
        recorder.write(make_episode("task-4", 0, width=width, length=2, ending="truncated", final_candidates=0))
        recorder.write(make_episode("task-5", 0, width=0, length=0, final_candidates=0, failure="site"))
    return finalize(tmp_path / "shards", root / ID, id=ID)


def test_it_agrees_step_by_step(dataset: Dataset) -> None:
    loaded = minari.load_dataset(ID)
    assert (loaded.total_episodes, loaded.total_steps) == (len(dataset), 3 + 1 + 5 + 2 + 2)
    for theirs, ours in zip(loaded, dataset.episodes(), strict=True):
        assert len(theirs.observations) == len(ours) + 1
        assert len(theirs) == len(ours)
        pointers = theirs.infos["candidates"]["ptr"]
        for t, step in enumerate(ours.steps):
            if len(step.state_embedding):
                assert theirs.observations[t].tobytes() == step.state_embedding.tobytes()
                assert loaded.observation_space.contains(theirs.observations[t])
            for name in ("url", "title", "outline", "last_error"):
                assert theirs.infos[name][t].decode() == getattr(step, name)
            part = slice(pointers[t], pointers[t + 1])
            proposed = theirs.infos["candidates"]
            assert [text.decode() for text in proposed["text"][part]] == [c.text for c in step.candidates]
            assert proposed["log_prob"][part].tolist() == [c.log_prob for c in step.candidates]
            if step.candidate_embeddings.size:
                assert proposed["embedding"][part].tobytes() == step.candidate_embeddings.tobytes()
        for t, step in enumerate(ours.steps[:-1]):
            assert theirs.actions[t] == step.chosen
            assert loaded.action_space.contains(theirs.actions[t])
            assert theirs.infos["propensity"][t] == step.propensity
            outcome = (theirs.rewards[t], theirs.terminations[t], theirs.truncations[t])
            assert outcome == (step.reward, step.terminated, step.truncated)


def test_episodes_say_their_task_and_their_verdict(dataset: Dataset) -> None:
    storage = minari.load_dataset(ID).storage
    for theirs, ours in zip(storage.get_episode_metadata(range(len(dataset))), dataset.episodes(), strict=True):
        for name in ("task_id", "site", "split", "goal", "success", "failure", "answer", "judge", "seed"):
            assert theirs[name] == getattr(ours, name)


def test_minari_lists_filters_and_samples_it(dataset: Dataset) -> None:
    assert list(minari.list_local_datasets()) == [ID]
    loaded = dataset.to_minari()
    assert loaded.filter_episodes(lambda episode: episode.rewards.sum() > 0).total_episodes == 3
    assert len(loaded.sample_episodes(2)) == 2


def test_spaces_are_written_as_minari_writes_them(dataset: Dataset) -> None:
    width = dataset.vectors().width
    observation_space = gym.spaces.Box(-np.inf, np.inf, (width,), np.float16)
    assert dataset.metadata["observation_space"] == serialize_space(observation_space)
    assert dataset.metadata["action_space"] == serialize_space(gym.spaces.Discrete(dataset.vectors().n_candidates))
