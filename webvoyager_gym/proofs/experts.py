"""Have the expert do every task, from the start or from wherever random actions led.

    python -m webvoyager_gym.proofs.experts                  # the frozen test split, from the start
    python -m webvoyager_gym.proofs.experts --prefix 5       # after five random actions

Exit status 1 if fewer are completed than must be: all from the start; 99 % of those that can still be done otherwise.
"""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.proofs.running import SitesOption, WorkersOption, chosen_tasks, default_workers, in_browsers
from webvoyager_gym.rollout import run_expert
from webvoyager_gym.sites import SITES
from webvoyager_gym.tasks.local import LocalTask

MOST_STEPS, PATIENCE = 15, 30
"""Actions that the expert has from the start, as many as an episode allows, and from elsewhere."""
SHARE_AFTER_RANDOM = 0.99


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one task; `possible` is False if the expert said that it could no longer be done."""

    id: str
    success: bool
    possible: bool
    steps: int
    story: str


def outcome(env: WebVoyagerEnv, task: LocalTask, *, prefix: int) -> Outcome:
    """Run the expert of a task once."""
    own_steps = PATIENCE if prefix else MOST_STEPS
    run = run_expert(env, task, random_prefix=prefix, seed=task.seed, max_steps=own_steps)
    if run.failure:
        raise InfrastructureFailure(run.failure, run.reason)
    ways = zip((*run.prefix, *run.actions), run.seen, strict=False)
    story = "" if run.success else "\n".join([run.reason, *(f"  {action:40} {seen}" for action, seen in ways)])
    return Outcome(task.id, run.success, run.possible, len(run.actions), story)


def table(outcomes: list[Outcome]) -> Table:
    """Counts by site."""
    rows = defaultdict(list)
    for one in outcomes:
        rows[one.id.partition("/")[0]].append(one)
    shown = Table("site", *(_right(name) for name in ("tasks", "completed", "said impossible", "failed", "mean steps")))
    for site, ones in (*rows.items(), ("all", outcomes)):
        done = sum(one.success for one in ones)
        impossible = sum(not one.possible for one in ones)
        steps = sum(one.steps for one in ones) / max(1, len(ones))
        shown.add_row(
            site, str(len(ones)), str(done), str(impossible), str(len(ones) - done - impossible), f"{steps:.1f}"
        )
    return shown


def _right(name: str) -> Column:
    return Column(name, justify="right")


def main(
    prefix: Annotated[int, typer.Option(min=0, help="Random actions before the expert takes over.")] = 0,
    split: Annotated[str, typer.Option(help="Split of the tasks.")] = "test",
    each: Annotated[int, typer.Option(min=1, help="Tasks of each template, where the split is not a list.")] = 2,
    site: SitesOption = None,
    workers: WorkersOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
) -> None:
    """Run the experts."""
    outcomes = in_browsers(
        functools.partial(outcome, prefix=prefix),
        chosen_tasks(split, site or list(SITES), each),
        functools.partial(WebVoyagerEnv, max_steps=prefix + PATIENCE),
        workers=workers or default_workers(),
        label="tasks",
    )
    failed = [one for one in outcomes if one.possible and not one.success]
    possible = sum(one.possible for one in outcomes)
    if as_json:
        print(json.dumps({"prefix": prefix, "split": split, "tasks": [asdict(one) for one in outcomes]}))
    else:
        Console(width=100).print(table(outcomes))
        for one in failed:
            print(f"\n{one.id}: {one.story}")
        print(f"\n{possible - len(failed)} of {possible} tasks that can be done were completed.")
    enough = (possible - len(failed)) >= (SHARE_AFTER_RANDOM * possible if prefix else len(outcomes))
    raise typer.Exit(not enough)


if __name__ == "__main__":
    typer.run(main)
