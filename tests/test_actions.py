"""The action grammar: one table is the parser, the prompt text and what is sampled."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webvoyager_gym.actions import KEYS, KINDS, MAX_ACTION_LENGTH, Action, ActionError, ActionSpace, describe, parse

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
MARKS = st.integers(1, 99999)
ACTIONS = st.one_of(
    st.builds(Action, st.sampled_from(["click", "hover"]), MARKS),
    st.builds(Action, st.just("type"), MARKS, TEXTS, st.booleans()),
    st.builds(Action, st.just("select"), MARKS, TEXTS),
    st.builds(Action, st.just("scroll"), st.none() | MARKS, st.sampled_from(["up", "down"])),
    st.builds(Action, st.just("press"), st.none(), st.sampled_from(KEYS)),
    st.builds(Action, st.sampled_from(["wait", "back", "restart"])),
    st.builds(Action, st.just("answer"), st.none(), TEXTS),
)


@settings(max_examples=1000)
@given(ACTIONS)
def test_every_action_survives_its_own_spelling(action: Action) -> None:
    assert parse(action.text) == action


@settings(max_examples=1000)
@given(st.text(max_size=120))
def test_any_text_is_an_action_or_refused_with_a_sentence(text: str) -> None:
    try:
        action = parse(text)
    except ActionError as refused:
        message = str(refused)
    else:
        message = "." if parse(action.text) == action else "an action that is not itself"
    assert message.endswith(".")


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_tables_examples_parse_and_the_first_is_canonical(kind: object) -> None:
    examples = kind.examples  # type: ignore[attr-defined]
    assert parse(examples[0]).text == examples[0]
    for example in examples:
        assert parse(example).kind == kind.name  # type: ignore[attr-defined]
        assert example in describe() or example != examples[0]


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ('answer "click [3]"', Action("answer", argument="click [3]")),
        ('answer "it says "sold out", sadly"', Action("answer", argument='it says "sold out", sadly')),
        ("CLICK 3", Action("click", 3)),
        ("scroll down", Action("scroll", None, "down")),
        ('type [2] "a\\nb" enter', Action("type", 2, "a\nb", enter=True)),
        ('press "enter"', Action("press", argument="Enter")),
    ],
)
def test_forgiving_readings(text: str, action: Action) -> None:
    assert parse(text) == action


@pytest.mark.parametrize(
    "text",
    [
        "click [3] now",
        "I will click [3]",
        "click [123456]",
        "type [2] red",
        "scroll sideways",
        "select [1]",
        'press "Control"',
        "answer",
        'answer "' + "x" * MAX_ACTION_LENGTH + '"',
    ],
)
def test_what_is_refused(text: str) -> None:
    with pytest.raises(ActionError):
        parse(text)


def test_a_space_without_a_page_samples_what_needs_none() -> None:
    space = ActionSpace(seed=3)
    kinds = {parse(space.sample()).kind for _ in range(200)}
    assert kinds == {name for name, kind in KINDS.items() if kind.mark != "element"}


def test_the_same_seed_samples_the_same() -> None:
    one, other = ActionSpace(seed=3), ActionSpace(seed=3)
    for space in (one, other):
        space.show([("link", ()), ("combobox", ("a", "b")), ("textbox", ())])
    assert [one.sample() for _ in range(50)] == [other.sample() for _ in range(50)]
