"""Training from a dataset on disk, one seed or several side by side.

Each seed writes into a folder of its own

    q.safetensors        the Q-function, for acting (`webvoyager_gym.q_function.QFunction.load`); not of an algorithm
                         that chooses by more than a Q-function
    model.safetensors    everything, for going on with training and for acting (`algorithms.checkpoint`)
    train.json           what made them: configuration, seed, dataset and its checksum, versions, losses, metrics
    events.*             the losses and metrics for TensorBoard

The same dataset, configuration, steps, seed and machine give the same q.safetensors, byte for byte, whether training
was interrupted in between or not, and whatever other seeds were trained beside it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.progress import Progress

from algorithms.columns import Columns, columns_of_vectors
from algorithms.configure import AnyConfig
from algorithms.replay import DeviceReplay
from algorithms.run import MODEL_FILE, Q_FILE, Run, Source
from algorithms.selection import measure
from algorithms.streamed import Replay, StreamedReplay, has_room
from webvoyager_gym.data import Dataset
from webvoyager_gym.errors import WebVoyagerError

EPOCH = 500
"""Updates over which the recorded losses are averaged."""

PART = 20
"""Updates of one seed before the next one's turn."""

ONE_THREAD_WIDTH = 512
"""Up to this width of an embedding, training on the CPU uses one thread.

More gain next to nothing on matrices this small, and lose a hundredfold where others use the cores as well.
"""


@dataclass(frozen=True)
class Options:
    """How to train, beside on what and how long.

    Attributes:
        validation: split to measure the selection on, after every `EPOCH` updates; nothing is measured where the
            dataset has no episode of it.
        resume: go on where the model.safetensors in a folder stops, if there is one.
        patience: end a seed when in so many measurements in a row the agreement (`algorithms.selection`) was no better
            than the best before; 0 for never.
        checkpoint_every: updates between two checkpoints, at the next measurement.
    """

    validation: str = "validation"
    resume: bool = False
    patience: int = 0
    checkpoint_every: int = 5000


def train(
    dataset: Dataset,
    config: AnyConfig,
    steps: int,
    seed: int = 0,
    device: str = "auto",
    out: str | Path = "runs/q",
    split: str = "train",
    progress: Progress | None = None,
    options: Options = Options(),
) -> Path:
    """Train one seed; see `train_seeds`.

    Args:
        out: folder to write to.

    Returns:
        The path of q.safetensors, or of model.safetensors where the algorithm has no such file.
    """
    (path,) = train_seeds(dataset, config, steps, {seed: Path(out)}, device, split, progress, options)
    return path


def train_seeds(
    dataset: Dataset,
    config: AnyConfig,
    steps: int,
    seeds: dict[int, Path],
    device: str = "auto",
    split: str = "train",
    progress: Progress | None = None,
    options: Options = Options(),
) -> list[Path]:
    """Train several seeds side by side on one copy of the dataset, and write what the module's text lists.

    On a GPU each seed has a stream of its own, so that their kernels fill the device together; on a CPU they take
    turns. A seed decides on initial weights and draws. Interrupted with Ctrl-C, what was learnt so far is written, and
    train.json says that it is not finished.

    Args:
        dataset: a dataset with embeddings.
        config: the algorithm and its settings.
        steps: updates in all.
        seeds: a folder for each; made if missing, files in it are replaced.
        device: "auto" (the first GPU, else the CPU), "cpu", "cuda" or "cuda:<index>".
        split: episodes of other splits are left out, so that nobody trains on test tasks by accident.
        progress: gets a task for each seed that shows the losses.
        options: everything else.

    Returns:
        For each seed the path of q.safetensors, or of model.safetensors where the algorithm has no such file.

    Raises:
        NotFound: the dataset has no episode of the split.
        InvalidFile: the dataset is damaged, has no embeddings, or no transition to learn from; or a checkpoint is of
            another training.
        WebVoyagerError: there is no such device, training diverged, or patience has nothing to measure.
        ValueError: `steps` or `checkpoint_every` is not positive, or rewards are to be scaled.
    """
    if min(steps, options.checkpoint_every) < 1:
        raise ValueError(f"steps and checkpoint_every must be at least 1, got {steps} and {options.checkpoint_every}.")
    if config.reward_scaler is not None:
        raise ValueError("Rewards are 1 for success here; leave reward_scaler at None, or use fit().")
    name = device_name(device)
    vectors = dataset.vectors()
    columns = columns_of_vectors(vectors, split, config.gamma)
    replay = _replay(config, columns, name)
    measured = None
    validation = options.validation
    if validation in vectors.split_names and (vectors.split == vectors.split_names.index(validation)).any():
        measured = config.replay(columns_of_vectors(vectors, validation, config.gamma), "cpu", 0)
    elif options.patience:
        raise WebVoyagerError(f"The dataset has no split {validation!r} to measure on; train without patience.")
    threads = torch.get_num_threads()
    if columns.width <= ONE_THREAD_WIDTH:
        torch.set_num_threads(1)
    source = Source(dataset, split, columns, config, steps)
    replays = {seed: replay.seeded(seed) for seed in seeds}
    try:
        runs = [Run(source, replays[seed], seed, name, out, options.resume) for seed, out in seeds.items()]
        _advance(runs, steps, measured, options, progress)
    finally:
        torch.set_num_threads(threads)
        for replay in replays.values():
            replay.close()
    return [run.out / (Q_FILE if run.algo.exportable else MODEL_FILE) for run in runs]


def _replay(config: AnyConfig, columns: Columns, device: str) -> Replay:
    if has_room(columns, device):
        return config.replay(columns, device, 0)
    return StreamedReplay(config.replay(columns, "cpu", 0), device)


def _advance(
    runs: Sequence[Run], steps: int, measured: DeviceReplay | None, options: Options, progress: Progress | None
) -> None:
    """Epoch by epoch, a part of an epoch for each seed in turn; writes at the end or when interrupted."""
    bars = []
    if progress is not None:
        bars = [progress.add_task(run.label, total=steps, completed=run.algo.grad_step) for run in runs]
    started = time.perf_counter()
    try:
        while going := [run for run in runs if run.algo.grad_step < steps and not run.stopped]:
            at = min(run.algo.grad_step for run in going)
            # On the same grid wherever training began, so that what is recorded does not depend on interruptions.
            to = min(steps, (at // PART + 1) * PART, (at // EPOCH + 1) * EPOCH)
            for run in going:
                run.advance(to)
            for bar, run in zip(bars, runs, strict=False):
                assert progress is not None
                progress.update(bar, completed=run.algo.grad_step)
            if to % EPOCH and to != steps:
                continue
            for run in going:
                run.settle()
                losses = run.note(None if measured is None else measure(run.algo, measured.parts()), options.patience)
                if progress:
                    progress.update(bars[runs.index(run)], description=f"{run.label} ({loss_text(losses)})")
                if run.algo.grad_step - run.written >= options.checkpoint_every and run.algo.grad_step < steps:
                    run.write(time.perf_counter() - started)
    except KeyboardInterrupt:
        for run in runs:
            if run.algo.grad_step > 0:
                run.write(time.perf_counter() - started)
        raise
    for run in runs:
        run.write(time.perf_counter() - started)


def device_name(device: str) -> str:
    """The device as d3rlpy spells it: "cpu:0" or "cuda:<index>".

    Raises:
        WebVoyagerError: there is no such device.
    """
    gpus = torch.cuda.device_count()
    known = ["cpu", *(f"cuda:{index}" for index in range(gpus))]
    if device == "auto":
        device = known[min(gpus, 1)]
    if device == "cuda":
        device = "cuda:0"
    if device not in known:
        raise WebVoyagerError(f"There is no device {device!r} on this machine; use auto, {', '.join(known)}.")
    return "cpu:0" if device == "cpu" else device


def loss_text(means: dict[str, float]) -> str:
    """The losses among some figures, for people."""
    shown = {key: value for key, value in means.items() if key.endswith("_loss") and math.isfinite(value)}
    return ", ".join(f"{key.replace('_', ' ')} {value:.4f}" for key, value in shown.items())
