"""Which transitions are drawn when: a function of seed and update, as without a curriculum.

    none             all transitions, always equally likely
    easy-first       at update t, with equal probability from the easiest share c(t) of them, and from all of them once
                     t >= T (`curriculum_updates`):  c(t) = min(1, sqrt(t / T * (1 - c0^2) + c0^2)),  c0 = 0.1
                     (competence-based curriculum, arXiv 1903.09848, eq. 7). A transition is the easier the more of the
                     recorded episodes on its site succeeded, and on one site the shorter its episode is.
    balanced-sites   every site equally often, within it every transition. A site with long or many episodes no longer
                     decides what is learnt, which is meant for acting on sites that were never seen.

Sites and lengths are those of the transitions that are learnt from. M counts them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from algorithms.columns import Columns
from algorithms.draws import draw, stream

CURRICULA = ("none", "easy-first", "balanced-sites")

START = 0.1
"""c0, the share that easy-first begins with."""


class Lessons(Protocol):
    """Draws transitions instead of `algorithms.draws.draw`."""

    def draw(self, start: Tensor, update: Tensor, size: int) -> Tensor:
        """Numbers (size,) int64 of transitions, on the device of `start`; arguments as of `algorithms.draws.draw`."""
        ...

    def to(self, device: str) -> Lessons:
        """The same on a device."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class EasyFirst:
    """Draws from ever more of the transitions.

    Attributes:
        order: (M,) int64, the easiest first.
        updates: T.
    """

    order: Tensor
    updates: int

    def draw(self, start: Tensor, update: Tensor, size: int) -> Tensor:
        among = (self.competence(update) * len(self.order)).ceil().long().clamp(1, len(self.order))
        return self.order[draw(start, update, size, among)]

    def competence(self, update: Tensor) -> Tensor:
        """c(t), () float64."""
        return (update.double() / self.updates * (1 - START**2) + START**2).sqrt().clamp_max(1.0)

    def to(self, device: str) -> EasyFirst:
        return EasyFirst(self.order.to(device), self.updates)


@dataclass(frozen=True, slots=True, eq=False)
class BalancedSites:
    """Draws a site, then one of its transitions.

    Attributes:
        order: (M,) int64, site by site.
        first, count: (sites,) int64, where a site's transitions begin in it, and how many it has.
    """

    order: Tensor
    first: Tensor
    count: Tensor

    def draw(self, start: Tensor, update: Tensor, size: int) -> Tensor:
        site = draw(start, update, size, len(self.first))
        return self.order[self.first[site] + draw(stream(start, 0), update, size, self.count[site])]

    def to(self, device: str) -> BalancedSites:
        return BalancedSites(*(each.to(device) for each in (self.order, self.first, self.count)))


def lessons(curriculum: str, columns: Columns, updates: int) -> Lessons | None:
    """The draws of one of `CURRICULA` from a dataset; None for "none"."""
    if curriculum == "easy-first":
        return EasyFirst(torch.from_numpy(easiest_first(columns)), updates)
    if curriculum == "balanced-sites":
        order = np.argsort(columns.site, kind="stable")
        _, first, count = np.unique(columns.site[order], return_index=True, return_counts=True)
        return BalancedSites(*map(torch.from_numpy, (order, first, count)))
    return None


def easiest_first(columns: Columns) -> NDArray[np.int64]:
    """(M,) transitions by the share of successes on their site, then by the length of their episode, then as recorded.

    An episode that the infrastructure broke off is no failure; a site with no others counts as one without success.
    """
    starts = np.flatnonzero(columns.steps == 0)
    lengths = np.diff(np.append(starts, len(columns.steps)))
    succeeded, site = np.maximum.reduceat(columns.rewards, starts) > 0, columns.site[starts]
    known = columns.return_known[starts]
    sites = int(site.max()) + 1
    wins = np.bincount(site[known & succeeded], minlength=sites)
    rates = wins / np.maximum(np.bincount(site[known], minlength=sites), 1)
    return np.lexsort([np.repeat(lengths, lengths), -np.repeat(rates[site], lengths)])
