"""The whole path at its smallest: everything real, with hardly any of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from algorithms import demo
from webvoyager_gym.data import load_dataset
from webvoyager_gym.q_function import QFunction
from webvoyager_gym.result_file import load_result
from webvoyager_gym.vlm import load_embedder
from webvoyager_gym.vlm.base import embedding_id

TINY = demo.Budget(collect=1, updates=30, evaluate=1)


def test_the_whole_path_from_pages_to_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(demo.ENV, "max_steps", 2)
    folder = tmp_path / "demo"
    (folder / "left-over").mkdir(parents=True)
    result, page = demo.demo(folder, TINY, seed=1)

    dataset = load_dataset(folder / "datasets/local/demo-v0")
    dataset.verify()
    assert {episode.split for episode in dataset.episodes()} == {"train"}
    assert {episode.extra["policy"] for episode in dataset.episodes()} == {"epsilon-greedy:0.5:first"}
    record = json.loads((folder / "q/train.json").read_text(encoding="utf-8"))
    assert (record["steps"], record["finished"], record["dataset"]) == (30, True, "local/demo-v0")
    metadata = QFunction.load(folder / "q/q.safetensors").metadata
    assert metadata["embedder"] == "pocket"
    assert metadata["embedding_id"] == embedding_id(load_embedder("pocket"))

    assert result.names == ("first", "random", "best-of-q", "oracle-of-n")
    assert {episode.split for episode in result.episodes} == {"validation"}
    for task in result.tasks:
        assert [episode.agent for episode in result.episodes if episode.task == task] == list(result.names)
    assert load_result(folder / "result.json").outcomes.tolist() == result.outcomes.tolist()
    assert "best-of-q" in page.read_text(encoding="utf-8")
    assert not (folder / "left-over").exists()
    assert not (folder / "shards").exists()
