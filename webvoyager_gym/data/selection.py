"""Some episodes of a dataset: chosen by site, split, success or round, and handed on as the whole dataset is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym import errors
from webvoyager_gym.data import sampling
from webvoyager_gym.data.vectors import Vectors
from webvoyager_gym.types import Episode

if TYPE_CHECKING:
    import d3rlpy
    import minari
    import torch

    from webvoyager_gym.data.dataset import Dataset
    from webvoyager_gym.data.tensors import Tensors


class Selection:
    """Episodes of a dataset.

    Attributes:
        dataset: all of it.
        numbers: (E,) int64, which of its episodes, ascending.
    """

    def __init__(self, dataset: Dataset, numbers: NDArray[np.int64]) -> None:
        self.dataset = dataset
        self.numbers = numbers

    def __len__(self) -> int:
        """Number of episodes."""
        return len(self.numbers)

    def __repr__(self) -> str:
        return f"Selection({len(self)} of the {len(self.dataset)} episodes of {self.dataset.id})"

    def __getitem__(self, index: int) -> Episode:
        """One episode of the selection; the last one is -1."""
        return self.dataset[int(self.numbers[index])]

    def where(
        self,
        *,
        site: str | Sequence[str] | None = None,
        split: str | None = None,
        success: bool | None = None,
        round: int | None = None,
    ) -> Selection:
        """Those of these episodes that are as asked.

        Args:
            site: of the task, one or several.
            split: of the task.
            success: whether the task was completed. An episode that the infrastructure broke off is neither.
            round: 0 for the episodes of the first version, 1 for those that the next one added, and so on.

        Raises:
            NotFound: the dataset has no such site, split or round; the nearest are named.
        """
        whole = self.dataset.vectors()
        keep = np.ones(len(self.dataset), bool)
        if site is not None:
            names = [site] if isinstance(site, str) else list(site)
            keep &= np.isin(whole.site, [_code("site", name, whole.site_names) for name in names])
        if split is not None:
            keep &= whole.split == _code("split", split, whole.split_names)
        if success is not None:
            keep &= (whole.success == success) & (whole.failure == 0)
        if round is not None:
            ends = [0, *(each.episodes for each in self.dataset.lineage), len(self.dataset)]
            if not 0 <= round < len(ends) - 1:
                raise errors.NotFound(
                    f"{self.dataset.id} has no round {round}; it has {len(ends) - 1}, counted from 0."
                )
            keep &= np.arange(len(keep)) >= ends[round]
            keep[ends[round + 1] :] = False
        return Selection(self.dataset, self.numbers[keep[self.numbers]])

    def episodes(self) -> Iterator[Episode]:
        """The episodes as they were recorded, one at a time; see `Dataset.episodes`."""
        return self.dataset.episodes(self.numbers.tolist())

    def vectors(self) -> Vectors:
        """The training view of these episodes: memory maps if it is all of them, else copies in memory."""
        whole = self.dataset.vectors()
        return whole if len(self) == whole.n_episodes else whole.take(self.numbers)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """(M,) rows of `dataset.vectors()` in which the transitions begin that can be learnt from.

        So one reads a batch off the memory maps, without copying the selection: `dataset.vectors().obs[rows]`.
        """
        whole = self.dataset.vectors()
        rows = sampling.known_rows(whole)
        chosen = np.zeros(len(self.dataset), bool)
        chosen[self.numbers] = True
        return rows[np.repeat(chosen, np.diff(whole.ep_ptr))[rows]]

    def order(self, seed: int, epoch: int) -> NDArray[np.int64]:
        """`rows` in the order in which an epoch visits them, a function of (seed, epoch)."""
        return sampling.order(self.rows, seed, epoch)

    def batches(self, size: int, *, seed: int, epoch: int = 0, start: int = 0) -> Iterator[NDArray[np.int64]]:
        """Batches of `rows` without end, from batch `start` of an epoch on.

        Raises:
            ValueError: there is no transition, or a batch would be empty.
        """
        return sampling.batches(self.rows, size, seed=seed, epoch=epoch, start=start)

    def to_torch(self, device: str | torch.device = "cpu") -> Tensors:
        """The training view as tensors on a device; see `webvoyager_gym.data.tensors`."""
        from webvoyager_gym.data.tensors import to_torch

        return to_torch(self.vectors(), device)

    def to_d3rlpy(self) -> d3rlpy.dataset.ReplayBuffer:
        """The transitions as a d3rlpy replay buffer with candidate sets; see `webvoyager_gym.data.convert.to_d3rlpy`.

        Raises:
            MissingDependency: d3rlpy is not installed.
            InvalidFile: there are no embeddings, or no transitions.
        """
        try:
            import d3rlpy  # noqa: F401
        except ImportError as error:
            raise errors.MissingDependency(
                "d3rlpy is not installed; run `pip install 'webvoyager-gym[train]'`."
            ) from error
        from webvoyager_gym.data.convert import to_d3rlpy

        return to_d3rlpy(self.vectors())

    def to_minari(self) -> minari.MinariDataset:
        """These episodes as Minari reads them; see `Dataset.to_minari`."""
        whole: Any = self.dataset.to_minari()
        import minari

        return minari.MinariDataset(whole.storage, episode_indices=self.numbers)


def _code(what: str, name: str, names: tuple[str, ...]) -> int:
    if name not in names:
        raise errors.not_found(f"{what} in this dataset", name, names)
    return names.index(name)
