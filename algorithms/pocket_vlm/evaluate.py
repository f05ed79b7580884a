"""What the pocket VLM reaches, by site, with the picture and with a blank one.

    python -m algorithms.pocket_vlm.evaluate                          # the frozen test split, 643 tasks
    python -m algorithms.pocket_vlm.evaluate --split validation --each 1

Prints greedy success, and the share of states on the greedy policy's way in which a best action (by the suite's expert)
is the first candidate, among the first 3, and among 8. A task that the infrastructure breaks off is repeated.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from rich.console import Console
from rich.table import Table

from webvoyager_gym.agents import best_candidates
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.proofs.running import (
    SitesOption,
    WorkersOption,
    checked,
    chosen_tasks,
    default_workers,
    in_browsers,
)
from webvoyager_gym.sites import SITES
from webvoyager_gym.tasks.local import LocalTask
from webvoyager_gym.vlm import POCKET_FOLDER, sites_trained_on
from webvoyager_gym.vlm.loading import read_style
from webvoyager_gym.vlm.transformers_backend import TransformersVLM

AMONG = (1, 3, 8)

Counts = dict[str, Counter[str]]
"""By site: episodes, success, states, and the states with a best action among the first n, n of AMONG."""


def environment(model: Path, blank: bool) -> BestOfQEnv:
    """An environment with that model as its proposer, on one thread."""
    torch.set_num_threads(1)
    style = dataclasses.replace(read_style(model), blank=blank)
    vlm = TransformersVLM(model, device="cpu", style=style, name="pocket, blank" if blank else "pocket")
    return BestOfQEnv(proposer=vlm, embedder=None, n_candidates=max(AMONG))


def greedy(env: BestOfQEnv, task: LocalTask) -> dict[str, int]:
    """One episode that always takes the first candidate, as counts.

    Raises:
        InfrastructureFailure: something else than the agent failed.
    """
    _, info = env.reset(options={"task_id": task.id})
    checked(info)
    seen = Counter(episodes=1)
    over = False
    while not over:
        best = best_candidates(env)
        seen["states"] += 1
        seen.update(f"among {n}" for n in AMONG if any(best[:n]))
        _, reward, terminated, truncated, info = env.step(0)
        checked(info)
        over = terminated or truncated
        seen["success"] += int(reward)
    return dict(seen)


def table(results: Mapping[str, Counts]) -> Table:
    """The counts as shares."""
    shown = Table("picture", "site", "tasks", "greedy success", *(f"best among {n}" for n in AMONG))
    for label, counts in results.items():
        everything = sum(counts.values(), Counter())
        for site, count in {**counts, "all": everything}.items():
            shares = [count["success"] / max(count["episodes"], 1)]
            shares += [count[f"among {n}"] / max(count["states"], 1) for n in AMONG]
            shown.add_row(label, site, str(count["episodes"]), *(f"{100 * share:.1f} %" for share in shares))
        shown.add_section()
    return shown


def chosen(split: str, sites: Sequence[str], each: int, most: int | None) -> list[LocalTask]:
    """Tasks of the sites; if there are more than `most`, so many of them drawn at random."""
    found = chosen_tasks(split, sites, each)
    if most is None or most >= len(found):
        return found
    places = np.random.default_rng(5).permutation(len(found))[:most]
    return [found[place] for place in sorted(places)]


def main(
    split: Annotated[str, typer.Option(help="Split of the tasks.")] = "test",
    each: Annotated[int, typer.Option(min=1, help="Tasks of every template, on other splits than test.")] = 1,
    most: Annotated[int | None, typer.Option("--tasks", min=1, help="At most so many of them, at random.")] = None,
    site: SitesOption = None,
    model: Annotated[Path, typer.Option(help="Folder of the model.")] = POCKET_FOLDER,
    blank: Annotated[bool, typer.Option(help="Measure with a blank picture too.")] = True,
    workers: WorkersOption = None,
    out: Annotated[Path | None, typer.Option(help="JSON file for the counts.")] = None,
) -> None:
    """Measure the pocket VLM."""
    tasks = chosen(split, site or (tuple(SITES) if split == "test" else sites_trained_on(model)), each, most)
    results: dict[str, Counts] = {}
    for label in ("seen", "blank") if blank else ("seen",):
        make_env = functools.partial(environment, model, label == "blank")
        episodes = in_browsers(greedy, tasks, make_env, workers=workers or default_workers(), label=f"picture {label}")
        results[label] = defaultdict(Counter)
        for task, seen in zip(tasks, episodes, strict=True):
            results[label][task.site].update(seen)
    Console(width=110).print(table(results))
    if out is not None:
        counted = {label: {name: dict(count) for name, count in counts.items()} for label, counts in results.items()}
        out.write_text(json.dumps({"split": split, "tasks": len(tasks), "counts": counted}, indent=2) + "\n")


if __name__ == "__main__":
    typer.run(main)
