"""Iterations: killed or interrupted in any stage they go on, do nothing twice, and say what they found."""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import typer
from rich.progress import Progress

from algorithms import iterate, train
from algorithms.configure import configure
from algorithms.iteration import Iteration, begun
from algorithms.iteration_report import table_rows
from algorithms.run import Q_FILE
from algorithms.stages import Stages, read_record
from webvoyager_gym import cli
from webvoyager_gym.cli.recording import shards_of
from webvoyager_gym.data import Dataset, checksums, finished, read_shards
from webvoyager_gym.data.recipes import EPISODES, find_recipe
from webvoyager_gym.errors import InvalidFile, WebVoyagerError
from webvoyager_gym.result_file import load_result, result_json
from webvoyager_gym.types import Episode

ROOT = Path(__file__).parents[2]
TINY = Iteration(
    episodes=3, settings=("hidden=[8]", "batch_size=4"), steps=40, max_steps=2, site="shop", validation_tasks=2
)
OPTIONS = [*shlex.split(TINY.command)[3:], "--rounds", "1", "--json"]


@dataclasses.dataclass(frozen=True)
class Story:
    """An iteration of two rounds that was ended in every stage of the first.

    Attributes:
        folder: where it lies.
        recorded: the episodes that it had when it was killed.
        evaluated: the line of the log of its evaluation that was there when it was interrupted.
        report: what it says in the end.
    """

    folder: Path
    recorded: list[Episode]
    evaluated: dict[str, Any]
    report: dict[str, Any]

    def dataset(self, number: int) -> Dataset:
        return Dataset(self.folder / "datasets" / TINY.recipe(number).id)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("iterations") / "tiny"
    recorded = killed_while_it_collects(folder)
    stages = Stages(TINY, folder)
    dataset = stages.collect(0)
    with interrupted_at(20), pytest.raises(KeyboardInterrupt):
        stages.train(0, dataset)
    assert read_record(stages.place(0))["updates"] == 20
    stages.train(0, dataset)
    with interrupted_at(1), pytest.raises(KeyboardInterrupt):
        stages.evaluate(0)
    log = (stages.place(0) / "validation.json.partial.jsonl").read_text(encoding="utf-8")
    _, report = iterate.iterate(stages, 1)
    return Story(folder, recorded, json.loads(log.splitlines()[1])["episode"], report)


def killed_while_it_collects(folder: Path) -> list[Episode]:
    """Give the command, and kill -9 it once it has recorded an episode; what is recorded."""
    shards = shards_of(folder / "datasets", TINY.recipe(0).id)
    process = subprocess.Popen(
        [sys.executable, "-m", "algorithms.iterate", *OPTIONS, "--out", str(folder)],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while process.returncode is None and not finished(shards):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.1)
    process.kill()
    _, error = process.communicate()
    assert process.returncode == -9, error
    return list(read_shards(shards))


@contextmanager
def interrupted_at(count: int) -> Iterator[None]:
    """Ctrl-C as soon as the progress display is told that so much is done."""

    class Interrupting(Progress):
        def update(self, *given: Any, completed: float | None = None, **options: Any) -> None:
            if completed == count:
                raise KeyboardInterrupt

    @contextmanager
    def progress() -> Iterator[Progress]:
        yield Interrupting(disable=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "progress", progress)
        yield


def test_what_was_recorded_before_the_kill_is_not_run_again(story: Story) -> None:
    """The same to the times that its steps took."""
    assert story.recorded
    took = {each.task_id: [step.seconds for step in each.steps] for each in story.dataset(0).episodes()}
    for episode in story.recorded:
        assert took[episode.task_id] == [step.seconds for step in episode.steps]
    assert len(took) == TINY.episodes
    assert not any((story.folder / "datasets/.shards").rglob("*.shard"))


def test_a_training_goes_on_to_what_it_would_have_been(story: Story, tmp_path: Path) -> None:
    whole = train.train(story.dataset(0), configure(TINY.algo, TINY.settings), TINY.steps, device="cpu", out=tmp_path)
    assert whole.read_bytes() == (story.folder / "round-0" / Q_FILE).read_bytes()


def test_an_evaluation_keeps_what_was_finished(story: Story) -> None:
    result = load_result(story.folder / "round-0/validation.json")
    (row,) = (each for each in result.episodes if (each.agent, each.task) == ("first", story.evaluated["task"]))
    assert row.seconds == story.evaluated["seconds"]
    assert result.names == ("first", "best-of-q")
    assert {each.split for each in result.episodes} == {"validation"}
    assert len(result.tasks) == TINY.validation_tasks


def test_a_round_adds_to_the_one_before_by_what_was_trained_on_it(story: Story) -> None:
    first, second = story.dataset(0), story.dataset(1)
    assert second.parent is not None
    assert (second.parent.id, second.parent.episodes) == (first.id, TINY.episodes)
    assert second.parent.sha256 == checksums.file_sha256(first.folder / checksums.FILE)
    assert [each.task_id for each in second.where(round=0).episodes()] == [each.task_id for each in first.episodes()]
    policies = [{each.extra["policy"] for each in second.where(round=number).episodes()} for number in (0, 1)]
    assert policies == [{"epsilon-greedy:0.5:first"}, {"epsilon-greedy:0.1:best-of-q"}]
    assert {each.split for each in second.episodes()} == {"train"}
    trained = [json.loads((story.folder / f"round-{number}/train.json").read_text()) for number in (0, 1)]
    assert [each["dataset"] for each in trained] == [first.id, second.id]
    assert trained[1]["transitions"] > trained[0]["transitions"]


def test_the_same_command_again_does_nothing_and_says_the_same(
    story: Story, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WEBVOYAGER_GYM_CHROMIUM", str(story.folder / "no-chromium"))
    written = made(story.folder)
    iterate.app([*OPTIONS, "--out", str(story.folder)], standalone_mode=False)
    assert json.loads(capsys.readouterr().out) == story.report
    assert made(story.folder) == written


def made(folder: Path) -> dict[str, int]:
    """When each file was written, but for those of the report."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("iteration."))
    return {str(path): path.stat().st_mtime_ns for path in files}


def test_pages_that_an_evaluation_has_seen_are_not_opened_again(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBVOYAGER_GYM_CHROMIUM", str(tmp_path / "no-chromium"))
    shutil.copytree(story.folder / "round-1", tmp_path / "round-1")
    (tmp_path / "round-1/validation.json").unlink()
    again = Stages(TINY, tmp_path, tree=str(story.folder / "tree")).evaluate(1)
    assert again.outcomes.tolist() == load_result(story.folder / "round-1/validation.json").outcomes.tolist()
    assert not [each.failure for each in again.episodes if each.failure]


def test_the_report_has_every_round(story: Story) -> None:
    assert story.report == json.loads((story.folder / "iteration.json").read_text(encoding="utf-8"))
    assert (story.report["format"], story.report["version"]) == ("webvoyager-gym-iteration", 1)
    assert story.report["settings"] == TINY.document()
    for number, each in enumerate(story.report["rounds"]):
        dataset = story.dataset(number)
        assert (each["round"], each["dataset"], each["policy"]) == (
            number,
            TINY.recipe(number).id,
            ["epsilon-greedy:0.5:first", "epsilon-greedy:0.1:best-of-q"][number],
        )
        assert each["vectors_sha256"] == checksums.file_sha256(dataset.folder / "data/vectors.h5")
        assert each["sha256"] == checksums.file_sha256(dataset.folder / "SHA256SUMS")
        assert (each["trajectories"], each["new_trajectories"]) == (TINY.episodes * (number + 1), TINY.episodes)
        assert each["checkpoint_sha256"] == checksums.file_sha256(story.folder / each["checkpoint"])
        document = result_json(load_result(story.folder / each["result"]))
        assert (each["agent"], each["uplift"]) == (document["agents"][1], document["differences"][0])
        assert story.report["first"]["success"] == document["agents"][0]["success"]
    assert story.report["rounds"][1]["parent"] == story.report["rounds"][0]["dataset"]


def test_table_and_plot_show_what_the_report_says(story: Story) -> None:
    rounds = [Stages(TINY, story.folder).finish(number) for number in (0, 1)]
    rows = table_rows(rounds)
    assert [row[:2] for row in rows] == [("first", "0"), ("0", "3"), ("1", "6")]
    for row, each in zip(rows[1:], story.report["rounds"], strict=True):
        assert row[3] == f"{100 * each['agent']['success']:.1f} %"
        assert row[5].startswith(f"{100 * each['uplift']['difference']:+.1f} (")
    page = (story.folder / "iteration.md").read_text(encoding="utf-8")
    assert all(cell in page for row in rows for cell in row)
    drawn = ElementTree.parse(story.folder / "iteration.svg")
    assert len(list(drawn.iter("{http://www.w3.org/2000/svg}circle"))) == len(rounds)


def test_only_the_same_iteration_goes_on_in_a_folder_and_only_one_at_a_time(tmp_path: Path) -> None:
    second = pytest.raises(WebVoyagerError, match="Another process iterates")
    with begun(tmp_path, TINY), second, begun(tmp_path, TINY):
        pass
    with begun(tmp_path, TINY):
        pass
    other = dataclasses.replace(TINY, seed=1, steps=41)
    with pytest.raises(WebVoyagerError, match="begun with seed 0, not 1 and steps 40, not 41"), begun(tmp_path, other):
        pass
    (tmp_path / "settings.json").write_text("{")
    with pytest.raises(InvalidFile, match="damaged"), begun(tmp_path, TINY):
        pass


def test_its_rounds_are_the_ladders() -> None:
    """With a size's episodes and all else left alone, to the ids; the recipes' trainings are its trainings."""
    for number, name in enumerate(("mixed", "greedy-q-1", "greedy-q-2", "greedy-q-3")):
        for size, episodes in EPISODES.items():
            ladder = find_recipe(f"local/{name}-v0", size)
            assert Iteration(episodes=episodes, validation_tasks=7).recipe(number) == ladder
            other = Iteration(episodes=episodes, n=5).recipe(number)
            assert other.id == f"iterate/{name}-v0"
            assert dataclasses.replace(other, id=ladder.id, parent=ladder.parent) == ladder
    defaults = {name: each.default for name, each in inspect.signature(train.command).parameters.items()}
    ours = dataclasses.asdict(Iteration())
    assert {name: ours[name] for name in ("algo", "steps", "seed")} == {
        name: defaults[name] for name in ("algo", "steps", "seed")
    }


def test_no_two_rounds_draw_the_same_tasks() -> None:
    seeds = [Iteration(seed=seed).recipe(number).seed for seed in range(3) for number in range(10)]
    assert len(set(seeds)) == len(seeds)


def test_wrong_arguments_are_refused_before_anything_is_begun(tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "none")]
    for wrong, reason in ((["--algo", "ikl"], "'ikl'"), (["--embedder", "none"], "embeddings")):
        with pytest.raises(typer.BadParameter, match=reason):
            iterate.app([*wrong, *out], standalone_mode=False)
    assert not (tmp_path / "none").exists()
