"""Several agents on one command line: each has a name of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import typer

from webvoyager_gym.cli.options import named_agents
from webvoyager_gym.q_network import QConfig, save_q


def q_file(path: Path) -> Path:
    config = QConfig(2, 2, hidden=(2,))
    torch.manual_seed(0)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_q(path, config.create(), config)
    return path


def names(*texts: str) -> list[str]:
    return [agent.name for agent in named_agents(texts)]


def test_one_q_function_needs_no_other_name(tmp_path: Path) -> None:
    path = q_file(tmp_path / "iql-0/q.safetensors")
    assert names("first", f"best-of-q:{path}") == ["first", "best-of-q"]


def test_several_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    one, two = (q_file(tmp_path / name / "q.safetensors") for name in ("iql-0", "iql-1"))
    assert names("first", f"best-of-q:{one}", f"best-of-q:{two}") == ["first", "best-of-q:iql-0", "best-of-q:iql-1"]


def test_several_of_one_folder_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    one, two = (q_file(tmp_path / "iql" / f"{name}.safetensors") for name in "ab")
    assert names(f"best-of-q:{one}", f"best-of-q:{two}") == [f"best-of-q:{one}", f"best-of-q:{two}"]


def test_the_same_agent_twice_is_a_wrong_argument(tmp_path: Path) -> None:
    path = q_file(tmp_path / "q.safetensors")
    with pytest.raises(typer.BadParameter, match="--agent first is given 2 times"):
        names("first", "random", "first")
    with pytest.raises(typer.BadParameter, match=r"q\.safetensors is given 2 times"):
        names(f"best-of-q:{path}", f"best-of-q:{path}")
