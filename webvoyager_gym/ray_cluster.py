"""Workers on a Ray cluster: an actor each, on whichever node has room.

Jobs and results cross the cluster as Ray pickles them. That is transport between processes of one's own, as it is
between the processes of one machine; nothing pickled is ever written to a file or read from one.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Collection, Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from webvoyager_gym.errors import MissingDependency, WebVoyagerError
from webvoyager_gym.worker import FAREWELL, Message, Setup, serve

KNOCK = 10.0
"""Seconds within which a cluster has to answer."""


class RayCluster:
    """A Ray cluster as an `Engine`.

    Every node needs this package and a Chromium, and Ray and Python in the versions of this one; the nodes share no
    disk. Actors die with the program that started them, however it ends.

    Args:
        address: "HOST:6379", "ray://HOST:10001", or "auto" for RAY_ADDRESS, or else the cluster this machine is in.
            A connection that the program has made itself is used, and left as it is.
        cpus, gpus: what a worker takes of a node; its browser and its models included.

    Raises:
        MissingDependency: Ray is not installed.
    """

    def __init__(self, address: str = "auto", *, cpus: float = 1.0, gpus: float = 0.0) -> None:
        try:
            import ray
        except ImportError as error:
            raise MissingDependency("Ray is not installed; bring it with: pip install 'webvoyager-gym[ray]'") from error
        self._ray: Any = ray
        self._address, self._resources = address, {"num_cpus": cpus, "num_gpus": gpus}
        self._setup: tuple[Any, Any] = (None, None)
        self._connected = False

    def __enter__(self) -> Self:
        if not self._ray.is_initialized():
            try:
                _knock(self._address)
                # What actors print would come out of this program's stdout.
                self._ray.init(address=self._address, log_to_driver=False, logging_level="warning")
            except (OSError, ValueError) as error:
                raise WebVoyagerError(
                    f"There is no Ray cluster at {self._address} ({error}); start one with `ray start --head`, or give "
                    "the address of one."
                ) from error
            self._connected = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._setup = (None, None)
        if self._connected:
            self._ray.shutdown()
            self._connected = False

    def start(self, setup: Setup[Any, Any], number: int) -> RayActor:
        # A setup may hold a network: it goes to the cluster once, not once an actor.
        if self._setup[0] is not setup:
            self._setup = (setup, self._ray.put(setup))
        # One call hears, another brings a job.
        kind = self._ray.remote(max_concurrency=2, max_restarts=0, **self._resources)(_Actor)
        return RayActor(self._ray, kind.remote(self._setup[1], number))

    def wait(self, peers: Sequence[RayActor], seconds: float) -> Collection[RayActor]:
        asked = {peer.reply: peer for peer in peers}
        ready, _ = self._ray.wait(list(asked), num_returns=len(asked), timeout=0)
        if not ready:
            ready, _ = self._ray.wait(list(asked), timeout=seconds)
        return [asked[reply] for reply in ready]


class RayActor:
    """An actor as its driver reaches it.

    Attributes:
        reply: what it will say next.
    """

    def __init__(self, ray: Any, actor: Any) -> None:
        self._ray, self._actor = ray, actor
        self.reply = actor.hear.remote()
        self.fate = "ended"

    def send(self, job: Any) -> None:
        self._actor.give.remote(job)

    def receive(self) -> Message:
        try:
            message: Message = self._ray.get(self.reply)
        except self._ray.exceptions.RayError as error:
            # The actor ended or died; or its node did, with what the actor had said.
            self.fate = f"died ({_in_short(error)})"
            raise EOFError from error
        self.reply = self._actor.hear.remote()
        return message

    def end(self, patience: float) -> None:
        until = time.monotonic() + patience
        with contextlib.suppress(EOFError):
            while self._ray.wait([self.reply], timeout=max(0.0, until - time.monotonic()))[0]:
                self.receive()
        self._ray.kill(self._actor)
        self._ray.wait([self._actor.hear.remote()], timeout=FAREWELL)


class _Actor:
    """What runs on the cluster: a worker's life in one thread, and the way in and out of it."""

    def __init__(self, setup: Setup[Any, Any], number: int) -> None:
        self._jobs: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._said: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        threading.Thread(target=self._live, args=(setup, number), name="webvoyager-worker", daemon=True).start()

    def _live(self, setup: Setup[Any, Any], number: int) -> None:
        try:
            serve(setup, number, self._jobs.get, self._said.put)
        finally:
            self._said.put(None)

    def give(self, job: Any) -> None:
        self._jobs.put(job)

    def hear(self) -> Message | None:
        message = self._said.get()
        if message is None:
            import ray

            # It leaves as a program does, and so closes its browser. This does not return.
            ray.actor.exit_actor()
        return message


def _knock(address: str) -> None:
    """See whether anybody listens there; Ray itself would go on trying for minutes. Raises OSError or ValueError."""
    parts = urlsplit(address if "://" in address else f"//{address}")
    if parts.hostname is not None and parts.port is not None:
        socket.create_connection((parts.hostname, parts.port), timeout=KNOCK).close()


def _in_short(error: Exception) -> str:
    """The first line of what Ray says, and the last if that names an error."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    return " ".join(lines[:1] + ([lines[-1]] if "Error" in lines[-1] and len(lines) > 1 else []))
