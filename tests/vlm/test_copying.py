"""Constrained decoding: what is typed stands in the goal, an answer there or on the page, an option in its list."""

from __future__ import annotations

import numpy as np
import pytest
from transformers import PreTrainedTokenizerFast

from webvoyager_gym.types import Mark, PageView, Prompt
from webvoyager_gym.vlm import POCKET_FOLDER
from webvoyager_gym.vlm.copying import Copying

LINES = ['**[1] link "Copper Kettle $34.00"', "# Kettles"]
VIEW = PageView(
    np.zeros((1, 1, 3), np.uint8),
    (
        Mark(1, "link", "Copper Kettle", (0, 0, 9, 9)),
        Mark(2, "combobox", "Sort", (0, 0, 9, 9), options=("Price: low", "Price: high")),
    ),
    "",
    "http://x.test/",
    "",
)
PROMPT = Prompt("Find the “Copper Kettle”, please", VIEW)


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast.from_pretrained(POCKET_FOLDER)


def texts(tokenizer: PreTrainedTokenizerFast, head: str) -> set[str]:
    """Every text that the rules let one finish after a head such as `type [1] "`."""
    rules = Copying(tokenizer, PROMPT, LINES)
    start = list(tokenizer(head, add_special_tokens=False)["input_ids"])
    quote = tokenizer.convert_tokens_to_ids('"')
    finished, open_ones = set(), [start]
    while open_ones:
        tokens = open_ones.pop()
        for token in rules.allowed(tokens) or []:
            if token == quote:
                finished.add(str(tokenizer.decode(tokens[len(start) :])).strip())
            else:
                open_ones.append([*tokens, token])
    return finished


def test_typed_text_is_a_stretch_of_whole_words_of_the_goal(tokenizer: PreTrainedTokenizerFast) -> None:
    found = texts(tokenizer, 'type [1] "')
    assert {"Copper Kettle", "Find the", "please"} <= found
    assert not any("$" in text for text in found)
    assert "Copp" not in found


def test_an_answer_is_a_stretch_of_a_line_of_the_page_or_of_the_goal_or_impossible(
    tokenizer: PreTrainedTokenizerFast,
) -> None:
    found = texts(tokenizer, 'answer "')
    assert {"$34.00", "Copper Kettle", "Kettles", "please", "impossible"} <= found
    assert not any("[1]" in text or "please Kettles" in text for text in found)


def test_an_option_is_one_of_the_list_and_whole(tokenizer: PreTrainedTokenizerFast) -> None:
    assert texts(tokenizer, 'select [2] "') == {"Price: low", "Price: high"}


@pytest.mark.parametrize(
    ("head", "allowed"),
    [
        ("click", ["[1]", "[2]"]),
        ("type", None),
        ("select", ["[2]"]),
        ("click [1]", ["<|end|>"]),
        ("type [1]", ['"']),
        ("answer", ['"']),
        ("scroll", None),
        ("back", ["<|end|>"]),
        ('type [1] "Copper" enter', None),
    ],
)
def test_actions_are_whole_and_on_elements_that_take_them(
    tokenizer: PreTrainedTokenizerFast, head: str, allowed: list[str] | None
) -> None:
    rules = Copying(tokenizer, PROMPT, LINES)
    found = rules.allowed(tokenizer(head, add_special_tokens=False)["input_ids"])
    assert (None if found is None else tokenizer.convert_ids_to_tokens(found)) == allowed


def test_a_field_is_typed_into_and_a_list_selected_from(tokenizer: PreTrainedTokenizerFast) -> None:
    view = PageView(
        VIEW.screenshot,
        (*VIEW.marks, Mark(3, "searchbox", "Search", (0, 9, 9, 9))),
        "",
        VIEW.url,
        "",
    )
    rules = Copying(tokenizer, Prompt("Find it", view), LINES)

    def after(head: str) -> object:
        return tokenizer.convert_ids_to_tokens(
            rules.allowed(tokenizer(head, add_special_tokens=False)["input_ids"]) or []
        )

    assert (after("type"), after("select"), after("click")) == (["[3]"], ["[2]"], ["[1]", "[2]", "[3]"])


def test_the_beginning_is_free(tokenizer: PreTrainedTokenizerFast) -> None:
    assert Copying(tokenizer, PROMPT, LINES).allowed(tokenizer("x", add_special_tokens=False)["input_ids"]) is None
