"""Texts of any script through every way that Gymnasium moves a space."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
from gymnasium.spaces.utils import flatten, unflatten
from gymnasium.vector.utils import create_shared_memory, read_from_shared_memory, write_to_shared_memory
from hypothesis import given
from hypothesis import strategies as st

from webvoyager_gym.spaces import UnicodeText, clip

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(TEXTS)
def test_flattening_is_undone(text: str) -> None:
    space = UnicodeText(40)
    assert space.contains(text)
    assert unflatten(space, flatten(space, text)) == text


@given(TEXTS, TEXTS)
def test_shared_memory_shows_what_was_written_last(first: str, second: str) -> None:
    space = UnicodeText(40)
    memory: Any = create_shared_memory(space, 2)
    seen: Any = read_from_shared_memory(space, memory, 2)
    write: Any = write_to_shared_memory
    write(space, 1, first, memory)
    before = copy.deepcopy(seen)
    write(space, 1, second, memory)
    assert (before[1], seen[1]) == (first, second)
    assert isinstance(before, tuple)


def test_spaces_are_equal_pickle_and_sample_within_themselves() -> None:
    space = UnicodeText(10, min_length=2, seed=1)
    again = pickle.loads(pickle.dumps(space))  # noqa: S301 - our own bytes
    assert again == space != UnicodeText(11, min_length=2)
    samples = [space.sample() for _ in range(50)]
    assert all(space.contains(text) for text in samples)
    assert not space.contains("x")
    assert not space.contains(np.str_("x" * 11))


def test_clipping_frees_a_text_of_lone_surrogates() -> None:
    assert clip("a\ud800bc", 3) == "a?b"
