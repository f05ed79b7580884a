"""Embeddings of a state and its N actions behind one prefix, against N + 1 full passes and against one.

Random weights of Qwen2.5-VL's architecture and a page of the local shop as WebVoyager shows it. Interleaved; prints a
table; times never decide a test.

    make bench
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from rich.console import Console
from rich.table import Table

from tests.vlm.families import qwen2_5_vl
from tests.vlm.separate import full_pass
from webvoyager_gym.actions import Action
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.types import Candidate, Prompt
from webvoyager_gym.vlm.transformers_backend import TransformersVLM

ROUNDS, SIZES = 5, (3, 8, 16)


def shop_page() -> Prompt:
    env = WebVoyagerEnv()
    env.reset(options={"task_id": "shop/listed-fact/train-3"})
    prompt = env.prompt
    env.close()
    return prompt


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


@pytest.mark.timeout(1200)
def test_a_shared_prefix_costs_about_one_pass(tmp_path: Path) -> None:
    torch.set_num_threads(2)
    vlm = TransformersVLM(qwen2_5_vl(tmp_path, width=512, layers=8, most_tokens=1024), device="cpu")
    prompt = shop_page()
    table = Table("N", "prompt tokens", "one pass s", "shared s", "in passes", "N + 1 passes s", title="Embedding")
    for n in SIZES:
        actions = [Candidate(Action("click", mark.index)) for mark in prompt.view.marks[:n]]
        assert len(actions) == n

        def shared(actions: list[Candidate] = actions) -> None:
            vlm.encoder.forget()
            vlm.embed([prompt], [actions])

        def separate(actions: list[Candidate] = actions) -> None:
            for text in ["", *(action.text for action in actions)]:
                full_pass(vlm, prompt, text)

        seconds: dict[str, list[float]] = {"one": [], "shared": []}
        for _ in range(ROUNDS):
            seconds["one"].append(_seconds(lambda: full_pass(vlm, prompt, "")))
            seconds["shared"].append(_seconds(shared))
        one, behind = (statistics.median(times) for times in seconds.values())
        each = _seconds(separate)
        tokens = len(full_pass(vlm, prompt, "")[0])
        table.add_row(str(n), str(tokens), f"{one:.2f}", f"{behind:.2f}", f"{behind / one:.2f}", f"{each:.2f}")
    Console(width=100).print(table)
    vlm.encoder.forget()
    embedded = vlm.embed([prompt], [actions])
    _, hidden, _ = full_pass(vlm, prompt, "")
    np.testing.assert_allclose(embedded.states[0][: hidden.shape[1]], hidden[-1], atol=2e-2)
