"""Batches of a dataset that is larger than the device's memory, read from the memory map while the device computes."""

from __future__ import annotations

import dataclasses
from concurrent.futures import Future, ThreadPoolExecutor

import torch

from algorithms.batch import CandidateBatch, moved
from algorithms.columns import Columns
from algorithms.replay import DeviceReplay

ROOM = 0.7
"""Share of a device's free memory that embeddings may take; networks, optimisers and a batch need the rest."""


class StreamedReplay:
    """Gathers the next batch on the CPU, in a thread, while the device has the present one.

    The batches are those that `DeviceReplay` would give.

    Args:
        host: the transitions, kept on the CPU.
        device: where the batches go.
    """

    def __init__(self, host: DeviceReplay, device: str) -> None:
        self.device = device
        self.width, self.n_candidates = host.width, host.n_candidates
        self._host = host
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="gather")
        self._ahead: tuple[int, int, Future[CandidateBatch]] | None = None

    def __len__(self) -> int:
        """M, the number of transitions."""
        return len(self._host)

    def seeded(self, seed: int) -> StreamedReplay:
        """The same transitions drawn by another seed, with a thread of its own."""
        return StreamedReplay(self._host.seeded(seed), self.device)

    def batch(self, update: int, size: int) -> CandidateBatch:
        """The batch of an update, counted from 0; the one after it is begun."""
        ahead = self._ahead
        known = ahead is not None and ahead[:2] == (update, size)
        batch = ahead[2].result() if ahead is not None and known else self._gather(update, size)
        self._ahead = (update + 1, size, self._thread.submit(self._gather, update + 1, size))
        # The copy runs beside the device's work; in the device's order it comes before its use.
        return moved(batch, self.device)

    def _gather(self, update: int, size: int) -> CandidateBatch:
        batch = self._host.batch(update, size)
        if not self.device.startswith("cuda"):
            return batch
        columns = {field.name: getattr(batch, field.name).pin_memory() for field in dataclasses.fields(batch)}
        return dataclasses.replace(batch, **columns)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(cancel_futures=True)


Replay = DeviceReplay | StreamedReplay
"""Where updates get their batches from."""


def has_room(columns: Columns, device: str) -> bool:
    """Whether the embeddings fit on a device beside everything else; always on a CPU, which copies nothing."""
    if not device.startswith("cuda"):
        return True
    free, _ = torch.cuda.mem_get_info(device)
    return columns.nbytes < ROOM * free
