"""What claims need, made from a dataset that is there: parts of it, and Q-functions that learn from them once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from leaderboards.claims.bench import Bench
from leaderboards.claims.claim import NotRun, Trial
from leaderboards.claims.collecting import dataset_of, vectors_sha256
from leaderboards.claims.learning import REPORT, iteration_folder, learned, round_of
from leaderboards.claims.needs import Data, Part, Round, Rounds, Training
from leaderboards.claims.q_size import parameters_of
from leaderboards.claims.sizes import TINY
from webvoyager_gym.cli import progress
from webvoyager_gym.data import load_dataset
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.q_function import QFunction

MINI = Data("epsilon-greedy:0.3:oracle-of-n", 24, published="local/mini-v0")
HERE, THERE = ("shop", "papers", "maps", "calculator", "search"), ("hotels", "dictionary", "models", "news", "code")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with progress() as bars:
        yield Bench(tmp_path, Trial(TINY, "validation"), 1, bars)


def test_a_published_dataset_is_taken_as_it_is(bench: Bench) -> None:
    assert dataset_of(bench, MINI).folder == load_dataset("local/mini-v0").folder
    assert bench.stages == []


def test_parts_are_datasets_with_as_many_successes(bench: Bench) -> None:
    parts = [dataset_of(bench, Part(MINI, *sites)) for sites in ((HERE, THERE), (THERE, HERE))]
    for part, sites in zip(parts, (HERE, THERE), strict=True):
        part.verify()
        assert {episode.site for episode in part.episodes()} <= set(sites)
        assert part.metadata["webvoyager_gym"]["part_of"]["of"] == "local/mini-v0"
        assert part.metadata["webvoyager_gym"]["embedding_id"]
    successes = {int(np.sum(part.vectors().success)) for part in parts}
    assert len(successes) == 1
    assert min(successes) > 0
    assert parts[0].id == dataset_of(bench, Part(MINI, HERE, THERE)).id != parts[1].id


def test_a_training_is_made_once_for_every_seed(bench: Bench) -> None:
    training = Training(MINI, 2, parameters=50_000)
    paths, said = learned(bench, training)
    assert len(paths) == TINY.seeds
    first, second = (QFunction.load(path) for path in paths)
    assert parameters_of(first.config.hidden, first.config.state_size) == pytest.approx(50_000, rel=0.02)
    state, candidates = np.ones(first.config.state_size), np.ones((3, first.config.action_size))
    assert (first.score(state, candidates) != second.score(state, candidates)).any()
    assert said["sha256"] == vectors_sha256(load_dataset("local/mini-v0"))
    before = [path.stat().st_mtime_ns for path in paths]
    assert learned(bench, training) == (paths, said)
    assert [path.stat().st_mtime_ns for path in paths] == before
    assert [stage.found for stage in bench.stages] == [False]
    others = learned(bench, Training(MINI, 2, settings=("expectile=0.8",)))[0]
    assert not set(others) & set(paths)


def test_what_is_not_there_is_named(bench: Bench) -> None:
    with pytest.raises(NotRun, match="iql with no_such_setting=1: "):
        learned(bench, Training(MINI, 2, settings=("no_such_setting=1",)))


def test_rounds_are_read_from_what_the_iteration_found(bench: Bench) -> None:
    rounds = Rounds(1, episodes=10, updates=5, tasks=2)
    folder = iteration_folder(bench, rounds)
    assert folder != iteration_folder(bench, Rounds(1, episodes=11, updates=5, tasks=2))
    folder.mkdir(parents=True)
    rows = [
        {
            "round": number,
            "dataset": f"iterate/made-up-{number}-v0",
            "vectors_sha256": "2" * 64,
            "trajectories": 10 * (number + 1),
            "updates": 5,
            "checkpoint": f"round-{number}/q.safetensors",
        }
        for number in range(2)
    ]
    (folder / REPORT).write_text(json.dumps({"rounds": rows}), encoding="utf-8")
    paths, said = round_of(bench, Round(rounds, 1))
    assert paths == (folder / "round-1/q.safetensors",) * TINY.seeds
    assert (said["dataset"], said["episodes"]) == ("iterate/made-up-1-v0", 20)
    assert [(stage.kind, stage.found) for stage in bench.stages] == [("iterate", True)]
    del rows[1]["checkpoint"]
    (folder / REPORT).write_text(json.dumps({"rounds": rows}), encoding="utf-8")
    with pytest.raises(InvalidFile, match="checkpoint"):
        round_of(bench, Round(rounds, 1))
