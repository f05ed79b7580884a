"""The conversation that WebVoyager keeps of a task, `interact_messages.json`, and its actions in our grammar.

The file is a list of messages: the system's, then in turn what the agent was shown (or told, when its last reply could
not be carried out) and its reply, `Thought: … Action: …`. Screenshot i belongs to the i-th thing shown or told. Format
and behaviour are those of github.com/MinorJerry/WebVoyager at 0915445 (`run.py`, `utils.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from webvoyager_gym.actions import MAX_ACTION_LENGTH, Action, ActionError, parse
from webvoyager_gym.browser.outline import describe
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.types import Mark

LONGEST = 64 * 2**20
"""Longest file that is read, in bytes."""

_TASK = re.compile(r"Now given a task:(?P<goal>.*?)Please interact with (?P<url>\S+) and get the answer\.", re.DOTALL)
_SHOWN = re.compile(
    r"Observation:(?P<said>.*?)(?:please analyze the|Please analyze the response|A screenshot|An acc)", re.DOTALL
)
_ELEMENT = re.compile(r"""\[(?P<number>\d{1,5})\]: (?:<(?P<tag>[a-z0-9-]+)> )?"(?P<name>.*)";""", re.DOTALL)
_REPLY = re.compile(r"Thought:|Action:|Observation:")
_ROLES = {"button": "button", "input": "textbox", "textarea": "textbox"}

_CLICK = re.compile(r"Click \[?(\d+)")
_TYPE = re.compile(r"Type \[?(\d+)\]?[; ]+\[?([^\n][^\]]*)")
_SCROLL = re.compile(r"Scroll \[?(\d+|WINDOW)\]?[; ]+\[?(up|down)")
_ANSWER = re.compile(r"ANSWER[; ]+\[?([^\n][^\]]*)")
_DOCUMENT = "You downloaded a PDF file"
_PLAIN = {"Wait": "wait", "GoBack": "back", "Google": "restart"}


@dataclass(frozen=True, slots=True)
class Round:
    """What the agent was shown or told, and what it replied.

    Attributes:
        number: from 1; also of its screenshot.
        outline: the elements of the page as far as the file still lists them (it keeps the last few only), and what was
            found in a document that the last action downloaded.
        told: why its last action failed, or a warning; "" if there is none.
        shown: whether there was a new look at the page, and so a screenshot.
        reply: the VLM's text; None where the run was broken off before there was one.
    """

    number: int
    outline: str
    told: str
    shown: bool
    reply: str | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A task as it was run.

    Attributes:
        goal, url: of the task, and the page it begins on.
        rounds: at least one.
    """

    goal: str
    url: str
    rounds: tuple[Round, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply in our terms.

    Attributes:
        thought: the VLM's reason.
        action: what was carried out; None if nothing could be.
        answer: the answer in full, if that is what it is.
        problem: what of the reply was lost or read otherwise than it was meant; "" if nothing.
    """

    thought: str
    action: Action | None
    answer: str = ""
    problem: str = ""


def read_conversation(content: bytes) -> Conversation:
    """Read `interact_messages.json`.

    Raises:
        InvalidFile: it is something else, or no page was ever shown.
    """
    if len(content) > LONGEST:
        raise InvalidFile("it is longer than any conversation")
    try:
        messages = [(str(message["role"]), _text(message["content"])) for message in json.loads(content)]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise InvalidFile(f"it is no list of messages ({error})") from error
    spoken = [message for message in messages if message[0] != "system"]
    first = _TASK.search(spoken[0][1]) if spoken else None
    if first is None:
        raise InvalidFile("it does not say what the task was, so the run was broken off before the first page")
    return Conversation(first["goal"].strip(), first["url"], tuple(_rounds(spoken)))


def read_reply(text: str) -> Reply:
    """A reply as WebVoyager carried it out.

    Its reading is kept where it decided what happened on the page: it looks for `Click` anywhere before it looks for an
    answer, and cuts typed text at "]". Only an answer, which changes no page, is given in full.
    """
    if "Thought:" not in text or "Action:" not in text:
        return Reply(text.strip(), None, problem="it has no Thought or no Action, and nothing was carried out")
    pieces = _REPLY.split(text)
    thought, said = pieces[1].strip(), pieces[2].strip()
    try:
        action = _carried_out(said)
    except ActionError as error:
        return Reply(thought, None, problem=str(error))
    if action is None:
        return Reply(thought, None, problem=f"{said[:80]!r} is none of its actions, and nothing was carried out")
    meant = _leading_word(said)
    if action.kind == "answer":
        return _answer(thought, said)
    if meant == "ANSWER":
        return Reply(thought, action, problem=f"it is an answer that WebVoyager read as {action.text}, and carried out")
    return Reply(thought, action)


def _carried_out(said: str) -> Action | None:
    """The action that WebVoyager finds in a text. Raises ActionError where our grammar cannot say it."""
    if match := _CLICK.search(said):
        return parse(f"click [{match[1]}]")
    if match := _TYPE.search(said):
        return parse(f"type [{match[1]}] {json.dumps(match[2], ensure_ascii=False)} enter")
    if match := _SCROLL.search(said):
        return parse(f"scroll [{match[1].lower()}] {match[2]}")
    for word, name in _PLAIN.items():
        if said.startswith(word):
            return parse(name)
    return Action("answer") if _ANSWER.search(said) else None


def _answer(thought: str, said: str) -> Reply:
    """An answer in full, brackets around all of it taken off; the action is cut where the grammar asks for it."""
    full = re.split(r"ANSWER[; ]+", said, maxsplit=1)[1].strip()
    if full.startswith("[") and full.endswith("]"):
        full = full[1:-1].strip()
    length = len(full)
    while len(Action("answer", argument=full[:length]).text) > MAX_ACTION_LENGTH:
        length -= 64
    problem = "" if length >= len(full) else f"its answer of {len(full)} characters is cut to {length} in the action"
    return Reply(thought, parse(Action("answer", argument=full[:length]).text), full, problem)


def _leading_word(said: str) -> str:
    return re.split(r"[^A-Za-z]", said, maxsplit=1)[0]


def _rounds(spoken: list[tuple[str, str]]) -> Iterator[Round]:
    number = 0
    for place, (role, text) in enumerate(spoken):
        if role != "user":
            continue
        number += 1
        replied = place + 1 < len(spoken) and spoken[place + 1][0] == "assistant"
        shown = _SHOWN.search(text)
        told = (shown["said"] if shown else text).strip()
        outline = _outline(text) if shown else ""
        if told.startswith(_DOCUMENT):
            outline, told = f"{told}\n{outline}", ""
        yield Round(number, outline, told, shown is not None, spoken[place + 1][1] if replied else None)


def _outline(text: str) -> str:
    """The listed elements, a line each, as our outlines have them; numbers are those on the screenshot, from 0."""
    listed = text[text.find("\n") + 1 :] if "\n" in text else ""
    lines = []
    for piece in listed.split("\t"):
        match = _ELEMENT.fullmatch(piece.strip())
        if match:
            name = " ".join(match["name"].split())
            role = _ROLES.get(match["tag"] or "", match["tag"] or "element")
            lines.append(describe(Mark(int(match["number"]), role, name, (0, 0, 0, 0))))
    # A page in text-only mode is an accessibility tree, kept as it is.
    return "\n".join(lines) if lines else listed.strip()


def _text(content: Any) -> str:
    return content if isinstance(content, str) else str(content[0]["text"])
