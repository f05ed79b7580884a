"""Reading what an OpenAI-compatible server answers: replies with their log-probabilities, and what they took."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """One completion.

    Attributes:
        text: what the model says; "" if it refused.
        tokens: its tokens with their log-probabilities, together exactly the text; empty if the server has none.
    """

    text: str
    tokens: tuple[tuple[str, float], ...] = ()


class Unreadable(Exception):
    """A reply that cannot be used; the next one may be."""


def read_body(content: bytes) -> Any:
    """A response's body. Raises Unreadable."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise Unreadable("its answer is not JSON, or was cut off") from None


def read_replies(body: Any) -> list[Reply]:
    """The replies in a response's body.

    Raises:
        Unreadable: the body is not what the interface promises.
    """
    choices = body.get("choices") if isinstance(body, dict) else None
    if not isinstance(choices, list) or not choices:
        raise Unreadable("its answer holds no choices")
    return [_choice(choice) for choice in choices]


def _choice(choice: Any) -> Reply:
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(message, dict):
        raise Unreadable("its answer holds a choice without a message")
    text = message.get("content")
    if isinstance(text, list):
        text = "".join(part["text"] for part in text if isinstance(part, dict) and isinstance(part.get("text"), str))
    if text is None:
        text = ""
    if not isinstance(text, str):
        raise Unreadable("its answer holds a message whose content is no text")
    return Reply(text, _tokens(choice.get("logprobs"), text))


def _tokens(log_probs: Any, text: str) -> tuple[tuple[str, float], ...]:
    rows = log_probs.get("content") if isinstance(log_probs, dict) else None
    if not isinstance(rows, list):
        return ()
    tokens = []
    for row in rows:
        if not (isinstance(row, dict) and isinstance(row.get("token"), str)):
            return ()
        if isinstance(row.get("logprob"), bool) or not isinstance(row.get("logprob"), int | float):
            return ()
        tokens.append((row["token"], float(row["logprob"])))
    return _within("".join(token for token, _ in tokens).find(text), text, tokens)


def _within(start: int, text: str, tokens: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """What of the tokens stands in a text that begins at `start` of them all.

    Servers leave out white space before the text, and what ends it. Nothing if anything else was left out, or if a
    character is split over tokens.
    """
    found, at = [], -start
    for token, log_prob in tokens:
        piece = token[max(0, -at) : max(0, len(text) - at)]
        if start < 0 or (at < 0 and token[:-at].strip()):
            return ()
        if piece:
            found.append((piece, log_prob))
        at += len(token)
    return tuple(found)


def stated_usage(body: Any) -> tuple[int, int] | None:
    """Tokens in and out as the server says; None if it does not."""
    match body:
        case {"usage": {"prompt_tokens": int(taken), "completion_tokens": int(given)}} if taken >= 0 and given >= 0:
            return taken, given
    return None


def guessed_usage(request: dict[str, Any], replies: Sequence[Reply]) -> tuple[int, int]:
    """Tokens in and out by the length of what was said: four characters count as one, and a picture as a thousand."""
    parts = [part for message in request["messages"] for part in message["content"]]
    words = sum(len(part["text"]) // 4 if part["type"] == "text" else 1000 for part in parts)
    return words, sum(len(reply.text) // 4 + 1 for reply in replies)
