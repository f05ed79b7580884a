"""Names of models with options behind them: `openai:gpt-4.1?n=2`, `transformers:PATH?strategy=list`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from webvoyager_gym.errors import WebVoyagerError, not_found

SECRETS = frozenset({"key", "api_key", "apikey", "token", "password", "secret"})
RUN_ONLY = frozenset(
    {"budget_tokens", "budget_usd", "price_in", "price_out", "timeout", "deadline", "retries", "key_env"}
)
"""Options that say how a run goes about it and not what a model says."""


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


def known_as(name: str) -> str:
    """The canonical name of a model: what it is known by in datasets, results, caches, and to a run that goes on.

    Its options are in alphabetical order, without those of `RUN_ONLY`: a model is the same with a larger budget.

    Raises:
        InvalidModelName: as `split_name`, so that no secret is stored.
    """
    options = sorted(pair for pair in split_name(name)[2].items() if pair[0] not in RUN_ONLY)
    head = name.partition("?")[0]
    return f"{head}?{urlencode(options, safe=':/')}" if options else head


def models_as_known(options: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of `BestOfQEnv` with models that are given by name in their canonical names."""
    return {
        key: known_as(value) if key in ("proposer", "embedder") and isinstance(value, str) else value
        for key, value in options.items()
    }


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
