"""What a model writes is executed only if it can be executed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webvoyager_gym.types import Mark, PageView
from webvoyager_gym.vlm.parse import read_action

VIEW = PageView(
    np.zeros((1, 1, 3), np.uint8),
    (
        Mark(1, "link", "Home", (0, 0, 9, 9)),
        Mark(2, "textbox", "Search", (0, 0, 9, 9)),
        Mark(3, "combobox", "Sort by", (0, 0, 9, 9), options=("Relevance", "Price: low to high")),
    ),
    "",
    "http://x.test/",
    "",
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("click[1]", "click [1]"),
        (' type [2] " red mug " enter', 'type [2] "red mug" enter'),
        ('select[3] " price: low to high "', 'select [3] "Price: low to high"'),
        ('answer " click [3] "', 'answer "click [3]"'),
        ("scroll [window] DOWN", "scroll [window] down"),
    ],
)
def test_spellings_of_one_action_are_one_action(text: str, canonical: str) -> None:
    action = read_action(text, VIEW)
    assert action is not None
    assert action.text == canonical


@pytest.mark.parametrize(
    "text",
    [
        "click [4]",
        "click [0]",
        'type [1] "x"',
        'type [3] "x"',
        'select [3] "Newest"',
        'select [1] "a"',
        'answer "  "',
        "jump",
        "",
    ],
)
def test_what_cannot_be_executed_is_refused(text: str) -> None:
    assert read_action(text, VIEW) is None


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=200) | st.from_regex(r'(click|type|select|answer) ?\[\d\] ?"[^"]*"', fullmatch=True))
def test_no_text_breaks_the_parser_and_what_passes_is_canonical(text: str) -> None:
    action = read_action(text, VIEW)
    if action is not None:
        assert read_action(action.text, VIEW) == action
