"""The same seed, the same episode, whatever came between."""

from __future__ import annotations

from collections.abc import Callable


def assert_repeats(episode: Callable[[int], object]) -> None:
    """Run two seeds in the order A, B, B, A: equal seeds give equal episodes, and the two differ."""
    a, b = episode(11), episode(12)
    assert episode(12) == b
    assert episode(11) == a
    assert a != b
