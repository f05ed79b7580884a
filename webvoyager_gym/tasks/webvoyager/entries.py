"""WebVoyager's tasks as its files have them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.judge.case import Reference
from webvoyager_gym.tasks.webvoyager.files import REFERENCES, TASKS, read_file


@dataclass(frozen=True, slots=True)
class Entry:
    """A task.

    Attributes:
        id: such as "Booking--5".
        site: such as "Booking".
        question: what is asked, as it was written in the winter of 2023.
        url: where it starts.
        reference: a right answer, where there is one.
    """

    id: str
    site: str
    question: str
    url: str
    reference: Reference | None


def read_entries(folder: Path | None = None) -> tuple[Entry, ...]:
    """All tasks, in the file's order.

    Args:
        folder: with WebVoyager's files; the usual one if None.

    Raises:
        MissingDependency: the files are not there; the message holds the command that brings them.
        InvalidFile: they are something else.
    """
    return parse_entries(read_file(TASKS, folder).decode(), read_file(REFERENCES, folder).decode())


def parse_entries(tasks: str, references: str) -> tuple[Entry, ...]:
    """The tasks of `WebVoyager_data.jsonl` with the answers of `reference_answer.json`.

    Raises:
        InvalidFile: a line is no task, or an id comes twice.
    """
    try:
        answers = json.loads(references)
        entries = tuple(_entry(json.loads(line), answers) for line in tasks.splitlines() if line.strip())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidFile(f"WebVoyager's tasks cannot be read ({error}); bring them again.") from error
    if len({entry.id for entry in entries}) < len(entries):
        raise InvalidFile("WebVoyager's tasks name an id twice; bring them again.")
    return entries


def _entry(row: Mapping[str, Any], references: Mapping[str, Any]) -> Entry:
    match = re.fullmatch(r"(.+)--(\d+)", row["id"])
    if match is None or match[1] != row["web_name"]:
        raise ValueError(f"{row['id']!r} is no id of a task of {row['web_name']}")
    known = (answer for answer in references[row["web_name"]]["answers"] if answer["id"] == int(match[2]))
    reference = next((Reference(answer["type"] == "golden", str(answer["ans"]).strip()) for answer in known), None)
    return Entry(row["id"], row["web_name"], row["ques"].strip(), row["web"], reference)
