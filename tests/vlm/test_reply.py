"""A whole reply: what the model proposed comes out of whatever it wrapped it in, and nothing else does."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webvoyager_gym.actions import KEYS, Action
from webvoyager_gym.types import Candidate, Mark, PageView
from webvoyager_gym.vlm.parse import executable, merged, read_pick, read_reply

BOX = (0, 0, 9, 9)
OPTIONS = ("Relevance", "Price: low to high", 'The "best" first')
VIEW = PageView(
    np.zeros((1, 1, 3), np.uint8),
    (
        Mark(1, "link", "Home", BOX),
        Mark(2, "textbox", "Search", BOX),
        Mark(3, "combobox", "Sort by", BOX, options=OPTIONS),
        Mark(4, "button", "Buy", BOX),
    ),
    "",
    "http://x.test/",
    "",
)


def texts(reply: str) -> list[str]:
    return [candidate.text for candidate in read_reply(reply, VIEW)]


@pytest.mark.parametrize(
    ("reply", "actions"),
    [
        ("1. **click [1]** - opens home\n2) back", ["click [1]", "back"]),
        ('* Action: click [1]\n* Action: answer "42"', ["click [1]", 'answer "42"']),
        ("**Action 1:** `click [1]`\nReason: home", ["click [1]"]),
        ("1. Open the page: `click [1]`", ["click [1]"]),
        ("Thought: home is best. Action: click [1]", ["click [1]"]),
        ("```\nclick [1]\n```", ["click [1]"]),
        ("type [2] 'red mug' enter", ['type [2] "red mug" enter']),
        ("type [2] “red mug”, press Enter", ['type [2] "red mug" enter']),
        ('type(2, "red mug", enter=True)\nclick(1)', ['type [2] "red mug" enter', "click [1]"]),
        ("Type [2]; [red mug]\nScroll [WINDOW]; down", ['type [2] "red mug"', "scroll [window] down"]),
        ("GoBack\nPress Escape\nSelect [3] relevance", ["back", 'press "Escape"', 'select [3] "Relevance"']),
        ("Action: answer forty two", ['answer "forty two"']),
        ('answer "eggs\n- flour\n- milk"\nclick [1]', ['answer "eggs\\n- flour\\n- milk"', "click [1]"]),
        ('{"action": "type", "element": 2, "text": "mug", "enter": true}', ['type [2] "mug" enter']),
        ("[{'action': 'click [1]', 'thought': \"it's home\"},]", ["click [1]"]),
        ('"action": "type [2] \\"mug\\" enter",', ['type [2] "mug" enter']),
        ("<think>click [4]\nclick [2]</think>click [1]", ["click [1]"]),
        ("click [4]\n</think>\nclick [1]", ["click [1]"]),
    ],
)
def test_what_models_wrap_actions_in(reply: str, actions: list[str]) -> None:
    assert texts(reply) == actions


@pytest.mark.parametrize(
    ("said", "whole_list", "option"),
    [
        ("price: LOW to high", True, "Price: low to high"),
        ("Newest", True, None),
        ("Newest", False, "Newest"),
        (" ", False, None),
        ("price: low…", True, "Price: low to high"),
        ("Newest fir…", True, None),
        ("…", True, None),
    ],
)
def test_an_option_is_one_of_the_list_unless_the_list_is_cut(said: str, whole_list: bool, option: str | None) -> None:
    marks = (Mark(1, "combobox", "Sort by", BOX, options=OPTIONS, more_options=not whole_list),)
    action = executable(Action("select", 1, said), replace(VIEW, marks=marks))
    assert (action.argument if action else None) == option


@pytest.mark.parametrize(
    "reply",
    [
        "I clicked [1] before; click [1] again would be silly.",
        "Click [1] was tried.",
        "Wait. The page has changed.",
        "click [9]",
        'type [1] "mug"',
        'select [3] "Newest"',
        "Answer the question first.",
        "<think>click [1]",
        '{"action": "cli',
        '{"action": "click", "element": 1',
        'answer "unfinished',
        "[1] [2] [3]",
        "",
    ],
)
def test_what_is_no_action_on_its_own_is_not_read_as_one(reply: str) -> None:
    assert texts(reply) == []


@pytest.mark.parametrize(
    "reply",
    [
        'answer "click [1]"',
        'answer "He said "click [1]" to me"',
        'answer "{"action": "click [1]"}"',
        'answer "{\\"action\\": \\"click [1]\\"}"',
    ],
)
def test_an_answer_that_quotes_an_action_is_an_answer(reply: str) -> None:
    assert [candidate.action.kind for candidate in read_reply(reply, VIEW)] == ["answer"]


def test_thoughts_go_with_their_actions() -> None:
    reply = "Thought: first\nAction: click [1]\nThought: second\nAction: back\nReason: it has one\n- wait # third"
    assert [(c.text, c.thought) for c in read_reply(reply, VIEW)] == [
        ("click [1]", "first"),
        ("back", "second"),
        ("wait", "third"),
    ]


def test_duplicates_are_merged_and_their_probabilities_added() -> None:
    reply = "click [1]\nback\nCLICK 1"
    tokens = [("click", -0.5), (" [1]\n", -0.5), ("back", -3.0), ("\n", 0.0), ("CLICK 1", -2.0)]
    candidates = read_reply(reply, VIEW, tokens)
    assert [c.text for c in candidates] == ["click [1]", "back"]
    assert candidates[0].log_prob == pytest.approx(math.log(math.exp(-1) + math.exp(-2)))
    assert candidates[1].log_prob == pytest.approx(-3.0)
    assert all(math.isnan(c.log_prob) for c in read_reply(reply, VIEW))
    half = merged([Candidate(Action("back")), Candidate(Action("back"), -1.0)])
    assert [c.log_prob for c in half] == [-1.0]


def test_probabilities_of_actions_in_json_are_those_of_their_own_words() -> None:
    tokens = [('{"action": "', -9.0), ("click", -1.0), (" [1]", -0.5), ('"}', -9.0)]
    assert read_reply("".join(text for text, _ in tokens), VIEW, tokens)[0].log_prob == pytest.approx(-1.5)


# Whatever was put in comes out, and nothing else.

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30).filter(
    lambda text: bool(text.strip())
)
ACTIONS = st.one_of(
    st.sampled_from([Action(kind, mark) for kind in ("click", "hover") for mark in (1, 2, 3, 4)]),
    st.sampled_from([Action(kind) for kind in ("wait", "back", "restart")]),
    st.builds(
        lambda mark, way: Action("scroll", mark, way), st.sampled_from([None, 1, 4]), st.sampled_from(["up", "down"])
    ),
    st.builds(lambda key: Action("press", None, key), st.sampled_from(KEYS)),
    st.builds(lambda option: Action("select", 3, option), st.sampled_from(OPTIONS)),
    st.builds(lambda text: Action("answer", None, text.strip()), WORDS),
    st.builds(lambda text, enter: Action("type", 2, text.strip(), enter=enter), WORDS, st.booleans()),
)
PROSE = st.lists(
    st.sampled_from(
        [
            "the",
            "page",
            "shows $12.50",
            "and",
            "click [1]",
            "looks",
            "right,",
            "but",
            "answer “42”",
            "not;",
            "`back`",
            "[3]",
        ]
    ),
    min_size=1,
    max_size=12,
).map(lambda words: "Here " + " ".join(words))
THOUGHTS = st.lists(
    st.sampled_from(["open", "it", "since", "[2]", "the", "“kettle”", "is", "cheap,"]), min_size=1, max_size=6
).map(" ".join)

Line = Callable[[int, str, str], str]
LINES: list[Line] = [
    lambda number, action, thought: action,
    lambda number, action, thought: f"{number}. {action}",
    lambda number, action, thought: f"{number}) `{action}`",
    lambda number, action, thought: f"- {action}",
    lambda number, action, thought: f"* **{action}**",
    lambda number, action, thought: f"   {action}   ",
    lambda number, action, thought: f"Action: {action}",
    lambda number, action, thought: f"**Action {number}:** {action}",
    lambda number, action, thought: f"Thought: {thought}\nAction: {action}",
    lambda number, action, thought: f"{number}. {action} # {thought}",
    lambda number, action, thought: f"{number}. {action} - {thought}",
    lambda number, action, thought: f"- {action} ({thought})",
    lambda number, action, thought: f"```\n{action}\n```",
    lambda number, action, thought: re.sub(r"^(click|hover) \[(\d)\]$", r"\1 \2", action),
    lambda number, action, thought: action.upper() if action.startswith(("click", "hover", "scroll")) else action,
]
ITEMS = st.lists(st.tuples(ACTIONS, THOUGHTS, st.none() | PROSE), min_size=1, max_size=4)
QUICK = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def distinct(actions: list[Action]) -> list[str]:
    return list(dict.fromkeys(action.text for action in actions))


@settings(QUICK, max_examples=400)
@given(ITEMS, st.none() | PROSE, st.integers(0, len(LINES) - 1))
def test_actions_on_lines_come_out_of_any_decoration(
    items: list[tuple[Action, str, str | None]], ending: str | None, first: int
) -> None:
    """16 replies an example: every decoration throughout, and all of them mixed; 6,400 replies in all."""
    for style in [*range(len(LINES)), None]:
        lines = []
        for number, (action, thought, before) in enumerate(items, 1):
            line = LINES[(first + 7 * number) % len(LINES) if style is None else style]
            lines += [before] if before else []
            lines.append(line(number, action.text, thought))
        reply = "\n".join(lines + ([ending] if ending else []))
        assert texts(reply) == distinct([action for action, *_ in items]), reply


@settings(QUICK, max_examples=250)
@given(st.lists(st.tuples(ACTIONS, THOUGHTS), min_size=1, max_size=4), st.none() | PROSE, st.integers(0, 9))
def test_actions_in_json_come_out_whole_or_cut_off(
    items: list[tuple[Action, str]], before: str | None, offset: int
) -> None:
    """About 20 replies an example, 5,000 in all: JSON in three layouts, Python's spelling, and all of them cut off."""
    rows = [{"thought": thought, "action": action.text} for action, thought in items]
    lead = f"{before}\n" if before else ""
    everything = distinct([action for action, _ in items])
    assert texts(lead + repr({"candidates": rows})) == everything
    for indent in (None, 1, 2):
        whole = json.dumps({"candidates": rows}, indent=indent)
        assert texts(lead + whole) == everything
        assert texts(f"{lead}```json\n{whole}\n```\n") == everything
        ends, start = [], 0
        for row in rows:
            spelled = '"action": ' + json.dumps(row["action"])
            start = whole.index(spelled, start) + len(spelled)
            ends.append(start)
        for length in range(offset, len(whole), max(11, len(whole) // 4)):
            there = [action for (action, _), end in zip(items, ends, strict=True) if end <= length]
            assert texts(lead + whole[:length]) == distinct(there), whole[:length]


@settings(QUICK, max_examples=1000)
@given(st.text(alphabet=list("click [12]{}\"'`\n\\:,*-<>/think“”answer"), max_size=200) | st.text(max_size=200))
def test_no_reply_breaks_the_reader_and_what_it_gives_can_be_executed(reply: str) -> None:
    for candidate in read_reply(reply, VIEW):
        assert texts(candidate.text) == [candidate.text]


# A pick among lettered candidates.

CANDIDATES = [Candidate(Action("click", 1)), Candidate(Action("back")), Candidate(Action("answer", None, "B is right"))]


@pytest.mark.parametrize(
    ("reply", "index"),
    [
        ("B", 1),
        ("b.", 1),
        ("**C**", 2),
        ("(A)", 0),
        ("Choice: B", 1),
        ("Thought: A leads nowhere.\nChoice: C", 2),
        ("The best candidate is B, since A was tried.", 1),
        ('```json\n{"thought": "A is slow", "choice": "B"}\n```', 1),
        ("<think>Choice: A</think>B", 1),
        ("back", 1),
        ("B. back", 1),
        ("D", None),
        ("Either A or B.", None),
        ("A page like this needs patience.", None),
        ("", None),
        ("<think>B", None),
    ],
)
def test_a_pick_is_read_or_refused(reply: str, index: int | None) -> None:
    assert read_pick(reply, CANDIDATES) == index
