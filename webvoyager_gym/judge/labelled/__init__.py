"""Cases whose truth is known: episodes on the local suite, labelled by the sites' own checks.

`python -m webvoyager_gym.judge.label` makes `cases.json` and the pictures. Kinds: a success; a near miss (another item
was found, and its page is shown); a wrong value (the right pages, another answer); an invented answer (no page of the
visit shows anything of it); no evidence (the agent says that it did what it did not do).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.judge.case import Case, Shot

Kind = Literal["success", "near miss", "wrong value", "invented answer", "no evidence"]
CASES = "cases.json"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A case and its truth.

    Attributes:
        id: its name.
        kind: how it came about.
        success: whether the task was completed, as the site's check says.
        case: what a judge is shown.
    """

    id: str
    kind: Kind
    success: bool
    case: Case


def labelled_cases() -> tuple[Labelled, ...]:
    """All of them. Raises InvalidFile if they are damaged."""
    try:
        return tuple(_cases())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidFile(f"The labelled cases cannot be read ({error}); install the package again.") from error


def _cases() -> Iterator[Labelled]:
    folder = resources.files(__package__)
    pictures: dict[str, Shot] = {}
    for row in json.loads(folder.joinpath(CASES).read_text(encoding="utf-8"))["cases"]:
        for name in row["shots"]:
            if name not in pictures:
                pictures[name] = Shot(folder.joinpath(name).read_bytes())
        shots = tuple(pictures[name] for name in row["shots"])
        yield Labelled(row["id"], row["kind"], row["success"], Case(row["goal"], row["answer"], shots))
