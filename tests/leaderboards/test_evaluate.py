"""From an agent's name to a run: a model for each seed, and what is kept of a full result."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from torch import nn

from algorithms.checkpoint import load_checkpoint, parts_of
from leaderboards.check import kept_problems, problems
from leaderboards.distil import REMOTE, distil, model_sha256, worth_looking_at, write_run
from leaderboards.evaluate import Method, PerSeed, method, task_list
from leaderboards.protocol import KEPT_EPISODES, frozen_list
from leaderboards.run import About, Trained
from leaderboards.run_file import load_run
from tests.leaderboards.made_up import MADE_WITH, made_episode, task_ids
from tests.leaderboards.q_files import model_file, q_file
from tests.scripted import Scripted
from webvoyager_gym.agents import First, OracleOfN
from webvoyager_gym.data.checksums import file_sha256
from webvoyager_gym.errors import NotFound, WebVoyagerError
from webvoyager_gym.evaluate import evaluate
from webvoyager_gym.result_file import load_result, save_result
from webvoyager_gym.results import Result
from webvoyager_gym.tasks.local import LocalTask, open_session

ABOUT = About("mine", "Mine", "", "", "2026-11-01")


@pytest.fixture
def learned(tmp_path: Path) -> Method:
    for seed in range(5):
        q_file(tmp_path / f"{seed}.safetensors", seed)
    return method(f"best-of-q:{tmp_path}/{{seed}}.safetensors", "mine")


def full_result(tmp_path: Path, name: str = "mine") -> tuple[Result, Path]:
    episodes = tuple(made_episode(name, 0.7, 900, task, seed, full=True) for task in task_ids(45) for seed in range(5))
    result = Result((name,), episodes, MADE_WITH, tmp_path)
    return result, save_result(result, tmp_path / "full.json")


def test_each_seed_is_acted_by_its_own_agent() -> None:
    # The right answer is proposed second: the first choice fails, the oracle does not.
    task = LocalTask("shop", "listed-fact", "validation", 3)
    session = open_session(task)
    session.forget()
    assert session.expected is not None
    right = f"answer {json.dumps(session.expected.text, ensure_ascii=False)}"
    proposer = Scripted({task.goal: ['answer "a wrong answer"', right]})
    result = evaluate(
        [PerSeed((First(), OracleOfN(), First()), "mine")],
        [task],
        seeds=3,
        env_options={"proposer": proposer, "embedder": None, "viewport": (640, 480), "max_steps": 2},
    )
    assert {episode.seed: episode.success for episode in result.episodes} == {0: False, 1: True, 2: False}


def test_a_learned_method_has_a_model_for_each_seed(learned: Method, tmp_path: Path) -> None:
    assert learned.kind == "best-of-q"
    assert [path.name for path in learned.paths] == [f"{seed}.safetensors" for seed in range(5)]
    result, source = full_result(tmp_path)
    run = distil(result, "mine", ABOUT, learned.kind, frozen_list(), source, learned.paths)
    assert [model.sha256 for model in run.models] == [file_sha256(path) for path in learned.paths]
    assert {model.parameters for model in run.models} == {run.models[0].parameters}
    assert run.models[0].parameters > 0
    assert run.trained is not None
    assert (run.trained.dataset, run.trained.sha256) == ("local/made-up-v0", "2" * 64)


def test_what_chooses_by_more_than_a_q_function_is_a_method_too(tmp_path: Path) -> None:
    for seed in range(5):
        model_file(tmp_path / f"{seed}.safetensors", "bcq", seed)
    named = method(f"values:{tmp_path}/{{seed}}.safetensors", "bcq")
    result, source = full_result(tmp_path, "bcq")
    run = distil(result, "bcq", ABOUT, named.kind, frozen_list(), source, named.paths)
    assert run.trained == Trained("local/made-up-v0", "2" * 64)
    assert [model.sha256 for model in run.models] == [file_sha256(path) for path in named.paths]
    algo, _ = load_checkpoint(named.paths[0])
    everything = sum(
        p.numel() for part in parts_of(algo).values() if isinstance(part, nn.Module) for p in part.parameters()
    )
    # Q-function and behaviour policy, without the slow copy of the former.
    assert everything / 2 < run.models[0].parameters < everything
    with pytest.raises(ValueError, match=r"values:runs/iql-\{seed\}/model.safetensors"):
        method(f"values:{named.paths[0]}", "bcq")


def test_one_model_for_all_seeds_is_a_wrong_argument(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="train one for each"):
        method(f"best-of-q:{q_file(tmp_path / 'q.safetensors', 0)}", "mine")
    with pytest.raises(NotFound):
        method(f"best-of-q:{tmp_path}/{{seed}}.safetensors", "mine")


def test_models_of_different_datasets_are_no_method(learned: Method, tmp_path: Path) -> None:
    q_file(learned.paths[3], 3, "local/another-v0")
    result, source = full_result(tmp_path)
    with pytest.raises(WebVoyagerError, match="2 different datasets"):
        distil(result, "mine", ABOUT, learned.kind, frozen_list(), source, learned.paths)


def test_a_run_keeps_what_its_figures_follow_from(tmp_path: Path) -> None:
    result, source = full_result(tmp_path)
    run = distil(result, "mine", ABOUT, "first", frozen_list(), source)
    path = write_run(run, worth_looking_at(result, "mine", "mine"), tmp_path / "out")
    again = load_run(path)
    assert dataclasses.replace(again.summary, cost={}) == dataclasses.replace(result.agents[0], cost={})
    assert again.source_sha256 == file_sha256(source)
    assert again.models == ()
    kept = load_result(path.with_name("mine.episodes.json"))
    assert len(kept.episodes) == KEPT_EPISODES
    assert len({episode.site for episode in kept.episodes}) > 10
    assert {episode.success for episode in kept.episodes} == {True, False}
    assert kept.episodes[0].trace[0].candidates[0].words
    assert kept_problems(again, kept) == []


def test_a_trial_says_so_and_is_refused(tmp_path: Path) -> None:
    result, source = full_result(tmp_path)
    assert task_list(task_ids()) == frozen_list()
    run = distil(result, "mine", ABOUT, "first", task_list(task_ids(45)), source)
    found = " ".join(problems(run))
    assert "version='a trial'" in found
    assert "598 of 643 tasks are missing" in found


def test_models_have_checksums(tmp_path: Path) -> None:
    assert model_sha256("pocket") == model_sha256("pocket:base")
    assert len(model_sha256("pocket")) == 64
    assert model_sha256("openai:gpt-4.1") == REMOTE
    assert model_sha256("transformers:nobody/nothing") == REMOTE
    assert model_sha256("") == ""
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    before = model_sha256(f"transformers:{tmp_path}?strategy=list")
    (tmp_path / "config.json").write_text("[]", encoding="utf-8")
    assert before != model_sha256(f"transformers:{tmp_path}?strategy=list") != REMOTE
