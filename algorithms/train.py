"""Train an algorithm on a dataset: `python -m algorithms.train --algo iql --dataset local/demo-v0`.

Writes into a folder

    q.safetensors    the Q-function, for acting (`webvoyager_gym.q_function.QFunction.load`); not of an algorithm that
                     chooses by more than a Q-function
    model.d3         everything, for going on with training (`d3rlpy.load_learnable`); a pickle: open only your own
    train.json       what made them: configuration, seed, dataset and its checksum, versions, losses

The same dataset, configuration, steps, seed and machine give the same q.safetensors, byte for byte.
"""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path
from typing import Annotated, Any, NoReturn

import torch
import typer
from rich.progress import Progress

from algorithms.candidate import CandidateAlgo
from algorithms.configure import ALGORITHMS, AnyConfig, configure
from algorithms.continuous import OnEmbeddings
from algorithms.d3rlpy_import import d3rlpy
from algorithms.dataset import only_split
from webvoyager_gym import cli
from webvoyager_gym.data import Dataset, load_dataset
from webvoyager_gym.data.checksums import file_sha256
from webvoyager_gym.data.layout import VECTORS_FILE
from webvoyager_gym.data.provenance import commit, package_versions
from webvoyager_gym.errors import NotFound, WebVoyagerError

Q_FILE, MODEL_FILE, RECORD_FILE = "q.safetensors", "model.d3", "train.json"

EPOCH = 500
"""Updates over which the recorded losses are averaged."""

ONE_THREAD_WIDTH = 512
"""Up to this width of an embedding, training on the CPU uses one thread.

More gain next to nothing on matrices this small, and lose a hundredfold where others use the cores as well.
"""


def train(
    dataset: Dataset,
    config: AnyConfig,
    steps: int,
    seed: int = 0,
    device: str = "auto",
    out: str | Path = "runs/q",
    split: str = "train",
    progress: Progress | None = None,
) -> Path:
    """Train and write what the module's text lists.

    Seeds `random`, numpy and torch, whose global generators d3rlpy draws from. Interrupted with Ctrl-C, it writes what
    was learnt so far and says in train.json that it is not finished.

    Args:
        dataset: a dataset with embeddings.
        config: the algorithm and its settings.
        steps: updates.
        device: "auto" (the first GPU, else the CPU), "cpu", "cuda" or "cuda:<index>".
        out: folder to write to; made if missing, files in it are replaced.
        split: episodes of other splits are left out, so that nobody trains on test tasks by accident.
        progress: gets a task of `steps` steps that shows the losses.

    Returns:
        The path of q.safetensors, or of model.d3 where the algorithm has no such file.

    Raises:
        NotFound: the dataset has no episode of the split.
        InvalidFile: the dataset is damaged, has no embeddings, or no transition to learn from.
        WebVoyagerError: there is no such device.
        ValueError: `steps` is not positive.
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}.")
    from webvoyager_gym.data.convert import to_d3rlpy  # after d3rlpy_import, which keeps d3rlpy quiet

    started = time.perf_counter()
    replay = to_d3rlpy(only_split(dataset.vectors(), split))
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    d3rlpy.seed(seed)
    algo = config.create(device=device_name(device))
    losses: list[dict[str, float]] = []

    def write() -> None:
        assert algo.impl is not None
        record = {
            "algorithm": config.get_type(),
            "config": config.serialize_to_dict(),
            "seed": seed,
            "steps": steps,
            "finished": algo.grad_step == steps,
            "dataset": dataset.id,
            "vectors_sha256": file_sha256(dataset.folder / VECTORS_FILE),
            "embedder": dataset.metadata["webvoyager_gym"].get("embedder"),
            "embedding_id": dataset.metadata["webvoyager_gym"].get("embedding_id"),
            "split": split,
            "episodes": replay.size(),
            "transitions": replay.transition_count,
            "device": algo.impl.device,
            "seconds": round(time.perf_counter() - started, 3),
            "versions": package_versions() | {"d3rlpy": d3rlpy.__version__},
            "commit": commit(),
            "losses": losses,
        }
        kept = ("algorithm", "seed", "steps", "finished", "dataset", "vectors_sha256", "embedder", "embedding_id")
        if algo.exportable:
            algo.export_q(out / Q_FILE, {name: _text(record[name]) for name in kept})
        else:
            (out / Q_FILE).unlink(missing_ok=True)  # of an earlier training into the same folder
        algo.save(str(out / MODEL_FILE))
        (out / RECORD_FILE).write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    threads = torch.get_num_threads()
    if replay.dataset_info.observation_signature.shape[0][0] <= ONE_THREAD_WIDTH:
        torch.set_num_threads(1)
    try:
        _fit(algo, replay, steps, losses, progress)
    except KeyboardInterrupt:
        if algo.grad_step > 0:
            write()
        raise
    finally:
        torch.set_num_threads(threads)
    write()
    return out / (Q_FILE if algo.exportable else MODEL_FILE)


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


def _fit(
    algo: CandidateAlgo | OnEmbeddings,
    replay: d3rlpy.dataset.ReplayBuffer,
    steps: int,
    losses: list[dict[str, float]],
    progress: Progress | None,
) -> None:
    """Run d3rlpy's `fitter`; append the mean losses of every epoch."""
    name = algo.config.get_type()
    task = progress.add_task(f"train {name}", total=steps) if progress else None

    def advance(algo: CandidateAlgo | OnEmbeddings, _epoch: int, _step: int) -> None:
        if progress and task is not None and (algo.grad_step % 20 == 0 or algo.grad_step == steps):
            progress.update(task, completed=algo.grad_step)

    short = steps % EPOCH
    # d3rlpy trains whole epochs only, so what is left over is an epoch of its own.
    for epoch_length, total in ((EPOCH, steps - short), (short, short)):
        if total == 0:
            continue
        for _, metrics in algo.fitter(
            replay,
            n_steps=total,
            n_steps_per_epoch=epoch_length,
            show_progress=False,
            logger_adapter=d3rlpy.logging.NoopAdapterFactory(),
            callback=advance,
        ):
            means = {key: value for key, value in metrics.items() if not key.startswith("time_")}
            if not all(map(math.isfinite, means.values())):
                raise WebVoyagerError(
                    f"Training diverged within {algo.grad_step} updates ({means}); try a lower learning_rate."
                )
            losses.append({"step": algo.grad_step, **means})
            if progress and task is not None:
                progress.update(task, description=f"train {name} ({_loss_text(means)})")


def _loss_text(means: dict[str, float]) -> str:
    return ", ".join(f"{key.replace('_', ' ')} {value:.4f}" for key, value in means.items() if key.endswith("_loss"))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help="Train an algorithm on a dataset; write q.safetensors, model.d3 and train.json.")
def command(
    dataset: Annotated[str, typer.Option(help="Id of a dataset, or its folder.", show_default=False)],
    algo: Annotated[str, typer.Option(help=f"One of {', '.join(ALGORITHMS)}.")] = "iql",
    steps: Annotated[int, typer.Option(min=1, help="Updates.")] = 5000,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:<index>.")] = "auto",
    out: Annotated[Path | None, typer.Option(help="Folder to write to.", show_default="runs/<algo>-<seed>")] = None,
    split: Annotated[str, typer.Option(help="Episodes to train on.")] = "train",
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="Change a setting, as in --set expectile=0.8. Repeatable.")
    ] = None,
    as_json: cli.Json = False,
) -> None:
    try:
        config = configure(algo, setting or [])
    except (NotFound, ValueError) as error:
        raise typer.BadParameter(str(error)) from error
    folder = out or Path("runs") / f"{algo}-{seed}"
    with cli.progress() as progress:
        path = train(load_dataset(dataset), config, steps, seed, device, folder, split, progress)
    record = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
    if as_json:
        cli.print_json(record)
    else:
        last = record["losses"][-1]
        print(f"{record['transitions']} transitions, {steps} updates in {record['seconds']:.0f} s: {_loss_text(last)}")
        print(f"The result is {path}.")


def main() -> NoReturn:
    """Run the command; exit status 0, 1 with one sentence on stderr, 2 for wrong arguments, 130 if interrupted."""
    try:
        app()
    except WebVoyagerError as error:
        cli.fail(str(error))
    sys.exit(0)


if __name__ == "__main__":
    main()
