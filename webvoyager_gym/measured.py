"""Measurements that travel with an observation without being part of it."""

from __future__ import annotations

from collections import UserDict


class Measured(UserDict[str, float]):
    """Seconds, tokens and the like by name. `dict(measured)` is a plain dictionary, to compare and to write as JSON.

    Two of them are always equal: how long a step took does not make it another step. They cannot be dictionaries for
    that: Gymnasium's `check_env` (1.0.0 to 1.4.0) resets twice with one seed, takes the same step and fails unless all
    of `info` is equal, where it looks into dictionaries, lists and arrays by itself and only asks other objects whether
    they are equal. No two steps take equally long.
    """

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Measured)

    __hash__ = None  # type: ignore[assignment]
