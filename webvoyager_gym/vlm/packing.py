"""Several texts in one sequence, none of which sees the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Packed:
    """C texts in the rows that they belong to, one after the other.

    Attributes:
        text: (B, S) which text a token is of, -1 for padding.
        place: (B, S) its place within its text.
        first: (C,) where in its row each text begins.
    """

    text: Tensor
    place: Tensor
    first: Tensor

    def to(self, device: torch.device) -> Packed:
        """The same on a device."""
        return Packed(self.text.to(device), self.place.to(device), self.first.to(device))

    def sees(self, before: Tensor) -> Tensor:
        """(B, S, L + S) whether a token sees another: what is there before, (B, L), and its own text up to itself."""
        size = self.text.shape[1]
        same = self.text[:, :, None] == self.text[:, None, :]
        return torch.cat([before.bool()[:, None, :].expand(-1, size, -1), same.tril()], 2)


def packed_rows(lengths: Sequence[int], rows: Sequence[int], count: int) -> Packed:
    """Texts of these lengths, packed into the `count` rows that they belong to."""
    ends = [0] * count
    first = []
    for length, row in zip(lengths, rows, strict=True):
        first.append(ends[row])
        ends[row] += length
    text = torch.full((count, max(ends)), -1)
    place = torch.zeros_like(text)
    for number, (length, row, start) in enumerate(zip(lengths, rows, first, strict=True)):
        text[row, start : start + length] = number
        place[row, start : start + length] = torch.arange(length)
    return Packed(text, place, torch.tensor(first))
