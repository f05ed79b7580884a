"""Algorithms and their settings by name, as a command line gives them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from algorithms.bc import CandidateBCConfig
from algorithms.bcq import CandidateBCQConfig
from algorithms.candidate import CandidateConfig
from algorithms.continuous import EmbeddingConfig
from algorithms.continuous_awac import ContinuousAWACConfig
from algorithms.continuous_cql import ContinuousCQLConfig
from algorithms.continuous_iql import ContinuousIQLConfig
from algorithms.continuous_td3_bc import ContinuousTD3BCConfig
from algorithms.cql import CandidateCQLConfig
from algorithms.decision_transformer import CandidateDTConfig
from algorithms.double_dqn import CandidateDoubleDQNConfig
from algorithms.dqn import CandidateDQNConfig
from algorithms.filtered_bc import CandidateFilteredBCConfig
from algorithms.iql import CandidateIQLConfig
from algorithms.monte_carlo import CandidateMonteCarloConfig
from algorithms.sarsa import CandidateSARSAConfig
from webvoyager_gym.errors import not_found

AnyConfig = CandidateConfig | EmbeddingConfig

ALGORITHMS: dict[str, type[AnyConfig]] = {
    "iql": CandidateIQLConfig,
    "sarsa": CandidateSARSAConfig,
    "dqn": CandidateDQNConfig,
    "double-dqn": CandidateDoubleDQNConfig,
    "cql": CandidateCQLConfig,
    "bcq": CandidateBCQConfig,
    "monte-carlo": CandidateMonteCarloConfig,
    "bc": CandidateBCConfig,
    "filtered-bc": CandidateFilteredBCConfig,
    "decision-transformer": CandidateDTConfig,
    "continuous-iql": ContinuousIQLConfig,
    "continuous-td3-bc": ContinuousTD3BCConfig,
    "continuous-awac": ContinuousAWACConfig,
    "continuous-cql": ContinuousCQLConfig,
}
"""Configuration class of every algorithm, by the name that `--algo` takes."""


def configure(algorithm: str, settings: Sequence[str]) -> AnyConfig:
    """The configuration of an algorithm with some settings changed.

    Args:
        algorithm: a name of `ALGORITHMS`.
        settings: texts such as "expectile=0.8"; values are JSON, or words as in "choose_by=actor".

    Raises:
        NotFound: no such algorithm; the nearest are named.
        ValueError: no such setting, or a value that it cannot take.
    """
    if algorithm not in ALGORITHMS:
        raise not_found("algorithm", algorithm, ALGORITHMS)
    config = ALGORITHMS[algorithm]()
    kinds = {
        field.name: float if field.type == "float | None" else type(getattr(config, field.name))
        for field in dataclasses.fields(config)
    }
    known = {name: kind for name, kind in kinds.items() if kind in (int, float, str, tuple)}
    changes: dict[str, Any] = {}
    for setting in settings:
        name, _, text = setting.partition("=")
        if name not in known:
            raise ValueError(f"{algorithm} has no setting {name!r}; there are {', '.join(known)}.")
        changes[name] = _value(name, text, known[name])
    return dataclasses.replace(config, **changes)


def _value(name: str, text: str, kind: type) -> int | float | str | tuple[int, ...]:
    """A setting's value, which must be of the kind of its default."""
    if kind is str:
        return text
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
