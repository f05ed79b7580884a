"""So many faults in a process, and what is left behind when they are over."""

from __future__ import annotations

import contextlib
import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from webvoyager_gym.browser.engine import shutdown
from webvoyager_gym.data import read_shards
from webvoyager_gym.proofs.faults.disk import fill_while_merging, fill_while_recording
from webvoyager_gym.proofs.faults.interrupting import HELPERS_PATIENCE, interrupt
from webvoyager_gym.proofs.faults.kinds import FULL_MERGING, FULL_RECORDING, INTERRUPTED, KINDS
from webvoyager_gym.proofs.faults.meeting import Met, meet
from webvoyager_gym.proofs.faults.rollout import Rollout
from webvoyager_gym.proofs.processes import (
    Process,
    adopt_orphans,
    bury_adopted,
    descendants,
    gone,
    listening_ports,
    open_files,
)
from webvoyager_gym.tasks.local import local_web
from webvoyager_gym.worker import Beat

WARM_UP = 3
"""Steps before the first fault, which tell how long a step takes."""


@dataclass(frozen=True, slots=True)
class Share:
    """Faults for one process, in this order.

    Attributes:
        number: distinguishes its seeds from those of other shares.
    """

    number: int
    kinds: tuple[str, ...]
    num_envs: int
    seed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a share.

    Attributes:
        left: what was left behind, one sentence each.
    """

    met: tuple[Met, ...]
    left: tuple[str, ...]


@contextmanager
def in_worker(number: int) -> Iterator[Callable[[Share, Beat], Outcome]]:
    """In a worker process: what does a share."""
    adopt_orphans()
    yield run


def run(share: Share, beat: Beat) -> Outcome:
    """Meet the faults of a share, clean up as any program does, and look what is left."""
    known, before = descendants(), open_files()
    with tempfile.TemporaryDirectory() as folder, _temporary_files_in(Path(folder) / "tmp") as temporary:
        met = _met(share, Path(folder), beat)
        shutdown()
        local_web().server.stop()
        # Playwright's pipes are closed by those who hold them.
        gc.collect()
        return Outcome(tuple(met), tuple(_left(known, before, temporary)))


def _met(share: Share, folder: Path, beat: Beat) -> list[Met]:
    random = np.random.default_rng([share.seed, share.number])
    kinds = {kind.name: kind for kind in KINDS}
    met = []
    with contextlib.closing(Rollout(share.num_envs, share.seed + share.number, folder / "shards")) as rollout:
        for _ in range(WARM_UP):
            rollout.record(rollout.step())
        for name in share.kinds:
            if name == FULL_RECORDING.name:
                met.append(fill_while_recording(rollout, random))
            elif name == FULL_MERGING.name:
                met.append(fill_while_merging(rollout, random, folder / "datasets"))
            elif name == INTERRUPTED.name:
                met.append(interrupt(random))
            else:
                met.append(meet(rollout, kinds[name], random))
            # The helpers of a killed browser have no other parent left.
            bury_adopted("chrom")
            beat()
        scored = [each for each in read_shards(rollout.folder) if each.failure and each.success]
        if scored:
            met.append(Met(name, mistakes=(f"{len(scored)} failures were recorded as successes.",)))
    return met


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[Path]:
    """This process and those it starts put their temporary files there."""
    before = os.environ.get("TMPDIR")
    folder.mkdir()
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = None
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before


def _left(known: list[Process], before: dict[int, str], temporary: Path) -> Iterator[str]:
    if not gone(lambda: descendants(known), HELPERS_PATIENCE):
        for process in descendants(known):
            yield f"A process: {' '.join(process.command)[:120]}"
    for port in listening_ports():
        yield f"A listening port: {port}"
    if not gone(lambda: list(temporary.iterdir()), HELPERS_PATIENCE):
        for path in temporary.iterdir():
            yield f"A temporary file: {path}"
    opened = [target for number, target in open_files().items() if before.get(number) != target]
    if opened:
        yield f"{len(opened)} open files, such as {opened[0]}"
