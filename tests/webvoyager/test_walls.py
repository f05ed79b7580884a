"""Pages in the way, told by their words; pages that only speak of such things are none."""

from __future__ import annotations

import numpy as np
import pytest

from webvoyager_gym.browser.pace import Turns
from webvoyager_gym.tasks.webvoyager.walls import consent_refusal, find_wall
from webvoyager_gym.types import Mark, PageView


def view(
    *lines: str, title: str = "", url: str = "https://x.test/", marks: tuple[tuple[str, str], ...] = ()
) -> PageView:
    made = tuple(Mark(number, role, name, (0, 0, 9, 9)) for number, (role, name) in enumerate(marks, 1))
    return PageView(np.zeros((2, 2, 3), np.uint8), made, "\n".join(lines), url, title)


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (view("Verifying…", title="Just a moment..."), "checking"),
        (view("www.x.test needs to review the security of your connection before proceeding"), "checking"),
        (view("Enter the characters you see below", "Type the characters"), "captcha"),
        (view("Verify you are human by completing the action below."), "captcha"),
        (view('[1] checkbox "I\'m not a robot"', marks=(("checkbox", "I'm not a robot"),)), "captcha"),
        (view("Press & Hold to confirm you are a human (and not a bot)."), "captcha"),
        (view("Let’s confirm you are human"), "captcha"),
        (view("Our systems have detected unusual traffic from your computer network."), "bot wall"),
        (view("You don't have permission", title="Access Denied"), "bot wall"),
        (view("Whoa there! You have exceeded a secondary rate limit."), "bot wall"),
        (view("429 Too Many Requests"), "bot wall"),
        (view("Anything", url="https://www.google.com/sorry/index?continue=x"), "captcha"),
        (view("Sign in to go on", marks=(("textbox", "Email or phone"), ("button", "Next"))), "log-in"),
    ],
)
def test_walls_are_found(page: PageView, kind: str) -> None:
    wall = find_wall(page)
    assert wall is not None
    assert wall.kind == kind
    assert wall.sign in str(wall)


@pytest.mark.parametrize(
    "page",
    [
        view(*(["How captchas tell: are you a robot, or verify you are human?"] * 60), title="Captchas, a history"),
        view("429 Too Many Requests #31", title="Issues", marks=(("link", "Issue"),) * 30),
        view('[1] link "Sign in"', "Kettles", marks=(("link", "Sign in"), ("textbox", "Search"))),
        view("This site is protected by reCAPTCHA.", '[1] link "Kettles"', marks=(("link", "Kettles"),)),
        view("A moment in time", title="A moment"),
    ],
)
def test_what_only_speaks_of_walls_is_none(page: PageView) -> None:
    assert find_wall(page) is None


@pytest.mark.parametrize(
    "name", ["Reject all", "Decline", "Only necessary", "Continue without accepting", "Reject all cookies"]
)
def test_a_plain_refusal_of_consent_is_found(name: str) -> None:
    page = view("We use cookies.", marks=(("button", "Accept all"), ("button", name)))
    refusal = consent_refusal(page)
    assert refusal is not None
    assert refusal.index == 2


@pytest.mark.parametrize("names", [("Accept all", "Settings"), ("OK",), ("Decline the offer",)])
def test_nothing_but_a_plain_refusal_is_taken(names: tuple[str, ...]) -> None:
    assert consent_refusal(view("We use cookies.", marks=tuple(("button", name) for name in names))) is None
    assert consent_refusal(view("An invitation", marks=(("button", "Decline"),))) is None


def test_turns_at_a_host_come_one_after_the_other() -> None:
    now = 100.0
    turns = Turns(lambda: now)
    assert [turns.wait("a.test", 1.0) for _ in range(3)] == [0.0, 1.0, 2.0]
    assert turns.wait("b.test", 1.0) == 0.0
    now = 102.5
    assert turns.wait("a.test", 1.0) == 0.5
    now = 200.0
    assert turns.wait("a.test", 1.0) == 0.0
