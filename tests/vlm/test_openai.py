"""The openai backend against servers that behave and servers that do not: candidates, or an infrastructure failure."""

from __future__ import annotations

import json
import logging
import math
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.responses import JSONResponse, Response

from tests.vlm.chat_server import (
    GOOD,
    Answer,
    Body,
    completion,
    cut_short,
    dribble,
    good,
    hang,
    raw,
    serving,
    status,
)
from webvoyager_gym.errors import BudgetExhausted, InfrastructureFailure, MissingDependency, NoEmbeddings, NotFound
from webvoyager_gym.types import Mark, PageView, Prompt
from webvoyager_gym.vlm import Picker, Proposer, Sampler, load_embedder, load_proposer
from webvoyager_gym.vlm.chat_client import AT_ONCE
from webvoyager_gym.vlm.names import InvalidModelName

pytest.importorskip("openai", reason="the extra openai is not installed")

from webvoyager_gym.vlm.openai_backend import OpenAIVLM

KEY = "sk-never-to-be-shown-0123456789"
VIEW = PageView(
    np.zeros((6, 8, 3), np.uint8),
    (Mark(1, "link", "Home", (0, 0, 9, 9)), Mark(2, "textbox", "Search", (0, 0, 9, 9))),
    '[1] link "Home"\n[2] textbox "Search"',
    "http://x.test/",
    "X",
)
PROMPT = Prompt("Find the kettle", VIEW)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def made(url: str, **options: Any) -> OpenAIVLM:
    return OpenAIVLM("m", base_url=url, **({"retries": 2, "backoff": 0.001, "timeout": 20.0} | options))


def texts(vlm: Proposer, n: int = 3) -> list[str]:
    return [candidate.text for candidate in vlm.propose([PROMPT], n)[0]]


class Recorded:
    """Answers with what it is given, one after the other, the last one for ever; keeps the requests."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[Body] = []
        self.headers: list[dict[str, str]] = []

    def __call__(self, body: Body, headers: dict[str, str]) -> Response:
        self.requests.append(body)
        self.headers.append(headers)
        return (self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])(body, headers)


def test_a_prompt_is_sent_as_picture_and_words_and_the_reply_is_candidates() -> None:
    server = Recorded(good)
    with serving(server) as url:
        vlm = made(url)
        (candidates,) = vlm.propose([PROMPT], 3)
    assert [(c.text, c.thought) for c in candidates] == [("click [1]", "home"), ("back", "no")]
    assert all(math.isnan(c.log_prob) for c in candidates)
    (request,) = server.requests
    system, user = request["messages"]
    assert 'type [n] "text"' in system["content"][0]["text"]
    assert user["content"][0]["image_url"]["url"].startswith("data:image/png;base64,iVBOR")
    assert "Task: Find the kettle" in user["content"][1]["text"]
    assert "Propose 3 different actions" in user["content"][2]["text"]
    assert request["response_format"]["json_schema"]["schema"]["properties"]["candidates"]["maxItems"] == 3
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    cost = vlm.cost.take()
    assert (cost["tokens_in"], cost["tokens_out"], cost["passes"], cost["unreadable"]) == (100, 10, 1, 0)
    assert isinstance(vlm, Sampler)
    assert isinstance(vlm, Picker)


def test_log_probabilities_are_those_of_the_actions_words() -> None:
    words = ("Action:", " click", " [1]", "\n", "Action: back")
    tokens: list[Body] = [{"token": word, "logprob": -0.25} for word in words]
    text = "".join(words)
    reply = completion(text)
    reply["choices"][0]["logprobs"] = {"content": [*tokens, {"token": "<|end|>", "logprob": -1.0}]}
    with serving(lambda body, _: JSONResponse(reply)) as url:
        (candidates,) = made(url).propose([PROMPT], 3)
    assert [c.log_prob for c in candidates] == [-0.75, -0.25]


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [("\n ", "Action: back", -1.0), ("\n ", "Action: back\n", -1.0), ("Hm. ", "Action: back", math.nan)],
)
def test_white_space_that_a_server_trims_does_not_cost_log_probabilities(
    before: str, text: str, expected: float
) -> None:
    tokens = [{"token": token, "logprob": -0.5} for token in (before, "\n\nAction:", " back", "\n", "</s>")]
    reply = completion(text)
    reply["choices"][0]["logprobs"] = {"content": tokens}
    with serving(lambda body, _: JSONResponse(reply)) as url:
        (candidates,) = made(url).propose([PROMPT], 1)
    assert [c.text for c in candidates] == ["back"]
    np.testing.assert_equal([c.log_prob for c in candidates], [expected])


def test_what_a_server_refuses_is_left_out_and_remembered() -> None:
    """The refused field by its name if it is named, else one after the other."""
    had: list[set[str]] = []

    def picky(body: Body, _: dict[str, str]) -> Response:
        had.append(set(body))
        if "logprobs" in body:
            return JSONResponse({"error": {"message": "logprobs are not supported here"}}, 400)
        if "response_format" in body:
            return JSONResponse({"error": {"message": "bad request"}}, 422)
        assert "Action: the action" in body["messages"][1]["content"][-1]["text"]
        return JSONResponse(completion("Action: click [1]"))

    with serving(picky) as url:
        vlm = made(url)
        assert texts(vlm) == ["click [1]"]
        assert len(had) == 3
        assert texts(vlm) == ["click [1]"]
    assert len(had) == 4
    assert not had[-1] & {"logprobs", "response_format"}
    assert "seed" in had[-1]


def test_a_server_that_gives_one_completion_at_a_time_is_asked_again() -> None:
    replies = iter(["click [1]", "back", "click [1]", "click [1]"])
    with serving(lambda body, _: JSONResponse(completion(next(replies)))) as url:
        vlm = made(url, strategy="sample")
        (candidates,) = vlm.propose([PROMPT], 4)
    assert [c.text for c in candidates] == ["click [1]", "back"]
    np.testing.assert_allclose([c.log_prob for c in candidates], np.log([0.75, 0.25]))
    assert vlm.cost.passes == 4


def test_lists_of_several_replies_are_pooled_by_rank() -> None:
    with serving(lambda body, _: JSONResponse(completion("click [1]\nback", "wait\nclick [1]\nclick [9]"))) as url:
        assert texts(made(url, n=2), 4) == ["click [1]", "wait", "back"]


def test_lists_in_several_wordings_are_one_mixture_by_rank() -> None:
    server = Recorded(*(raw(json.dumps(completion(text))) for text in ("click [1]\nback", "wait\nclick [1]")))
    with serving(server) as url:
        assert texts(made(url, wordings=2), 4) == ["click [1]", "wait", "back"]
    asked = [body["messages"][1]["content"][-1]["text"] for body in server.requests]
    assert len(set(asked)) == 2
    assert all("Propose 4 different actions" in text for text in asked)


def test_samples_keep_repeats_and_leave_out_what_cannot_be_done() -> None:
    with serving(lambda body, _: JSONResponse(completion("click [1]", "click [9]", "CLICK 1"))) as url:
        (samples,) = made(url).sample([PROMPT], 3)
    assert [c.text for c in samples] == ["click [1]", "click [1]"]


def test_a_pick_is_asked_for_by_letter() -> None:
    server = Recorded(good, raw(json.dumps(completion("Choice: B"))), raw(json.dumps(completion("Hmm."))))
    with serving(server) as url:
        vlm = made(url)
        (candidates,) = vlm.propose([PROMPT], 2)
        assert vlm.pick([PROMPT], [candidates]) == [1]
        assert vlm.pick([PROMPT], [candidates]) == [None]
    shown = server.requests[1]["messages"][1]["content"][-1]["text"]
    assert 'A. click [1] (on link "Home")\nB. back\n' in shown


def test_nothing_readable_is_asked_for_once_more_and_then_counted() -> None:
    server = Recorded(raw(json.dumps(completion("I do not know."))))
    with serving(server) as url:
        vlm = made(url)
        assert texts(vlm) == ["scroll [window] down"]
    assert len(server.requests) == 2
    assert vlm.cost.unreadable == 1


@pytest.mark.parametrize(
    "fault",
    [
        status(429),
        status(429, retry_after="0.01"),
        status(500),
        raw("<html>Bad gateway</html>", "text/html", 502),
        raw("<html>Welcome</html>", "text/html"),
        raw('{"choices": [{"mess'),
        raw('{"choices": []}'),
        raw("[]"),
        raw('{"choices": [{"message": {"content": 42}}]}'),
        cut_short,
    ],
)
def test_a_passing_fault_is_got_over_and_a_lasting_one_is_an_infrastructure_failure(fault: Answer) -> None:
    server = Recorded(fault, fault, good)
    with serving(server) as url:
        assert texts(made(url)) == ["click [1]", "back"]
    server = Recorded(fault)
    with serving(server) as url, pytest.raises(InfrastructureFailure) as failed:
        texts(made(url))
    assert failed.value.part == "vlm"
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "fault",
    [status(401, f"Incorrect API key provided: {KEY}"), status(404, "no such model"), status(429, retry_after="3600")],
)
def test_what_waiting_does_not_mend_fails_soon(fault: Answer) -> None:
    server = Recorded(fault)
    with serving(server) as url, pytest.raises(InfrastructureFailure):
        texts(made(url, deadline=30.0))
    assert len(server.requests) <= 6


@pytest.mark.parametrize("fault", [hang, dribble])
def test_every_wait_has_a_deadline(fault: Answer) -> None:
    with serving(fault) as url, pytest.raises(InfrastructureFailure, match="did not answer within"):
        texts(made(url, timeout=0.3, retries=1))


def test_a_server_that_is_not_there_is_an_infrastructure_failure() -> None:
    with pytest.raises(InfrastructureFailure, match="could not be reached"):
        texts(made("http://127.0.0.1:1/v1"))


def test_a_spent_budget_stops_before_the_next_request() -> None:
    server = Recorded(good)
    with serving(server) as url:
        vlm = made(url, budget_tokens=200)
        texts(vlm)
        texts(vlm)
        with pytest.raises(BudgetExhausted, match=r"200 tokens is spent .* larger budget_tokens goes on"):
            texts(vlm)
        vlm = made(url, budget_usd=0.0005, price_in=4.0, price_out=10.0)
        texts(vlm)
        with pytest.raises(BudgetExhausted, match=r"\$0\.0005 is spent"):
            texts(vlm)
    assert len(server.requests) == 3


def test_a_budget_holds_within_a_batch() -> None:
    """What is under way when it is spent comes to its end; nothing is asked after that."""
    usage = {"prompt_tokens": 900, "completion_tokens": 100}
    server = Recorded(lambda body, _: JSONResponse(completion(GOOD, usage=usage)))
    with serving(server) as url, pytest.raises(BudgetExhausted):
        made(url, budget_tokens=1000).propose([PROMPT] * 40, 3)
    assert 1 <= len(server.requests) <= AT_ONCE


def test_a_cache_knows_what_was_said_under_another_budget(tmp_path: Path) -> None:
    with serving(good) as url:
        name = f"openai:m?base_url={url}"
        said = texts(load_proposer(f"{name}&budget_tokens=1000", tmp_path / "vlm.sqlite"))
    assert texts(load_proposer(f"{name}&budget_tokens=9000&retries=0", tmp_path / "vlm.sqlite")) == said


def test_what_an_unreadable_reply_took_is_counted() -> None:
    unreadable = raw(json.dumps({"choices": [], "usage": {"prompt_tokens": 900, "completion_tokens": 100}}))
    server = Recorded(unreadable, good)
    with serving(server) as url:
        vlm = made(url)
        assert texts(vlm) == ["click [1]", "back"]
        assert (vlm.cost.tokens_in, vlm.cost.tokens_out, vlm.cost.passes) == (1000, 110, 2)
    server = Recorded(unreadable)
    with serving(server) as url, pytest.raises(BudgetExhausted):
        texts(made(url, budget_tokens=1500))
    assert len(server.requests) == 2


def test_each_prompt_is_asked_with_its_own_seed() -> None:
    server = Recorded(good)
    with serving(server) as url:
        vlm = made(url, temperature=0.5)
        assert (vlm.draws, made(url).draws, made(url, strategy="sample").draws) == (True, False, True)
        vlm.propose([PROMPT, PROMPT], 3, seed=[5, 8])
        vlm.propose([PROMPT], 3, seed=7)
    assert sorted(request["seed"] for request in server.requests) == [5, 7, 8]


def test_the_key_is_in_no_message_name_repr_or_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    for fault in (status(401, f"Incorrect API key provided: {KEY}"), status(500, KEY), raw(KEY), cut_short):
        with serving(fault) as url:
            vlm = made(url, name=f"openai:m?base_url={url}")
            with pytest.raises(InfrastructureFailure) as failed:
                texts(vlm)
            error: BaseException | None = failed.value
            while error is not None:
                seen += [str(error), repr(error), repr(vars(error))]
                error = error.__cause__ or error.__context__
            seen += [repr(vlm), vlm.name, repr(vlm.client), repr(vars(vlm))]
    seen += [record.getMessage() for record in caplog.records]
    assert any("***" in text for text in seen)
    assert not any(KEY in text for text in seen)


def test_a_name_is_all_it_takes() -> None:
    with serving(good) as url:
        vlm = load_proposer(f"openai:org/m:1b?base_url={url}&n=2&temperature=0.5&images=no&budget_tokens=1000")
        assert isinstance(vlm, OpenAIVLM)
        assert (vlm.client.model, vlm.replies, vlm.temperature, vlm.images) == ("org/m:1b", 2, 0.5, False)
        assert vlm.name == f"openai:org/m:1b?base_url={url}&images=no&n=2&temperature=0.5"
        assert texts(vlm) == ["click [1]", "back"]


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("openai:m?api_key=abc", InvalidModelName, "environment variable"),
        ("openai:m?n=many", InvalidModelName, "n=many"),
        ("openai:m?n=0", InvalidModelName, "from 1 to 64"),
        ("openai:m?strategy=beam", InvalidModelName, "list or sample"),
        ("openai:m?stategy=list", NotFound, "strategy"),
        ("openai:m?budget_usd=5", InvalidModelName, "prices"),
        ("openai:m?base_url=http://me:secret@x/v1", InvalidModelName, "plain address"),
        ("openai:m?key_env=NO_SUCH_KEY", MissingDependency, "NO_SUCH_KEY"),
        ("openai:", NotFound, "openai:MODEL"),
    ],
)
def test_a_wrong_name_says_what_to_do(name: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said) as raised:
        load_proposer(name)
    assert "abc" not in str(raised.value)
    assert "secret" not in str(raised.value)


def test_embeddings_come_from_another_backend() -> None:
    with pytest.raises(NoEmbeddings, match='embedder="pocket"'):
        load_embedder("openai:m")


FAULTS: dict[str, Answer] = {
    "429": status(429),
    "429, come back soon": status(429, retry_after="0.01"),
    "429, come back tomorrow": status(429, retry_after="86400"),
    "429, no sense": status(429, retry_after="soon"),
    "500": status(500),
    "503, a page": raw("<html>Service unavailable</html>", "text/html", 503),
    "a page": raw("<html>Please log in</html>", "text/html"),
    "401": status(401, f"bad key {KEY}"),
    "400": status(400, "bad request"),
    "hang": hang,
    "dribble": dribble,
    "cut short": cut_short,
    "half JSON": raw(json.dumps(completion(GOOD))[:70]),
    "no choices": raw('{"choices": []}'),
    "null": raw("null"),
    "an error in disguise": raw('{"error": {"message": "overloaded"}}'),
    "a number for content": raw('{"choices": [{"message": {"content": 42}}]}'),
    "no message": raw('{"choices": [{}]}'),
    "null for content": raw('{"choices": [{"message": {"content": null}}]}'),
    "prose": raw(json.dumps(completion("I am sorry, but click [1] may be unsafe."))),
    "a mark that is not there": raw(json.dumps(completion('{"candidates": [{"action": "click [77]"}]}'))),
    "half a reply": raw(json.dumps(completion(GOOD[:58]))),
    "no sense for figures": raw(json.dumps(completion(GOOD, usage={"prompt_tokens": "many"}))),
    "a lone surrogate": raw('{"choices": [{"message": {"content": "answer \\"\\ud800\\""}}]}'),
}


def test_a_thousand_faults_end_in_candidates_or_in_infrastructure_failures() -> None:
    draws = random.Random(0)
    lock = threading.Lock()
    served: Counter[str] = Counter()

    def faulty(body: Body, headers: dict[str, str]) -> Response:
        with lock:
            name = draws.choice([*FAULTS, *["good"] * 4])
            served[name] += 1
        return good(body, headers) if name == "good" else FAULTS[name](body, headers)

    outcomes: Counter[str] = Counter()

    def episode(_: int) -> None:
        failure = None
        try:
            (candidates,) = vlm.propose([PROMPT], 3)
        except InfrastructureFailure as error:
            failure = error
        outcomes["failure" if failure else "candidates"] += 1
        if failure is not None:
            assert failure.part == "vlm"
            assert KEY not in str(failure)
        else:
            assert candidates
            assert all(c.action.mark is None or VIEW.mark(c.action.mark) for c in candidates)
            assert all(c.text.encode() for c in candidates)

    def count() -> int:
        return sum(number for name, number in served.items() if name != "good")

    with serving(faulty) as url, ThreadPoolExecutor(8) as pool:
        vlm = made(url, timeout=0.25, retries=3, deadline=20.0)
        while count() < 1000:
            list(pool.map(episode, range(40)))
    assert set(served) == {*FAULTS, "good"}
    assert outcomes["candidates"] > 50
    assert outcomes["failure"] > 50
