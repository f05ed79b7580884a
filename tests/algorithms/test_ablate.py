"""What an option changes: paired differences, the table, and the command that makes it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats

from algorithms import ablate
from algorithms.ablation import BASE, VARIANTS, Row, folder_name, paired_difference, rows
from algorithms.configure import configure
from tests.algorithms.commands import exit_status
from tests.made_up_results import episode, result
from webvoyager_gym.data import Dataset


def test_a_paired_difference_has_students_interval() -> None:
    ours, theirs = np.random.default_rng(0).normal(size=(2, 4))
    expected = scipy.stats.ttest_rel(ours, theirs).confidence_interval(0.95)
    found = paired_difference(ours, theirs)
    assert found.value == pytest.approx((ours - theirs).mean())
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-3)
    alone = paired_difference([1.0], [0.25])
    assert alone.value == 0.75
    assert math.isnan(alone.low)
    assert math.isnan(alone.high)


def record(agreement: float, auc: float) -> dict[str, Any]:
    return {"metrics": [{"step": 500, "agreement": 0.0}, {"step": 1000, "agreement": agreement, "auc": auc}]}


def test_rows_pair_seeds_in_metrics_and_tasks_and_seeds_in_success() -> None:
    """Seed by seed the variant agrees 0.1 more often; on two tasks it wins one of four episodes more."""
    records = {BASE: [record(0.5, 0.6), record(0.7, 0.6)], "listwise=1": [record(0.6, 0.6), record(0.8, 0.4)]}
    won = {"base-0": (1, 0), "base-1": (1, 0), "other-0": (1, 1), "other-1": (1, 0)}
    episodes = [
        episode(name, f"shop/a/validation-{task}", bool(success))
        for name, of_task in won.items()
        for task, success in enumerate(of_task)
    ]
    names = {BASE: ["base-0", "base-1"], "listwise=1": ["other-0", "other-1"]}
    base, variant = rows(records, result(episodes), names)
    assert base.metrics == {"agreement": (0.5, 0.7), "auc": (0.6, 0.6)}
    assert (base.differences, base.against_base) == ({}, None)
    assert variant.differences["agreement"].value == pytest.approx(0.1)
    assert variant.differences["agreement"].clear_of_zero
    assert not variant.differences["auc"].clear_of_zero
    assert base.success is not None
    assert variant.against_base is not None
    assert base.success.value == 0.5
    assert variant.against_base.difference.value == pytest.approx(0.25)
    assert (variant.against_base.wins, variant.against_base.losses) == (1, 0)


def test_every_variant_is_one_of_iql() -> None:
    configs = [configure("iql", variant.split()) for variant in VARIANTS]
    assert all(config != configure("iql", []) for config in configs)
    assert len({folder_name(variant, 0) for variant in VARIANTS}) == len(VARIANTS)


def test_what_is_not_known_is_null_in_the_file() -> None:
    row = Row("a", {"auc": (0.5,)}, {"auc": paired_difference([0.5], [0.25])})
    assert row.json()["differences"]["auc"] == {"value": 0.25, "low": None, "high": None}


def run_command(monkeypatch: pytest.MonkeyPatch, dataset: Dataset, out: Path, *more: str) -> int:
    given = ["--dataset", str(dataset.folder), "--out", str(out), "--device", "cpu", "--seeds", "0,1"]
    given += ["--variant", "n_critics=3 pessimism=1", "--variant", "listwise=0.5", "--validation", "test"]
    given += ["--set", "hidden=[8]", "--set", "batch_size=4", *more]
    return exit_status(monkeypatch, ablate.main, *given)


def test_the_command_tables_every_variant_and_goes_on_where_it_stopped(
    chain_dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(monkeypatch, chain_dataset, tmp_path, "--steps", "3", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document == json.loads((tmp_path / "ablation.json").read_text(encoding="utf-8"))
    assert [row["variant"] for row in document["rows"]] == [BASE, "n_critics=3 pessimism=1", "listwise=0.5"]
    assert all(len(row["metrics"]["error"]) == 2 for row in document["rows"])
    assert document["rows"][1]["differences"]["error"]["value"] is not None
    base, variant = (tmp_path / f"{name}-1/train.json" for name in (BASE, "n_critics=3+pessimism=1"))
    assert json.loads(variant.read_text(encoding="utf-8"))["config"]["pessimism"] == 1.0

    before = base.stat().st_mtime_ns
    (tmp_path / "listwise=0.5-1/train.json").unlink()
    assert run_command(monkeypatch, chain_dataset, tmp_path, "--steps", "3") == 0
    assert "n_critics=3" in capsys.readouterr().out
    assert base.stat().st_mtime_ns == before, "what is finished is not trained again"
    assert json.loads((tmp_path / "ablation.json").read_text(encoding="utf-8"))["rows"] == document["rows"]

    assert run_command(monkeypatch, chain_dataset, tmp_path, "--steps", "3", "--set", "gamma=0.5") == 1
    assert "another config" in capsys.readouterr().err
    assert run_command(monkeypatch, chain_dataset, tmp_path, "--set", "gama=0.5") == 2
