"""The action grammar. One table, `KINDS`, is the parser, the prompt text, the documentation and `ActionSpace.sample()`.

An action is one line of text such as `click [3]` or `type [2] "red mug" enter`. Parsing is anchored at both ends, so
an answer that quotes `click [3]` is an answer. Text arguments are JSON strings; a forgiving reading accepts inner
quotes that were not escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.spaces import UnicodeText

MAX_ACTION_LENGTH = 2048
"""Longest action text, in characters."""

KEYS = ("Enter", "Escape", "Tab", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Backspace")
DIRECTIONS = ("up", "down")


class ActionError(ValueError):
    """A text that is no action; the message says why and gives the right form."""


@dataclass(frozen=True, slots=True)
class Action:
    """A parsed action.

    Attributes:
        kind: a name of the table `KINDS`.
        mark: number of the mark acted on; None for actions without one, and for scrolling the window.
        argument: typed text, answer, option, key, or direction.
        enter: whether Enter is pressed after typing.
    """

    kind: str
    mark: int | None = None
    argument: str = ""
    enter: bool = False

    @property
    def text(self) -> str:
        """The canonical spelling; `parse(action.text) == action`."""
        kind = KINDS[self.kind]
        parts = [self.kind]
        if kind.mark is not None:
            parts.append("[window]" if self.mark is None else f"[{self.mark}]")
        if kind.argument == "direction":
            parts.append(self.argument)
        elif kind.argument is not None:
            parts.append(json.dumps(self.argument, ensure_ascii=False))
        if self.enter:
            parts.append("enter")
        return " ".join(parts)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the action table.

    Attributes:
        form: how the action is written.
        meaning: what it does, for prompts and documentation.
        examples: texts that parse, the first of them canonical.
        mark: "element" if it needs a mark, "element or window" if the window will do, None if it takes none.
        argument: what the argument is ("text", "answer", "option", "key", "direction"), None if it takes none.
        roles: roles of the marks it makes sense on, for `sample()`; empty for all.
        enter: whether the word `enter` may follow.
    """

    form: str
    meaning: str
    examples: tuple[str, ...]
    mark: Literal["element", "element or window"] | None = None
    argument: Literal["text", "answer", "option", "key", "direction"] | None = None
    roles: tuple[str, ...] = ()
    enter: bool = False

    @property
    def name(self) -> str:
        return self.form.split()[0]


FIELD_ROLES = ("textbox", "searchbox", "spinbutton")

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("click [n]", "click element n", ("click [3]",), mark="element"),
        Kind(
            'type [n] "text"',
            "replace the content of field n by the text; add the word enter to press Enter afterwards",
            ('type [2] "red mug" enter', 'type [2] "Berlin"'),
            mark="element",
            argument="text",
            roles=FIELD_ROLES,
            enter=True,
        ),
        Kind(
            'select [n] "option"',
            "choose an option of drop-down list n by its label",
            ('select [4] "Price: low to high"',),
            mark="element",
            argument="option",
            roles=("combobox", "listbox"),
        ),
        Kind(
            "scroll [n|window] up|down",
            "scroll the window, or the area that element n lies in",
            ("scroll [window] down", "scroll [5] up"),
            mark="element or window",
            argument="direction",
        ),
        Kind("hover [n]", "move the mouse over element n", ("hover [6]",), mark="element"),
        Kind('press "key"', "press a key: " + ", ".join(KEYS), ('press "Escape"',), argument="key"),
        Kind("wait", "wait for the page", ("wait",)),
        Kind("back", "go back to the previous page", ("back",)),
        Kind("restart", "start over from the first page", ("restart",)),
        Kind('answer "text"', "finish with this answer", ('answer "$12.50"', 'answer "done"'), argument="answer"),
    )
}

_QUOTED = r'"(?P<argument>.*)"'


def _pattern(kind: Kind) -> re.Pattern[str]:
    parts = [kind.name]
    if kind.mark == "element":
        parts.append(r"\[?(?P<mark>\d{1,5})\]?")
    elif kind.mark == "element or window":
        parts.append(r"(?:\[?(?:(?P<mark>\d{1,5})|window)\]?\s+)?")
    if kind.argument == "direction":
        parts.append(r"\"?(?P<argument>up|down)\"?")
    elif kind.argument is not None:
        parts.append(_QUOTED)
    separator = r"\s*"
    pattern = separator.join(parts)
    if kind.enter:
        pattern += r"(?:\s*(?P<enter>enter))?"
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


_PATTERNS = {name: _pattern(kind) for name, kind in KINDS.items()}
_FIRST_WORD = re.compile(r"[a-zA-Z]+")


def _unquote(body: str) -> str:
    try:
        text = json.loads(f'"{body}"', strict=False)
    except ValueError:
        return body
    # A lone surrogate, as in "\ud800", is valid JSON but not valid text.
    return str(text).encode("utf-8", "replace").decode("utf-8")


def parse(text: str) -> Action:
    """Read an action.

    Raises:
        ActionError: the text is no action; the message says what was expected.
    """
    stripped = text.strip()
    if len(stripped) > MAX_ACTION_LENGTH:
        raise ActionError(f"The action is {len(stripped)} characters long; at most {MAX_ACTION_LENGTH} are allowed.")
    word = _FIRST_WORD.match(stripped)
    kind = KINDS.get(word[0].lower()) if word else None
    if kind is None:
        raise ActionError(f"{stripped[:60]!r} is no action; write one of: {', '.join(k.form for k in KINDS.values())}.")
    match = _PATTERNS[kind.name].fullmatch(stripped)
    if match is None:
        raise ActionError(
            f"{stripped[:60]!r} is not a {kind.name} action; write {kind.form}, for example {kind.examples[0]}."
        )
    groups = match.groupdict()
    argument = groups.get("argument") or ""
    if kind.argument == "direction":
        argument = argument.lower()
    elif kind.argument is not None:
        argument = _unquote(argument)
    if kind.argument == "key":
        known = {key.lower(): key for key in KEYS}
        if argument.lower() not in known:
            raise ActionError(f"There is no key {argument[:30]!r}; use one of {', '.join(KEYS)}.")
        argument = known[argument.lower()]
    mark = groups.get("mark")
    action = Action(kind.name, int(mark) if mark else None, argument, enter=bool(groups.get("enter")))
    if len(action.text) > MAX_ACTION_LENGTH:
        # Quotes and control characters grow when they are escaped; the canonical spelling must parse again.
        raise ActionError(f"The action takes {len(action.text)} characters; at most {MAX_ACTION_LENGTH} are allowed.")
    return action


def describe() -> str:
    """The grammar as prompt text: one line an action with an example."""
    return "\n".join(f"{kind.form}: {kind.meaning}. Example: {kind.examples[0]}" for kind in KINDS.values())


class ActionSpace(UnicodeText):
    """Action texts. `sample()` gives an action of the grammar, valid on the page last shown if there is one.

    An environment calls `show` with the roles and options of the marks on its page; a space that was never shown a
    page (that of a vector environment, say) samples among the actions that need no particular element.
    """

    def __init__(self, seed: int | np.random.Generator | None = None) -> None:
        super().__init__(MAX_ACTION_LENGTH, min_length=1, seed=seed)
        self._page: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def show(self, elements: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        """Tell the space what is on the page: (role, options) of marks 1, 2, …"""
        self._page = tuple(elements)

    def sample(self, mask: object = None, probability: object = None) -> str:
        """A random valid action; every kind that the page allows is equally likely. Masks are not supported."""
        if mask is not None or probability is not None:
            raise ValueError("ActionSpace.sample() takes no mask; sample without one.")
        allowed = [kind for kind in KINDS.values() if kind.mark != "element" or self._elements(kind)]
        kind = allowed[int(self.np_random.integers(len(allowed)))]
        return self._sample_kind(kind).text

    def _elements(self, kind: Kind) -> list[int]:
        return [
            number
            for number, (role, options) in enumerate(self._page, 1)
            if (not kind.roles or role in kind.roles) and (kind.argument != "option" or options)
        ]

    def _sample_kind(self, kind: Kind) -> Action:
        random = self.np_random
        mark: int | None = None
        if kind.mark == "element":
            mark = int(random.choice(self._elements(kind)))
        argument = ""
        if kind.argument == "direction":
            argument = str(random.choice(DIRECTIONS))
        elif kind.argument == "key":
            argument = str(random.choice(KEYS))
        elif kind.argument == "option" and mark is not None:
            argument = str(random.choice(self._page[mark - 1][1]))
        elif kind.argument is not None:
            argument = "".join(random.choice(list("abcdefghijklmnopqrstuvwxyz "), size=int(random.integers(1, 9))))
        return Action(kind.name, mark, argument, enter=kind.enter and bool(random.integers(2)))

    def __repr__(self) -> str:
        return "ActionSpace()"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ActionSpace)

    __hash__ = None


CandidateMask = NDArray[np.int8]
"""(N,) int8, 1 where a candidate exists; the mask that `Discrete.sample` takes."""

__all__ = ["KEYS", "KINDS", "Action", "ActionError", "ActionSpace", "CandidateMask", "Kind", "describe", "parse"]
