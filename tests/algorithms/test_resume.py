"""Trainings that stop and go on, several seeds at once, early stops, and what the events say."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open

from algorithms import training
from algorithms.checkpoint import load_checkpoint, save_checkpoint
from algorithms.configure import ALGORITHMS
from algorithms.d3rlpy_import import d3rlpy
from algorithms.event_file import EventFile, crc32c
from algorithms.selection import area_under_curve, selection_metrics
from algorithms.training import Options, train, train_seeds
from tests.algorithms.fitting import small
from webvoyager_gym.data import Dataset
from webvoyager_gym.errors import InvalidFile, NotFound, WebVoyagerError


@pytest.mark.parametrize("name", ALGORITHMS)
def test_what_stopped_goes_on_as_if_it_had_not(name: str, chain_dataset: Dataset, tmp_path: Path) -> None:
    """To the last bit of networks and optimisers, in algorithms that draw noise too."""
    config = small(name)
    train(chain_dataset, config, 7, seed=1, device="cpu", out=tmp_path / "whole")
    train(chain_dataset, config, 3, seed=1, device="cpu", out=tmp_path / "parts")
    torch.rand(5)  # Whatever else draws in between.
    train(chain_dataset, config, 7, seed=1, device="cpu", out=tmp_path / "parts", options=Options(resume=True))
    whole, parts = (tensors(tmp_path / folder / "model.safetensors") for folder in ("whole", "parts"))
    assert whole.keys() == parts.keys()
    assert [key for key in whole if not torch.equal(whole[key], parts[key])] == []
    record = json.loads((tmp_path / "parts/train.json").read_text(encoding="utf-8"))
    assert (record["updates"], record["finished"]) == (7, True)
    assert [entry["step"] for entry in record["losses"]] == [3, 7]


def tensors(path: Path) -> dict[str, torch.Tensor]:
    with safe_open(str(path), framework="pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no dict)


def test_another_training_is_not_gone_on_with(chain_dataset: Dataset, tmp_path: Path) -> None:
    train(chain_dataset, small("iql"), 1, device="cpu", out=tmp_path)
    with pytest.raises(InvalidFile, match="another config"):
        train(chain_dataset, small("iql", "expectile=0.9"), 2, device="cpu", out=tmp_path, options=Options(resume=True))
    with pytest.raises(InvalidFile, match="another algorithm and config and seed"):
        train(chain_dataset, small("bc"), 2, seed=1, device="cpu", out=tmp_path, options=Options(resume=True))


@pytest.mark.parametrize("name", ["iql", "continuous-awac"])
def test_seeds_side_by_side_are_as_each_alone(name: str, chain_dataset: Dataset, tmp_path: Path) -> None:
    """awac draws from the generator that all seeds share."""
    config = small(name)
    folders = {seed: tmp_path / f"together-{seed}" for seed in (0, 1)}
    train_seeds(chain_dataset, config, 45, folders, "cpu")
    for seed, folder in folders.items():
        train(chain_dataset, config, 45, seed=seed, device="cpu", out=tmp_path / "alone")
        together, alone = (tensors(path / "model.safetensors") for path in (folder, tmp_path / "alone"))
        assert [key for key in alone if not torch.equal(together[key], alone[key])] == []
    first, second = (tensors(folder / "model.safetensors") for folder in folders.values())
    assert any(not torch.equal(first[key], second[key]) for key in first)


def test_the_selection_is_measured_and_patience_ends_what_gets_no_better(
    chain_dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test split always quits and so has no success to agree with: no measurement is ever better."""
    monkeypatch.setattr(training, "EPOCH", 20)
    where: dict[str, Any] = {"device": "cpu", "out": tmp_path}
    train(chain_dataset, small("iql"), 60, **where, options=Options("test"))
    record = json.loads((tmp_path / "train.json").read_text(encoding="utf-8"))
    assert [entry["step"] for entry in record["metrics"]] == [20, 40, 60]
    assert record["metrics"][0].keys() == {"step", "error"}
    assert record["stopped_early"] is False
    train(chain_dataset, small("iql"), 200, **where, options=Options("test", patience=2))
    record = json.loads((tmp_path / "train.json").read_text(encoding="utf-8"))
    assert (record["updates"], record["stopped_early"], record["finished"]) == (60, True, True)
    with pytest.raises(WebVoyagerError, match="no split 'validation' to measure on"):
        train(chain_dataset, small("iql"), 1, **where, options=Options(patience=1))


def test_selection_metrics_by_hand() -> None:
    values = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, -np.inf], [0.5, 0.4]])
    chosen, returns = np.array([0, 0, 0, 1]), np.array([1.0, 0.5, 0.0, 1.0])
    found = selection_metrics(values, chosen, returns, np.array([True, True, True, False]))
    assert found == pytest.approx(
        # Of two steps that led to success the first one's best is the executed; 0.9 is above 0.3, 0.2 is not.
        {"agreement": 0.5, "chance": 0.5, "auc": 0.5, "error": (0.01 + 0.09 + 0.09) / 3}
    )
    assert area_under_curve(np.array([1.0, 2.0]), np.array([1.0])) == 0.75
    assert np.isnan(area_under_curve(np.array([]), np.array([1.0])))


def test_events_are_records_that_tensorboard_reads(tmp_path: Path) -> None:
    """The checksum's value is RFC 3720's; the layout that of TFRecord and of tensorflow.Event."""
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(b"123456789") == 0xE3069283
    path = tmp_path / "events.out.tfevents.0"
    events = EventFile(path)
    events.scalars(300, {"train/q": 0.5})
    data, records = path.read_bytes(), []
    while data:
        (length,) = struct.unpack_from("<Q", data)
        body = data[12 : 12 + length]
        for part, at in ((data[:8], 8), (body, 12 + length)):
            checksum = crc32c(part)
            rotated = ((checksum >> 15) | (checksum << 17)) & 0xFFFFFFFF
            assert struct.unpack_from("<I", data, at)[0] == (rotated + 0xA282EAD8) & 0xFFFFFFFF
        records.append(body)
        data = data[16 + length :]
    first, second = records
    assert first[9:] == b"\x1a\x0dbrain.Event:2"
    value = b"\x0a\x07train/q\x15" + struct.pack("<f", 0.5)
    assert second[9:] == b"\x10\xac\x02\x2a" + bytes([len(value) + 2]) + b"\x0a" + bytes([len(value)]) + value


def test_damaged_and_foreign_checkpoints_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no trained algorithm"):
        load_checkpoint(tmp_path / "none.safetensors")
    d3rlpy.seed(0)
    algo = small("iql").create("cpu:0")
    algo.create_impl((4,), 2)
    path = tmp_path / "model.safetensors"
    save_checkpoint(path, algo)
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    with pytest.raises(InvalidFile, match="safetensors"):
        load_checkpoint(path)
    path.write_bytes(whole.replace(b'\\"version\\": 1', b'\\"version\\": 9'))
    with pytest.raises(InvalidFile, match="version 9"):
        load_checkpoint(path)
    path.write_bytes(whole.replace(b"candidate_iql", b"candidate_iqx"))
    with pytest.raises(InvalidFile, match="does not hold"):
        load_checkpoint(path)
    path.write_bytes(whole.replace(b"webvoyager-gym-algorithm", b"webvoyager-gym-something"))
    with pytest.raises(InvalidFile, match=r"cannot be read|no trained algorithm"):
        load_checkpoint(path)
