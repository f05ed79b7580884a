"""A whole run, made up once for all tests of a module."""

from __future__ import annotations

from pathlib import Path

import pytest

from leaderboards.collection import KEPT
from leaderboards.run import Run
from leaderboards.run_file import run_text
from tests.leaderboards.made_up import kept_episodes, made_run
from webvoyager_gym.result_file import save_result


@pytest.fixture(scope="session")
def iql() -> Run:
    """A run of 643 tasks and five seeds that keeps to the protocol."""
    return made_run("iql")


@pytest.fixture(scope="session")
def iql_text(iql: Run) -> str:
    return run_text(iql)


@pytest.fixture
def submission(tmp_path: Path, iql: Run, iql_text: str) -> Path:
    """The run's file with the episodes that are kept beside it."""
    path = tmp_path / "mine" / "iql.json"
    path.parent.mkdir()
    path.write_text(iql_text, encoding="utf-8")
    save_result(kept_episodes(iql), path.with_name(f"iql{KEPT}"))
    return path
