"""Turns at a host, so that no site is asked more often than people would ask it."""

from __future__ import annotations

import time
from collections.abc import Callable


class Turns:
    """Who asks takes the next free turn of the host; turns of other hosts are not waited for.

    Args:
        clock: seconds that only go up.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next: dict[str, float] = {}

    def wait(self, host: str, pace: float) -> float:
        """Take a turn; gives the seconds until it comes. The turn after it comes `pace` seconds later."""
        now = self._clock()
        turn = max(now, self._next.get(host, now))
        self._next[host] = turn + pace
        return turn - now


TURNS = Turns()
"""Those of this process, whichever page asks."""
