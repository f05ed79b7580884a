"""The whole path, small: `python -m algorithms.demo`, or `make demo`, which sets up first.

1. collect  the pocket VLM proposes, an epsilon-greedy agent chooses, every step is recorded (train worlds)
2. train    discrete IQL learns from the recording how good each candidate is
3. evaluate first proposal, random, best-of-Q and oracle-of-N on held-out worlds (validation split), on the same tasks
4. show     a table with intervals, the result as JSON, and a page of episodes to step through

Collecting and evaluating have a time each and do as much as fits, so a slow machine gets a smaller sample and wider
intervals, not a longer wait. All of it lies in runs/demo/<seed>, which a new run with the same seed replaces. The
result is whatever it is.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.progress import Progress

from algorithms.command import run
from webvoyager_gym import cli
from webvoyager_gym.agents import BestOfQ, EpsilonGreedy, First, OracleOfN, Random
from webvoyager_gym.cli.evaluate import print_result
from webvoyager_gym.collect import Tally, collect, recorded_models
from webvoyager_gym.data import Dataset, finalize
from webvoyager_gym.evaluate import evaluate
from webvoyager_gym.machine import describe_machine
from webvoyager_gym.q_function import QFunction
from webvoyager_gym.report import write_page
from webvoyager_gym.results import EpisodeRow, Result
from webvoyager_gym.tasks import draw_tasks, load_suite
from webvoyager_gym.vlm import sites_trained_on

DATASET = "local/demo-v0"
ENV = {"suite": "local", "proposer": "pocket", "embedder": "same", "n_candidates": 3}
EPSILON = 0.5
MOST_TASKS = 1000
"""More than fit into the time on any machine."""
MOST_WORKERS = 8


@dataclass(frozen=True, slots=True)
class Budget:
    """What the demo may take.

    Attributes:
        collect, evaluate: seconds in which episodes are begun.
        updates: of IQL.
    """

    collect: float
    updates: int
    evaluate: float


FULL = Budget(collect=210, updates=4000, evaluate=210)
QUICK = Budget(collect=30, updates=400, evaluate=30)


def demo(folder: Path, budget: Budget, seed: int = 0) -> tuple[Result, Path]:
    """Run the path.

    Args:
        folder: where everything goes; what is there is removed.
        budget: how long.
        seed: decides on tasks, exploration and initial weights.

    Returns:
        The evaluation, and its page.
    """
    shutil.rmtree(folder, ignore_errors=True)
    workers = min(describe_machine()["cores"], MOST_WORKERS)
    with cli.progress() as bars:
        dataset = _collect(folder, budget, seed, workers, bars)
        q = _train(dataset, folder, budget, seed, bars)
        result = _evaluate(q, folder, budget, seed, workers, bars)
    return result, write_page(result, folder / "index.html")


def _collect(folder: Path, budget: Budget, seed: int, workers: int, bars: Progress) -> Dataset:
    agent = EpsilonGreedy(First(), EPSILON)
    tasks = draw_tasks(load_suite("local"), MOST_TASKS, split="train", site=sites_trained_on(), seed=seed)
    tick = _clock(bars, "1/3 collect", budget.collect)

    def show(tally: Tally) -> None:
        tick(f"episodes: {tally.episodes}, succeeded: {tally.successes}")

    shards = folder / "shards"
    tally = collect(
        tasks, agent, shards, env_options=ENV, workers=workers, seed=seed, deadline_s=budget.collect, progress=show
    )
    tick(f"episodes: {tally.episodes}, succeeded: {tally.successes}", done=True)
    metadata = {
        **ENV,
        **recorded_models(shards),
        "policy": agent.name,
        "epsilon": EPSILON,
        "split": "train",
        "seed": seed,
    }
    dataset = finalize(shards, folder / "datasets" / DATASET, id=DATASET, metadata=metadata)
    shutil.rmtree(shards)
    return dataset


def _train(dataset: Dataset, folder: Path, budget: Budget, seed: int, bars: Progress) -> QFunction:
    # Imported here, since worker processes import this module too and have no use for d3rlpy.
    from algorithms.iql import CandidateIQLConfig
    from algorithms.training import train

    path = train(dataset, CandidateIQLConfig(), budget.updates, seed, device="cpu", out=folder / "q", progress=bars)
    return QFunction.load(path)


def _evaluate(q: QFunction, folder: Path, budget: Budget, seed: int, workers: int, bars: Progress) -> Result:
    agents = (First(), Random(), BestOfQ(q), OracleOfN())
    tasks = draw_tasks(load_suite("local"), MOST_TASKS, split="validation", site=sites_trained_on(), seed=seed)
    tick = _clock(bars, "3/3 evaluate", budget.evaluate)
    tick("starting")

    def show(done: int, total: int, last: EpisodeRow) -> None:
        tick(f"episodes: {done}, agents: {len(agents)}")

    result = evaluate(
        agents,
        tasks,
        env_options=ENV,
        out=folder / "result.json",
        workers=workers,
        progress=show,
        deadline_s=budget.evaluate,
    )
    tick(f"episodes: {len(result.episodes)}, tasks: {len(result.tasks)}", done=True)
    return result


def _clock(bars: Progress, name: str, seconds: float) -> Callable[..., None]:
    """A bar that fills with time from the first call of the function given back, which says what was done meanwhile."""
    task = bars.add_task(name, total=seconds, count="starting")
    started: list[float] = []

    def tick(count: str, *, done: bool = False) -> None:
        now = time.monotonic()
        if not started:
            started.append(now)
        bars.update(task, completed=seconds if done else min(now - started[0], seconds), count=count)

    return tick


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help="Collect, train, evaluate and show, in about eight minutes on two cores.")
def command(
    quick: Annotated[bool, typer.Option("--quick", help="About two minutes, for a first look and for tests.")] = False,
    seed: Annotated[int, typer.Option(min=0)] = 0,
) -> None:
    folder = Path("runs/demo") / str(seed)
    started = time.monotonic()
    result, page = demo(folder, QUICK if quick else FULL, seed)
    seconds = time.monotonic() - started
    print(f"\nTasks on held-out worlds: {len(result.tasks)}. Seconds in all: {seconds:.0f}. Files: {folder}.\n")
    print_result(result)
    print(f"\nOpen the page: {page.resolve().as_uri()}")


def main() -> NoReturn:
    """Run the command."""
    run(app)


if __name__ == "__main__":
    main()
