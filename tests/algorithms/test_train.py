"""Training from a dataset on disk, as a function and from the command line."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.progress import Progress

from algorithms import train as command
from algorithms import training
from algorithms.checkpoint import load_checkpoint
from algorithms.columns import columns_of_vectors
from algorithms.configure import configure
from algorithms.iql import CandidateIQLConfig
from algorithms.training import train
from tests.algorithms.commands import exit_status
from webvoyager_gym import cli
from webvoyager_gym.data import Dataset
from webvoyager_gym.errors import NotFound, WebVoyagerError
from webvoyager_gym.q_function import QFunction

SMALL = CandidateIQLConfig(hidden=(8,), batch_size=4)

ROOT = Path(__file__).parents[2]


def test_training_writes_a_q_function_a_checkpoint_and_a_record(
    chain_dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "EPOCH", 5)
    with Progress(disable=True) as progress:
        path = train(chain_dataset, SMALL, steps=12, seed=3, device="cpu", out=tmp_path / "run", progress=progress)
        assert progress.finished
    record = json.loads((tmp_path / "run/train.json").read_text(encoding="utf-8"))

    assert record["config"] | {"hidden": [8], "batch_size": 4, "expectile": 0.7} == record["config"]
    vectors = (chain_dataset.folder / "data/vectors.h5").read_bytes()
    assert record["vectors_sha256"] == hashlib.sha256(vectors).hexdigest()
    assert (record["dataset"], record["embedder"], record["seed"]) == ("local/chain-v0", "one-hot", 3)
    assert (record["steps"], record["finished"], record["device"]) == (12, True, "cpu:0")
    assert [entry["step"] for entry in record["losses"]] == [5, 10, 12]
    assert {"value_loss", "critic_loss"} <= set(record["losses"][-1])

    q = QFunction.load(path)
    assert q.metadata["dataset"] == "local/chain-v0"
    assert (q.metadata["embedder"], q.metadata["embedding_id"]) == ("one-hot", "4f3a")
    vectors_view = chain_dataset.vectors()
    state, candidates = vectors_view.obs[0], vectors_view.candidates(0)
    algo, _ = load_checkpoint(tmp_path / "run/model.safetensors")
    np.testing.assert_array_equal(q.score(state, candidates), algo.predict_values([state[None], candidates[None]])[0])


def test_same_seed_same_q_function_byte_for_byte(chain_dataset: Dataset, tmp_path: Path) -> None:
    digests = [
        train(chain_dataset, SMALL, steps=10, seed=seed, device="cpu", out=tmp_path / str(number)).read_bytes()
        for number, seed in enumerate((0, 0, 1))
    ]
    assert digests[0] == digests[1] != digests[2]


def test_episodes_of_other_splits_are_left_out(chain_dataset: Dataset, tmp_path: Path) -> None:
    vectors = chain_dataset.vectors()
    assert vectors.n_episodes == 10
    train_rows = columns_of_vectors(vectors, "train", 0.99).rows
    assert len(train_rows) == 12
    rest = columns_of_vectors(vectors, "test", 0.99)
    assert rest.rows.tolist() == vectors.ep_ptr[:-1][vectors.split == vectors.split_names.index("test")].tolist()
    assert rest.chosen.tolist() == [1, 1]
    train(chain_dataset, SMALL, steps=1, device="cpu", out=tmp_path)
    assert json.loads((tmp_path / "train.json").read_text(encoding="utf-8"))["transitions"] == 12


def test_an_unknown_split_names_the_nearest(chain_dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no split .* 'validation'.* train"):
        train(chain_dataset, SMALL, steps=1, out=tmp_path, split="validation")


def test_an_unknown_device_lists_those_there_are(chain_dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(WebVoyagerError, match=r"no device 'cuda:99' .* auto, cpu"):
        train(chain_dataset, SMALL, steps=1, device="cuda:99", out=tmp_path)


def test_divergence_is_an_error_and_leaves_no_q_function(chain_dataset: Dataset, tmp_path: Path) -> None:
    config = CandidateIQLConfig(hidden=(8, 8), batch_size=4, learning_rate=1e30)
    with pytest.raises(WebVoyagerError, match="lower learning_rate"):
        train(chain_dataset, config, steps=10, device="cpu", out=tmp_path)
    assert not (tmp_path / "q.safetensors").exists()


def test_settings_by_name() -> None:
    config = configure("iql", ["expectile=0.9", "hidden=[16,8]", "gamma=1", "batch_size=32"])
    assert config == CandidateIQLConfig(expectile=0.9, hidden=(16, 8), gamma=1.0, batch_size=32)


@pytest.mark.parametrize(
    ("algorithm", "setting", "reason"),
    [
        ("iql", "expectil=0.9", "no setting 'expectil'; there are .*expectile"),
        ("iql", "expectile=high", "takes a number, not 'high'"),
        ("iql", "expectile", "takes a number, not ''"),
        ("iql", "expectile=2", "between 0 and 1"),
        ("iql", "batch_size=2.5", "takes a whole number"),
        ("iql", "batch_size=0", "at least 1"),
        ("iql", "n_critics=true", "takes a whole number"),
        ("iql", "hidden=16", "takes a list of whole numbers"),
        ("iql", "hidden=[0]", "at least 1"),
        ("iql", "learning_rate=Infinity", "learning_rate above 0"),
        ("iql", "gamma=NaN", "gamma must lie"),
        ("iql", "compile_graph=1", "no setting"),
    ],
)
def test_settings_that_make_no_sense_say_why(algorithm: str, setting: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        configure(algorithm, [setting])


def arguments(dataset: Dataset, out: Path, *more: str) -> list[str]:
    return [
        "--dataset",
        str(dataset.folder),
        "--out",
        str(out),
        "--device",
        "cpu",
        "--set",
        "hidden=[8]",
        "--set",
        "batch_size=4",
        *more,
    ]


def test_the_command_prints_one_json_document(chain_dataset: Dataset, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "algorithms.train", *arguments(chain_dataset, tmp_path, "--steps", "3", "--json")]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    result = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200, check=False
    )
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == json.loads((tmp_path / "train.json").read_text(encoding="utf-8"))
    assert "gym" not in result.stderr.lower(), "d3rlpy's banners are kept away"
    assert not (ROOT / "d3rlpy_logs").exists()


def test_exit_statuses(
    chain_dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_status(monkeypatch, command.main, *arguments(chain_dataset, tmp_path, "--steps", "3")) == 0
    assert "q.safetensors" in capsys.readouterr().out
    assert exit_status(monkeypatch, command.main, *arguments(chain_dataset, tmp_path, "--set", "expectile=7")) == 2
    assert "between 0 and 1" in capsys.readouterr().err
    assert exit_status(monkeypatch, command.main, *arguments(chain_dataset, tmp_path, "--algo", "ikl")) == 2
    assert "'ikl'" in capsys.readouterr().err
    assert exit_status(monkeypatch, command.main, *arguments(chain_dataset, tmp_path, "--split", "none")) == 1
    message = capsys.readouterr().err.strip().splitlines()[-1]
    assert message.startswith("There is no split in this dataset 'none'")


def test_ctrl_c_keeps_what_was_learnt(chain_dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class InterruptedProgress(Progress):
        def update(self, *given: Any, completed: float | None = None, **options: Any) -> None:
            if completed == 20:
                signal.raise_signal(signal.SIGINT)

    @contextmanager
    def progress() -> Iterator[Progress]:
        yield InterruptedProgress(disable=True)

    monkeypatch.setattr(cli, "progress", progress)
    assert exit_status(monkeypatch, command.main, *arguments(chain_dataset, tmp_path, "--steps", "1000")) == 130
    record = json.loads((tmp_path / "train.json").read_text(encoding="utf-8"))
    assert record["finished"] is False
    algo, _ = load_checkpoint(tmp_path / "model.safetensors")
    assert algo.predict_values([np.zeros((1, 4)), np.zeros((1, 2, 4))]).any()
    assert QFunction.load(tmp_path / "q.safetensors").metadata["finished"] == "false"

    assert exit_status(monkeypatch, command.main, *arguments(chain_dataset, tmp_path, "--steps", "30", "--resume")) == 0
    assert json.loads((tmp_path / "train.json").read_text(encoding="utf-8"))["finished"] is True
