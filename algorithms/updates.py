"""The loop of training: update after update without waiting for the device in between.

On a GPU one update, from drawing the batch to moving the target networks, is captured once as a CUDA graph and replayed
from then on: networks this small spend more time on being launched, kernel by kernel, than on being computed.
"""

from __future__ import annotations

from collections.abc import Callable

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
        self._names: tuple[str, ...] = ()
        self._sums: Tensor | None = None
        self._since = 0
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
            if self._graph is not None:
                self._graph()
            else:
                self.one()
                self._warm += 1
                if self.captures and self._warm == WARM_UP:
                    self._graph = _captured(self.one, self._replay.device)
            self._algo._grad_step += 1
            self._since += 1

    def one(self) -> None:
        """One update from draw to losses; nothing in it waits for the device."""
        number = self._at if isinstance(self._replay, DeviceReplay) else self._algo.grad_step
        info = self._algo.enqueue(self._replay.batch(number, self._size))  # type: ignore[arg-type]
        losses = torch.stack(list(info.values()))
        if self._sums is None:
            self._names, self._sums = tuple(info), torch.zeros_like(losses)
        self._sums += losses
        self._at += 1

    def means(self) -> dict[str, float]:
        """Means of the losses since the last call; waits for the device."""
        if self._sums is None or not self._since:
            return {}
        means = (self._sums / self._since).tolist()
        self._sums.zero_()
        self._since = 0
        return dict(zip(self._names, means, strict=True))


def _captured(step: Callable[[], None], device: str) -> Callable[[], None]:
    """A step as a CUDA graph; capturing does not do it."""
    torch.cuda.synchronize(device)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.device(device), torch.cuda.graph(graph):
        step()
    return graph.replay
