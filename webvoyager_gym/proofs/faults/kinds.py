"""What can go wrong, what an episode that meets it may be labelled, and how often each is tried."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault.

    Attributes:
        labels: what `info["failure"]` may say of an episode that it ends; none if it ends no episode.
        alone: it hits one page, and the others have to go on.
        weight: how often it is injected in a thousand.
    """

    name: str
    labels: frozenset[str]
    weight: int
    alone: bool = False


BROWSER_KILLED = Kind("browser killed", frozenset({"browser"}), 240)
TAB_CRASHED = Kind("tab crashed", frozenset({"browser"}), 330, alone=True)
SITE_STOPPED = Kind("site stopped", frozenset({"site"}), 170)
SITE_STALLED = Kind("site stalled", frozenset({"site", "deadline"}), 45)
LOOP_CUT = Kind("loop cut", frozenset({"browser"}), 65)
FULL_RECORDING = Kind("disk full, recording", frozenset(), 60)
FULL_MERGING = Kind("disk full, merging", frozenset(), 45)
INTERRUPTED = Kind("Ctrl-C", frozenset(), 45)
TAB_AND_BROWSER = Kind("tab crashed, Chromium too", frozenset({"browser"}), 0)
"""Not injected: what now and then comes of a crashed tab (see the package)."""

KINDS = (
    BROWSER_KILLED,
    TAB_CRASHED,
    SITE_STOPPED,
    SITE_STALLED,
    LOOP_CUT,
    FULL_RECORDING,
    FULL_MERGING,
    INTERRUPTED,
)
"""Those that are injected."""


def schedule(count: int, seed: int) -> list[str]:
    """Names of so many faults in random order, each kind by its weight and at least once if there are so many."""
    total = sum(kind.weight for kind in KINDS)
    counts = {kind.name: max(1, round(count * kind.weight / total)) for kind in KINDS}
    while (missing := count - sum(counts.values())) and max(counts.values()) > 0:
        commonest = max(counts, key=lambda name: counts[name])
        counts[commonest] += 1 if missing > 0 else -1
    names = [name for name, times in counts.items() for _ in range(times)]
    order = np.random.default_rng(seed).permutation(len(names))
    return [names[index] for index in order]
