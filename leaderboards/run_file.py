"""The file of a run: compact JSON, a line a task, with a checksum over all of it. `run.schema.json` describes it.

A run of 643 tasks and 5 seeds takes about 250 kB. Reading checks every field; what a file says in words and numbers is
held against its episodes by `leaderboards.check`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leaderboards.protocol import TaskList
from leaderboards.run import COSTS, ID, SHA256, About, Model, Run, Trained, choices_text, digest, read_choices
from webvoyager_gym.errors import InvalidFile, NotFound
from webvoyager_gym.fields import read_field
from webvoyager_gym.result_file import result_json
from webvoyager_gym.results import EpisodeRow, Result

FORMAT = "webvoyager-gym-run"
VERSION = 1
COLUMNS = ("seed", "success", "failure", "choices", "attempts", "seconds", *(f"cost_{name}" for name in COSTS))
"""What an episode's row holds."""
LARGEST = 16 * 2**20
"""Bytes of the longest file that is read."""
FIGURES = ("success", "low", "high", "episodes", "failures", "steps", "seconds", "cost")
"""Stated for people and tools that do not work them out; as `evaluate --json` gives them."""


def run_json(run: Run) -> dict[str, Any]:
    """The run as a JSON document, its checksum included."""
    sites: dict[str, dict[str, list[Any]]] = {}
    for episode in run.episodes:
        sites.setdefault(episode.site, {}).setdefault(episode.task, []).append(_row(episode))
    document = {
        "format": FORMAT,
        "version": VERSION,
        "track": run.track,
        "id": run.about.id,
        "name": run.about.name,
        "description": run.about.description,
        "link": run.about.link,
        "date": run.about.date,
        "agent": run.agent,
        "tasks": {
            "suite": run.tasks.suite,
            "split": run.tasks.split,
            "version": run.tasks.version,
            "sha256": run.tasks.sha256,
            "count": run.tasks.count,
        },
        "made_with": dict(run.made_with),
        "models": [
            {"seed": model.seed, "sha256": model.sha256, "parameters": model.parameters} for model in run.models
        ],
        "trained": None if run.trained is None else {"dataset": run.trained.dataset, "sha256": run.trained.sha256},
        "source_sha256": run.source_sha256,
        "figures": figures(run.result),
        "columns": list(COLUMNS),
        "episodes": sites,
    }
    return document | {"sha256": digest(document)}


def figures(result: Result) -> dict[str, Any]:
    """The figures of a result of one agent, as its file states them."""
    (agent,) = result_json(result)["agents"]
    return {name: agent[name] for name in FIGURES}


def run_text(run: Run) -> str:
    """The text of a run's file."""
    document = run_json(run)
    sites = document.pop("episodes")
    sha256 = document.pop("sha256")
    head = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)[:-2]
    blocks = ",\n".join(
        f"  {_dumps(site)}: {{\n"
        + ",\n".join(f"   {_dumps(task)}: {_dumps(rows)}" for task, rows in tasks.items())
        + "}"
        for site, tasks in sites.items()
    )
    return f'{head},\n "episodes": {{\n{blocks}}},\n "sha256": "{sha256}"\n}}\n'


def load_run(path: Path) -> Run:
    """Read a run.

    Raises:
        NotFound: there is no such file.
        InvalidFile: it is damaged, something else, of another version, or was changed after it was written.
    """
    if not path.is_file():
        raise NotFound(f"There is no run at {path}; make one with `python -m leaderboards.evaluate`.")
    if path.stat().st_size > LARGEST:
        raise InvalidFile(f"{path} has {path.stat().st_size} bytes; a run has at most {LARGEST}.")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InvalidFile(f"{path} is no whole JSON document ({error}); bring it again.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InvalidFile(f"{path} is no run; name a file that `python -m leaderboards.evaluate` wrote.")
    if document.get("version") != VERSION:
        raise InvalidFile(
            f"{path} is a run of version {document.get('version')!r} and this checkout reads {VERSION}; evaluate again."
        )
    try:
        return read_run(document)
    except ValueError as error:
        raise InvalidFile(f"The run {path} cannot be taken: {error}.") from error


def read_run(document: Mapping[str, Any]) -> Run:
    """A run from what `run_json` made of it.

    Raises:
        ValueError: it is not that, was changed since, or its figures are not those of its episodes; the message says
            what.
    """
    stated = read_field(document, "sha256", str)
    try:
        found = digest(document)
    except (ValueError, UnicodeEncodeError) as error:
        raise ValueError(f"it holds what JSON does not have ({error})") from error
    if stated != found:
        raise ValueError(f"its checksum is {found[:12]}…, not {stated[:12]}… as it says, so it was changed or cut off")
    if document.get("columns") != list(COLUMNS):
        raise ValueError(f"its columns are {document.get('columns')!r}; expected {list(COLUMNS)!r}")
    about = About(*(read_field(document, name, str) for name in ("id", "name", "description", "link", "date")))
    if not ID.fullmatch(about.id):
        raise ValueError(f"its id is {about.id[:60]!r}; expected up to 40 lower-case letters, digits and hyphens")
    tasks, trained = read_field(document, "tasks", dict), document.get("trained")
    run = Run(
        track=read_field(document, "track", str),
        about=about,
        agent=read_field(document, "agent", str),
        tasks=TaskList(
            suite=read_field(tasks, "suite", str),
            split=read_field(tasks, "split", str),
            version=read_field(tasks, "version", str),
            sha256=_sha256(tasks, "sha256"),
            count=read_field(tasks, "count", int),
        ),
        made_with=read_field(document, "made_with", dict),
        models=tuple(
            Model(read_field(model, "seed", int), _sha256(model, "sha256"), read_field(model, "parameters", int))
            for model in read_field(document, "models", list)
        ),
        trained=None if trained is None else Trained(read_field(trained, "dataset", str), _sha256(trained, "sha256")),
        source_sha256=_sha256(document, "source_sha256"),
        episodes=tuple(
            _episode(about.id, site, task, tasks["split"], row)
            for site, by_task in read_field(document, "episodes", dict).items()
            for task, rows in _items(by_task)
            for row in rows
        ),
    )
    _check_figures(read_field(document, "figures", dict), run)
    return run


def _check_figures(stated: Mapping[str, Any], run: Run) -> None:
    """Intervals may differ in the third place, since another numpy may draw other resamples."""
    if not run.episodes:
        raise ValueError("it holds no episodes")
    found = figures(run.result)
    for name in FIGURES:
        loose = name in ("low", "high")
        if _differ(stated.get(name), found[name], 0.005 if loose else 0.002):
            raise ValueError(f"it states {name} {stated.get(name)!r}, but its episodes give {found[name]!r}")


def _differ(stated: Any, found: Any, tolerance: float) -> bool:
    if isinstance(found, dict) and isinstance(stated, dict):
        return stated.keys() != found.keys() or any(_differ(stated[key], found[key], tolerance) for key in found)
    if isinstance(found, float) and isinstance(stated, int | float) and not isinstance(stated, bool):
        return not math.isclose(stated, found, rel_tol=1e-4, abs_tol=tolerance)
    return type(stated) is not type(found) or stated != found


def _row(episode: EpisodeRow) -> list[Any]:
    return [
        episode.seed,
        None if episode.failure else int(episode.success),
        episode.failure,
        choices_text(episode.trace),
        episode.attempts,
        round(episode.seconds, 2),
        *(_plain(round(float(episode.cost.get(name, 0.0)), 3)) for name in COSTS),
    ]


def _episode(agent: str, site: str, task: str, split: str, row: Any) -> EpisodeRow:
    if not isinstance(row, list) or len(row) != len(COLUMNS):
        raise ValueError(f"an episode of {task[:80]!r} has the row {str(row)[:60]}; expected {len(COLUMNS)} columns")
    seed, success, failure, choices, attempts, *numbers = row
    whole = all(isinstance(number, int) and not isinstance(number, bool) for number in (seed, attempts))
    if not whole or seed < 0 or not isinstance(failure, str) or not isinstance(choices, str):
        raise ValueError(f"an episode of {task[:80]!r} has the row {str(row)[:60]}; expected {', '.join(COLUMNS)}")
    if (success is None) != bool(failure) or success not in (None, 0, 1) or isinstance(success, bool | float):
        raise ValueError(
            f"{task} with seed {seed} has success {success!r} and failure {failure!r}; expected 0 or 1 without a "
            "failure, or null with one"
        )
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number < 1e12:
            raise ValueError(f"{task} with seed {seed} cost {str(number)[:40]}; expected a number from 0")
    return EpisodeRow(
        agent=agent,
        task=task,
        site=site,
        template="",
        split=split,
        goal="",
        seed=seed,
        success=success == 1,
        failure=failure,
        trace=read_choices(choices),
        seconds=float(numbers[0]),
        cost={name: float(number) for name, number in zip(COSTS, numbers[1:], strict=True)},
        attempts=attempts,
    )


def _items(tasks: Any) -> list[tuple[str, list[Any]]]:
    if not isinstance(tasks, dict) or not all(isinstance(rows, list) for rows in tasks.values()):
        raise ValueError("its episodes are not grouped by site and task")
    return list(tasks.items())


def _sha256(document: Any, name: str) -> str:
    value: str = read_field(document, name, str)
    if not SHA256.fullmatch(value):
        raise ValueError(f"{name!r} is {value[:70]!r}; expected a SHA-256 of 64 hex digits")
    return value


def _plain(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
