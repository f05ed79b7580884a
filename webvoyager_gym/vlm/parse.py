"""From a model's text to actions that can be executed on the page they were proposed for.

`read_action` reads a text that is one action and nothing else. `read_reply` reads a whole reply: actions on lines of
their own, numbered, in bullets or code fences, with thoughts before or behind them, or as JSON. Both end in the one
grammar of `webvoyager_gym.actions`.

What is no action on its own is not searched for actions: a sentence that speaks of `click [3]`, or an answer that
quotes it, is no click.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from webvoyager_gym.actions import FIELD_ROLES, KINDS, Action, ActionError, parse
from webvoyager_gym.types import Candidate, Mark, PageView
from webvoyager_gym.vlm import loose_json
from webvoyager_gym.vlm.spelling import listed_action

LONGEST_REPLY = 20_000
"""What a reply says beyond so many characters is not read."""
LONGEST_THOUGHT = 300
MOST_LINES = 12
"""Lines that one quoted text may go over."""

_THINKING = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_THOUGHT_ENDS = re.compile(r"</(?:think|thinking|reasoning)>", re.IGNORECASE)
_FENCE = re.compile(r"\s*(?:```|~~~)\s*\w*\s*$")
_MARKER = re.compile(r"\s*(?:[-*•+>]\s+|#{1,6}\s+|[*_]{0,2}\(?(?:\d{1,2}|[A-Ha-h])[.)][*_]{0,2}\s+)")
_WRAPPING = "*_` \t"
_LABEL = re.compile(
    r"""["'“*_]*(?:next[ _])?(?:action|option|candidate|proposal|choice|command)s?[ _]?"""
    r"""(?:\#?\d{1,2}|[A-H](?=\W))?["'”*_]*\s*[:=]\s*""",
    re.IGNORECASE,
)
_THOUGHT = re.compile(
    r"""["'“*_]*(thought|thinking|plan|observation|reason|reasoning|rationale|why|explanation)s?(?:[ _]\d{1,2})?"""
    r"""["'”*_]*\s*[:=]\s*""",
    re.IGNORECASE,
)
_BEHIND = frozenset({"reason", "reasoning", "rationale", "why", "explanation"})
_INLINE = re.compile(r"(?<=[.!?;|*_])\s*[*_]*Action(?: \d{1,2})?[*_]*\s*[:=]\s*")
_CODE = re.compile(r"`([^`]+)`")
_OPEN = re.compile(r'\w+\s*(?:\[?\d*\]?)\s*"')
_ACTION_KEYS = ("action", "next_action", "command", "act")
_THOUGHT_KEYS = ("thought", "thoughts", "thinking", "reason", "reasoning", "rationale", "why", "explanation")
_MARK_KEYS = ("mark", "element", "element_id", "index", "number", "id", "target", "n")
_ARGUMENT_KEYS = ("text", "argument", "value", "option", "key", "direction", "answer", "content", "input")


@dataclass(frozen=True, slots=True)
class _Found:
    """An action as a reply spells it.

    Attributes:
        start, end: where it stands in the reply, its line or its text in JSON.
    """

    action: Action
    thought: str
    start: int
    end: int


def executable(action: Action, view: PageView) -> Action | None:
    """The action with its text trimmed and its option spelled as on the page; None if it cannot be done there.

    Refused are marks that are not there, text for what takes none, options that a list does not have (unless not all of
    them are known), empty answers.
    """
    trimmed = replace(action, argument=action.argument.strip())
    if trimmed.kind == "answer":
        return trimmed if trimmed.argument else None
    if trimmed.mark is None:
        return trimmed
    mark = view.mark(trimmed.mark)
    if mark is None:
        return None
    if trimmed.kind == "type":
        takes_text = mark.role in FIELD_ROLES or (mark.role == "combobox" and not mark.options)
        return trimmed if takes_text else None
    if trimmed.kind == "select":
        option = _option(mark, trimmed.argument)
        return replace(trimmed, argument=option) if option else None
    return trimmed


def _option(mark: Mark, said: str) -> str:
    """The option of a list that is meant, as it is spelled there; "" if there is none."""
    wanted = said.casefold()
    whole = next((option for option in mark.options if option.casefold() == wanted), "")
    if whole:
        return whole
    if len(wanted) > 1 and wanted.endswith("…"):  # as the outline shortens it
        return next((option for option in mark.options if option.casefold().startswith(wanted[:-1])), "")
    # The browser knows the whole list, and says so if there is no such option.
    return said if mark.more_options else ""


def read_action(text: str, view: PageView) -> Action | None:
    """The action that a text spells, if it can be executed on the page."""
    try:
        return executable(parse(text), view)
    except ActionError:
        return None


def read_reply(text: str, view: PageView, tokens: Sequence[tuple[str, float]] = ()) -> list[Candidate]:
    """The distinct executable actions of a whole reply, in its order, each with its thought.

    Args:
        tokens: the reply's tokens with their log-probabilities, if they are known. An action's log-probability is then
            that of the words it stands in, given what the reply says before them; where a reply has one action
            several times, their probabilities are added. Without tokens it is nan.
    """
    # A lone surrogate is valid in JSON and no valid text.
    text = _without_thinking(text[:LONGEST_REPLY].encode("utf-8", "replace").decode("utf-8"))
    candidates = []
    for found in _found(text):
        action = executable(found.action, view)
        if action is not None:
            thought = " ".join(found.thought.split())[:LONGEST_THOUGHT]
            candidates.append(Candidate(action, _log_prob(tokens, text, found.start, found.end), thought))
    return merged(candidates)


def merged(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each action once, where it first came, with its first thought; known log-probabilities of equals are added."""
    kept: dict[str, Candidate] = {}
    for candidate in candidates:
        before = kept.get(candidate.text)
        if before is None:
            kept[candidate.text] = candidate
            continue
        known = [each for each in (before.log_prob, candidate.log_prob) if not math.isnan(each)]
        log_prob = min(_log_sum(known), 0.0) if known else math.nan
        kept[candidate.text] = replace(before, log_prob=log_prob, thought=before.thought or candidate.thought)
    return list(kept.values())


def _log_sum(values: Sequence[float]) -> float:
    top = max(values)
    return top if math.isinf(top) else top + math.log(sum(math.exp(value - top) for value in values))


def _without_thinking(text: str) -> str:
    """The reply with its hidden reasoning blanked out; places stay what they are."""
    blanked = _THINKING.sub(lambda match: " " * len(match[0]), text)
    ends = list(_THOUGHT_ENDS.finditer(blanked))
    # Some chat templates open the reasoning in the prompt, so that the reply only closes it.
    return " " * ends[-1].end() + blanked[ends[-1].end() :] if ends else blanked


def _log_prob(tokens: Sequence[tuple[str, float]], text: str, start: int, end: int) -> float:
    ends = list(accumulate(len(token) for token, _ in tokens))
    if not ends or ends[-1] < end or end <= start:
        return math.nan
    starts = [0, *ends[:-1]]
    total = sum(
        value for (_, value), first, last in zip(tokens, starts, ends, strict=True) if first < end and last > start
    )
    return min(total, 0.0)


# Finding actions in a reply.


def _found(text: str) -> Iterator[_Found]:
    position, thought = 0, ""
    last: _Found | None = None
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        line = text[position:end]
        after = end + 1
        if line.strip() and not _FENCE.match(line):
            read = _from_line(line)
            if read is None and _OPEN.match(_peel(line)[0]):
                longer = _over_lines(text, position, end)
                if longer is not None:
                    read, after = longer
            label = _THOUGHT.match(_peel(line)[0]) if read is None else None
            if read is not None:
                if last is not None:
                    yield last
                last = _Found(read[0], read[1] or thought, position, after - 1)
                thought = ""
            elif label is not None:
                said = _peel(line)[0][label.end() :].strip(_WRAPPING + "\"',")
                if label[1].lower() in _BEHIND and last is not None and not last.thought:
                    last = replace(last, thought=said)
                else:
                    thought = said
            else:
                value = _json_in(text, position, end)
                if value is not None:
                    if last is not None:
                        yield last
                        last = None
                    entries, after = value
                    yield from entries
                    thought = ""
        position = after
    if last is not None:
        yield last


def _from_line(line: str) -> tuple[Action, str] | None:
    """The action that a line is, and the thought that stands with it."""
    body, listed, slot = _peel(line)
    label = _THOUGHT.match(body)
    if label is not None:
        inline = _INLINE.search(body, label.end())
        if inline is None:
            return None
        read = listed_action(body[inline.end() :].strip(_WRAPPING), slot=True)
        return (read[0], read[1] or body[label.end() : inline.start()].strip(_WRAPPING)) if read else None
    read = listed_action(body, slot=slot, listed=listed)
    if read is not None or not listed:
        return read
    # "1. Open the kettle's page: `click [3]`"
    codes = [code for match in _CODE.finditer(line) if (code := listed_action(match[1])) is not None]
    if len(codes) != 1:
        return None
    return codes[0][0], _MARKER.sub("", _CODE.sub("", line), count=1).strip(_WRAPPING + ":-–—→")


def _peel(line: str) -> tuple[str, bool, bool]:
    """A line without list markers, emphasis and labels; whether it is a list item, and whether it is labelled."""
    body, listed, slot = line.strip(), False, False
    for _ in range(6):
        before = body
        marker = _MARKER.match(body)
        if marker is not None:
            body, listed = body[marker.end() :], True
        label = _LABEL.match(body)
        if label is not None:
            body, slot = body[label.end() :], True
        body = body.lstrip(_WRAPPING)
        if body == before:
            break
    return body.rstrip(_WRAPPING), listed, slot


def _over_lines(text: str, start: int, end: int) -> tuple[tuple[Action, str], int] | None:
    """An action whose quoted text goes on over the next lines, and where the next line begins."""
    for _ in range(MOST_LINES):
        if end >= len(text):
            return None
        following = text.find("\n", end + 1)
        following = len(text) if following < 0 else following
        line = text[end + 1 : following]
        if _from_line(line) is not None or _LABEL.match(line.strip()) or _FENCE.match(line):
            return None
        end = following
        read = _from_line(text[start:end])
        if read is not None:
            return read, end + 1
    return None


# JSON.


def _json_in(text: str, start: int, end: int) -> tuple[list[_Found], int] | None:
    """The actions of the JSON that begins in a line, and where it ends; None if there is none."""
    for opening in loose_json.START.finditer(text, start):
        if opening.start() >= end:
            return None
        value = loose_json.read(text, opening.start())
        if value is None:
            continue
        entries = list(_entries(value[0], ""))
        if entries:
            return list(_placed(entries, text, opening.start(), value[1])), value[1]
    return None


def _placed(entries: Sequence[tuple[str, str]], text: str, start: int, end: int) -> Iterator[_Found]:
    """The entries that are actions, with their places in the reply as far as they can be told."""
    for spelled, thought in entries:
        read = listed_action(_peel(spelled)[0], slot=True)
        if read is None:
            continue
        at = text.find(_inside(spelled), start, end)
        place = (at, at + len(_inside(spelled))) if at >= 0 else (0, 0)
        start = max(start, place[1])
        yield _Found(read[0], thought or read[1], *place)


def _inside(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _entries(value: Any, thought: str) -> Iterator[tuple[str, str]]:
    """(action text, thought) for whatever in a JSON value is an action."""
    if isinstance(value, list | tuple):
        for each in value:
            if isinstance(each, str):
                yield each, thought
            else:
                yield from _entries(each, thought)
    elif isinstance(value, dict):
        fields = {str(key).casefold(): each for key, each in value.items()}
        said = next((fields[key] for key in _THOUGHT_KEYS if isinstance(fields.get(key), str)), thought)
        named = next((fields[key] for key in _ACTION_KEYS if fields.get(key) is not None), None)
        if isinstance(named, str):
            composed = _composed(named, fields)
            yield composed or named, said
        elif named is not None:
            yield from _entries([named] if isinstance(named, dict) else named, said)
        else:
            for key, each in fields.items():
                if key in KINDS and len(fields) <= 2:
                    given = each if isinstance(each, dict) else {"mark" if isinstance(each, int) else "text": each}
                    composed = _composed(key, {str(name).casefold(): part for name, part in given.items()})
                    if composed:
                        yield composed, said
                elif key not in _THOUGHT_KEYS:
                    yield from _entries(each, said)


def _composed(kind: str, fields: dict[str, Any]) -> str | None:
    """The action that a kind and its parts in fields of their own make; None if the kind is not alone."""
    kind = kind.strip().casefold()
    if kind not in KINDS:
        return None
    mark = next((fields[key] for key in _MARK_KEYS if isinstance(fields.get(key), int | str)), None)
    argument = next((fields[key] for key in _ARGUMENT_KEYS if isinstance(fields.get(key), str | int | float)), None)
    if KINDS[kind].mark is None and argument is None:
        argument = mark
    number = re.sub(r"[^\d]", "", str(mark)) if mark is not None and KINDS[kind].mark else ""
    row = KINDS[kind]
    whole = replace(Action(kind), mark=int(number[:5]) if number else None, argument=str(argument or ""))
    if row.mark == "element" and whole.mark is None:
        return None
    return replace(whole, enter=row.enter and fields.get("enter") in (True, "true", "enter")).text


# A pick among candidates.

_CHOICE = re.compile(
    r"""(?i:\b(?:choice|choose|pick|best|option|candidate|answer|decision|select)s?)\b["'”*_]*"""
    r"""(?:\s+(?i:candidate|option|choice|is|one|would\s+be|action))*\s*[:=]?\s*["'“*_`(]*([A-Z]{1,2})\b(?!['’])"""
)
_LABELLED_CHOICE = re.compile(r"""["'“*_]*(?:choice|answer|decision)["'”*_]*\s*[:=]""", re.IGNORECASE)
_LETTER = re.compile(r"""[\s"'“*_`(\[]*([A-Za-z]{1,2})(?:[\s"'”*_`)\].:]*$|[.):]["'”*_`]*\s+(.*)$)""", re.DOTALL)


def letter(index: int) -> str:
    """How the candidate of that index is called: A to Z, then AA, AB, …"""
    return chr(ord("A") + index) if index < 26 else letter(index // 26 - 1) + letter(index % 26)


def read_pick(text: str, candidates: Sequence[Candidate]) -> int | None:
    """The index of the candidate that a reply picks by its letter or its action; None if it does not say clearly."""
    text = _without_thinking(text[:LONGEST_REPLY]).strip()
    lines = [line for line in text.splitlines() if line.strip() and not _FENCE.match(line)]
    if not lines:
        return None
    letters = {letter(index): index for index in range(len(candidates))}
    named = [letters[found] for found in _CHOICE.findall(text) if found in letters]
    if named:
        return named[-1] if len(set(named)) == 1 or _LABELLED_CHOICE.search(lines[-1]) else None
    for line in (lines[0], lines[-1]):
        alone = _LETTER.match(line)
        if alone is not None and alone[1].upper() in letters:
            return letters[alone[1].upper()]
    actions = {candidate.text: index for index, candidate in enumerate(candidates)}
    spelled = [actions[read[0].text] for line in lines if (read := _from_line(line)) and read[0].text in actions]
    return spelled[0] if len(set(spelled)) == 1 else None
