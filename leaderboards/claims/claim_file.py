"""The file of a claim: what was measured, episode by episode, and the verdict that follows from it.

One JSON document with a checksum over all of it. Verdict and effect are worked out anew when it is read, and held
against what it states.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from leaderboards.claims.every import CLAIMS
from leaderboards.claims.measured import KINDS, Acted, Measured
from leaderboards.claims.verdict import Judgement, judge
from leaderboards.document import estimate_json, read_document
from leaderboards.run import digest
from webvoyager_gym.errors import InvalidFile

FORMAT = "webvoyager-gym-claim"
VERSION = 1
FOLDER = "claims"
NOT_RUN = "not run"


@dataclass(frozen=True)
class Tried:
    """What came of trying out a claim.

    Attributes:
        id: of the claim.
        measured: None if it could not be run.
        judgement: likewise.
        needs: what it would have needed; "" if it was run.
        command: what tries it out.
        made_with: size, split, proposer, commit, versions, machine, date.
    """

    id: str
    measured: Measured | None
    judgement: Judgement | None
    needs: str
    command: str
    made_with: Mapping[str, Any]

    @property
    def verdict(self) -> str:
        """The judgement's, or "not run"."""
        return self.judgement.verdict if self.judgement is not None else NOT_RUN


def tried_text(tried: Tried) -> str:
    """The text of a claim's file."""
    measured, judgement = tried.measured, tried.judgement
    document: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "id": tried.id,
        "sentence": CLAIMS[tried.id].sentence,
        "verdict": tried.verdict,
        "needs": tried.needs,
        "effect": effect_json(judgement),
        "command": tried.command,
        "made_with": dict(tried.made_with),
        "tasks": [] if measured is None else list(measured.tasks),
        "arms": [] if measured is None else [_arm(arm) for arm in measured.arms],
    }
    return json.dumps(document | {"sha256": digest(document)}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def load_tried(results: Path) -> tuple[Tried, ...]:
    """What came of the claims, in their order; those that nobody has tried out are not there.

    Raises:
        InvalidFile: a file is damaged, was changed, is of no claim, or its verdict does not follow from its episodes.
    """
    folder = results / FOLDER
    for path in sorted(folder.glob("*.json")):
        if path.stem not in CLAIMS:
            raise InvalidFile(f"{path} is of no claim; there are {', '.join(CLAIMS)}.")
    return tuple(_loaded(path) for id in CLAIMS if (path := folder / f"{id}.json").is_file())


def _loaded(path: Path) -> Tried:
    tried = read_document(path, FORMAT, VERSION, _tried)
    if tried.id != path.stem:
        raise InvalidFile(f"{path} cannot be taken: it holds the claim {tried.id}, and is named after another.")
    return tried


def _tried(document: Mapping[str, Any]) -> Tried:
    tried = Tried(document["id"], None, None, document["needs"], document["command"], document["made_with"])
    if document["verdict"] == NOT_RUN:
        return tried
    measured = Measured(tuple(document["tasks"]), tuple(_acted(arm, document["tasks"]) for arm in document["arms"]))
    judgement = judge(CLAIMS[tried.id].effect(measured), measured)
    found, stated = effect_json(judgement), document["effect"]
    assert found is not None
    # Another numpy may draw other resamples.
    near = all(_near(stated[name], found[name]) for name in ("value", "low", "high"))
    if not near or (stated["verdict"], document["verdict"]) != (judgement.verdict,) * 2:
        raise ValueError(f"it states {stated!r}, but its episodes give {found!r}")
    return replace(tried, measured=measured, judgement=judgement)


def _near(stated: float | None, found: float | None) -> bool:
    if stated is None or found is None:
        return stated is found
    return math.isclose(stated, found, rel_tol=0.02, abs_tol=0.005)


def effect_json(judgement: Judgement | None) -> dict[str, Any] | None:
    """What decided a claim, as JSON; None of what was not run."""
    if judgement is None:
        return None
    return {
        "words": judgement.words,
        "unit": judgement.unit,
        **estimate_json(judgement.effect),
        "counted": judgement.counted,
        "verdict": judgement.verdict,
    }


def _arm(arm: Acted) -> dict[str, Any]:
    return {
        "id": arm.id,
        "label": arm.label,
        "agent": arm.agent,
        "n": arm.n,
        "line": arm.line,
        "at": arm.at,
        "learned": dict(arm.learned),
        "ends": " ".join(arm.ends),
        "tokens": " ".join(",".join(f"{cell:.0f}" for cell in row) for row in arm.tokens),
    }


def _acted(row: Mapping[str, Any], tasks: list[str]) -> Acted:
    ends = tuple(row["ends"].split(" "))
    tokens = np.array([[float(cell) for cell in word.split(",")] for word in row["tokens"].split(" ")])
    if len(ends) != len(tasks) or tokens.shape != (len(tasks), len(ends[0])) or {*"".join(ends)} - KINDS.keys():
        raise ValueError(f"the arm {row['id']!r} has not an end and a cost for each task and seed")
    return Acted(
        id=row["id"],
        label=row["label"],
        agent=row["agent"],
        n=row["n"],
        line=row["line"],
        at=row["at"],
        ends=ends,
        tokens=tokens,
        learned=row["learned"],
    )
