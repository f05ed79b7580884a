"""What an iteration found: a row a round, as JSON, as a table and as a plot of success against trajectories."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from algorithms.iteration import Iteration
from algorithms.plot import Panel, svg
from algorithms.stages import RESULT_FILE, SPLIT, Round
from webvoyager_gym.data import checksums
from webvoyager_gym.data.card import table
from webvoyager_gym.data.provenance import commit, package_versions
from webvoyager_gym.machine import describe_machine
from webvoyager_gym.report import wording
from webvoyager_gym.result_file import result_json
from webvoyager_gym.stats import Estimate
from webvoyager_gym.whole_file import write_whole

FORMAT = "webvoyager-gym-iteration"
VERSION = 1
JSON_FILE, PAGE_FILE, PLOT_FILE = "iteration.json", "iteration.md", "iteration.svg"

COLUMNS = ["round", "trajectories", "new ones that succeeded", "success", "95 % interval", "over first"]


def document(iteration: Iteration, rounds: Sequence[Round], folder: Path) -> dict[str, Any]:
    """The rounds as one JSON document.

    ::

        {"format": "webvoyager-gym-iteration", "version": 1,
         "settings": {"episodes", "algo", …}, "command", "commit", "versions", "machine",
         "split": "validation", "tasks",                     # how many every round is evaluated on
         "first": {"name", "success", "low", "high", …},     # the first proposal, as in a result's "agents"
         "rounds": [{"round", "policy",                      # from 0; who chose in the new trajectories
                     "dataset", "parent",                    # ids; null for no parent
                     "sha256", "vectors_sha256",             # of the dataset's SHA256SUMS, and of its training view
                     "trajectories", "new_trajectories",     # so far, and of this round
                     "new_success",                          # share among the new ones; null if none counts
                     "transitions", "updates",               # of the training on all of them
                     "checkpoint", "checkpoint_sha256", "result",  # files, seen from this one
                     "agent": {"name", "success", "low", "high", …},            # as in a result's "agents"
                     "uplift": {"versus": "first", "difference", "low", "high", …}}]}  # as in its "differences"
    """
    return {
        "format": FORMAT,
        "version": VERSION,
        "settings": iteration.document(),
        "command": iteration.command,
        "commit": commit(),
        "versions": package_versions(),
        "machine": describe_machine(),
        "split": SPLIT,
        "tasks": len(rounds[0].result.tasks),
        "first": result_json(rounds[0].result)["agents"][0],
        "rounds": [_round_json(each, folder) for each in rounds],
    }


def write_report(iteration: Iteration, rounds: Sequence[Round], folder: Path) -> dict[str, Any]:
    """Write the rounds as JSON, table and plot; the JSON document."""
    found = document(iteration, rounds, folder)
    write_whole(folder / JSON_FILE, json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    write_whole(folder / PLOT_FILE, chart(rounds))
    write_whole(folder / PAGE_FILE, page(rounds))
    return found


def page(rounds: Sequence[Round]) -> str:
    """Table and plot as Markdown."""
    tasks = len(rounds[0].result.tasks)
    return (
        f"# Success on {tasks} validation tasks, round by round\n\n{table(COLUMNS, table_rows(rounds))}\n\n"
        f"![Success against trajectories]({PLOT_FILE})\n"
    )


def table_rows(rounds: Sequence[Round]) -> list[tuple[str, ...]]:
    """The table: the first proposal, then a row a round, as `COLUMNS` says."""
    first = rounds[0].result.agents[0].success
    nothing = wording.UNKNOWN
    rows: list[tuple[str, ...]] = [
        ("first", "0", nothing, wording.percent(first.value), wording.interval(first), nothing)
    ]
    for each in rounds:
        figures = (wording.percent(each.new_success), wording.percent(each.success.value))
        known = (wording.interval(each.success), wording.difference(each.uplift))
        rows.append((str(each.number), f"{len(each.trajectories):,}", *figures, *known))
    return rows


def chart(rounds: Sequence[Round]) -> str:
    """Success of each round's agent against the trajectories it learnt from, beside that of the first proposal."""
    first, name = rounds[0].result.agents[0], rounds[0].result.names[1].partition(":")[0]
    known = [each for each in rounds if not math.isnan(each.success.value)]
    shares = [_percent(each.success) for each in known]
    panel = Panel(
        "trajectories learnt from (band and bars: 95 % intervals)",
        {name: ([len(each.trajectories) for each in known], [value for value, _, _ in shares])},
        unit="% of validation tasks",
        intervals={name: ([low for _, low, _ in shares], [high for _, _, high in shares])},
        levels={} if math.isnan(first.success.value) else {first.name: _percent(first.success)},
    )
    return svg([panel])


def _percent(share: Estimate) -> tuple[float, float, float]:
    return 100 * share.value, 100 * share.low, 100 * share.high


def _round_json(each: Round, folder: Path) -> dict[str, Any]:
    found, dataset = result_json(each.result), each.dataset
    parent = dataset.parent
    return {
        "round": each.number,
        "policy": each.policy,
        "dataset": dataset.id,
        "parent": None if parent is None else parent.id,
        "sha256": checksums.file_sha256(dataset.folder / checksums.FILE),
        "vectors_sha256": each.training["vectors_sha256"],
        "trajectories": len(each.trajectories),
        "new_trajectories": len(each.trajectories.where(round=each.number)),
        "new_success": None if math.isnan(each.new_success) else round(each.new_success, 6),
        "transitions": each.training["transitions"],
        "updates": each.training["updates"],
        "checkpoint": each.checkpoint.relative_to(folder).as_posix(),
        "checkpoint_sha256": checksums.file_sha256(each.checkpoint),
        "result": (each.checkpoint.parent / RESULT_FILE).relative_to(folder).as_posix(),
        "agent": found["agents"][1],
        "uplift": found["differences"][0],
    }
