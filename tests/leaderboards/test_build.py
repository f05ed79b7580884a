"""What is committed is what the committed runs give; and what is out of date is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from leaderboards.build import build, differing, write
from leaderboards.protocol import HERE
from tests.leaderboards.made_up import task_ids, write_results
from webvoyager_gym.errors import InvalidFile


def test_tables_figures_and_page_follow_from_the_committed_runs() -> None:
    assert differing(build(), HERE) == []


def test_whatever_differs_is_named_and_mended(tmp_path: Path) -> None:
    results = write_results(tmp_path / "results", ["first", "iql"], task_ids(30))
    made = build(results, by_protocol=False)
    out = tmp_path / "out"
    assert set(write(made, out)) == set(made) >= {"BOARDS.md", "page/index.html", "page/episodes/rollout-iql.html"}
    assert differing(build(results, by_protocol=False), out) == []

    (out / "BOARDS.md").write_text("48.3 %", encoding="utf-8")
    (out / "page/methods/rollout-first.html").unlink()
    (out / "page/methods/rollout-gone.html").write_text("", encoding="utf-8")
    stale = ["BOARDS.md", "page/methods/rollout-first.html", "page/methods/rollout-gone.html"]
    assert differing(made, out) == stale
    assert write(made, out) == stale
    assert differing(made, out) == []

    (results / "rollout" / "iql.json").unlink()
    with pytest.raises(InvalidFile, match="a run that is not there"):
        build(results)


def test_runs_on_fewer_tasks_do_not_come_onto_the_board(tmp_path: Path) -> None:
    results = write_results(tmp_path / "results", ["first"], task_ids(15))
    with pytest.raises(InvalidFile, match="tasks are missing"):
        build(results)
