"""What an update costs, and what it costs with more candidates, more data and more seeds: `python -m algorithms.speed`.

Writes speed.json and speed.svg, a plot. In one process and by turns it measures

    fit         IQL by d3rlpy's own `fit` and by `algorithms.updates`, at several widths, and the share of the data path
                in each, from draw to batch
    candidates  CQL, which values all candidates, with more and more of them
    size        drawing a batch, and an update with it, from datasets of up to a million steps

On a CPU it counts the processor's time, so that whatever else runs there does not matter; on a GPU the clock's.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import numpy as np
import torch
import typer

from algorithms.batch import candidate_batch
from algorithms.columns import columns_of_vectors
from algorithms.command import run
from algorithms.configure import AnyConfig, configure
from algorithms.d3rlpy_import import d3rlpy
from algorithms.options import Device
from algorithms.plot import Panel, svg
from algorithms.training import device_name
from algorithms.updates import Algorithm, Updates
from webvoyager_gym import cli
from webvoyager_gym.data import Vectors
from webvoyager_gym.machine import describe_machine

STEPS_AN_EPISODE = 10
QUIET: dict[str, Any] = {"show_progress": False, "logger_adapter": d3rlpy.logging.NoopAdapterFactory()}


def made_up(width: int, n_candidates: int, transitions: int, seed: int = 0) -> Vectors:
    """A dataset of random embeddings, the rewards of every other episode 1 at its end."""
    random = np.random.default_rng(seed)
    episodes = max(1, transitions // STEPS_AN_EPISODE)
    rows = episodes * (STEPS_AN_EPISODE + 1)
    step = np.tile(np.arange(STEPS_AN_EPISODE + 1), episodes)
    final, last = step == STEPS_AN_EPISODE, step == STEPS_AN_EPISODE - 1

    def embeddings(count: int) -> Any:
        # A block of noise repeated, since drawing a million rows would take longer than all that is measured.
        block = random.standard_normal((min(count, 4096), width), np.float32).astype(np.float16)
        return np.resize(block, (count, width))

    reward = (last & (np.arange(rows) // (STEPS_AN_EPISODE + 1) % 2 == 0)).astype(np.float32)
    return Vectors(
        obs=embeddings(rows),
        cand=embeddings(rows * n_candidates),
        cand_ptr=np.arange(rows + 1, dtype=np.int64) * n_candidates,
        ep_ptr=np.arange(episodes + 1, dtype=np.int64) * (STEPS_AN_EPISODE + 1),
        chosen=np.where(final, -1, random.integers(n_candidates, size=rows)).astype(np.int32),
        propensity=np.where(final, np.nan, 1 / n_candidates).astype(np.float32),
        reward=reward,
        terminated=last,
        truncated=np.zeros(rows, bool),
        mc_return=np.zeros(rows, np.float32),
        split=np.zeros(episodes, np.uint8),
        site=np.zeros(episodes, np.uint8),
        success=reward.reshape(episodes, -1).any(1),
        failure=np.zeros(episodes, np.uint8),
    )


def seconds(work: Callable[[], object], device: str) -> float:
    """How long some work takes."""
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
        started = time.perf_counter()
        work()
        torch.cuda.synchronize(device)
        return time.perf_counter() - started
    started = time.process_time()
    work()
    return time.process_time() - started


def built(config: AnyConfig, vectors: Vectors, device: str) -> tuple[Algorithm, Any]:
    """An algorithm with networks for a dataset, and the replay of it."""
    columns = columns_of_vectors(vectors, "train", config.gamma)
    algo = config.create(device)
    algo.build_with_columns(columns)
    return algo, config.replay(columns, device, 0)


def against_fit(width: int, device: str, updates: int, rounds: int) -> dict[str, float]:
    """Seconds an update of IQL takes by d3rlpy's `fit` and by ours, and of drawing a batch by either."""
    from webvoyager_gym.data.convert import to_d3rlpy  # after d3rlpy_import, which keeps d3rlpy quiet

    config = configure("iql", [])
    vectors = made_up(width, 3, 1000)
    buffer = to_d3rlpy(vectors)
    theirs, replay = built(config, vectors, device)
    ours, _ = built(config, vectors, device)
    options = {"n_steps": updates, "n_steps_per_epoch": updates, **QUIET}

    def fit() -> None:
        # d3rlpy's loop and sampling, beside which ours stands in `CandidateAlgo.fitter`.
        list(d3rlpy.algos.QLearningAlgoBase.fitter(theirs, buffer, **options))

    def sample() -> None:
        batch = buffer.sample_transition_batch(config.batch_size)
        candidate_batch(d3rlpy.TorchMiniBatch.from_batch(batch, config.gamma, True, device))

    ways: dict[str, tuple[Callable[[], object], int]] = {
        "fit": (fit, updates),
        "ours": (partial(Updates(ours, replay).run, updates), updates),
        "fit_batch": (sample, 1),
        "batch": (partial(replay.batch, 0, config.batch_size), 1),
    }
    return _by_turns(ways, device, rounds)


def _by_turns(ways: dict[str, tuple[Callable[[], object], int]], device: str, rounds: int) -> dict[str, float]:
    """Median seconds of each way, whose first turn does not count: it makes buffers and, on a GPU, graphs."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, (work, count) in ways.items():
            taken = seconds(work, device) / count
            if turn:
                found[name].append(taken)
    return {name: statistics.median(times) for name, times in found.items()}


def with_candidates(counts: Sequence[int], width: int, device: str, updates: int, rounds: int) -> list[float]:
    """Seconds an update of CQL takes for each number of candidates."""
    ways: dict[str, tuple[Callable[[], object], int]] = {}
    for count in counts:
        loop = Updates(*built(configure("cql", []), made_up(width, count, 1000), device))
        ways[str(count)] = (partial(loop.run, updates), updates)
    return list(_by_turns(ways, device, rounds).values())


def with_size(sizes: Sequence[int], width: int, device: str, updates: int, rounds: int) -> dict[str, list[float]]:
    """Seconds of an update of IQL and of drawing its batch for each number of transitions."""
    found: dict[str, list[float]] = {"update": [], "batch": []}
    for size in sizes:
        algo, replay = built(configure("iql", []), made_up(width, 3, size), device)
        ways: dict[str, tuple[Callable[[], object], int]] = {
            "update": (partial(Updates(algo, replay).run, updates), updates),
            "batch": (partial(replay.batch, 0, algo.config.batch_size), 1),
        }
        for name, taken in _by_turns(ways, device, rounds).items():
            found[name].append(taken)
    return found


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help="Measure what updates cost; write speed.json and speed.svg.")
def command(
    widths: Annotated[str, typer.Option(help="Widths of embeddings.")] = "256,2048,3584",
    candidates: Annotated[str, typer.Option(help="Numbers of candidates.")] = "1,2,4,8,16,32",
    sizes: Annotated[str, typer.Option(help="Numbers of transitions.")] = "1000,10000,100000,1000000",
    updates: Annotated[int, typer.Option(min=1, help="Updates a turn.")] = 20,
    rounds: Annotated[int, typer.Option(min=1, help="Turns, of which the median counts.")] = 5,
    device: Device = "auto",
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("runs/speed"),
    as_json: cli.Json = False,
) -> None:
    name = device_name(device)
    if not name.startswith("cuda"):
        torch.set_num_threads(1)
    counts, numbers = _numbers(candidates), _numbers(sizes)
    small = 64  # Wide enough to be real, narrow enough that a million transitions fit into any memory.
    found: dict[str, Any] = {
        "machine": describe_machine(),
        "device": name,
        "fit": {str(width): against_fit(width, name, updates, rounds) for width in _numbers(widths)},
        "candidates": dict(zip(map(str, counts), with_candidates(counts, 256, name, updates, rounds), strict=True)),
        "size": {"transitions": numbers, **with_size(numbers, small, name, updates, rounds)},
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "speed.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    (out / "speed.svg").write_text(svg(_panels(found)), encoding="utf-8")
    if as_json:
        cli.print_json(found)
        return
    rows = [
        (width, *(f"{1000 * one[way]:.2f}" for way in ("fit", "ours")), f"{one['fit'] / one['ours']:.2f}",
         *(f"{100 * one[batch] / one[way]:.1f} %" for batch, way in (("fit_batch", "fit"), ("batch", "ours"))))
        for width, one in found["fit"].items()
    ]  # fmt: skip
    cli.print_table(["D", "fit, ms", "ours, ms", "ratio", "data path of fit", "data path of ours"], rows)
    print(f"The plot is {out / 'speed.svg'}.")


def _numbers(text: str) -> list[int]:
    try:
        return [int(number) for number in text.split(",")]
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no list of numbers such as 1,2,4.") from error


def _panels(found: dict[str, Any]) -> list[Panel]:
    def milliseconds(times: Sequence[float]) -> list[float]:
        return [1000 * taken for taken in times]

    counts = [int(count) for count in found["candidates"]]
    size = found["size"]
    return [
        Panel("candidates of a state", {"update of CQL": (counts, milliseconds(list(found["candidates"].values())))}),
        Panel(
            "transitions in the dataset",
            {
                "update of IQL": (size["transitions"], milliseconds(size["update"])),
                "drawing its batch": (size["transitions"], milliseconds(size["batch"])),
            },
            logarithmic=True,
        ),
    ]


def main() -> NoReturn:
    """Run the command."""
    run(app)


if __name__ == "__main__":
    main()
