"""The command that trains an algorithm: `python -m algorithms.train --algo iql --dataset local/demo-v0`.

What it writes is said in `algorithms.training`. Interrupted with Ctrl-C it keeps what was learnt, and the same command
with `--resume` goes on there. With `--seeds 0,1,2` it trains several seeds side by side.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from algorithms.command import run
from algorithms.configure import configure
from algorithms.options import Algo, DatasetName, Device, Settings, Updates, numbers_of
from algorithms.run import RECORD_FILE
from algorithms.training import Options, loss_text, train, train_seeds
from webvoyager_gym import cli, load_dataset
from webvoyager_gym.errors import NotFound

__all__ = ["app", "main", "train"]

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help="Train an algorithm on a dataset; write q.safetensors, model.safetensors, train.json and events.")
def command(
    dataset: DatasetName,
    algo: Algo = "iql",
    steps: Updates = 5000,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    seeds: Annotated[
        str | None, typer.Option(help="Several seeds side by side, as in 0,1,2; each in a folder <out>-<seed>.")
    ] = None,
    device: Device = "auto",
    out: Annotated[Path | None, typer.Option(help="Folder to write to.", show_default="runs/<algo>-<seed>")] = None,
    split: Annotated[str, typer.Option(help="Episodes to train on.")] = "train",
    validation: Annotated[
        str, typer.Option(help="Episodes to measure the selection on, if the dataset has any.")
    ] = "validation",
    resume: Annotated[bool, typer.Option("--resume", help="Go on where the checkpoint in the folder stops.")] = False,
    patience: Annotated[
        int, typer.Option(min=0, help="Stop after so many measurements without a better one; 0 for never.")
    ] = 0,
    checkpoint_every: Annotated[int, typer.Option(min=1, help="Updates between two checkpoints.")] = 5000,
    setting: Settings = None,
    as_json: cli.Json = False,
) -> None:
    try:
        config = configure(algo, setting or [])
    except (NotFound, ValueError) as error:
        raise typer.BadParameter(str(error)) from error
    numbers = [seed] if seeds is None else numbers_of(seeds)
    base = out or Path("runs") / algo
    folders = {number: base.with_name(f"{base.name}-{number}") for number in numbers}
    if seeds is None and out is not None:
        folders = {seed: out}
    options = Options(validation, resume, patience, checkpoint_every)
    with cli.progress() as progress:
        paths = train_seeds(load_dataset(dataset), config, steps, folders, device, split, progress, options)
    records = [json.loads((folder / RECORD_FILE).read_text(encoding="utf-8")) for folder in folders.values()]
    if as_json:
        cli.print_json(records[0] if seeds is None else records)
        return
    for record, path in zip(records, paths, strict=True):
        done = f"{record['updates']} updates in {record['seconds']:.0f} s"
        print(f"{record['transitions']} transitions, {done}: {loss_text(record['losses'][-1])}")
        if record["metrics"]:
            print(", ".join(f"{name} {value:.3f}" for name, value in record["metrics"][-1].items() if name != "step"))
        print(f"The result is {path}.")


def main() -> NoReturn:
    """Run the command."""
    run(app)


if __name__ == "__main__":
    main()
