"""Ctrl-C at any moment of a rollout that records: it exits soon, leaves nothing behind, and its recording is whole.

    python -m webvoyager_gym.proofs.faults.interrupting FOLDER

is such a rollout. It says when it can be interrupted, and then after every step how many episodes are recorded.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from webvoyager_gym.data import read_shards
from webvoyager_gym.proofs.faults.kinds import INTERRUPTED
from webvoyager_gym.proofs.faults.meeting import Met
from webvoyager_gym.proofs.faults.rollout import Rollout
from webvoyager_gym.proofs.processes import descendants, gone

START_PATIENCE = 120.0
"""Seconds the rollout has until it can be interrupted."""
LONGEST_RUN = 4.0
"""Seconds after which it is interrupted at the latest: it launches its browser, opens pages and steps meanwhile."""
EXIT_PATIENCE = 20.0
"""Seconds it has to exit."""
HELPERS_PATIENCE = 10.0
"""Seconds that what it started has to be gone after it."""


def interrupt(random: np.random.Generator) -> Met:
    """Start a rollout, interrupt it at a random moment, and look what is left."""
    known = descendants()
    mistakes: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        recording, temporary = Path(folder) / "recording", Path(folder) / "tmp"
        temporary.mkdir()
        command = [sys.executable, "-m", __name__, str(recording), "--seed", str(int(random.integers(2**31)))]
        process = subprocess.Popen(
            command,
            env={**os.environ, "TMPDIR": str(temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        assert process.stdout is not None
        readable, _, _ = select.select([process.stdout], [], [], START_PATIENCE)
        if not readable:
            mistakes.append("It did not start.")
        time.sleep(float(random.uniform(0, LONGEST_RUN)))
        # As a terminal does, to all in the foreground.
        os.killpg(process.pid, signal.SIGINT)
        started = time.monotonic()
        try:
            said, error = process.communicate(timeout=EXIT_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            said, error = process.communicate()
            mistakes.append(f"It did not exit within {EXIT_PATIENCE:g} s.")
        seconds = time.monotonic() - started
        if process.returncode not in (-signal.SIGINT, 130):
            mistakes.append(f"It exited with {process.returncode}: {error.decode()[-300:]}")
        if not gone(lambda: descendants(known), HELPERS_PATIENCE):
            left = [" ".join(each.command[:2]) for each in descendants(known)]
            mistakes.append(f"Processes were left behind: {', '.join(left)}.")
        if list(temporary.iterdir()):
            mistakes.append(f"Temporary files were left behind: {', '.join(map(str, temporary.iterdir()))}.")
        promised = int(said.split()[-1]) if said.split() else 0
        found = sum(1 for shards in sorted(recording.glob("*")) for _ in read_shards(shards))
        if found < promised:
            mistakes.append(f"{promised} episodes were recorded and {found} are there.")
    return Met(INTERRUPTED.name, seconds=seconds, mistakes=tuple(mistakes))


def main(
    folder: Annotated[Path, typer.Argument(help="Folder to record in.")],
    seed: Annotated[int, typer.Option(help="Of the tasks and the actions.")] = 0,
    num_envs: Annotated[int, typer.Option(min=1, help="Pages.")] = 2,
) -> None:
    """Roll out and record until interrupted."""
    # Who starts this may have the signal ignored or blocked, and children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    print(0, flush=True)
    rollout = Rollout(num_envs, seed, folder)
    while True:
        rollout.record(rollout.step())
        print(rollout.recorded, flush=True)


if __name__ == "__main__":
    typer.run(main)
