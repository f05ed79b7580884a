"""Files of the track `selection`: `states.json`, the logged states with their exact values, and one file a method.

Embeddings are not in them; whoever scores the states anew needs the recording they come from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from leaderboards.document import read_document
from leaderboards.run import About, Model, Trained, digest
from leaderboards.selection import Floats, Scores, States

STATES_FORMAT, SCORES_FORMAT = "webvoyager-gym-selection-states", "webvoyager-gym-selection-scores"
VERSION = 1
STATES_FILE = "states.json"
FOLDER = "selection"


def states_text(states: States) -> str:
    """The text of the file of states."""
    rows = [
        [task, way, _numbers(values)]
        for task, way, values in zip(states.tasks, states.ways, states.values, strict=True)
    ]
    document = {
        "format": STATES_FORMAT,
        "version": VERSION,
        "name": states.name,
        "gamma": states.gamma,
        "states": rows,
    }
    return _text(document, "states")


def scores_text(scores: Scores) -> str:
    """The text of a method's file."""
    about = scores.about
    document = {
        "format": SCORES_FORMAT,
        "version": VERSION,
        "id": about.id,
        "name": about.name,
        "description": about.description,
        "link": about.link,
        "date": about.date,
        "states_sha256": scores.states_sha256,
        "are_values": scores.are_values,
        "models": [[model.seed, model.sha256, model.parameters] for model in scores.models],
        "trained": None if scores.trained is None else [scores.trained.dataset, scores.trained.sha256],
        "scores": [[_numbers(row) for row in seed] for seed in scores.scores],
    }
    return _text(document, "scores")


def load_selection(results: Path) -> tuple[States | None, tuple[Scores, ...]]:
    """The logged states and what every method thinks of them; None and nothing before there are any.

    Raises:
        InvalidFile: a file is damaged, was changed, or scores other states.
    """
    path = results / FOLDER / STATES_FILE
    if not path.is_file():
        return None, ()
    states = read_document(path, STATES_FORMAT, VERSION, _states)
    methods = []
    for each in sorted(path.parent.glob("*.json")):
        if each.name != STATES_FILE:
            methods.append(read_document(each, SCORES_FORMAT, VERSION, lambda document: _scores(document, states)))
    return states, tuple(methods)


def _states(document: Mapping[str, Any]) -> States:
    rows = document["states"]
    values = _padded([row[2] for row in rows])
    if not rows or np.isnan(values).all(axis=1).any():
        raise ValueError("it holds no states, or one without candidates")
    if np.nanmin(values) < 0 or np.nanmax(values) > 1:
        raise ValueError("a value lies outside 0 to 1, where discounted returns of the reward lie")
    tasks, ways = (tuple(str(row[column]) for row in rows) for column in (0, 1))
    return States(document["name"], float(document["gamma"]), tasks, ways, values, document["sha256"])


def _scores(document: Mapping[str, Any], states: States) -> Scores:
    if document["states_sha256"] != states.sha256:
        raise ValueError("it scores other states than those of states.json")
    count, width = states.values.shape
    scores = np.stack([_padded(seed, width) for seed in document["scores"]])
    if scores.shape[1:] != (count, width) or (np.isnan(scores) != np.isnan(states.values)).any():
        raise ValueError(f"it does not score each candidate of the {count} states, and nothing else")
    trained = document["trained"]
    return Scores(
        about=About(*(str(document[name]) for name in ("id", "name", "description", "link", "date"))),
        states_sha256=states.sha256,
        are_values=bool(document["are_values"]),
        models=tuple(Model(int(seed), str(sha256), int(size)) for seed, sha256, size in document["models"]),
        trained=None if trained is None else Trained(str(trained[0]), str(trained[1])),
        scores=scores,
    )


def _padded(rows: Sequence[Sequence[float]], width: int = 0) -> Floats:
    """(S, N) with nan where a row is shorter."""
    padded = np.full((len(rows), max([width, *map(len, rows)])), np.nan)
    for at, row in enumerate(rows):
        padded[at, : len(row)] = row
    return padded


def _numbers(row: Floats) -> list[float]:
    return [round(float(value), 5) for value in row if not np.isnan(value)]


def _text(document: dict[str, Any], long: str) -> str:
    """JSON with a line for each element of one long list."""
    rows = ",\n".join(json.dumps(row, separators=(",", ":"), allow_nan=False) for row in document[long])
    head = {key: value for key, value in document.items() if key != long}
    head["sha256"] = digest(document)
    return f'{json.dumps(head, ensure_ascii=False, indent=1)[:-2]},\n "{long}": [\n{rows}\n]\n}}\n'
