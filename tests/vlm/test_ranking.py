"""The order of proposals: what changes nothing is left out, what was done before comes later."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from webvoyager_gym.actions import parse
from webvoyager_gym.history import in_words
from webvoyager_gym.types import Candidate, Mark, PageView, Prompt
from webvoyager_gym.vlm.prompt import PromptStyle
from webvoyager_gym.vlm.ranking import is_idle, ranked

BOX = (0, 0, 9, 9)
VIEW = PageView(
    np.zeros((1, 1, 3), np.uint8),
    (
        Mark(1, "textbox", "From", BOX, value="Oberdorf"),
        Mark(2, "combobox", "Sort", BOX, value="Price", options=("Price", "Rating")),
        Mark(3, "link", "Here", BOX, href="/list?page=2"),
        Mark(4, "link", "Next", BOX, href="/list?page=3"),
        Mark(5, "radio", "Daily", BOX, checked=True),
        Mark(6, "radio", "Weekly", BOX, checked=False),
        Mark(7, "checkbox", "Open", BOX, checked=True),
        Mark(8, "button", "Search", BOX),
    ),
    "",
    "http://flights.webvoyager.test/list?page=2#top",
    "",
)


def candidates(*texts: str) -> list[Candidate]:
    """Of these actions, each half as likely as the one before."""
    return [Candidate(parse(text), -math.log(2) * place) for place, text in enumerate(texts)]


def order(found: Sequence[Candidate]) -> list[str]:
    return [candidate.text for candidate in found]


@pytest.mark.parametrize(
    ("text", "idle"),
    [
        ('type [1] "Oberdorf"', True),
        ('type [1] "Ebbnova"', False),
        ('type [1] "Oberdorf" enter', False),
        ('select [2] "Price"', True),
        ('select [2] "Rating"', False),
        ("click [3]", True),
        ("click [4]", False),
        ("click [5]", True),
        ("click [6]", False),
        ("click [7]", False),
        ("click [8]", False),
        ("hover [3]", False),
        ("scroll [window] down", False),
        ('answer "Price"', False),
    ],
)
def test_what_leaves_a_page_as_it_is(text: str, idle: bool) -> None:
    assert is_idle(parse(text), VIEW) is idle


def test_what_changes_nothing_is_not_proposed_unless_there_is_nothing_else() -> None:
    style = PromptStyle(skips_idle=True)
    given = candidates('type [1] "Oberdorf"', "click [8]", "click [3]", "click [4]")
    assert order(ranked(given, Prompt("", VIEW), style)) == ["click [8]", "click [4]"]
    assert order(ranked(given[:1], Prompt("", VIEW), style)) == ['type [1] "Oberdorf"']
    assert ranked([], Prompt("", VIEW), style) == []
    assert order(ranked(given, Prompt("", VIEW), PromptStyle())) == order(given)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (0, ["click [4]", "click [8]", "click [6]"]),
        (1, ["click [8]", "click [4]", "click [6]"]),
        (2, ["click [8]", "click [6]", "click [4]"]),
    ],
)
def test_each_time_that_an_action_was_done_puts_it_later(times: int, expected: list[str]) -> None:
    given = candidates("click [4]", "click [8]", "click [6]")
    done = (in_words(parse("click [4]"), VIEW),) * times
    found = ranked(given, Prompt("", VIEW, history=done), PromptStyle(repetition_penalty=1.0))
    assert order(found) == expected
    assert {each.text: each.log_prob for each in found} == {each.text: each.log_prob for each in given}
