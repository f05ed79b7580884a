"""What can be looked at: datasets, recordings that are not finished, results; and what is wanted of their lists."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from tests.data.making import make_episode
from tests.made_up_results import episode as row
from tests.made_up_results import result, screenshot, step
from tests.viewer.recordings import ID, dataset, picture, pictured, record
from webvoyager_gym.actions import parse
from webvoyager_gym.data import Dataset
from webvoyager_gym.errors import InvalidFile, MissingDependency, NotFound
from webvoyager_gym.report.pictures import webp_size
from webvoyager_gym.result_file import save_result
from webvoyager_gym.types import Step
from webvoyager_gym.viewer import Entry, Wanted, open_source
from webvoyager_gym.viewer.evaluated import ResultSource
from webvoyager_gym.viewer.outline import words_on
from webvoyager_gym.viewer.recording import DatasetSource, ShardsSource
from webvoyager_gym.viewer.source import summary


def entry(number: int, **fields: str) -> Entry:
    made = {"agent": "first", "task": f"shop/a/{number}", "site": "shop", "goal": "Find it", "outcome": "failed"}
    return Entry(number=number, seed=0, steps=3, **{**made, **fields})


ENTRIES = [
    entry(0, outcome="done"),
    entry(1, kind="good_not_chosen", goal="Find a red MUG"),
    entry(2, outcome="broken", kind="environment", site="maps", task="maps/b/2"),
    entry(3, agent="random", goal="Find red shoes"),
]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(), [0, 1, 2, 3]),
        (Wanted(show="failed"), [1, 3]),
        (Wanted(show="good_not_chosen"), [1]),
        (Wanted(show="broken", site="maps"), [2]),
        (Wanted(show="broken", site="shop"), []),
        (Wanted(agent="random"), [3]),
        (Wanted(text="red mug"), [1]),
        (Wanted(text="RED"), [1, 3]),
        (Wanted(text="maps/"), [2]),
    ],
)
def test_filters_go_together(wanted: Wanted, numbers: list[int]) -> None:
    assert [each.number for each in wanted.of(ENTRIES)] == numbers


def test_a_filter_is_the_query_of_an_address() -> None:
    assert Wanted().query == ""
    assert Wanted("failed", "a&b", "", "x y").query == "show=failed&site=a%26b&text=x+y"
    assert Wanted.read({"show": "failed", "page": "3", "stranger": "x"}) == Wanted("failed")


def test_the_summary_leaves_out_what_counts_for_nobody() -> None:
    assert summary(ENTRIES) == "4 episodes, 1 completed (33.3 %), 1 broken off"
    assert summary([]) == "0 episodes, 0 completed"


def test_actions_in_words_come_from_the_outline() -> None:
    words = words_on(
        '# Shop\n[1] link "Say "hi""\n[3] combobox "Sort by" value "Price" options "Name" | "Price"\n[4] img'
    )
    assert words(parse("click [1]")) == 'click link "Say \\"hi\\""'
    assert words(parse('select [3] "Name"')) == 'select combobox "Sort by" "Name"'
    assert words(parse("hover [4]")) == 'hover img ""'
    assert words(parse("click [2]")) == "click [2]"
    assert words(parse("click [99999]")) == "click [99999]"
    assert words(parse("wait")) == "wait"
    assert words_on("[99999] link")(parse("click [99999]")) == "click [99999]"


def test_a_data_set_is_read_one_episode_at_a_time(tmp_path: Path) -> None:
    made = [pictured("shop-1"), pictured("shop-2", ending="truncated"), pictured("shop-3", failure="browser")]
    source = DatasetSource(dataset(tmp_path, *made), lambda step: tuple(range(len(step.candidates))))
    assert [(e.number, e.task, e.outcome, e.steps, e.agent) for e in source.entries()] == [
        (0, "shop-1", "done", 3, "random"),
        (1, "shop-2", "failed", 3, "random"),
        (2, "shop-3", "broken", 3, "random"),
    ]
    episode, asides = source.episode(1)
    assert (episode.task, episode.reason, episode.answer) == ("shop-2", "the check says so", "7")
    assert [step.chosen for step in episode.trace] == [step.chosen for step in made[1].steps[:-1]]
    assert episode.trace[0].scores == tuple(range(len(made[1].steps[0].candidates)))
    assert episode.trace[0].candidates[0].words == 'click link "Größe 0"'
    assert [aside.outline for aside in asides] == [step.outline for step in made[1].steps]
    assert asides[0].note == f"Chosen with probability {made[1].steps[0].propensity:.2f}."
    assert [source.picture(1, frame) for frame in range(5)] == [*(step.screenshot for step in made[1].steps), b""]
    with pytest.raises(NotFound, match="it has 0 to 2"):
        source.episode(3)


def test_an_error_is_shown_with_the_action_that_met_it(tmp_path: Path) -> None:
    made = pictured("shop-1")
    steps = tuple(replace(step, last_error=f"error {number}") for number, step in enumerate(made.steps))
    episode, _ = DatasetSource(dataset(tmp_path, replace(made, steps=steps))).episode(0)
    assert [step.error for step in episode.trace] == ["error 1", "error 2", "error 3"]


def test_what_is_no_picture_is_no_screenshot(tmp_path: Path) -> None:
    source = DatasetSource(dataset(tmp_path, make_episode()))
    assert source.picture(0, 0) == b""
    assert source.shown(0, lambda frame, _: f"/{frame}").frames[0].image == ""


def test_new_episodes_of_a_recording_come_behind_those_known(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    record(tmp_path, pictured("shop-1"))
    source = ShardsSource(tmp_path, ID)
    assert [e.task for e in source.entries()] == ["shop-1"]
    record(tmp_path, pictured("shop-2"), worker=1)
    record(tmp_path, pictured("shop-3"))
    assert [(e.number, e.task) for e in source.entries()] == [(0, "shop-1"), (1, "shop-3"), (2, "shop-2")]
    assert [source.episode(number)[0].task for number in range(3)] == ["shop-1", "shop-3", "shop-2"]

    # The recorder is in the middle of writing one: it is not there yet, and it is no damage.
    shard = tmp_path / "worker-0000.shard"
    record(tmp_path, pictured("shop-4"))
    whole = shard.read_bytes()
    shard.write_bytes(whole[:-10])
    assert len(source.entries()) == 3
    shard.write_bytes(whole)
    assert [e.task for e in source.entries()] == ["shop-1", "shop-3", "shop-2", "shop-4"]
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]

    damaged = bytearray(whole)
    damaged[-20] ^= 0xFF
    shard.write_bytes(damaged)
    with pytest.raises(InvalidFile, match="damaged"):
        source.episode(3)


def test_a_recording_that_became_a_data_set_says_so(tmp_path: Path) -> None:
    record(tmp_path, pictured("shop-1"))
    source = ShardsSource(tmp_path, ID)
    source.entries()
    (tmp_path / "worker-0000.shard").unlink()
    with pytest.raises(NotFound, match="view it again by its id"):
        source.episode(0)
    with pytest.raises(NotFound, match="view it again by its id"):
        source.entries()


def test_a_recording_says_how_it_is_made(tmp_path: Path) -> None:
    env = {"suite": "local", "proposer": "pocket", "n_candidates": 3}
    (tmp_path / "collection.json").write_text(json.dumps({"policy": "first", "seed": 0, "env": env}))
    record(tmp_path, pictured("shop-1"))
    assert ShardsSource(tmp_path, ID).facts == (
        "suite local",
        "policy first",
        "proposed by pocket",
        "3 candidates a step",
    )


def test_what_is_named_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBVOYAGER_GYM_DATASETS", str(tmp_path))
    with pytest.raises(MissingDependency):
        open_source(ID)
    record(tmp_path / ".shards" / ID, pictured("shop-1"))
    growing = open_source(ID)
    assert (growing.growing, len(growing.entries())) == (True, 1)
    assert open_source(str(tmp_path / ".shards" / ID)).growing

    made: Dataset = dataset(tmp_path, pictured("shop-1"), pictured("shop-2"))
    assert [len(open_source(name).entries()) for name in (ID, str(made.folder))] == [2, 2]
    assert not open_source(ID).growing
    file = save_result(result([row("first")]), tmp_path / "result.json")
    assert isinstance(open_source(str(file)), ResultSource)
    with pytest.raises(NotFound, match="no result"):
        open_source(str(tmp_path / "none.json"))
    with pytest.raises(NotFound, match="local/seen-v0"):
        open_source("local/sen-v0")


def test_a_result_is_looked_at_as_it_is(tmp_path: Path) -> None:
    kept = screenshot(tmp_path, "a.webp")
    rows = [
        row("first", trace=(step(0, (False, True, False), screenshot=kept, scores=(0.1, 0.2, 0.3)),)),
        row("first", "shop/b/test-0", failure="vlm"),
        row("best-of-q", success=True),
    ]
    source = ResultSource(result(rows, tmp_path, suite="local"), "result.json")
    assert [(e.outcome, e.kind) for e in source.entries()] == [
        ("failed", "good_not_chosen"),
        ("broken", "environment"),
        ("done", ""),
    ]
    assert source.facts == ("suite local",)
    assert source.picture(0, 0) == (tmp_path / kept).read_bytes()
    assert source.picture(0, 1) == source.picture(1, 7) == b""
    assert [e.number for e in source.related(source.entries()[2])] == [0, 2]
    assert source.related(source.entries()[1]) == []


def test_sizes_of_lossy_and_lossless_pictures(tmp_path: Path) -> None:
    assert webp_size(picture(size=(321, 77))) == (321, 77)
    assert webp_size((tmp_path / screenshot(tmp_path, "a.webp")).read_bytes()) == (320, 240)
    assert webp_size(picture()[:20]) == (1024, 768)


def scored(step: Step) -> None:
    """A scorer that has no opinion."""


def test_without_embeddings_there_are_no_scores(tmp_path: Path) -> None:
    source = DatasetSource(dataset(tmp_path, pictured("shop-1", width=0)), scored)
    assert source.episode(0)[0].trace[0].scores is None
