"""What each option is worth: `python -m algorithms.ablate --dataset ID --out FOLDER`.

    python -m algorithms.ablate --dataset local/demo-v0 --out runs/ablation --seeds 0,1,2 --tasks 150

It trains an algorithm as it is and once for every option (`algorithms.ablation.VARIANTS`, or those of `--variant`),
each with the same seeds side by side, and tables what the trainings measured on the validation split with the
differences to the base. With `--tasks` all of them act on so many validation tasks too. The table is in
`ablation.json`, the trainings in a folder each. Interrupted, the same command goes on where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from algorithms.ablation import BASE, METRICS, VARIANTS, Row, folder_name, rows
from algorithms.agent import load_values_agent
from algorithms.command import run
from algorithms.configure import configure
from algorithms.options import Algo, DatasetName, Device, Settings, Updates, numbers_of
from algorithms.run import MODEL_FILE, RECORD_FILE
from algorithms.training import Options, train_seeds
from webvoyager_gym import cli, load_dataset
from webvoyager_gym.cli.options import Cache, Embedder, MaxSteps, NCandidates, Proposer, Tree, Workers, env_options
from webvoyager_gym.errors import NotFound, WebVoyagerError
from webvoyager_gym.evaluate import evaluate
from webvoyager_gym.result_file import load_result
from webvoyager_gym.results import EpisodeRow, Result
from webvoyager_gym.stats import Estimate
from webvoyager_gym.tasks import draw_tasks, load_suite

ABLATION_FILE, EVALUATION_FILE = "ablation.json", "evaluation.json"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help="Train an algorithm with and without each option; table the differences on validation data.")
def command(
    dataset: DatasetName,
    out: Annotated[Path, typer.Option(help="Folder to write to.", show_default=False)],
    algo: Algo = "iql",
    variant: Annotated[
        list[str] | None,
        typer.Option(help="Settings to try, as in 'n_critics=4 pessimism=2'. Repeatable.", show_default="every option"),
    ] = None,
    setting: Settings = None,
    steps: Updates = 5000,
    seeds: Annotated[str, typer.Option(help="As in 0,1,2; trained side by side.")] = "0,1,2",
    device: Device = "auto",
    validation: Annotated[str, typer.Option(help="Split to measure on, and of the tasks.")] = "validation",
    tasks: Annotated[int, typer.Option(min=0, help="Tasks of the local suite to act on as well; 0 for none.")] = 0,
    proposer: Proposer = "pocket",
    embedder: Embedder = "same",
    n: NCandidates = 3,
    max_steps: MaxSteps = 15,
    cache: Cache = None,
    tree: Tree = None,
    workers: Workers = 1,
    as_json: cli.Json = False,
) -> None:
    variants = [BASE, *(variant or VARIANTS)]
    try:
        shared = setting or []
        configs = {each: configure(algo, [*shared, *(each.split() if each != BASE else [])]) for each in variants}
    except (NotFound, ValueError) as error:
        raise typer.BadParameter(str(error)) from error
    numbers = numbers_of(seeds)
    data = load_dataset(dataset)
    folders = {each: [out / folder_name(each, seed) for seed in numbers] for each in variants}
    options = Options(validation=validation, resume=True)
    with cli.progress() as bars:
        for each, config in configs.items():
            of_seeds = dict(zip(numbers, folders[each], strict=True))
            if missing := {seed: folder for seed, folder in of_seeds.items() if not _done(folder, steps)}:
                train_seeds(data, config, steps, missing, device, progress=bars, options=options)
    records = {each: [_record(folder) for folder in folders[each]] for each in variants}
    _check(records, {each: config.serialize_to_dict() for each, config in configs.items()}, data.id, steps)
    if not records[BASE][0]["metrics"] and not tasks:
        raise WebVoyagerError(f"The dataset has no episode of split {validation!r} to measure on; act, with --tasks N.")
    result = None
    if tasks:
        options_of_env = env_options("local", proposer, embedder, n, max_steps, cache)
        result = _evaluated(folders, out / EVALUATION_FILE, tasks, validation, options_of_env, workers, tree)
    agents = {each: [f"values:{folder.name}" for folder in folders[each]] for each in variants}
    table = rows(records, result, agents)
    document = {
        "dataset": data.id,
        "vectors_sha256": records[BASE][0]["vectors_sha256"],
        "algorithm": algo,
        "settings": setting or [],
        "steps": steps,
        "seeds": numbers,
        "split": validation,
        "tasks": len(result.tasks) if result is not None else 0,
        "rows": [row.json() for row in table],
    }
    (out / ABLATION_FILE).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    if as_json:
        cli.print_json(document)
    else:
        cli.print_table(*_cells(table))


def _record(folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
    return record


def _check(
    records: Mapping[str, Sequence[Mapping[str, Any]]], configs: Mapping[str, Any], dataset: str, steps: int
) -> None:
    """Raises WebVoyagerError: the folder holds trainings of something else."""
    for variant, of_seeds in records.items():
        wanted = {"config": json.loads(json.dumps(configs[variant])), "dataset": dataset, "updates": steps}
        for record in of_seeds:
            if other := [key for key in wanted if record[key] != wanted[key]]:
                raise WebVoyagerError(
                    f"There is a training of {variant!r} with another {' and '.join(other)}; give another --out."
                )


def _done(folder: Path, steps: int) -> bool:
    """Whether so many updates are behind a training; whether it is the right one is seen from its record."""
    return (folder / RECORD_FILE).is_file() and _record(folder)["updates"] >= steps


def _evaluated(
    folders: Mapping[str, Sequence[Path]],
    out: Path,
    tasks: int,
    split: str,
    env: Mapping[str, Any],
    workers: int,
    tree: str | None,
) -> Result:
    """Every training acting on the same tasks, one episode each: seeds of the training are the seeds."""
    agents = [load_values_agent(str(folder / MODEL_FILE)) for of_seeds in folders.values() for folder in of_seeds]
    drawn = draw_tasks(load_suite("local"), tasks, split=split)
    if out.is_file() and all(agent.path.stat().st_mtime < out.stat().st_mtime for agent in agents):
        found = load_result(out)
        if found.names == tuple(agent.name for agent in agents) and len(found.tasks) == len(drawn):
            return found
    with cli.progress() as bars:
        bar = bars.add_task("evaluate", total=len(agents) * len(drawn))

        def show(done: int, total: int, last: EpisodeRow) -> None:
            bars.update(bar, total=total, completed=done, description=f"evaluate ({last.agent})")

        return evaluate(
            agents, drawn, env_options=env, out=out, workers=workers, tree=tree, progress=show, keep_screenshots=0
        )


def _cells(table: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Columns and cells for people: means over the seeds, and differences with their intervals."""
    named = [name for name in METRICS if name in table[0].metrics]
    acted = table[0].success is not None
    columns = ["variant", *(title for name in named for title in (name, "to base, 95 %"))]
    columns += ["success", "to base, 95 %"] if acted else []
    cells = []
    for row in table:
        line = [row.variant]
        for name in named:
            mean = sum(row.metrics[name]) / len(row.metrics[name])
            line += [f"{mean:.3f}", _interval(row.differences[name], 1, 3) if name in row.differences else ""]
        if row.success is not None:
            against = row.against_base
            line += [f"{100 * row.success.value:.1f}", _interval(against.difference, 100, 1) if against else ""]
        cells.append(line)
    return columns, cells


def _interval(estimate: Estimate, scale: float, digits: int) -> str:
    value, low, high = (f"{scale * each:+.{digits}f}" for each in (estimate.value, estimate.low, estimate.high))
    return f"{value} ({low} to {high})"


def main() -> NoReturn:
    """Run the command."""
    run(app)


if __name__ == "__main__":
    main()
