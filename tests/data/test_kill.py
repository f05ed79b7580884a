"""`kill -9` at any moment of a recording loses no finished episode."""

from __future__ import annotations

import multiprocessing
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from tests.data.making import bits
from tests.data.writer import episode_of, write_until_killed
from webvoyager_gym.data import finished, read_shards

LONGEST_LIFE = 0.05
"""Seconds after which a writer is killed at the latest; in that time it writes a few episodes."""


def test_twenty_kills_lose_no_finished_episode(tmp_path: Path) -> None:
    """Every round goes on in the same shard; what was acknowledged before the kill must be there, to the last bit."""
    random = np.random.default_rng(0)
    # Every writer is a process of its own, forked from one that has done the imports.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.data.writer"])
    count = 0
    for _ in range(20):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=write_until_killed, args=(tmp_path, count, sender))
        process.start()
        sender.close()
        # Half the time wait for it to be at work; else it may die while it starts and mends the shard.
        acknowledged = [int(receiver.recv_bytes())] if random.integers(2) else []
        process.join(timeout=float(random.uniform(0, LONGEST_LIFE)))
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        acknowledged += received(receiver)

        recorded = sorted(seed for _, seed in finished(tmp_path))
        assert recorded == list(range(len(recorded)))
        # The one that was being written may be there too, whole.
        safe = acknowledged[-1] + 1 if acknowledged else count
        assert safe <= len(recorded) <= safe + 1
        count = len(recorded)

    read = list(read_shards(tmp_path))
    assert len(read) == count
    assert all(bits(episode) == bits(episode_of(episode.seed)) for episode in read)


def received(connection: Connection) -> list[int]:
    """What a writer sent before its end of the pipe was closed."""
    seeds = []
    try:
        while True:
            seeds.append(int(connection.recv_bytes()))
    except EOFError:
        return seeds
