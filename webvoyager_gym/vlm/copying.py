"""Constrained decoding for small models: texts are copied from the goal, answers also from the page, options from
lists.

A model of a few million parameters points well and spells unseen names badly. Where its style asks for it
(`PromptStyle.copies`), the search may only continue a quoted text with the token that follows the same words in the
source, so that what it types or answers is a stretch of words that is really there. Actions are whole, and on elements
that take them. Log-probabilities are those of the constrained model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from webvoyager_gym.actions import KINDS
from webvoyager_gym.types import Prompt

IMPOSSIBLE = "impossible"
"""What may always be answered."""
_HEAD = re.compile(r"\s*(\w+)\s*(?:\[(\d+)\])?")


class Copying:
    """Which tokens may follow in an action for one prompt.

    Args:
        tokenizer: one in which a word is the same token wherever it stands, and `"` and `[3]` are tokens of their own.
        prompt: the state.
        lines: the outline's lines as the model was shown them.
    """

    def __init__(self, tokenizer: Any, prompt: Prompt, lines: Sequence[str]) -> None:
        self._tokenizer, self._prompt = tokenizer, prompt
        self._quote = int(tokenizer.convert_tokens_to_ids('"'))
        self._goal = self._encode([prompt.goal])
        page = [re.sub(r"^\**\[\d+\] \w+ ?", "", line).lstrip("*# ") for line in lines]
        self._answers = self._encode([*page, prompt.goal, IMPOSSIBLE])
        self._sources: dict[tuple[int, ...], list[list[int]]] = {}

    def allowed(self, tokens: Sequence[int]) -> list[int] | None:
        """Ids that may follow the tokens of an unfinished action; None if any may."""
        if self._quote not in tokens:
            return self._after_head(tuple(tokens))
        start = list(tokens).index(self._quote)
        text = list(tokens[start + 1 :])
        if self._quote in text:
            return None
        sources, whole = self._source(tuple(tokens[:start]))
        if not sources:
            return None
        found: set[int] = set()
        for source in sources:
            for at in [0] if whole else range(len(source)):
                if source[at : at + len(text)] != text or (not text and not self._starts_word(source[at])):
                    continue
                end = at + len(text)
                following = source[end] if end < len(source) else None
                if following is not None:
                    found.add(following)
                if text and (following is None or (not whole and not self._continues_word(following))):
                    found.add(self._quote)
        return sorted(found) or [self._quote]

    def _after_head(self, head: tuple[int, ...]) -> list[int] | None:
        """What follows `type`, `type [3]` and so on: an element that takes it, a quote, or nothing."""
        match = _HEAD.fullmatch(self._tokenizer.decode(head))
        kind = KINDS.get(match[1]) if match else None
        if match is None or kind is None or kind.mark == "element or window":
            return None
        if kind.mark is not None and match[2] is None:
            marks = [mark for mark in self._prompt.view.marks if not kind.roles or mark.role in kind.roles]
            tokens = [self._tokenizer.convert_tokens_to_ids(f"[{mark.index}]") for mark in marks]
            return [int(token) for token in tokens if token is not None] or None
        if kind.argument in ("text", "answer", "option"):
            return [self._quote]
        return [int(self._tokenizer.eos_token_id)] if kind.argument is None else None

    def _source(self, head: tuple[int, ...]) -> tuple[list[list[int]], bool]:
        """What the quoted text after `type [3]`, `answer` and so on is copied from, and whether only as a whole."""
        match = _HEAD.match(self._tokenizer.decode(head))
        kind = match[1] if match else ""
        if kind != "select":
            return {"type": self._goal, "answer": self._answers}.get(kind, []), False
        if head not in self._sources:
            mark = self._prompt.view.mark(int(match[2])) if match and match[2] else None
            self._sources[head] = self._encode(mark.options) if mark else []
        return self._sources[head], True

    def _encode(self, texts: Sequence[str]) -> list[list[int]]:
        plain = [text for text in (re.sub('["“”]', " ", text).strip() for text in texts) if text]
        return [list(ids) for ids in self._tokenizer(plain, add_special_tokens=False)["input_ids"]] if plain else []

    def _starts_word(self, token: int) -> bool:
        return str(self._tokenizer.convert_ids_to_tokens(token)).startswith("Ġ")

    def _continues_word(self, token: int) -> bool:
        return str(self._tokenizer.convert_ids_to_tokens(token))[0].isalnum() and not self._starts_word(token)
