"""What is done to lessons before they are taught: answers in the page's words, pages in other words."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from algorithms.pocket_vlm.as_shown import as_shown
from algorithms.pocket_vlm.augment import Names, augmented, page_text
from algorithms.pocket_vlm.pages import Lesson
from webvoyager_gym.types import PageView, Prompt
from webvoyager_gym.vlm.prompt import Pictures

LINES = (
    "# Stations",
    "Opened 3 May 2019, moved 2026-02-28",
    "*Population 90,334 Mayor Marten",
    "Parameters 0.53B Context 65,536 tokens",
    '**[7] link "Marten Halbridge"',
)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('answer "90334"', 'answer "90,334"'),
        ('answer "90334 people"', 'answer "90,334"'),
        ('answer "65536 tokens"', 'answer "65,536"'),
        ('answer "0.53 billion"', 'answer "0.53B"'),
        ('answer "28 February 2026"', 'answer "2026-02-28"'),
        ('answer "Marten Halbridge"', 'answer "Marten Halbridge"'),
        ('answer "impossible: it is sold out"', 'answer "impossible"'),
        ('answer "17 km"', 'answer "17 km"'),
        ('answer "7"', 'answer "7"'),
        ('type [1] "90334"', 'type [1] "90334"'),
        ("click [7]", "click [7]"),
    ],
)
def test_an_answer_is_spelt_as_on_the_page(said: str, shown: str) -> None:
    assert as_shown(said, LINES) == shown


def test_the_line_that_shares_most_with_the_goal_comes_first() -> None:
    assert as_shown('answer "1200 g"', ["Costs 1,200", "**Weighs 1,200g"]) == 'answer "1,200g"'


def lesson(goal: str, action: str, name: str = "Zelmora", *, own: bool = False, seen: Pictures | None = None) -> Lesson:
    picture = Image.new("RGB", (28, 28))
    view = PageView(
        np.zeros((0, 0, 3), np.uint8),
        (),
        f'[1] link "Home"\n[2] button\n[3] link "{name} Inn"\nSee {name} on [2] maps',
        "http://maps.webvoyager.test/",
        f"{name} – Wayfold",
        (0, 10, 10),
    )
    prompt = Prompt(goal, view, (f'click link "{name} Inn"',) if own else ())
    return Lesson(prompt, seen or Pictures(picture, {2: picture}), (action,), "maps/x", own=own)


@pytest.fixture(scope="module")
def names() -> Names:
    # Home and Inn stand on all pages; each name on one of four hundred.
    return Names(page_text(lesson("", "go_back", f"Z{chr(97 + i // 20)}lm{chr(97 + i % 20)}ra")) for i in range(400))


def test_names_change_everywhere_at_once_and_keep_their_first_letter(names: Names) -> None:
    name = "Zalmara"
    first = lesson(f"Where is {name}?", f'answer "{name}"', name, own=True)
    page = [first, lesson(f"Go to {name}'s page", "click [3]", name, seen=first.pictures)]
    changed = 0
    for seed in range(40):
        one, two = augmented(page, names, np.random.default_rng(seed))
        found = re.search(r'link "(\w+) Inn"', one.prompt.view.outline)
        assert found is not None
        other = found[1]
        changed += other != name
        assert other[0] == name[0]
        assert (one.prompt.goal, one.actions[0]) == (f"Where is {other}?", f'answer "{other}"')
        assert one.prompt.history == (f'click link "{other} Inn"',)
        assert one.prompt.view.title == f"{other} – Wayfold"
        assert two.prompt.goal == f"Go to {other}'s page"
        assert one.pictures is two.pictures
        assert "Home" in one.prompt.view.outline
    assert 8 <= changed <= 32


def test_marks_keep_their_order_their_pictures_and_their_actions(names: Names) -> None:
    page = [lesson("Go", "click [2]")]
    renumbered = 0
    for seed in range(60):
        (one,) = augmented(page, names, np.random.default_rng(seed))
        marks = [int(number) for number in re.findall(r"^\[(\d+)\]", one.prompt.view.outline, re.MULTILINE)]
        assert marks == sorted(set(marks))
        assert len(marks) == 3
        assert one.actions == (f"click [{marks[1]}]",)
        assert list(one.pictures.crops) == [marks[1]]
        renumbered += marks != [1, 2, 3]
    assert renumbered > 5


def test_the_lessons_themselves_stay_as_they_are(names: Names) -> None:
    page = [lesson("Where is Zalmara?", "click [2]", "Zalmara")]
    before = replace(page[0])
    for seed in range(10):
        augmented(page, names, np.random.default_rng(seed))
    assert page == [before]
