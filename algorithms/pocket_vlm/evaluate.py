"""What the pocket VLM reaches, with the picture and with a blank one.

    python -m algorithms.pocket_vlm.evaluate --tasks 120 --split validation

Prints, by site and in all: greedy success, and the share of states on the greedy policy's way in which a best action
(by the suite's expert) is the first candidate, among the first 3, and among 8. Infrastructure failures count nowhere.
"""

from __future__ import annotations

import dataclasses
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from webvoyager_gym.agents import best_candidates
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.sites import load_site
from webvoyager_gym.tasks.local import LocalTask
from webvoyager_gym.vlm import POCKET_FOLDER, sites_trained_on
from webvoyager_gym.vlm.transformers_backend import TransformersVLM

AMONG = (1, 3, 8)


def tasks(split: str, count: int, sites: Sequence[str], seed: int = 0) -> list[LocalTask]:
    """So many tasks of a split, the sites in turn, the templates drawn at random."""
    random = np.random.default_rng([5, seed])
    drawn = []
    for number in range(count):
        site = sites[number % len(sites)]
        templates = load_site(site).templates
        name = templates[int(random.integers(len(templates)))].name
        drawn.append(LocalTask(site, name, split, int(random.integers(100_000))))
    return drawn


def greedy(vlm: TransformersVLM, chosen: list[LocalTask], label: str) -> dict[str, Counter[str]]:
    """Counts by site: episodes, success, states, and the states with a best action among the first n, n of AMONG."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    env = BestOfQEnv(proposer=vlm, embedder=None, n_candidates=max(AMONG))
    for task in track(chosen, description=label):
        _, info = env.reset(options={"task_id": task.id})
        seen: Counter[str] = Counter()
        over = bool(info["failure"])
        while not over:
            best = best_candidates(env)
            seen["states"] += 1
            seen.update(f"among {n}" for n in AMONG if any(best[:n]))
            _, reward, terminated, truncated, info = env.step(0)
            over = terminated or truncated
            seen["success"] += int(reward)
        if not info["failure"]:
            counts[task.site] += seen + Counter({"episodes": 1})
    env.close()
    return counts


def table(results: dict[str, dict[str, Counter[str]]]) -> Table:
    """The counts as shares."""
    shown = Table("picture", "site", "episodes", "greedy success", *(f"best among {n}" for n in AMONG))
    for label, counts in results.items():
        everything = sum(counts.values(), Counter())
        for site, count in {**counts, "all": everything}.items():
            shares = [count["success"] / max(count["episodes"], 1)]
            shares += [count[f"among {n}"] / max(count["states"], 1) for n in AMONG]
            shown.add_row(label, site, str(count["episodes"]), *(f"{100 * share:.1f} %" for share in shares))
    return shown


def main(
    count: Annotated[int, typer.Option("--tasks", help="How many tasks.")] = 120,
    split: Annotated[str, typer.Option(help="Split of the tasks.")] = "validation",
    model: Annotated[Path, typer.Option(help="Folder of the model.")] = POCKET_FOLDER,
    blank: Annotated[bool, typer.Option(help="Measure with a blank picture too.")] = True,
    threads: Annotated[int, typer.Option(help="Threads of the model.")] = 1,
    out: Annotated[Path | None, typer.Option(help="JSON file for the counts.")] = None,
) -> None:
    """Measure the pocket VLM."""
    torch.set_num_threads(threads)
    chosen = tasks(split, count, sites_trained_on(model))
    seeing = TransformersVLM(model, device="cpu", name="pocket")
    results = {"seen": greedy(seeing, chosen, "with the picture")}
    if blank:
        blind = TransformersVLM(
            model, device="cpu", style=dataclasses.replace(seeing.style, blank=True), name="pocket, blank"
        )
        results["blank"] = greedy(blind, chosen, "with a blank picture")
    Console().print(table(results))
    if out is not None:
        counted = {label: {site: dict(count) for site, count in counts.items()} for label, counts in results.items()}
        out.write_text(json.dumps({"split": split, "tasks": count, "counts": counted}, indent=2) + "\n")


if __name__ == "__main__":
    typer.run(main)
