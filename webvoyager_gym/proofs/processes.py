"""What this process has, by Linux's /proc: descendants, memory, ports it listens at, files it holds open."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from webvoyager_gym.errors import MissingDependency

_SET_CHILD_SUBREAPER = 36
_LISTENS = "0A"


@dataclass(frozen=True, slots=True)
class Process:
    """A process as it was when it was looked at.

    Attributes:
        started: clock ticks since the machine started; with the pid it is unique.
        command: its arguments.
    """

    pid: int
    parent: int
    started: int
    command: tuple[str, ...]

    @property
    def is_browser(self) -> bool:
        """Whether it is a Chromium itself, rather than one of its helpers."""
        kinds = ("--remote-debugging-pipe", "--type=")
        said = [any(word.startswith(kind) for word in self.command) for kind in kinds]
        return said == [True, False]


def require_linux() -> None:
    """Raises MissingDependency where there is no /proc."""
    if sys.platform != "linux":
        raise MissingDependency("This looks at processes in /proc; run it on Linux.")


def adopt_orphans() -> None:
    """From now on a descendant whose parent dies becomes a child of this process, so that none gets out of sight."""
    require_linux()
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def descendants(without: Collection[Process] = ()) -> list[Process]:
    """The running processes that descend from this one, but not those nor what descends from them."""
    children: dict[int, list[Process]] = {}
    for process in _running():
        children.setdefault(process.parent, []).append(process)
    found, parents = [], [os.getpid()]
    while parents:
        for process in children.get(parents.pop(), []):
            if process not in without:
                found.append(process)
                parents.append(process.pid)
    return found


_OWN = ("Pss_Anon:", "Pss_Shmem:", "SwapPss:")


def own_memory(pid: int) -> int:
    """A process's memory in bytes, what its relatives share with it counted by its share; 0 if it is gone.

    Pages of files are left out. Programs and libraries are shared with whoever else runs them, so that a process would
    seem to grow when a stranger ends.
    """
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(_OWN))


def listening_ports() -> list[int]:
    """The TCP ports this process listens at."""
    mine = {target for target in open_files().values() if target.startswith("socket:")}
    ports = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/self/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTENS and f"socket:[{fields[9]}]" in mine:
                ports.append(int(fields[1].rpartition(":")[2], 16))
    return sorted(ports)


def open_files() -> dict[int, str]:
    """What this process holds open, by descriptor."""
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            found[int(name)] = os.readlink(f"/proc/self/fd/{name}")
        except FileNotFoundError:
            continue
    return found


def gone(look: Callable[[], Collection[object]], seconds: float) -> bool:
    """Wait until there is nothing more to see, for so long at most."""
    until = time.monotonic() + seconds
    while look():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def bury_adopted(name: str) -> None:
    """Let go of adopted children of that name that ended. Those that this process started have who waits for them."""
    for pid, command, fields in _statuses():
        if fields[0] == "Z" and int(fields[1]) == os.getpid() and name in command:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def _running() -> Iterator[Process]:
    for pid, _, fields in _statuses():
        if fields[0] not in "ZX":
            try:
                command = Path(f"/proc/{pid}/cmdline").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            yield Process(pid, int(fields[1]), int(fields[19]), tuple(command.replace("\0", " ").split()))


def _statuses() -> Iterator[tuple[int, str, list[str]]]:
    """Of every process its pid, its name, and the fields of its status from its state on."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            status = Path(f"/proc/{name}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        # The name in brackets may hold anything.
        before, _, after = status.rpartition(")")
        yield int(name), before.partition("(")[2], after.split()
