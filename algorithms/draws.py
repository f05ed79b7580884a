"""Which transitions are drawn: a function of seed and update, the same on every device.

Numbers come from SplitMix64 (Steele, Lea and Flood 2014, doi 10.1145/2660193.2660195), which turns a counter into a
random number by a few integer operations. So a training can go on at any update without repeating the draws before it,
nothing is asked of the host, and a draw can be part of a CUDA graph, with the update's number as a tensor.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

_GAMMA, _FIRST, _SECOND = (value - (1 << 64) for value in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
"""SplitMix64's constants as int64, the only whole numbers that all devices multiply."""


def splitmix64(start: Tensor, counter: Tensor) -> Tensor:
    """Numbers of the generator with a start value, int64 whose bits are those of the unsigned ones; counted from 0."""
    mixed = start + (counter + 1) * _GAMMA
    mixed = (mixed ^ _shifted(mixed, 30)) * _FIRST
    mixed = (mixed ^ _shifted(mixed, 27)) * _SECOND
    return mixed ^ _shifted(mixed, 31)


def _shifted(bits: Tensor, places: int) -> Tensor:
    """To the right, with zeros from the left; int64 has its sign come in."""
    return (bits >> places) & ((1 << (64 - places)) - 1)


def start_value(seed: int, device: str | torch.device) -> Tensor:
    """Where the generator of a seed starts; those of neighbouring seeds lie far apart."""
    return splitmix64(torch.tensor(seed, device=device), torch.zeros((), dtype=torch.int64, device=device))


def stream(start: Tensor, number: int) -> Tensor:
    """Where another generator of the same seed starts, for what is drawn beside transitions; numbers from 0."""
    # Places before the first one are never drawn.
    return splitmix64(start, torch.full_like(start, -1 - number))


def uniform(start: Tensor, update: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Numbers of a shape in [0, 1), float32 of 24 random bits, on the device of `start`; arguments as of `draw`."""
    size = math.prod(shape)
    counter = update * size + torch.arange(size, device=start.device)
    return (_shifted(splitmix64(start, counter), 40).float() * 2.0**-24).reshape(shape)


def draw(start: Tensor, update: Tensor, size: int, among: int | Tensor) -> Tensor:
    """(size,) int64 from 0 to `among` - 1, all equally likely, with replacement; on the device of `start`.

    Args:
        start: of the generator, see `start_value`.
        update: () int64, the number of the update, from 0.
        among: one number for all, or (size,) int64.
    """
    counter = update * size + torch.arange(size, device=start.device)
    # 63 bits; the bias of the remainder is below among / 2^63.
    return (splitmix64(start, counter) & ((1 << 63) - 1)) % among
