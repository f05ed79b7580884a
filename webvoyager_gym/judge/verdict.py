"""What a judge says, and how it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from webvoyager_gym.vlm.loose_json import START, read

Outcome = Literal["success", "failure", "unknown"]
LONGEST_REASON = 1000
"""Longer reasons are cut, in characters."""

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "reason": {"type": "string"},
        "verdict": {"type": "string", "enum": list(get_args(Outcome))},
        "impossible": {"type": "boolean"},
        "blocked": {"type": "boolean"},
    },
    # In this order: a model that writes its reason first has thought before it decides.
    "required": ["reason", "verdict", "impossible", "blocked"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judge on an episode.

    Attributes:
        outcome: "unknown" where what was shown does not decide it.
        reason: in the judge's words.
        impossible: the task cannot be done as it is asked; the outcome then says whether the agent found that out.
        blocked: a captcha, a bot wall or a log-in kept the agent from it.
    """

    outcome: Outcome
    reason: str = ""
    impossible: bool = False
    blocked: bool = False


NO_ANSWER = Verdict("failure", "there is no answer")
"""Of every episode without an answer, whatever was seen; nobody is asked."""


def read_verdict(text: str) -> Verdict | None:
    """A verdict in a model's reply: the last JSON object that is one; None if there is none."""
    found = [verdict for value in _objects(text) if (verdict := _verdict(value)) is not None]
    return found[-1] if found else None


def read_original(text: str) -> Verdict | None:
    """A verdict as WebVoyager's judge gives it, SUCCESS or NOT SUCCESS; the last one counts, None if there is none."""
    found = re.findall(r"\b(NOT[ _-]SUCCESS|UNSUCCESSFUL|SUCCESS)\b", text.replace("*", ""))
    if not found:
        return None
    return Verdict("success" if found[-1] == "SUCCESS" else "failure", text.strip()[:LONGEST_REASON])


def agreed(verdicts: Sequence[Verdict]) -> Verdict:
    """Several votes as one verdict: what all say; "unknown", with the reasons, where they differ."""
    first = verdicts[0]
    if all(verdict.outcome == first.outcome for verdict in verdicts):
        return Verdict(
            first.outcome,
            first.reason,
            all(verdict.impossible for verdict in verdicts),
            all(verdict.blocked for verdict in verdicts),
        )
    said = "; ".join(f"{verdict.outcome}: {verdict.reason}" for verdict in verdicts)
    return Verdict("unknown", f"the votes differ: {said}"[:LONGEST_REASON])


def _objects(text: str) -> Iterator[Any]:
    at = 0
    while (start := START.search(text, at)) is not None:
        found = read(text, start.start())
        at = max(found[1], start.end()) if found is not None else start.end()
        if found is not None:
            yield found[0]


def _verdict(value: Any) -> Verdict | None:
    if not isinstance(value, dict):
        return None
    outcome: Any = str(value.get("verdict", "")).strip().casefold()
    if outcome not in get_args(Outcome):
        return None
    reason = str(value.get("reason", "")).strip()[:LONGEST_REASON]
    return Verdict(outcome, reason, value.get("impossible") is True, value.get("blocked") is True)
