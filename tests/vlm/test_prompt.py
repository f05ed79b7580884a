"""The prompt: stars for shared words, a budget of words, pictures of small marks, the same text for every backend."""

from __future__ import annotations

import dataclasses

import numpy as np
from PIL import Image

from webvoyager_gym.actions import parse
from webvoyager_gym.types import Candidate, Mark, PageView, Prompt
from webvoyager_gym.vlm.prompt import (
    PromptStyle,
    outline_lines,
    pick_request,
    pictures,
    request,
    stars,
    system_text,
    telling_words,
    user_parts,
)

OUTLINE = """[1] searchbox "Search"
[2] button
[3] link "Copper Kettle $34.00"
Free delivery over $50
[4] link "Steel Kettle $20.00\""""
STYLE = PromptStyle(system=False, image_size=(112, 84), crop_limit=40)


def page(outline: str = OUTLINE) -> PageView:
    screenshot = np.full((768, 1024, 3), 255, np.uint8)
    screenshot[100:130, 50:80] = (200, 0, 0)
    marks = (
        Mark(1, "searchbox", "Search", (10, 10, 300, 30)),
        Mark(2, "button", "", (50, 100, 30, 30)),
        Mark(3, "link", "Copper Kettle $34.00", (10, 200, 200, 200)),
        Mark(4, "link", "Steel Kettle $20.00", (300, 200, 200, 200)),
    )
    return PageView(screenshot, marks, outline, "http://shop.webvoyager.test/", "Shop", (0, 768, 2000))


def text_of(parts: list[str | Image.Image]) -> str:
    return "".join(part if isinstance(part, str) else "<picture>" for part in parts)


def test_the_whole_user_message() -> None:
    prompt = Prompt("Find the copper kettle", page(), ('click link "Kitchen"',), "There is no mark [9].", 1, 15)
    assert text_of(user_parts(prompt, STYLE)) == (
        "<picture>Task: Find the copper kettle\n"
        'Done: click link "Kitchen"\n'
        "Step 2 of 15\n"
        "Error: There is no mark [9].\n"
        "Page: Shop (more below)\n"
        '[1] searchbox "Search"\n'
        "<picture>[2] button\n"
        '**[3] link "Copper Kettle $34.00"\n'
        "Free delivery over $50\n"
        '*[4] link "Steel Kettle $20.00"\n'
    )


def test_stars_count_different_words_and_fold_plurals_and_case() -> None:
    words = telling_words("Show me the Kettles in copper", [])
    assert stars("Copper kettle, copper lid", words) == "**"
    assert stars("Show the way", words) == ""


def test_words_that_stand_everywhere_earn_no_stars() -> None:
    lines = [f'[{n}] link "Hotel {n}"' for n in range(1, 9)]
    assert "hotel" not in telling_words("a hotel with a pool", lines)
    assert "hotel" in telling_words("a hotel with a pool", lines[:6])


def test_a_short_outline_keeps_what_the_goal_speaks_of_and_the_order() -> None:
    style = dataclasses.replace(STYLE, outline_words=13)
    assert outline_lines(OUTLINE, "the copper kettle", style) == [
        '[1] searchbox "Search"',
        '**[3] link "Copper Kettle $34.00"',
        '*[4] link "Steel Kettle $20.00"',
    ]


def test_a_small_mark_is_shown_as_a_picture_of_its_own() -> None:
    seen = pictures(page(), STYLE)
    assert set(seen.crops) == {2}
    assert seen.crops[2].getpixel((14, 14)) == (200, 0, 0)
    assert seen.whole.size == (112, 84)


def test_blank_pictures_hide_everything_and_keep_the_text() -> None:
    prompt = Prompt("Find the copper kettle", page())
    blank = user_parts(prompt, dataclasses.replace(STYLE, blank=True))
    assert text_of(blank) == text_of(user_parts(prompt, STYLE))
    assert all(len(part.getcolors() or []) == 1 for part in blank if isinstance(part, Image.Image))


def test_the_system_message_has_the_whole_grammar() -> None:
    for form in ("click [n]", 'type [n] "text"', "scroll [n|window] up|down", 'answer "text"'):
        assert form in system_text()


def test_requests_stand_behind_a_state() -> None:
    assert "Propose 3 different actions that could come next, the most promising first." in request(3)
    assert "Propose the action that should come next." in request(1, "lines")
    shown = pick_request(Prompt("Find it", page()), [Candidate(parse("click [4]")), Candidate(parse("back"))])
    assert 'A. click [4] (on link "Steel Kettle $20.00")\nB. back\n' in shown
