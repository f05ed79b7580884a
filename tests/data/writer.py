"""The process that `test_kill.py` kills."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from tests.data.making import make_episode
from webvoyager_gym.data import Recorder
from webvoyager_gym.types import Episode


def episode_of(seed: int) -> Episode:
    """About 0.6 MB, so that a good part of the time is spent writing."""
    return make_episode(seed=seed, length=30, width=512, screenshot_size=20_000)


def write_until_killed(folder: Path, start: int, done: Connection) -> None:
    """Record episodes with the seeds from `start` on, and send each seed once `write` has returned."""
    with Recorder(folder) as recorder:
        for seed in range(start, start + 10**6):
            recorder.write(episode_of(seed))
            done.send_bytes(str(seed).encode())
