"""Show that not one packet of the local suite leaves loopback, Chromium's own background traffic included.

    python -m webvoyager_gym.proofs.loopback

Experts do tasks of every site in a network namespace whose only way out is a cable that a recorder listens at; name
servers are beyond it too. First a packet is sent out on purpose, to see that the recorder hears. Linux only, and only
where namespaces may be made: root, or a system that lets users make them. Exit status 1 if anything else is heard.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.errors import MissingDependency
from webvoyager_gym.proofs.running import SitesOption, chosen_tasks
from webvoyager_gym.rollout import run_expert
from webvoyager_gym.sites import SITES
from webvoyager_gym.tasks.local import LocalTask

OUTSIDE = "203.0.113.1"
"""An address that nobody has (RFC 5737); the way out leads there, and so do questions for names."""
INSIDE_VARIABLE = "WEBVOYAGER_GYM_IN_NAMESPACE"
_ALL_PROTOCOLS, _IPV4, _IPV6 = 0x0003, 0x0800, 0x86DD
_SET_UP = (
    "ip link set lo up",
    "ip link add way type veth peer name ear",
    "ip addr add 203.0.113.2/24 dev way",
    "ip link set way up",
    "ip link set ear up",
    f"ip neigh add {OUTSIDE} lladdr 02:00:00:00:00:01 dev way",
    f"ip route add default via {OUTSIDE}",
)


class Recorder:
    """Notes where IP packets on an interface go, by destination and protocol."""

    def __init__(self, interface: str) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL_PROTOCOLS))
        self._socket.bind((interface, 0))
        self._socket.settimeout(0.1)
        self.heard: Counter[str] = Counter()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                frame = self._socket.recv(65535)
            except TimeoutError:
                continue
            kind = int.from_bytes(frame[12:14])
            if kind == _IPV4:
                self.heard[f"{ipaddress.ip_address(frame[30:34])}, protocol {frame[23]}"] += 1
            elif kind == _IPV6 and not ipaddress.ip_address(frame[38:54]).is_multicast:
                # The kernel itself greets the neighbourhood by multicast.
                self.heard[f"{ipaddress.ip_address(frame[38:54])}, protocol {frame[20]}"] += 1

    def close(self) -> None:
        """Stop listening."""
        self._over.set()
        self._thread.join(5)
        self._socket.close()


def shut_in(arguments: list[str]) -> int:
    """Run this program again in namespaces of its own; its exit status.

    Raises:
        MissingDependency: namespaces cannot be made here.
    """
    if sys.platform != "linux" or not shutil.which("unshare") or not shutil.which("ip"):
        raise MissingDependency("This needs Linux with unshare and ip; run 'apt-get install util-linux iproute2'.")
    unshare = ["unshare", "--net", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode:
        raise MissingDependency(
            "Network namespaces may not be made here; run this as root on a machine that allows it."
        )
    command = [*unshare, sys.executable, "-m", "webvoyager_gym.proofs.loopback", *arguments]
    return subprocess.run(command, env=os.environ | {INSIDE_VARIABLE: "1"}, check=False).returncode


def lay_the_way_out() -> None:
    """Make this namespace's way out, and send questions for names that way."""
    for line in _SET_UP:
        subprocess.run(line.split(), check=True, capture_output=True)
    # The file may go once it is mounted.
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write(f"nameserver {OUTSIDE}\n")
        file.flush()
        Path(file.name).chmod(0o644)
        target = Path("/etc/resolv.conf").resolve()
        subprocess.run(["mount", "--bind", file.name, str(target)], check=True, capture_output=True)


def visit(tasks: list[LocalTask], idle: float) -> int:
    """Have experts do the tasks, then let the browser stand for so many seconds; how many were completed."""
    with closing(WebVoyagerEnv(max_steps=15)) as env:
        completed = sum(run_expert(env, task, seed=task.seed, max_steps=15).success for task in tasks)
        time.sleep(idle)
    return completed


def main(
    site: SitesOption = None,
    each: Annotated[int, typer.Option(min=1, help="Tasks of each site.")] = 2,
    idle: Annotated[float, typer.Option(min=0, help="Seconds for which the browser stands at the end.")] = 30.0,
) -> None:
    """Listen at the only way out while experts do tasks of the local suite."""
    if not os.environ.get(INSIDE_VARIABLE):
        raise typer.Exit(shut_in(sys.argv[1:]))
    lay_the_way_out()
    sites = site or list(SITES)
    tasks = [task for name in sites for task in chosen_tasks("train", [name], 1)[:each]]
    with closing(Recorder("ear")) as recorder:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            control.sendto(b"Is anybody there?", (OUTSIDE, 9))
        deadline = time.monotonic() + 10
        while not recorder.heard and time.monotonic() < deadline:
            time.sleep(0.05)
        if not recorder.heard:
            print("The recorder did not hear the packet that was sent out on purpose.")
            raise typer.Exit(1)
        recorder.heard.clear()
        completed = visit(tasks, idle)
        heard = dict(recorder.heard)
    for where, count in sorted(heard.items()):
        print(f"{count} packets to {where}")
    print(
        f"{completed} of {len(tasks)} tasks on {len(sites)} sites completed, {idle:g} s idle; "
        f"packets that left loopback: {sum(heard.values())}."
    )
    raise typer.Exit(bool(heard) or completed < len(tasks))


if __name__ == "__main__":
    typer.run(main)
