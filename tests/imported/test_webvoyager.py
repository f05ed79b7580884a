"""WebVoyager's result folders become episodes: nothing is lost without a word, and nothing is made up."""

from __future__ import annotations

import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from tests.imported.webvoyager_folders import LISTED, SIZE, URL, Turn, colour, evaluation_log, reply, task_folder
from webvoyager_gym.actions import MAX_ACTION_LENGTH
from webvoyager_gym.cli import app
from webvoyager_gym.data import load_dataset
from webvoyager_gym.data.check import check_episode
from webvoyager_gym.errors import InvalidFile, NotFound
from webvoyager_gym.imported.webvoyager import Imported, find_verdicts, read_task, task_folders
from webvoyager_gym.imported.webvoyager_messages import read_conversation, read_reply
from webvoyager_gym.imported.webvoyager_verdicts import Verdict, read_verdicts
from webvoyager_gym.types import Episode

YES = Verdict(True, "It is there.")


def imported(folder: Path, verdict: Verdict | None = YES) -> tuple[Episode, tuple[str, ...]]:
    read: Imported = read_task(folder, {} if verdict is None else {folder.name: verdict})
    assert read.episode is not None
    check_episode(read.episode)
    return read.episode, read.problems


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("Click [12]", "click [12]"),
        ("Click 12", "click [12]"),
        ("Type [3]; red mug", 'type [3] "red mug" enter'),
        ('Type [3]; [say "hi"]', 'type [3] "say \\"hi\\"" enter'),
        ("Type [3]; list[0] of it", 'type [3] "list[0" enter'),
        ("Scroll [WINDOW]; down", "scroll [window] down"),
        ("Scroll [5]; [up]", "scroll [5] up"),
        ("Wait", "wait"),
        ("GoBack", "back"),
        ("Google", "restart"),
        ("ANSWER; 7 euros", 'answer "7 euros"'),
        ("ANSWER; [7 euros]", 'answer "7 euros"'),
        ("ANSWER; list[0] is 7", 'answer "list[0] is 7"'),
    ],
)
def test_actions_are_put_into_our_grammar(said: str, text: str) -> None:
    read = read_reply(reply(said, "Because."))
    assert read.action is not None
    assert (read.action.text, read.thought, read.problem) == (text, "Because.", "")


def test_an_answer_that_webvoyager_took_for_a_click_is_the_click_it_carried_out() -> None:
    read = read_reply(reply("ANSWER; first Click [3], then pay"))
    assert read.action is not None
    assert read.action.text == "click [3]"
    assert "read as click [3]" in read.problem


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("I would click [3]", "no Thought or no Action"),
        (reply("Dance"), "'Dance' is none of its actions"),
        (reply("Click [1234567]"), "is not a click action"),
        (reply("Type [1]; " + "x" * MAX_ACTION_LENGTH), "at most"),
    ],
)
def test_what_cannot_be_said_in_our_terms_says_why(said: str, why: str) -> None:
    read = read_reply(said)
    assert read.action is None
    assert why in read.problem


def test_a_long_answer_is_kept_whole_beside_its_action() -> None:
    answer = 'a "b" ' * 1000
    read = read_reply(reply(f"ANSWER; {answer}"))
    assert read.action is not None
    assert read.answer == answer.strip()
    assert answer.startswith(read.action.argument)
    assert "5999 characters" in read.problem


def test_a_task_becomes_an_episode(tmp_path: Path) -> None:
    turns = [Turn(reply("Type [7]; mug", "Search.")), Turn(reply("Click [3]"), whole=True), Turn(reply("ANSWER; 7"))]
    episode, problems = imported(task_folder(tmp_path, "Google Map--4", turns, goal="How much is a mug?"))
    assert problems == ()
    assert (episode.task_id, episode.site, episode.goal) == ("Google Map--4", "Google Map", "How much is a mug?")
    assert (episode.success, episode.answer, episode.failure, episode.seed) == (True, "7", "", -1)
    assert (episode.judge, episode.extra["reason"]) == ("webvoyager-auto-eval", "It is there.")
    *steps, last = episode.steps
    assert [step.candidates[0].text for step in steps] == ['type [7] "mug" enter', "click [3]", 'answer "7"']
    assert [step.candidates[0].thought for step in steps] == ["Search.", "A thought.", "A thought."]
    assert [(step.chosen, step.propensity, step.reward) for step in steps] == [
        (0, 1.0, 0.0),
        (0, 1.0, 0.0),
        (0, 1.0, 1.0),
    ]
    assert [step.outline for step in steps] == ["", LISTED, ""]
    assert [step.url for step in episode.steps] == [URL, "", "", ""]
    assert steps[-1].terminated
    assert last.screenshot == steps[-1].screenshot
    for number, step in enumerate(steps, 1):
        image = Image.open(io.BytesIO(step.screenshot))
        assert (image.format, image.size) == ("WEBP", SIZE)
        assert (np.asarray(image) == colour(number)).all()


def test_what_the_program_told_is_the_error_of_the_next_row(tmp_path: Path) -> None:
    turns = [
        Turn(reply("Click [99]")),
        Turn(reply("Click [3]"), told="That cannot be done."),
        Turn(reply("Wait"), warned="note: that is no field.", whole=True),
    ]
    episode, problems = imported(task_folder(tmp_path, "A--1", turns))
    assert problems == ()
    assert [step.last_error for step in episode.steps] == ["", "That cannot be done.", "note: that is no field.", ""]
    # Nothing new was to be seen: the page is still the one before.
    assert episode.steps[1].screenshot == episode.steps[0].screenshot != episode.steps[2].screenshot
    assert episode.steps[2].truncated


def test_a_document_that_was_read_is_part_of_what_was_shown(tmp_path: Path) -> None:
    pdf = " You downloaded a PDF file, and it says: 7 pages."
    turns = [Turn(reply("Click [1]")), Turn(reply("ANSWER; 7"), warned=pdf, whole=True)]
    episode, _ = imported(task_folder(tmp_path, "A--1", turns))
    assert episode.steps[1].outline.splitlines()[0] == pdf.strip()
    assert episode.steps[1].last_error == ""


def test_a_reply_that_did_nothing_is_left_out_and_said(tmp_path: Path) -> None:
    turns = [Turn(reply("Dance")), Turn("Click [3]", told="First."), Turn(reply("ANSWER; 7"), told="Second.")]
    episode, problems = imported(task_folder(tmp_path, "A--1", turns))
    assert [step.candidates[0].text for step in episode.steps[:-1]] == ['answer "7"']
    assert episode.steps[0].last_error == "First.\nSecond."
    assert episode.steps[0].url == URL
    assert [problem.split(":")[0] for problem in problems] == ["Reply 1", "Reply 2"]
    assert episode.extra["left_out"] == [{"reply": 1, "text": turns[0].reply}, {"reply": 2, "text": "Click [3]"}]


@pytest.mark.parametrize(
    ("turns", "log", "verdict", "failure", "success"),
    [
        ([Turn(reply("ANSWER; 7"))], "", YES, "", True),
        ([Turn(reply("ANSWER; 7"))], "", Verdict(False, "No."), "", False),
        ([Turn(reply("ANSWER; 7"))], "", Verdict(None, "Who knows."), "judge", False),
        ([Turn(reply("ANSWER; 7"))], "", None, "judge", False),
        ([Turn(reply("Wait"))], "", None, "", False),
        ([Turn(reply("Wait")), Turn(None)], "", None, "vlm", False),
        ([Turn(None)], "", None, "vlm", False),
        ([Turn(reply("Wait"))], "ERROR - Driver error when adding set-of-mark.\n", None, "browser", False),
    ],
)
def test_verdicts_and_failures(
    tmp_path: Path, turns: list[Turn], log: str, verdict: Verdict | None, failure: str, success: bool
) -> None:
    episode, _ = imported(task_folder(tmp_path, "A--1", turns, log=log), verdict)
    assert (episode.failure, episode.success) == (failure, success)


def test_screenshots_that_are_missing_or_no_pictures_are_said(tmp_path: Path) -> None:
    folder = task_folder(tmp_path, "A--1", [Turn(reply("Wait"))] * 5)
    (folder / "screenshot1.png").unlink()
    (folder / "screenshot2.png").write_bytes(b"GIF89a, not a PNG")
    content = (folder / "screenshot3.png").read_bytes()
    (folder / "screenshot3.png").write_bytes(content[: len(content) // 2])
    (folder / "screenshot4.png").write_bytes(claiming(content, 60_000, 60_000))
    (folder / "screenshot5.png").write_bytes(claiming(content, 60_000, 600))
    episode, problems = imported(folder)
    assert [step.screenshot for step in episode.steps] == [b""] * 6
    assert [problem.split()[0] for problem in problems] == [f"screenshot{number}.png" for number in range(1, 6)]
    assert "larger than any screenshot" in problems[4]


def claiming(png: bytes, width: int, height: int) -> bytes:
    """The same PNG file, but its header tells of another size."""
    header = b"IHDR" + struct.pack(">II", width, height) + png[24:29]
    return png[:12] + header + struct.pack(">I", zlib.crc32(header)) + png[33:]


@pytest.mark.parametrize(
    "content", ["", "[", "7", "[7]", '[{"role": "user"}]', '[{"role": "system", "content": "Rules."}]', "[" * 100_000]
)
def test_other_files_are_refused(content: str) -> None:
    with pytest.raises(InvalidFile):
        read_conversation(content.encode())


def test_verdicts_are_read_with_their_reasons(tmp_path: Path) -> None:
    file = tmp_path / "evaluation.log"
    not_judged = "--------------------- x/taskC--3 ---------------------\nNot find answer for x/taskC--3\n\n"
    file.write_text(evaluation_log(("A--1", "Two\nlines.", "1"), ("B--2", "No.", "0")) + not_judged + "[1, 0, 0]\n")
    assert read_verdicts(file) == {"taskA--1": Verdict(True, "Two\nlines."), "taskB--2": Verdict(False, "No.")}
    file.write_text("Something else.")
    with pytest.raises(InvalidFile, match="no task is named"):
        read_verdicts(file)
    with pytest.raises(NotFound):
        read_verdicts(tmp_path / "no.log")


def test_tasks_are_found_at_any_depth_and_the_evaluation_beside_them(tmp_path: Path) -> None:
    folder = task_folder(tmp_path / "results/20240101", "A--1", [Turn(reply("Wait"))])
    assert task_folders(tmp_path) == task_folders(folder) == [folder]
    assert find_verdicts(tmp_path / "results") is None
    (tmp_path / "evaluation").mkdir()
    (tmp_path / "evaluation/evaluation.log").touch()
    assert find_verdicts(tmp_path / "results") == tmp_path / "evaluation/evaluation.log"
    with pytest.raises(NotFound, match=r"interact_messages\.json"):
        task_folders(tmp_path / "evaluation")


def test_the_command_makes_a_data_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBVOYAGER_GYM_DATASETS", str(tmp_path / "datasets"))
    results = tmp_path / "results"
    task_folder(results, "A--1", [Turn(reply("Click [3]")), Turn(reply("ANSWER; 7"))])
    task_folder(results, "A--2", [Turn(reply("Dance")), Turn(reply("Wait"), told="No.")])
    (results / "taskA--3").mkdir()
    (results / "taskA--3/interact_messages.json").write_text("[]")
    (results / "evaluation.log").write_text(evaluation_log(("A--1", "Well done.", "1")))
    command = ["datasets", "import-webvoyager", str(results), "--out", "live/old-v0", "--json"]
    done = CliRunner().invoke(app, [*command, "--model", "gpt-4v"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["endings"] == {"completed": 1, "not completed": 1}
    assert [problem[:24] for problem in said["problems"]] == ["taskA--2: Reply 1: 'Danc", "taskA--3: interact_messa"]
    assert all(problem in done.stderr for problem in said["problems"])

    dataset = load_dataset("live/old-v0")
    dataset.verify()
    assert [(episode.task_id, episode.success) for episode in dataset.episodes()] == [("A--1", True), ("A--2", False)]
    assert dataset.metadata["webvoyager_gym"]["proposer"] == "gpt-4v"
    assert not list((tmp_path / "datasets").glob(".import-*"))
    again = CliRunner().invoke(app, command)
    assert again.exit_code == 1
    assert "raise the version" in again.stderr
