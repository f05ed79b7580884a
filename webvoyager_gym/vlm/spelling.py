"""The ways in which models misspell the action grammar: other quotes, brackets, commas, a thought behind the action.

Whatever is recognised here is rewritten into the grammar of `webvoyager_gym.actions` and parsed by it.
"""

from __future__ import annotations

import json
import re

from webvoyager_gym.actions import KINDS, MAX_ACTION_LENGTH, Action, ActionError, Kind, parse

_ALIASES = {"goback": "back", "go back": "back", "go_back": "back", "google": "restart", "click on": "click"}
_KIND = re.compile(
    "(" + "|".join(sorted((*map(re.escape, KINDS), *_ALIASES), key=len, reverse=True)) + r")(?![a-z])", re.IGNORECASE
)
_MARK = re.compile(
    r"\s*(?:(?:element|mark|link|button|field|item)\s*)?#?\s*(?:\[\s*(\d{1,5}|window)\s*\]|<(\d{1,5})>|(\d{1,5}|window)\b)",
    re.IGNORECASE,
)
_ENTER = re.compile(r"\s*[,;]?\s*(?:and\s+)?(?:press(?:es)?\s+)?\[?enter\]?(?!\w)", re.IGNORECASE)
_NOTHING = re.compile(r"[\s.,;*_`]*$")
_THOUGHT = re.compile(
    r"""[\s*_`]*(?:\#|//|--|[-–—:|→]|=>|<-|\(|(?:because|to|since|so\s+that)\b)[\s*_`]*(.+?)[)\s]*$""",
    re.DOTALL | re.IGNORECASE,
)
_ECHO = re.compile(r"""\s*(?:[a-z]+\s+)?["“]([^"”]*)["”]""")
_QUOTES = {'"': '"', "“": '”"“', "”": "”", "„": "“”", "'": "'’", "‘": "’'", "’": "’'", "«": "»", "`": "`"}

Read = tuple[Action, str]
"""An action and the thought that stands behind it, or ""."""


def listed_action(text: str, *, slot: bool = False, listed: bool = False) -> Read | None:
    """The action that a text is, and what it says behind the action; None if it is no action.

    Args:
        slot: the text stands where only an action can, such as behind "Action:" or in JSON, so that a text without
            quotes may be meant.
        listed: it is an item of a list, so that a lone "wait - for the list to load" is meant.
    """
    text = text.strip()
    if len(text) > MAX_ACTION_LENGTH + 600:
        return None
    if text[:1] in "\"'“" and slot:
        text = _unwrapped(text)
    word = _KIND.match(text)
    if word is None:
        return None
    kind = KINDS[_ALIASES.get(word[1].lower(), word[1].lower())]
    rest = text[word.end() :]
    called = rest.startswith("(")
    if called:
        rest = rest[1:]
    head = [kind.name]
    if kind.mark is not None:
        mark = _MARK.match(rest)
        if mark is not None:
            head.append(f"[{(mark[1] or mark[2] or mark[3]).lower()}]")
            rest = re.sub(r"^\s*[,;]\s*", " ", rest[mark.end() :])
        elif kind.mark == "element":
            return None
    elif kind.argument is not None:
        rest = re.sub(r"^\s*[,;:]\s*", " ", rest)
    spelled = " ".join(head)
    if kind.argument is None:
        return _bare(spelled, kind, rest, called, thoughtful=slot or listed or kind.mark is not None)
    if kind.argument == "direction":
        match = re.match(r"""\s*["'“]?(up|down)\b["'”]?""", rest, re.IGNORECASE)
        return _closed(f"{spelled} {match[1].lower()}", rest[match.end() :], called) if match else None
    return _with_text(spelled, kind, rest, called, slot)


def _bare(spelled: str, kind: Kind, rest: str, called: bool, *, thoughtful: bool) -> Read | None:
    if kind.mark is not None and (echo := _ECHO.match(rest)):
        rest = rest[echo.end() :]
    if called:
        rest = rest.lstrip()[1:] if rest.lstrip().startswith(")") else rest
    if not thoughtful:
        # "Wait." or "Back to the list" are sentences.
        return _parsed(spelled, "") if not rest.strip(" \t*_`\n") or rest.strip() == "()" else None
    return _closed(spelled, rest, False)


def _with_text(spelled: str, kind: Kind, rest: str, called: bool, slot: bool) -> Read | None:
    rest = rest.lstrip()
    opening = rest[:1]
    if opening in _QUOTES:
        closing = _QUOTES[opening]
        if opening == '"' and '"' not in rest[1:]:
            closing = "”“"
        ends = [at for at in range(1, len(rest)) if rest[at] in closing and not _escaped(rest, at)]
        # The first end that leaves the quotes within in pairs and nothing strange behind, else the last.
        for number, at in enumerate(ends):
            if number % 2 == 0 or opening != '"':
                read = _ended(spelled, kind, rest[1:at], rest[at + 1 :], called, opening)
                if read is not None:
                    return read
        return _ended(spelled, kind, rest[1 : ends[-1]], rest[ends[-1] + 1 :], called, opening) if ends else None
    if called:
        return None
    bracketed = re.match(r"\[([^\[\]]+)\](.*)$", rest, re.DOTALL)
    if bracketed is not None:
        return _ended(spelled, kind, bracketed[1], bracketed[2], called, "[")
    if kind.argument == "key":
        word = re.match(r"\w+", rest)
        return _closed(f'{spelled} "{word[0]}"', rest[word.end() :], called) if word else None
    if kind.argument == "option" or slot:
        body, enter = rest.strip(" \t*_`"), False
        if kind.enter and (last := re.search(r"[\s,;]+\[?enter\]?$", body, re.IGNORECASE)):
            body, enter = body[: last.start()], True
        return _parsed(f"{spelled} {json.dumps(body, ensure_ascii=False)}{' enter' * enter}", "") if body else None
    return None


def _ended(spelled: str, kind: Kind, body: str, rest: str, called: bool, opening: str) -> Read | None:
    """The action if what stands behind its quoted text may stand there."""
    # Escapes are those of JSON; other quotes' texts are taken as they are.
    argument = f'"{body}"' if opening in '"“' else json.dumps(body, ensure_ascii=False)
    spelled = f"{spelled} {argument}"
    if called:
        rest = rest.lstrip()
        if kind.enter and (flag := re.match(r",\s*(?:enter\s*=\s*)?(true|enter|false)", rest, re.IGNORECASE)):
            rest = rest[flag.end() :].lstrip()
            spelled += " enter" * (flag[1].lower() != "false")
        if not rest.startswith(")"):
            return None
        rest = rest[1:]
    if kind.enter and (enter := _ENTER.match(rest)):
        rest = rest[enter.end() :]
        spelled += " enter" * (not spelled.endswith('" enter'))
    return _closed(spelled, rest, False)


def _closed(spelled: str, rest: str, called: bool) -> Read | None:
    if called:
        rest = rest.lstrip()
        if not rest.startswith(")"):
            return None
        rest = rest[1:]
    if _NOTHING.match(rest):
        return _parsed(spelled, "")
    thought = _THOUGHT.match(rest)
    return _parsed(spelled, thought[1].strip()) if thought else None


def _parsed(spelled: str, thought: str) -> Read | None:
    try:
        return parse(spelled), thought
    except ActionError:
        return None


def _unwrapped(text: str) -> str:
    """A text without the quotes around all of it, as a line of JSON has them."""
    body = text.rstrip(" ,;")
    if body.startswith('"'):
        try:
            return str(json.loads(body, strict=False))
        except ValueError:
            pass
    closed = len(body) > 1 and body[-1] in _QUOTES[body[0]] and not _escaped(body, len(body) - 1)
    return body[1:-1] if closed else text


def _escaped(text: str, at: int) -> bool:
    slashes = 0
    while at - slashes > 0 and text[at - slashes - 1] == "\\":
        slashes += 1
    return slashes % 2 == 1
