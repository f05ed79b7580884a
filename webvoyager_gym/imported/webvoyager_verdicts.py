"""What WebVoyager's judge printed, `evaluation.log`: a verdict a task, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from webvoyager_gym.errors import InvalidFile, NotFound

LONGEST_REASON = 2000
"""Longer reasons are cut, in characters."""

_HEADING = re.compile(r"^-{10,} (?P<folder>.+) -{10,}$", re.MULTILINE)
_VERDICT = re.compile(r"^Auto_eval_res: (?P<verdict>0|1|None)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judge on a task.

    Attributes:
        success: None if it came to no verdict.
        reason: its words; "" if they were not kept.
    """

    success: bool | None
    reason: str = ""


def read_verdicts(path: Path) -> dict[str, Verdict]:
    """The verdicts by the name of the task's folder. A task without an answer is not judged, and is not among them.

    Raises:
        NotFound: there is no such file.
        InvalidFile: there are no verdicts in it.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}; name what WebVoyager's auto_eval.py printed.") from error
    headings = list(_HEADING.finditer(text))
    if not headings:
        raise InvalidFile(f"{path} is not what WebVoyager's auto_eval.py printed: no task is named in it.")
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    return dict(
        _judged(heading, text[heading.end() : end])
        for heading, end in zip(headings, ends, strict=True)
        if _VERDICT.search(text, heading.end(), end)
    )


def _judged(heading: re.Match[str], said: str) -> tuple[str, Verdict]:
    verdict = _VERDICT.search(said)
    assert verdict is not None
    reason = "\n".join(_reason(said[: verdict.start()].splitlines()))
    success = {"1": True, "0": False}.get(verdict["verdict"])
    return PurePosixPath(heading["folder"].replace("\\", "/")).name, Verdict(success, reason.strip()[:LONGEST_REASON])


def _reason(lines: list[str]) -> Iterator[str]:
    """The judge's words: what stands below the question, which is one line that begins as a dictionary does."""
    question = next((place for place, line in enumerate(lines) if line.startswith("{'role'")), None)
    return iter(lines[question + 1 :] if question is not None else [])
