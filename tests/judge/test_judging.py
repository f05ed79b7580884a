"""Judges behind a real OpenAI-compatible server on loopback: asked, answered, retried, resumed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import JSONResponse, Response
from typer.testing import CliRunner, Result

from tests.viewer.recordings import dataset, pictured
from tests.vlm.chat_server import Answer, Body, completion, raw, serving, status
from webvoyager_gym.cli import app
from webvoyager_gym.data import Dataset
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.judge.case import Case, Reference
from webvoyager_gym.judge.judging import Judge
from webvoyager_gym.judge.labelled import labelled_cases
from webvoyager_gym.judge.recorded import judge_dataset
from webvoyager_gym.judge.verdict_file import VerdictFile
from webvoyager_gym.judge.wording import PROTOCOLS
from webvoyager_gym.types import Episode
from webvoyager_gym.vlm import Writer

pytest.importorskip("openai", reason="the extra openai is not installed")
from webvoyager_gym.vlm.openai_backend import OpenAIVLM

CASE = Case("How much is the kettle?", "$20", ())


def cli(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["judge", *arguments])


def says(outcome: str, **more: bool) -> str:
    return json.dumps({"reason": "Seen.", "verdict": outcome, "impossible": False, "blocked": False, **more})


class Talk:
    """A server that says one thing after the other, the last one for ever, and keeps what it was asked."""

    def __init__(self, *said: str) -> None:
        self.said = list(said)
        self.asked: list[Body] = []

    def __call__(self, body: Body, headers: dict[str, str]) -> Response:
        self.asked.append(body)
        return JSONResponse(completion(self.said.pop(0) if len(self.said) > 1 else self.said[0]))


@pytest.fixture(autouse=True)
def local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def judge(url: str, protocol: str = "verdict", votes: int = 1, screenshots: int | None = None) -> Judge:
    model = OpenAIVLM("m", base_url=url, retries=1, backoff=0.001, timeout=20.0)
    assert isinstance(model, Writer)
    return Judge(model, PROTOCOLS[protocol], screenshots, votes)


def test_a_judge_asks_with_a_schema_and_says_how_it_came_to_its_verdict() -> None:
    talk = Talk(says("success"))
    shown = dataclasses.replace(labelled_cases()[0].case, reference=Reference(True, "$20"))
    with serving(talk) as url:
        judgement = judge(url, screenshots=1).judge(shown)
    assert (judgement.verdict.outcome, judgement.verdict.reason) == ("success", "Seen.")
    assert (judgement.model, judgement.protocol, judgement.tokens_in) == ("openai:m", "verdict", 100)
    assert judgement.judge == f"openai:m verdict {judgement.prompt}"
    assert judgement.time.endswith("+00:00")
    (body,) = talk.asked
    assert body["temperature"] == 0
    assert body["response_format"]["json_schema"]["schema"]["properties"]["verdict"]["enum"][0] == "success"
    kinds = [part["type"] for part in body["messages"][1]["content"]]
    assert kinds == ["text", "image_url", "text"]


def test_two_votes_are_two_draws_and_have_to_agree() -> None:
    talk = Talk(says("success"), says("failure"))
    with serving(talk) as url:
        judgement = judge(url, votes=2).judge(CASE)
    assert judgement.verdict.outcome == "unknown"
    assert [vote.outcome for vote in judgement.votes] == ["success", "failure"]
    assert [body["temperature"] for body in talk.asked] == [1, 1]
    assert len({body["seed"] for body in talk.asked}) == 2


def test_the_original_protocol_asks_in_words() -> None:
    talk = Talk("The price is on the page.\nSUCCESS")
    with serving(talk) as url:
        judgement = judge(url, "original").judge(CASE)
    assert judgement.verdict.outcome == "success"
    assert "response_format" not in talk.asked[0]


def test_no_answer_is_a_failure_and_nobody_is_asked() -> None:
    talk = Talk(says("success"))
    with serving(talk) as url:
        judgement = judge(url).judge(dataclasses.replace(CASE, answer=" "))
    assert (judgement.verdict.outcome, judgement.votes, talk.asked) == ("failure", (), [])


def test_an_unreadable_reply_is_asked_for_once_more_and_is_no_verdict() -> None:
    with serving(Talk("Hm.", says("failure"))) as url:
        assert judge(url).judge(CASE).verdict.outcome == "failure"
    with serving(Talk("Hm.")) as url, pytest.raises(InfrastructureFailure, match="nothing that can be read") as broken:
        judge(url).judge(CASE)
    assert broken.value.part == "judge"


@pytest.mark.parametrize("answer", [status(500), status(401), raw("no JSON")])
def test_a_failing_server_is_no_verdict(answer: Answer) -> None:
    with serving(answer) as url, pytest.raises(InfrastructureFailure) as broken:
        judge(url).judge(CASE)
    assert broken.value.part == "judge"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Episodes: one that a check decided, two to be judged, one without an answer, one that was broken off."""

    def live(seed: int, **changes: object) -> Episode:
        episode = pictured("Booking--5", seed)
        return dataclasses.replace(episode, **{"judge": "", "failure": "judge", "answer": "Hotel A"} | changes)  # type: ignore[arg-type]

    return dataset(
        tmp_path_factory.mktemp("recorded"),
        dataclasses.replace(pictured("Booking--5", 0), judge="check", success=True, failure="", answer="Hotel A"),
        live(1, success=False),
        live(2, success=False),
        live(3, success=False, answer="", failure=""),
        live(4, success=False, failure="blocked"),
    )


def test_a_dataset_is_judged_where_no_check_decided(recorded: Dataset, tmp_path: Path) -> None:
    talk, file = Talk(says("success"), says("unknown")), VerdictFile(tmp_path / "v.jsonl")
    with serving(talk) as url:
        report = judge_dataset(recorded, judge(url), file, references={"Booking--5": Reference(True, "Hotel Z")})
        assert report.outcomes == {0: "success", 1: "success", 2: "unknown", 3: "failure"}
        assert (report.broken, report.open, report.truths) == ([4], {}, {0: True})
        assert "Hotel Z" in json.dumps(talk.asked[0])
        # Again: nobody is asked. Another prompt, or a wish to, asks anew.
        again = judge_dataset(recorded, judge(url), file)
        assert (again.outcomes, len(talk.asked)) == (report.outcomes, 2)
        judge_dataset(recorded, judge(url, screenshots=1), file)
        judge_dataset(recorded, judge(url), file, again=True)
        assert len(talk.asked) == 6
        measured = judge_dataset(recorded, judge(url), file, measure=True)
    assert (len(talk.asked), 0 in measured.judged) == (7, True)
    # The truth stays, whatever is said of it.
    assert (measured.judged[0].judgement.verdict.outcome, measured.outcomes[0]) == ("unknown", "success")
    assert len(list(file.entries())) == 3 + 3 + 3 + 1


def test_what_could_not_be_judged_is_open_and_a_torn_line_is_no_line(recorded: Dataset, tmp_path: Path) -> None:
    replies = iter([JSONResponse(completion(says("success")))])

    def fails_later(body: Body, headers: dict[str, str]) -> Response:
        return next(replies, None) or status(401)(body, headers)

    file = VerdictFile(tmp_path / "v.jsonl")
    with serving(fails_later) as url:
        report = judge_dataset(recorded, judge(url), file)
    assert (set(report.judged), set(report.open)) == ({1, 3}, {2})
    with file.path.open("ab") as torn:
        torn.write(b'{"format": 1, "dataset": "x')
    talk = Talk(says("failure"))
    with serving(talk) as url:
        report = judge_dataset(recorded, judge(url), file)
    assert (report.outcomes[1], report.outcomes[2], len(talk.asked)) == ("success", "failure", 1)
    assert [entry.episode for entry in file.entries()] == [1, 3, 2]


@pytest.fixture(scope="module")
def generous() -> Iterator[str]:
    """A judge that calls all a success."""
    with serving(Talk(says("success"))) as url:
        yield url


def test_the_command_line_measures_a_judge_on_the_labelled_cases(generous: str) -> None:
    done = cli("labelled", "--judge", f"openai:m?base_url={generous}", "--json")
    document = json.loads(done.stdout)
    cases = labelled_cases()
    right = sum(labelled.success for labelled in cases)
    assert (document["cases"], document["success_right"]) == (len(cases), right)
    assert document["agreement"] == document["precision"] == pytest.approx(right / len(cases))
    assert document["recall"] == 1
    assert document["kinds"]["near miss"]["success_wrong"] == document["kinds"]["near miss"]["cases"] > 0


def test_the_command_line_judges_a_dataset(recorded: Dataset, generous: str, tmp_path: Path) -> None:
    name = f"openai:m?base_url={generous}"
    out = tmp_path / "verdicts.jsonl"
    done = cli(str(recorded.folder), "--judge", name, "--out", str(out), "--measure", "--json")
    document = json.loads(done.stdout)
    assert (document["success"], document["failure"], document["broken"], document["open"]) == (3, 1, 1, 0)
    assert (document["agreement"]["cases"], document["agreement"]["agreement"]) == (1, 1.0)
    assert len(out.read_text().splitlines()) == 4


def test_a_judge_that_does_not_answer_ends_with_one_sentence(recorded: Dataset, tmp_path: Path) -> None:
    name = "openai:m?base_url=http://127.0.0.1:9/v1&retries=0"
    done = cli(str(recorded.folder), "--judge", name, "--out", str(tmp_path / "v.jsonl"))
    assert done.exit_code == 1
    assert "2 of 5 episodes could not be judged" in done.stderr
