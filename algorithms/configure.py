"""Algorithms and their settings by name, as a command line gives them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from algorithms.candidate import CandidateConfig
from algorithms.iql import CandidateIQLConfig

ALGORITHMS: dict[str, type[CandidateConfig]] = {"iql": CandidateIQLConfig}
"""Configuration class of every algorithm, by the name that `--algo` takes."""


def configure(algorithm: str, settings: Sequence[str]) -> CandidateConfig:
    """The configuration of an algorithm with some settings changed.

    Args:
        algorithm: a name of `ALGORITHMS`.
        settings: texts such as "expectile=0.8"; values are JSON.

    Raises:
        ValueError: no such algorithm or setting, or a value that it cannot take.
    """
    if algorithm not in ALGORITHMS:
        raise ValueError(f"There is no algorithm {algorithm!r}; there are {', '.join(ALGORITHMS)}.")
    config = ALGORITHMS[algorithm]()
    known = {
        field.name: getattr(config, field.name)
        for field in dataclasses.fields(config)
        if type(getattr(config, field.name)) in (int, float, tuple)
    }
    changes: dict[str, Any] = {}
    for setting in settings:
        name, _, text = setting.partition("=")
        if name not in known:
            raise ValueError(f"{algorithm} has no setting {name!r}; there are {', '.join(known)}.")
        changes[name] = _value(name, text, type(known[name]))
    return dataclasses.replace(config, **changes)


def _value(name: str, text: str, kind: type) -> int | float | tuple[int, ...]:
    """A setting's value, which must be of the kind of its default."""
    forms = {int: "a whole number", float: "a number", tuple: "a list of whole numbers such as [256,256]"}
    refusal = ValueError(f"{name} takes {forms[kind]}, not {text!r}.")
    try:
        value = json.loads(text)
    except ValueError:
        raise refusal from None
    if kind is tuple and isinstance(value, list) and all(type(size) is int for size in value):
        return tuple(value)
    if type(value) is int and kind is not tuple:
        return kind(value)
    if type(value) is float and kind is float:
        return value
    raise refusal
