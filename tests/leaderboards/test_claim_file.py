"""What is kept of a claim, and that nothing else is believed than what its episodes say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leaderboards.build import build, differing, write
from leaderboards.claims.claim_file import Tried, load_tried, tried_text
from leaderboards.claims.every import CLAIMS
from leaderboards.run import digest
from tests.leaderboards.made_up_claims import MADE_WITH, made_tried
from webvoyager_gym.errors import InvalidFile

CLAIM = CLAIMS["another-n-hurts"]


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A folder of results in which one claim holds, one does not, and one could not be run."""
    kept = (
        made_tried(CLAIM, {"few-3", "many-8"}),
        made_tried(CLAIMS["beats-first"], {"first"}),
        Tried("early-gains", None, None, "the command `python -m algorithms.iterate`", "made up", MADE_WITH),
    )
    (tmp_path / "claims").mkdir()
    for each in kept:
        (tmp_path / "claims" / f"{each.id}.json").write_text(tried_text(each), encoding="utf-8")
    return tmp_path


def test_what_was_written_is_read(results: Path) -> None:
    beats, hurts, gains = load_tried(results)
    assert [each.verdict for each in (beats, hurts, gains)] == ["does not hold", "holds", "not run"]
    made = made_tried(CLAIM, {"few-3", "many-8"})
    assert hurts.measured is not None
    assert made.measured is not None
    assert [(arm.id, arm.ends, arm.at) for arm in hurts.measured.arms] == [
        (arm.id, arm.ends, arm.at) for arm in made.measured.arms
    ]
    np.testing.assert_array_equal(hurts.measured["few-3"].tokens, made.measured["few-3"].tokens)
    assert hurts.judgement == made.judgement
    assert gains.needs.startswith("the command")


def test_what_does_not_follow_from_the_episodes_is_refused(results: Path) -> None:
    path = results / "claims" / f"{CLAIM.id}.json"
    document = json.loads(path.read_text(encoding="utf-8"))

    def written(**changes: Any) -> None:
        changed = {key: value for key, value in document.items() if key != "sha256"} | changes
        path.write_text(json.dumps(changed | {"sha256": digest(changed)}), encoding="utf-8")

    written()
    load_tried(results)
    for changes in (
        {"verdict": "undecided"},
        {"effect": document["effect"] | {"low": 0.3}},
        {"arms": [{**arm, "ends": arm["ends"].replace("1", "n")} for arm in document["arms"]]},
        {"arms": [{**arm, "ends": arm["ends"].replace("1", "?")} for arm in document["arms"]]},
        {"arms": document["arms"][1:]},
        {"tasks": document["tasks"][1:]},
        {"id": "beats-first"},
        {"version": 2},
    ):
        written(**changes)
        with pytest.raises(InvalidFile, match="cannot be taken"):
            load_tried(results)
    path.write_text(json.dumps(document | {"verdict": "undecided"}), encoding="utf-8")
    with pytest.raises(InvalidFile, match="checksum"):
        load_tried(results)
    path.rename(path.with_name("the-moon-is-cheese.json"))
    with pytest.raises(InvalidFile, match="of no claim"):
        load_tried(results)


def test_the_boards_show_every_claim(results: Path, tmp_path: Path) -> None:
    made = build(results, by_protocol=False)
    assert f"| {CLAIM.sentence} | holds | " in made["BOARDS.md"]
    assert "figures/claim-another-n-hurts.svg" in made["BOARDS.md"]
    assert "<svg" in made["figures/claim-another-n-hurts.svg"]
    assert not {"figures/claim-early-gains.svg", "figures/claim-q-size.svg"} & made.keys()
    page = made["page/index.html"]
    assert all(claim.sentence in page.replace("&#39;", "'") for claim in CLAIMS.values())
    assert "Not run: needs the command" in page
    out = tmp_path / "out"
    write(made, out)
    assert differing(made, out) == []
