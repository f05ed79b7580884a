"""The loop of training: update after update without waiting for the device in between.

On a GPU one update, from drawing the batch to moving the target networks, is captured once as a CUDA graph and replayed
from then on: networks this small spend more time on being launched, kernel by kernel, than on being computed.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from algorithms.candidate import CandidateAlgo
from algorithms.continuous import OnEmbeddings
from algorithms.replay import DeviceReplay
from algorithms.streamed import StreamedReplay

Algorithm = CandidateAlgo | OnEmbeddings

WARM_UP = 3
"""Updates before a graph is captured: libraries choose their kernels in them and optimisers make their buffers."""


class Updates:
    """Updates of an algorithm, and the means of their losses, which are kept on the device until somebody asks.

    Args:
        algo: with networks; its `grad_step` says how many updates it has had.
        replay: where batches come from, on the device of the algorithm.
    """

    def __init__(self, algo: Algorithm, replay: DeviceReplay | StreamedReplay) -> None:
        self._algo, self._replay = algo, replay
        self._size = algo.config.batch_size
        self._at = torch.tensor(algo.grad_step, device=replay.device)
        self._one = torch.ones((), device=replay.device)
        # Sums of the losses and of the updates that gave them. Some algorithms do not update everything every time.
        self._sums: dict[tuple[str, ...], Tensor] = {}
        self._graph: Callable[[], None] | None = None
        self._warm = 0

    @property
    def captures(self) -> bool:
        """Whether updates are replayed as a CUDA graph once warm.

        Streamed batches come from the host, a schedule of learning rates is kept there, and d3rlpy's own algorithms
        bring their losses there: none of these can be captured.
        """
        on_device = isinstance(self._replay, DeviceReplay) and self._replay.device.startswith("cuda")
        if not on_device or isinstance(self._algo, OnEmbeddings):
            return False
        return self._algo.config.optim_factory.lr_scheduler_factory is None

    def run(self, updates: int) -> None:
        """So many updates; on a GPU they are queued, and this returns before they are done."""
        assert self._algo.impl is not None
        self._algo.impl.modules.set_train()
        for _ in range(updates):
            with whole():
                if self._graph is not None:
                    self._graph()
                elif self.captures:
                    _aside(self.one, self._replay.device)
                else:
                    self.one()
                self._algo._grad_step += 1
            self._warm += 1
            if self._warm == WARM_UP and self.captures:
                self._graph = _captured(self.one, self._replay.device)

    def one(self) -> None:
        """One update from draw to losses; nothing in it waits for the device."""
        if isinstance(self._replay, DeviceReplay):
            batch = self._replay.batch(self._at, self._size)
        else:
            batch = self._replay.batch(self._algo.grad_step, self._size)
        info = self._algo.enqueue(batch)
        losses = torch.stack([*info.values(), self._one])
        self._sums.setdefault(tuple(info), torch.zeros_like(losses)).add_(losses)
        self._at += 1

    def means(self) -> dict[str, float]:
        """Means of the losses since the last call; waits for the device."""
        totals: dict[str, tuple[float, float]] = {}
        for names, sums in self._sums.items():
            *losses, count = sums.tolist()
            for name, loss in zip(names, losses, strict=True):
                before = totals.get(name, (0.0, 0.0))
                totals[name] = before[0] + loss, before[1] + count
            sums.zero_()
        return {name: loss / count for name, (loss, count) in totals.items() if count}


@contextmanager
def whole() -> Iterator[None]:
    """Ctrl-C inside takes effect at the end, so that no update is done by half; other threads never see it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    usual = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if came:
        raise KeyboardInterrupt


def _aside(step: Callable[[], None], device: str) -> None:
    """A step on a stream of its own, as warming up has to be: what it leaves must not belong to the default stream."""
    here, aside = torch.cuda.current_stream(device), torch.cuda.Stream(device)
    aside.wait_stream(here)
    with torch.cuda.stream(aside):
        step()
    here.wait_stream(aside)


def _captured(step: Callable[[], None], device: str) -> Callable[[], None]:
    """A step as a CUDA graph; capturing does not do it."""
    torch.cuda.synchronize(device)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.device(device), torch.cuda.graph(graph):
        step()
    return graph.replay
