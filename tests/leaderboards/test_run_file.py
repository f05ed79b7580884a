"""A run's file: what is written is read again, and what was changed is not taken."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboards.protocol import HERE
from leaderboards.run import choices_text, digest, read_choices
from leaderboards.run_file import COLUMNS, load_run, read_run, run_json, run_text
from tests.leaderboards.made_up import made_run, task_ids
from webvoyager_gym.errors import InvalidFile, NotFound
from webvoyager_gym.results import Proposal, StepRow

Document = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> Document:
    return run_json(made_run("iql", task_ids(20), seeds=2))


def first_row(document: Document) -> list[Any]:
    row: list[Any] = next(iter(next(iter(document["episodes"].values())).values()))[0]
    return row


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    run = made_run("iql", task_ids(20), seeds=2)
    path = tmp_path / "iql.json"
    path.write_text(run_text(run), encoding="utf-8")
    again = load_run(path)
    assert again == run
    assert run_text(again) == run_text(run)
    assert again.summary == run.summary


def test_a_whole_run_is_small_and_by_the_schema(iql_text: str) -> None:
    assert len(iql_text) < 400_000
    schema = json.loads((HERE / "run.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(iql_text)
    assert not [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(document)]
    assert schema["properties"]["columns"]["const"] == list(COLUMNS)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("success", 2),
        ("success", True),
        ("failure", "rain"),
        ("choices", "3.100"),
        ("attempts", 0),
        ("seconds", -1),
        ("cost_passes", "six"),
        ("seed", -1),
    ],
)
def test_the_schema_and_the_reader_refuse_the_same_rows(document: Document, column: str, value: Any) -> None:
    from leaderboards.check import problems

    changed = copy.deepcopy(document)
    first_row(changed)[COLUMNS.index(column)] = value
    changed["sha256"] = digest(changed)
    schema = json.loads((HERE / "run.schema.json").read_text(encoding="utf-8"))
    by_schema = any(jsonschema.Draft202012Validator(schema).iter_errors(changed))
    try:
        refused = bool(set(problems(read_run(changed))) - set(problems(read_run(document))))
    except ValueError:
        refused = True
    assert refused
    # That a choice is one of the candidates, and that true is not 1, JSON Schema cannot say.
    assert by_schema or (column, value) in {("choices", "3.100"), ("success", True)}


def test_a_row_that_was_changed_breaks_the_checksum(document: Document) -> None:
    changed = copy.deepcopy(document)
    first_row(changed)[1] = 1 - int(first_row(changed)[1] or 0)
    with pytest.raises(ValueError, match="checksum"):
        read_run(changed)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda document: document["figures"].update(success=0.99), "states success 0.99"),
        (lambda document: document["figures"].update(low=0.9), "states low"),
        (lambda document: document["figures"]["failures"].update(good_not_chosen=0), "states failures"),
        (lambda document: document["figures"]["cost"].update(tokens_in=1.0), "states cost"),
        (lambda document: document["figures"].pop("steps"), "states steps"),
        (lambda document: document.update(episodes={}), "no episodes"),
        (lambda document: document.update(columns=["seed"]), "columns"),
        (lambda document: document.update(id="../iql"), "its id is"),
        (lambda document: document.pop("tasks"), "'tasks' is missing"),
        (lambda document: document["models"][0].update(sha256="none"), "expected a SHA-256"),
        (lambda document: first_row(document).pop(), "columns"),
        (lambda document: first_row(document).__setitem__(3, "0.100 x"), "no choice"),
    ],
)
def test_a_changed_file_with_a_new_checksum_is_found_out(
    document: Document, change: Callable[[Document], object], reason: str
) -> None:
    changed = copy.deepcopy(document)
    change(changed)
    changed["sha256"] = digest(changed)
    with pytest.raises(ValueError, match=reason):
        read_run(changed)


def test_damaged_files_are_named_with_the_reason(tmp_path: Path, document: Document) -> None:
    text = json.dumps(document)
    path = tmp_path / "run.json"
    for content, reason in (
        (text[: len(text) // 2], "no whole JSON"),
        ("[]", "is no run"),
        (text.replace('"version": 1', '"version": 2', 1), "version 2"),
        ("[" * 100_000, "no whole JSON"),
        (text.replace('"name": "Iql"', '"name": "Best"'), "checksum"),
    ):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(InvalidFile, match=reason):
            load_run(path)
    with pytest.raises(NotFound):
        load_run(tmp_path / "none.json")


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 8), st.integers(0, 7), st.lists(st.booleans(), min_size=8, max_size=8), st.booleans()),
        max_size=15,
    )
)
def test_choices_survive_being_written(steps: list[tuple[int, int, list[bool], bool]]) -> None:
    trace = tuple(
        StepRow("", "", (Proposal(""),) * n, chosen % n, best=tuple(best[:n]) if known else None)
        for n, chosen, best, known in steps
    )
    assert read_choices(choices_text(trace)) == trace
