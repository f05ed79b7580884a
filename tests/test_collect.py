"""Collecting: what is recorded, that it is the same every time, and that nothing finished is ever lost."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from tests.collecting import SIZE, Clicks, KillsItsWorker
from webvoyager_gym.agents import BestOfQ, Choice, EpsilonGreedy, First, Random
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.collect import collect, record_episode
from webvoyager_gym.data import finished, load_dataset, read_shards
from webvoyager_gym.data.codec import encode
from webvoyager_gym.data.embedding import prompts_of
from webvoyager_gym.errors import InfrastructureFailure, WebVoyagerError
from webvoyager_gym.q_function import QFunction
from webvoyager_gym.q_network import QConfig
from webvoyager_gym.tasks import Task, load_suite
from webvoyager_gym.types import Candidate, Episode, Prompt
from webvoyager_gym.vlm import load_embedder
from webvoyager_gym.vlm.base import embedding_id

TASK = "shop/listed-fact/train-3"
OPTIONS: dict[str, Any] = {"proposer": Clicks(), "max_steps": 2, "viewport": (640, 480)}


def some_tasks() -> list[Task]:
    return [
        load_suite("local").task(name) for name in (TASK, "papers/affiliation/train-3", "hotels/free-hotels/train-3")
    ]


def content(episodes: Sequence[Episode]) -> list[tuple[bytes, bytes]]:
    """All that is recorded but the times taken."""
    timeless = [
        dataclasses.replace(each, steps=tuple(dataclasses.replace(step, seconds={}) for step in each.steps))
        for each in episodes
    ]
    return sorted(encode(episode) for episode in timeless)


@pytest.fixture(scope="module")
def env() -> Iterator[BestOfQEnv]:
    environment = BestOfQEnv(**OPTIONS)
    yield environment
    environment.close()


def test_a_truncated_episode_ends_with_what_its_last_state_offers(env: BestOfQEnv) -> None:
    episode = record_episode(env, Random(), TASK, seed=5)
    assert (len(episode), episode.success, episode.failure, episode.seed) == (2, False, "", 5)
    first, second, last = episode.steps
    assert (first.truncated, second.truncated, second.terminated) == (False, True, False)
    assert first.propensity == pytest.approx(1 / 3)
    assert first.reward == 0.0
    assert {len(step.candidates) for step in episode.steps} == {3}
    assert last.candidate_embeddings.shape == (3, SIZE)
    np.testing.assert_array_equal(last.state_embedding, env.state_embedding)
    assert last.chosen == -1
    assert np.asarray(Image.open(io.BytesIO(last.screenshot))).tobytes() == env.view.screenshot.tobytes()
    assert episode.extra["policy"] == "random"
    assert episode.extra["proposer"] == episode.extra["embedder"] == "clicks"
    assert episode.extra["embedding_id"] is None


def test_after_an_answer_there_is_nothing_left_to_value(env: BestOfQEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    env.reset(seed=0, options={"task_id": TASK})
    right = env.session.expected.text  # type: ignore[attr-defined]
    for answer, success in ((right, True), ("nothing of the kind", False)):
        monkeypatch.setattr(env, "proposer", Clicks(answer))
        episode = record_episode(env, _Last(), TASK, seed=0, screenshots=False)
        done, last = episode.steps
        assert (done.terminated, done.truncated, done.reward) == (True, False, float(success))
        assert (episode.success, episode.answer, episode.judge) == (success, answer, "check")
        assert (last.candidates, last.state_embedding.shape, last.screenshot) == ((), (0,), b"")


class _Notes:
    """Chooses the first and notes what was shown."""

    name = "notes"

    def __init__(self) -> None:
        self.prompts: list[Prompt] = []

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        self.prompts.append(env.prompt)
        return Choice(0)


def test_what_is_recorded_is_all_that_the_models_were_shown(env: BestOfQEnv) -> None:
    """So that another model can be asked later, without a browser."""
    notes = _Notes()
    episode = record_episode(env, notes, TASK, seed=2)
    shown = [*notes.prompts, env.prompt]
    assert len(shown) == len(episode.steps) == 3
    for prompt, again in zip(shown, prompts_of(episode, max_steps=2), strict=True):
        assert again.view.screenshot.tobytes() == prompt.view.screenshot.tobytes()
        blank = np.zeros(0, np.uint8)
        views = [dataclasses.replace(each.view, screenshot=blank, offscreen=()) for each in (prompt, again)]
        assert views[0] == views[1]
        assert dataclasses.replace(prompt, view=views[0]) == dataclasses.replace(again, view=views[0])


class _Last:
    name = "last"

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        return Choice(len(env.candidates) - 1)


class _Failing(Clicks):
    """Fails on the second page."""

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        if prompts[0].step > 0:
            raise InfrastructureFailure("vlm", "The model is gone.")
        return super().propose(prompts, n)


def test_a_failure_is_recorded_as_what_it_is(env: BestOfQEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "proposer", _Failing())
    episode = record_episode(env, First(), TASK, seed=0)
    assert (episode.failure, episode.success, len(episode)) == ("vlm", False, 1)
    assert episode.steps[0].truncated
    assert episode.steps[1].candidates == ()
    assert episode.extra["reason"] == "The model is gone."


def test_workers_that_die_cost_no_episode_and_nothing_is_run_twice(tmp_path: Path) -> None:
    agent = KillsItsWorker(tmp_path / "killed", "papers")
    tally = collect(some_tasks(), agent, tmp_path / "shards", env_options=OPTIONS, workers=2)
    assert (tally.planned, tally.episodes, tally.failures) == (3, 3, 0)
    assert (tmp_path / "killed").exists()
    assert finished(tmp_path / "shards") == {(task.id, 0) for task in some_tasks()}

    again = collect(some_tasks(), agent, tmp_path / "shards", env_options=OPTIONS, workers=2)
    assert again.planned == 0
    with pytest.raises(WebVoyagerError, match="go on with the same settings"):
        collect(some_tasks(), agent, tmp_path / "shards", env_options=OPTIONS, drawn_by={"split": "validation"})
    with pytest.raises(WebVoyagerError, match="go on with the same settings"):
        collect(some_tasks(), First(), tmp_path / "shards", env_options=OPTIONS)


def test_a_task_that_kills_every_worker_is_recorded_as_a_failure(tmp_path: Path) -> None:
    agent = KillsItsWorker(tmp_path / "killed", "papers", always=True)
    tally = collect(some_tasks()[:2], agent, tmp_path / "shards", env_options=OPTIONS)
    assert (tally.episodes, tally.failures) == (2, 1)
    (lost,) = (episode for episode in read_shards(tmp_path / "shards") if episode.failure)
    assert (lost.site, lost.failure, len(lost)) == ("papers", "browser", 0)


def test_the_same_seed_gives_the_same_episodes_whoever_runs_them(env: BestOfQEnv, tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = QConfig(SIZE, SIZE, hidden=(8,))
    agent = EpsilonGreedy(BestOfQ(QFunction(config.create(), config)), 0.5)
    tasks = some_tasks()
    collect(tasks, agent, tmp_path, env_options=OPTIONS, workers=1, seed=3)
    here = [record_episode(env, agent, task.id, seed=3) for task in reversed(tasks)]
    assert content(list(read_shards(tmp_path))) == content(here)


def test_an_interrupted_command_goes_on_and_makes_a_dataset(tmp_path: Path) -> None:
    command = [
        *(sys.executable, "-m", "webvoyager_gym.cli", "collect", "--out", "local/small-v0", "--episodes", "3"),
        *("--validation-episodes", "1", "--max-steps", "2", "--policy", "random", "--no-screenshots"),
    ]
    environment = {**os.environ, "WEBVOYAGER_GYM_DATASETS": str(tmp_path)}
    shards = tmp_path / ".shards/local/small-v0"
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (shards / "worker-0000.shard").exists() and process.returncode is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.2)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, ""), error
    assert "the same command goes on" in error
    assert "Traceback" not in error
    kept = finished(shards)

    done = subprocess.run([*command, "--json"], env=environment, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    described = json.loads(done.stdout)
    assert (described["id"], described["episodes"]) == ("local/small-v0", 4)
    made_with = described["made_with"]
    assert (made_with["proposer"], made_with["embedder"], made_with["policy"]) == ("pocket", "pocket", "random")
    assert made_with["embedding_id"] == embedding_id(load_embedder("pocket"))
    dataset = load_dataset(tmp_path / "local/small-v0")
    dataset.verify()
    assert [len(dataset.where(split=split)) for split in ("train", "validation")] == [3, 1]
    assert kept <= {(episode.task_id, episode.seed) for episode in dataset.episodes()}
    assert not shards.exists()
    refused = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert "datasets never change" in refused.stderr

    added = [*command[:4], "--append-to", "local/small-v0", "--episodes", "1", *command[10:], "--json"]
    done = subprocess.run(added, env=environment, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    described = json.loads(done.stdout)
    assert (described["id"], described["episodes"], described["made_with"]["seed"]) == ("local/small-v1", 5, 1)
    assert [each["id"] for each in described["made_with"]["lineage"]] == ["local/small-v0"]
