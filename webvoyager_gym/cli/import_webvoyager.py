"""`webvoyager-gym datasets import-webvoyager`: the results of WebVoyager's own program as a dataset."""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from webvoyager_gym.cli.printing import Json, fail, print_json, progress


def import_webvoyager(
    folder: Annotated[
        Path, typer.Argument(help="Folder with a folder task<id> for each task, at any depth.", show_default=False)
    ],
    out: Annotated[str, typer.Option(help="Id of the dataset, <namespace>/<name>-v<number>.", show_default=False)],
    evaluation: Annotated[
        Path | None,
        typer.Option(
            help="What auto_eval.py printed.", show_default="evaluation.log in or beside the folder, if it is there"
        ),
    ] = None,
    model: Annotated[str, typer.Option(help="Name of the VLM that acted, for the record.", show_default=False)] = "",
    as_json: Json = False,
) -> None:
    """Make a dataset of what WebVoyager's own program recorded. What cannot be translated is named on stderr."""
    from webvoyager_gym.data import Recorder, datasets_folder, finalize
    from webvoyager_gym.data.ids import ID
    from webvoyager_gym.imported.webvoyager import POLICY, find_verdicts, read_task, task_folders
    from webvoyager_gym.imported.webvoyager_verdicts import read_verdicts

    if not re.fullmatch(ID, out):
        raise typer.BadParameter(
            f"{out!r} is no dataset id; write <namespace>/<name>-v<number>, such as live/gpt4v-v0."
        )
    target = datasets_folder() / out
    if target.exists():
        fail(f"There is a dataset {out} in {target} already, and datasets never change; raise the version in the id.")
    tasks = task_folders(folder)
    evaluation = evaluation or find_verdicts(folder)
    verdicts = read_verdicts(evaluation) if evaluation is not None else {}
    datasets_folder().mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    endings: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(dir=datasets_folder(), prefix=".import-") as shards:
        with progress() as bars, Recorder(shards) as recorder:
            for task in bars.track(tasks, description="import"):
                read = read_task(task, verdicts, model)
                problems += [f"{read.folder}: {problem}" for problem in read.problems]
                if read.episode is not None:
                    recorder.write(read.episode)
                    endings[read.episode.failure or ("completed" if read.episode.success else "not completed")] += 1
        for problem in problems:
            print(problem, file=sys.stderr)
        if not endings:
            fail(f"Nothing in {folder} can be recorded, for the reasons above.")
        made = {
            "suite": "webvoyager",
            "policy": POLICY,
            "proposer": model or None,
            "embedder": None,
            "n_candidates": 1,
            "imported_from": "WebVoyager result folders",
            "judged": evaluation is not None,
        }
        dataset = finalize(shards, target, id=out, metadata=made)
    if as_json:
        from webvoyager_gym.cli.datasets import describe

        print_json(describe(out) | {"endings": dict(endings), "problems": problems})
        return
    counts = ", ".join(f"{count} {_ENDINGS.get(ending, f'broken off ({ending})')}" for ending, count in endings.items())
    print(f"{out}: {len(dataset)} of {len(tasks)} tasks with {dataset.metadata['total_steps']} steps: {counts}")
    if endings["judge"]:
        print("Answers without a verdict count for nobody; give WebVoyager's own with --evaluation.")


_ENDINGS = {"completed": "completed", "not completed": "not completed", "judge": "answered and not judged"}
