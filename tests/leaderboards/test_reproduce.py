"""The claims tried out for real, as little as can be: data, training, episodes, verdict, and everything only once."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from leaderboards.claims.claim import Trial
from leaderboards.claims.claim_file import load_tried
from leaderboards.claims.every import CLAIMS
from leaderboards.claims.sizes import SIZES, TINY
from leaderboards.reproduce import app, command_of

SMALLER = dataclasses.replace(TINY, tasks=1, seeds=1, episodes=1, updates=2, sites=("dictionary",), max_steps=1)
TRIED = ("failure-split", "unseen-sites")


def tried_out(folder: Path) -> Any:
    arguments = ["--tiny", "--runs", str(folder / "runs"), "--out", str(folder), "--json"]
    ended = CliRunner().invoke(app, [*arguments, *(part for id in TRIED for part in ("--claim", id))])
    assert ended.exit_code == 0, ended.stderr
    return json.loads(ended.stdout)


def test_everything_is_made_once_and_what_cannot_be_made_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leaderboards.reproduce.TINY", SMALLER)
    made = tried_out(tmp_path)
    assert [(stage["kind"], stage["found"]) for stage in made["stages"]] == [
        ("collect", False),
        ("train", False),
        ("evaluate", False),
        ("evaluate", False),
    ]
    split, unseen = load_tried(tmp_path)
    assert split.measured is not None
    assert [arm.label for arm in split.measured.arms] == ["first choice", "Best-of-Q"]
    assert split.measured["best-of-q"].learned["updates"] == 2
    assert (split.made_with["split"], split.made_with["size"]) == ("validation", "tiny")
    # One episode cannot have succeeded on two folds of sites.
    assert (unseen.verdict, unseen.needs) == ("not run", "data with successes both on dictionary and on other sites")
    assert [(each["id"], each["verdict"]) for each in made["claims"]] == [
        (each.id, each.verdict) for each in (split, unseen)
    ]
    # Three episodes of a page and a step; both arms begin on the same page, and the tree knew it the second time.
    assert made["steps"]["walked"] < made["steps"]["taken"] == 6

    found = [(each.verdict, each.judgement) for each in (split, unseen)]
    again = tried_out(tmp_path)
    assert [(stage["what"], stage["found"]) for stage in again["stages"]] == [
        (stage["what"], True) for stage in made["stages"]
    ]
    assert again["steps"] == made["steps"]
    assert [(each.verdict, each.judgement) for each in load_tried(tmp_path)] == found


@pytest.mark.parametrize("size", ["full", "quick"])
def test_a_command_names_what_is_not_usual(size: str) -> None:
    split = "test" if size == "full" else "validation"
    claim = CLAIMS["beats-first"]
    flag = "" if size == "full" else " --quick"
    usual = f"python -m leaderboards.reproduce --claim beats-first{flag}"
    assert command_of(claim, Trial(SIZES[size], split)) == usual
    other = Trial(SIZES[size], "validation" if size == "full" else "test", "openai:m?n=2", ("a", "b c"))
    assert command_of(claim, other) == (
        f"{usual} --split {other.split} --proposer 'openai:m?n=2' --embedder a --embedder 'b c'"
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--claim", "beats-frist"], "beats-first"),
        (["--split", "train"], "validation"),
        (["--quick", "--tiny"], "not both"),
        (["--embedder", "pocket"], "twice"),
    ],
)
def test_wrong_arguments_end_with_2_and_a_sentence(arguments: list[str], complaint: str) -> None:
    ended = CliRunner().invoke(app, [*arguments, "--json"])
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert complaint in ended.stderr
