"""What a value would do, as JSON: equal for values that act alike, so that a broken-off run goes on as it began."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def identity(value: Any) -> Any:
    """A value as JSON that differs where the value would act differently; Q-functions by the values they give."""
    from webvoyager_gym.q_function import QFunction

    if isinstance(value, QFunction):
        random = np.random.default_rng(0)
        state = random.standard_normal(value.config.state_size, np.float32)
        probes = random.standard_normal((8, value.config.action_size), np.float32)
        return hashlib.sha256(value.score(state, probes).tobytes()).hexdigest()[:16]
    if isinstance(value, str | int | float | bool | None):
        return value
    if isinstance(value, Mapping):
        return {str(key): identity(each) for key, each in sorted(value.items())}
    if isinstance(value, Sequence):
        return [identity(each) for each in value]
    if dataclasses.is_dataclass(value):
        fields = {each.name: identity(getattr(value, each.name)) for each in dataclasses.fields(value) if each.compare}
        return {"class": type(value).__name__, **fields}
    return str(getattr(value, "name", type(value).__name__))
