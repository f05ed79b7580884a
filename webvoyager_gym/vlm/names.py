"""Names of models with options behind them: `openai:gpt-4.1?n=2`, `transformers:PATH?strategy=list`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from webvoyager_gym.errors import WebVoyagerError, not_found

SECRETS = frozenset({"key", "api_key", "apikey", "token", "password", "secret"})


class InvalidModelName(WebVoyagerError, ValueError):
    """A model's name whose options cannot be used; the message says which."""


def split_name(name: str) -> tuple[str, str, dict[str, str]]:
    """Backend, model and options of a name.

    Raises:
        InvalidModelName: an option has no value or comes twice, or would be a secret: names are stored with datasets.
    """
    head, _, query = name.partition("?")
    backend, _, model = head.partition(":")
    pairs = parse_qsl(query, keep_blank_values=True)
    options = dict(pairs)
    for key, value in pairs:
        if key in SECRETS:
            raise InvalidModelName(
                f"A model's name must not hold a {key}: it is stored with datasets and results; put it into an "
                "environment variable, and if that is not OPENAI_API_KEY, write key_env=ITS_NAME."
            )
        if not value:
            raise InvalidModelName(f"The option {key!r} of the model {model!r} has no value; write {key}=VALUE.")
    if len(options) < len(pairs):
        raise InvalidModelName(f"An option of the model {model!r} comes twice; write each once.")
    return backend, model, options


def typed(options: Mapping[str, str], types: Mapping[str, type]) -> dict[str, Any]:
    """Options as values of their types.

    Raises:
        NotFound: there is no such option.
        InvalidModelName: a value is not of its type.
    """
    values: dict[str, Any] = {}
    for key, value in options.items():
        if key not in types:
            raise not_found("model option", key, types)
        kind = types[key]
        try:
            values[key] = _truth(value) if kind is bool else kind(value)
        except ValueError:
            raise InvalidModelName(f"The model option {key}={value} is not of type {kind.__name__}.") from None
    return values


def _truth(value: str) -> bool:
    words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if value.lower() not in words:
        raise ValueError(value)
    return words[value.lower()]
