"""A training step of the pocket VLM with PyTorch's attention, with attention in blocks, and with compiled layers too.

Interleaved, on two threads; prints a table. Times never decide a test.

    make bench ARGS="-k training"
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import pytest
import torch
from rich.console import Console
from rich.table import Table
from torch.nn.functional import cross_entropy
from transformers import PreTrainedTokenizerFast

from algorithms.pocket_vlm import attention
from algorithms.pocket_vlm.batches import Batch, Encoder, collate
from algorithms.pocket_vlm.model import STYLE, build
from algorithms.pocket_vlm.pages import Lesson
from algorithms.pocket_vlm.train import LESSONS_PER_PAGE, PAGES_PER_BATCH, hidden_states, logits_and_labels
from webvoyager_gym.types import Mark, PageView, Prompt
from webvoyager_gym.vlm import POCKET_FOLDER
from webvoyager_gym.vlm.prompt import pictures

ROUNDS = 7


def page(number: int) -> list[Lesson]:
    """A page as full as those of the sites, with several goals."""
    screenshot = np.full((768, 1024, 3), number * 20, np.uint8)
    marks = tuple(Mark(index, "button", "", (10 * index, 10, 30, 30)) for index in range(1, 9))
    words = " ".join(f"word{place} of {number}" for place in range(26))
    outline = "\n".join([*(f"[{mark.index}] button" for mark in marks), words])
    view = PageView(screenshot, marks, outline, "http://shop.webvoyager.test/", "Shop")
    shown = pictures(view, STYLE)
    goals = [f"Find word{goal} and put two of them into the cart" for goal in range(LESSONS_PER_PAGE)]
    return [Lesson(Prompt(goal, view, ()), shown, ("click [2]",), "shop/x", own=True) for goal in goals]


def step(batch: Batch, *, blocks: bool, compiled: bool, tokenizer: PreTrainedTokenizerFast) -> Callable[[], None]:
    """What does one update of a model of its own."""
    model = build(tokenizer)
    if blocks:
        model.model.language_model.set_attn_implementation(attention.NAME)
    if compiled:
        for layer in model.model.language_model.layers:
            layer.compile(dynamic=False)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)

    def update() -> None:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits, labels = logits_and_labels(model, hidden_states(model, batch), batch.labels)
        optimiser.zero_grad(set_to_none=True)
        cross_entropy(logits.float(), labels).backward()
        optimiser.step()

    return update


@pytest.mark.timeout(1200)
@pytest.mark.filterwarnings("ignore")  # The compiler warns of itself.
def test_what_attention_in_blocks_and_compiling_bring() -> None:
    torch.set_num_threads(2)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(POCKET_FOLDER)
    encoder = Encoder(tokenizer)
    lessons = [(lesson, encoder.encode(lesson)) for number in range(PAGES_PER_BATCH) for lesson in page(number)]
    batch = collate(lessons, np.zeros(len(lessons)), pad=int(tokenizer.pad_token_id or 0), image=encoder.image)
    ways = {
        "PyTorch's attention": step(batch, blocks=False, compiled=False, tokenizer=tokenizer),
        "in blocks": step(batch, blocks=True, compiled=False, tokenizer=tokenizer),
        "in blocks, compiled": step(batch, blocks=True, compiled=True, tokenizer=tokenizer),
    }
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for round_number in range(ROUNDS + 1):
        for way, update in ways.items():
            started = time.perf_counter()
            update()
            if round_number:  # The first one compiles.
                seconds[way].append(time.perf_counter() - started)
    rows, length = batch.ids.shape
    table = Table("attention", "s a step", "lessons/s", "of the first", title=f"Training, {rows} lessons of {length}")
    first = statistics.median(seconds["PyTorch's attention"])
    for way, times in seconds.items():
        median = statistics.median(times)
        table.add_row(way, f"{median:.2f}", f"{rows / median:.0f}", f"{median / first:.2f}")
    Console(width=100).print(table)
    assert all(len(times) == ROUNDS for times in seconds.values())
