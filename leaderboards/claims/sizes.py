"""How much is run for the claims: all of it, half an hour of it, and what shows that every part works."""

from __future__ import annotations

from dataclasses import dataclass

from leaderboards.protocol import MAX_STEPS
from webvoyager_gym.tasks.folds import HELD_OUT
from webvoyager_gym.tasks.frozen import COUNTS


@dataclass(frozen=True, slots=True)
class Size:
    """How much is run.

    Attributes:
        name: on the command line.
        tasks: to act on, from all sites in turn; of the test split 643 are all of it.
        seeds: of training and of what agents draw, 0, 1, ….
        episodes: of each dataset that is collected.
        updates: of each training.
        rounds, round_episodes, round_tasks: of `Rounds`.
        small_q, large_q: parameters of the Q-networks that are compared.
        sites: to collect and act on.
        held_out: sites of each fold that leaves some out.
        max_steps: actions after which an episode is broken off.
        ladder: whether its data is that of the published ladder, where that is to be had.
    """

    name: str
    tasks: int
    seeds: int
    episodes: int
    updates: int
    rounds: int
    round_episodes: int
    round_tasks: int
    small_q: int
    large_q: int
    sites: tuple[str, ...] = tuple(COUNTS)
    held_out: tuple[tuple[str, ...], ...] = HELD_OUT
    max_steps: int = MAX_STEPS
    ladder: bool = False


FULL = Size(
    "full",
    tasks=sum(COUNTS.values()),
    seeds=5,
    episodes=600,
    updates=5_000,
    rounds=3,
    round_episodes=500,
    round_tasks=150,
    small_q=500_000,
    large_q=40_000_000,
    ladder=True,
)
"""The published version."""
QUICK = Size(
    "quick",
    tasks=15,
    seeds=2,
    episodes=45,
    updates=200,
    rounds=2,
    round_episodes=15,
    round_tasks=15,
    small_q=500_000,
    large_q=2_000_000,
)
"""At most half an hour on two cores; few tasks, so intervals are wide and most claims stay undecided."""
TINY = Size(
    "tiny",
    tasks=2,
    seeds=2,
    episodes=4,
    updates=5,
    rounds=1,
    round_episodes=2,
    round_tasks=2,
    small_q=2_000,
    large_q=20_000,
    sites=("dictionary", "calculator"),
    held_out=(("dictionary",), ("calculator",)),
    max_steps=3,
)
"""Less than a minute: whether every part works, and nothing about the claims."""

SIZES = {size.name: size for size in (FULL, QUICK, TINY)}
