"""What follows from episodes, and the file they are kept in."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.made_up_results import episode, result, step
from webvoyager_gym.cli.evaluate import print_result
from webvoyager_gym.errors import InvalidFile, NotFound
from webvoyager_gym.result_file import load_result, result_json, save_result
from webvoyager_gym.results import Difference, Proposal, StepRow, failure_kind
from webvoyager_gym.stats import Bootstrap

RIGHT = step(0, (True, False, False))
MISSED = step(0, (False, True, False))
NONE = step(0, (False, False, False))
NO_EXPERT = step(0, None)


@pytest.mark.parametrize(
    ("trace", "kind"),
    [
        ((NONE,), "no_good_candidate"),
        ((MISSED,), "good_not_chosen"),
        ((RIGHT, RIGHT), "out_of_steps"),
        ((RIGHT, MISSED, NONE), "good_not_chosen"),
        ((RIGHT, NONE, MISSED), "no_good_candidate"),
        ((MISSED, NO_EXPERT), "good_not_chosen"),
        ((RIGHT, NO_EXPERT), "unknown"),
        ((NO_EXPERT,), "unknown"),
        ((), "out_of_steps"),
    ],
)
def test_the_first_wrong_step_decides_why_an_episode_failed(trace: tuple[StepRow, ...], kind: str) -> None:
    assert failure_kind(episode("first", trace=trace)) == kind


def test_infrastructure_and_success_come_first() -> None:
    assert failure_kind(episode("first", trace=(NONE,), failure="browser")) == "environment"
    assert failure_kind(episode("first", success=True, trace=(MISSED, RIGHT))) == ""


def test_cells_by_agent_task_and_seed() -> None:
    made = result(
        [
            episode("first", "shop/a/test-0", success=True),
            episode("q", "shop/a/test-0", seed=0),
            episode("first", "shop/a/test-0", seed=5),
            episode("q", "shop/a/test-0", seed=5, success=True),
            episode("q", "shop/b/test-0", failure="site"),
            episode("first", "shop/b/test-0"),
        ]
    )
    expected = [[[1, 0], [0, math.nan]], [[0, 1], [math.nan, math.nan]]]
    np.testing.assert_array_equal(made.outcomes, expected)
    first, q = made.agents
    assert (first.episodes, q.episodes) == (3, 3)
    assert first.success.value == pytest.approx(1 / 3)
    assert q.success.value == 0.5
    assert q.failures["environment"] == 1
    (difference,) = made.differences
    assert (difference.comparison.wins, difference.comparison.losses, difference.comparison.ties) == (1, 1, 0)


def test_means_leave_out_what_does_not_count() -> None:
    counted = episode("first", trace=(RIGHT, RIGHT), seconds=4.0, cost={"passes": 4.0})
    broken = episode("first", "shop/b/test-0", failure="vlm", trace=(), seconds=100.0, cost={"passes": 2.0})
    (agent,) = result([counted, broken]).agents
    assert (agent.steps, agent.seconds, agent.cost) == (2.0, 4.0, {"passes": 3.0})


@pytest.mark.parametrize(
    ("gains", "said"),
    [([1.0] * 30, "q is better"), ([-1.0] * 30, "q is worse"), ([1.0, -1.0] * 15, "no difference is shown")],
)
def test_a_difference_says_what_it_shows(gains: list[float], said: str) -> None:
    gain = np.array(gains)[:, None]
    comparison = Bootstrap(["shop"] * 30).compare(np.maximum(gain, 0), np.maximum(-gain, 0))
    assert said in Difference("q", "first", comparison).sentence


@pytest.fixture
def made() -> Any:
    unknown = StepRow(
        "http://a/",
        "A",
        (Proposal("wait"),),
        0,
        scores=(math.nan,),
        propensity=1 / 3,
        error="It is not there: ‘é’ \u2028",
    )
    return result(
        [
            episode("first", trace=(RIGHT, MISSED, NO_EXPERT, unknown), seconds=1.25, answer="<b>7</b>\n"),
            episode("q", success=True, trace=(step(1, (False, True, False), scores=(0.25, 0.5, -1.0)),), attempts=2),
            episode("first", "papers/b/test-1", failure="site", reason="gone", trace=()),
            episode("q", "papers/b/test-1"),
        ],
        suite="local",
        machine={"cpu": "x", "cores": 2},
    )


def test_what_is_written_is_read(made: Any, tmp_path: Path) -> None:
    path = save_result(made, tmp_path / "deep" / "result.json")
    read = load_result(path)
    assert read.names == made.names
    assert read.environment == made.environment
    # nan is not equal to itself; JSON has it as null.
    assert result_json(read) == result_json(made)
    assert read.folder == path.parent
    assert math.isnan(read.episodes[0].trace[3].candidates[0].log_prob)
    assert read.episodes[2].failure == "site"
    again = save_result(read, tmp_path / "again.json")
    assert again.read_bytes() == path.read_bytes()


def test_the_document_is_as_documented(made: Any) -> None:
    document = json.loads(json.dumps(result_json(made), allow_nan=False))
    assert list(document) == ["format", "version", "agents", "differences", "environment", "episodes"]
    first, q = document["agents"]
    assert (first["name"], first["success"], first["episodes"]) == ("first", 0.0, 2)
    assert first["failures"] == {
        "no_good_candidate": 0, "good_not_chosen": 1, "out_of_steps": 0, "environment": 1, "unknown": 0
    }  # fmt: skip
    assert first["low"] == 0
    assert 0.5 < q["high"] <= 1
    (difference,) = document["differences"]
    assert (difference["name"], difference["versus"], difference["difference"]) == ("q", "first", 1.0)
    assert document["episodes"][2]["success"] is None
    assert document["episodes"][0]["failure_kind"] == "good_not_chosen"
    assert document["episodes"][0]["steps"] == 4


def damaged(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"webvoyager-gym-result"', '"something"', "no result of an evaluation"),
        ('"version": 1', '"version": 2', "version 2"),
        ('"chosen":0', '"chosen":3', "chosen candidate is 3"),
        ('"chosen":0', '"chosen":true', "'chosen' is 'True'"),
        ('"best":[true,false,false]', '"best":[true]', "best"),
        ('"box":[10,20,80,16]', '"box":[10,20]', "box"),
        ('"success":true', '"success":false', "success"),
        ('"success":true', '"success":null', "success"),
        ('"seed":0', '"seed":"0"', "seed"),
        ('"agent":"q"', '"agent":"z"', "agents it does not list"),
        ('"agent":"q"', '"agent":"first"', "twice"),
        ('"seconds":1.25', '"seconds":"1"', "no number"),
        ('"answer":', '"anwser":', "'answer' is missing"),
        ('"log_prob":', '"log_proof":', "'log_prob' is missing"),
        ("]\n}", "]", "no whole JSON document"),
    ],
)
def test_a_damaged_file_says_what_is_wrong(made: Any, tmp_path: Path, old: str, new: str, said: str) -> None:
    path = save_result(made, tmp_path / "result.json")
    damaged(path, old, new)
    with pytest.raises(InvalidFile, match=said) as error:
        load_result(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize("content", ["", "[]", "null", "{", '"text"', "\0\0", "[" * 100_000])
def test_what_is_no_result_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "result.json"
    path.write_text(content)
    with pytest.raises(InvalidFile):
        load_result(path)


def test_a_missing_result_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="webvoyager-gym evaluate --out"):
        load_result(tmp_path / "result.json")


def test_seeds_that_draw_nothing_new_are_known_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    """By what was done; an agent with a single seed, or one that the infrastructure left with one, repeats nothing."""
    runs = {"same": (RIGHT, RIGHT), "drawn": (RIGHT, step(1, (True, False, False))), "cut": (RIGHT, RIGHT)}
    made = result(
        [
            episode(name, seed=seed, trace=(trace,), failure="site" if name == "cut" and seed else "")
            for seed in range(2)
            for name, traces in runs.items()
            for trace in [traces[seed]]
        ]
    )
    assert made.repeats == ("same",)
    print_result(made)
    assert "\nsame: every seed gave the same episodes" in capsys.readouterr().out
    assert result([episode("first", trace=(RIGHT,))]).repeats == ()
