"""The pocket VLM's part of a step: three candidates and their embeddings, against one pass over the prompt.

Pages of all local sites. Prints a table; times never decide a test.

    make bench
"""

from __future__ import annotations

import statistics
import time

import torch
from rich.console import Console
from rich.table import Table

from tests.vlm.separate import full_pass
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.vlm import POCKET_FOLDER
from webvoyager_gym.vlm.transformers_backend import TransformersVLM

ROUNDS, CANDIDATES = 5, 3


def test_a_proposal_takes_a_few_passes() -> None:
    torch.set_num_threads(2)
    vlm = TransformersVLM(POCKET_FOLDER, device="cpu")
    env = WebVoyagerEnv()
    table = Table(
        "site", "prompt tokens", "one pass ms", f"{CANDIDATES} candidates ms", "and embeddings ms", "in passes"
    )
    every: list[list[float]] = [[], [], []]
    for site in SITES:
        env.reset(options={"task_id": f"{site}/{load_site(site).templates[0].name}/train-3"})
        prompt = env.prompt
        times: list[list[float]] = [[], [], []]
        for _ in range(ROUNDS):
            started = time.perf_counter()
            full_pass(vlm, prompt, "")
            times[0].append(1000 * (time.perf_counter() - started))
            vlm.encoder.forget()
            started = time.perf_counter()
            candidates = vlm.propose([prompt], CANDIDATES)
            times[1].append(1000 * (time.perf_counter() - started))
            vlm.embed([prompt], candidates)
            times[2].append(1000 * (time.perf_counter() - started))
        one, proposed, embedded = (statistics.median(each) for each in times)
        for kept, each in zip(every, (one, proposed, embedded), strict=True):
            kept.append(each)
        tokens = len(full_pass(vlm, prompt, "")[0])
        row = (f"{one:.0f}", f"{proposed:.0f}", f"{embedded:.0f}", f"{embedded / one:.1f}")
        table.add_row(site, str(tokens), *row)
    env.close()
    table.add_section()
    medians = [statistics.median(each) for each in every]
    table.add_row("median", "", *(f"{each:.0f}" for each in medians), f"{medians[2] / medians[0]:.1f}")
    Console(width=100).print(table)
