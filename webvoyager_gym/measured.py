"""Measurements that travel with an observation without being part of it."""

from __future__ import annotations

from collections import UserDict


class Measured(UserDict[str, float]):
    """Seconds, tokens and the like by name.

    Two of them are always equal: how long a step took does not make it another step, and Gymnasium's checker compares
    the `info` of two equal steps. Compare `dict(measured)` to compare figures.
    """

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Measured)

    __hash__ = None  # type: ignore[assignment]
