"""A Text space over all of Unicode that shared memory, pickling and equality can handle.

`gymnasium.spaces.Text` keeps a table of its characters, which for web pages would have to hold more than a million.
Here a character's index is its code point, so no table is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import gymnasium as gym
import numpy as np
from gymnasium.spaces.utils import flatten
from gymnasium.vector.utils import create_empty_array
from gymnasium.vector.utils.shared_memory import read_from_shared_memory
from numpy.typing import NDArray

_SAMPLED = "abcdefghijklmnopqrstuvwxyz0123456789 äéßøčωж한字"


class _CodePoints:
    """All Unicode characters as a sequence and as a set, without storing them."""

    def __len__(self) -> int:
        return 0x110000

    def __getitem__(self, index: int) -> str:
        return chr(index)

    def __contains__(self, character: object) -> bool:
        return isinstance(character, str) and len(character) == 1

    def __iter__(self) -> Iterator[str]:
        return map(chr, range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _CodePoints)

    __hash__ = None  # type: ignore[assignment]


class UnicodeText(gym.spaces.Text):
    """Any text of at most `max_length` characters."""

    def __init__(self, max_length: int, *, min_length: int = 0, seed: Any = None) -> None:
        super().__init__(max_length, min_length=min_length, charset=" ", seed=seed)
        self._char_list = _CodePoints()  # type: ignore[assignment]
        self._char_set = _CodePoints()  # type: ignore[assignment]

    def character_index(self, char: str) -> np.int32:
        """The character's code point."""
        return np.int32(ord(char))

    @property
    def characters(self) -> str:
        """Every character, in order of code point. A million of them: nothing in this package asks."""
        return "".join(self._char_set)

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        """A random text of at most 32 characters. Masks are not supported."""
        if mask is not None or probability is not None:
            raise ValueError("UnicodeText.sample() takes no mask; sample without one.")
        longest = min(self.max_length, max(self.min_length, 32))
        length = int(self.np_random.integers(self.min_length, longest + 1))
        return "".join(self.np_random.choice(list(_SAMPLED), size=length))

    def contains(self, x: Any) -> bool:
        return isinstance(x, str) and self.min_length <= len(x) <= self.max_length

    def __repr__(self) -> str:
        return f"UnicodeText({self.max_length})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.min_length == other.min_length and self.max_length == other.max_length

    __hash__ = None  # type: ignore[assignment]


class _SharedTexts(Sequence[str]):
    """The texts in a vector environment's shared memory as they are when they are looked at; a deep copy is a tuple.

    gymnasium reads Text spaces out of shared memory once, when the memory is made, and hands out those texts for ever.
    """

    def __init__(self, codes: NDArray[np.int32]) -> None:
        self._codes = codes

    def __len__(self) -> int:
        return len(self._codes)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if isinstance(index, slice):
            return tuple(self)[index]
        codes = self._codes[index]
        return codes[codes < len(_CodePoints())].astype("<u4").tobytes().decode("utf-32-le", "replace")

    def __deepcopy__(self, memo: dict[int, Any]) -> tuple[str, ...]:
        return tuple(self)


@flatten.register
def _flatten(space: UnicodeText, x: str) -> NDArray[np.int32]:  # type: ignore[misc]
    codes = np.full(space.max_length, len(_CodePoints()), np.int32)
    codes[: len(x)] = np.frombuffer(x.encode("utf-32-le", "replace"), "<u4")
    return codes


@create_empty_array.register(UnicodeText)
def _empty(space: UnicodeText, n: int = 1, fn: Any = np.zeros) -> tuple[str, ...]:
    # Gymnasium would put together all characters to take the first.
    return (chr(0) * space.min_length,) * n


@read_from_shared_memory.register(UnicodeText)
def _read(space: UnicodeText, shared_memory: Any, n: int = 1) -> _SharedTexts:
    return _SharedTexts(np.frombuffer(shared_memory.get_obj(), np.int32).reshape(n, space.max_length))


def clip(text: str, length: int) -> str:
    """The text cut to a length, and free of lone surrogates, which no encoder takes."""
    return text[:length].encode("utf-8", "replace").decode("utf-8")
