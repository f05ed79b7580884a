"""A published dataset for tests: what it holds, and how it is registered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from webvoyager_gym.data.registry import Published, Registry, write_registry

ID = "local/toy-v0"
SHOTS = "data/shots.h5"

Contents = dict[str, bytes]
"""Every file of a folder by its path."""


def contents(folder: Path) -> Contents:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def register(monkeypatch: pytest.MonkeyPatch, folder: Path, entry: Published, *mirrors: str) -> None:
    """Make it the only published dataset."""
    write_registry(folder / "registry.json", Registry((replace(entry, mirrors=mirrors),)))
    monkeypatch.setenv("WEBVOYAGER_GYM_REGISTRY", str(folder / "registry.json"))
