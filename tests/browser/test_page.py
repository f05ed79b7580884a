"""The page as an agent sees it and acts on it, in a real Chromium against real HTTP."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.browser.driving import Driver, number
from tests.browser.pages import served
from webvoyager_gym.browser.loop import browser_loop
from webvoyager_gym.browser.page import OBSERVE_SCRIPT, BrowserPage
from webvoyager_gym.browser.tab import CALL_DEADLINE
from webvoyager_gym.errors import InfrastructureFailure


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[Driver, threading.Event]]:
    with served() as (address, released):
        driver = Driver(address)
        yield driver, released
        driver.close()


@pytest.fixture
def driver(site: tuple[Driver, threading.Event]) -> Driver:
    return site[0]


def test_outline_marks_and_what_lies_below(driver: Driver) -> None:
    view = driver.open("/")
    assert view.outline.splitlines() == [
        "# Start",
        '[1] textbox "Name"',
        '[2] combobox "Sort" value "Relevance" options "Relevance" | "Price: low"',
        "Some bold text",
        "one | two",
        '[3] link "Next page"',
        "Off",
    ]
    assert [mark.name for mark in view.offscreen] == ["Far below"]
    assert view.scroll[2] > view.scroll[1] == 600
    assert (view.title, view.screenshot.shape) == ("Start", (600, 800, 3))
    assert view.screenshot.dtype == np.uint8


def test_marks_are_drawn_on_the_picture_and_not_into_the_page(driver: Driver) -> None:
    def html() -> str:
        return str(browser_loop().run(driver.page.evaluate("document.documentElement.outerHTML"), 10))

    driver.open("/")
    before = html()
    view = driver.look()
    x, y, width, _ = view.marks[0].box
    assert not (view.screenshot[y, x + width // 2] == 255).all()
    assert html() == before


def test_typing_replaces_selecting_chooses_enter_submits(driver: Driver) -> None:
    view = driver.open("/")
    _, view = driver.do('type [1] "first"', view)
    _, view = driver.do('type [1] "he said \\"hi\\""', view)
    assert view.marks[0].value == 'he said "hi"'
    _, view = driver.do('select [2] "price: LOW"', view)
    assert view.marks[1].value == "Price: low"
    _, view = driver.do('type [1] ""', view)
    assert view.marks[0].value == ""


@pytest.mark.parametrize(
    ("action", "says"),
    [
        ("click [9]", "marks 1 to 3"),
        ('type [3] "x"', "is a link"),
        ('select [2] "Newest"', "Relevance, Price: low"),
        ('select [3] "x"', "without options"),
        ("scroll [window] up", "further up"),
        ("back", "no previous page"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(driver: Driver, action: str, says: str) -> None:
    error, _ = driver.do(action, driver.open("/"))
    assert says in error
    assert error.count(". ") == 0


def test_links_back_restart_and_scrolling(driver: Driver) -> None:
    view = driver.open("/")
    _, view = driver.do(f"click [{number(view, 'Next page')}]", view)
    assert view.title == "Next"
    _, view = driver.do("back", view)
    assert view.title == "Start"
    _, view = driver.do("scroll [window] down", view)
    assert view.scroll[0] == 450
    _, view = driver.do("restart", view)
    assert (view.title, view.scroll[0]) == ("Start", 0)


def test_a_page_that_goes_away_between_marks_and_picture_is_looked_at_again(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.open("/red")
    send, evaluate, asked = driver.page.send, driver.page.evaluate, 0
    marks_read = asyncio.Event()

    async def read(expression: str, **options: Any) -> Any:
        value = await evaluate(expression, **options)
        if expression == OBSERVE_SCRIPT:
            marks_read.set()
        return value

    async def navigate_first(method: str, **parameters: Any) -> dict[str, Any]:
        nonlocal asked
        asked += method == "Page.captureScreenshot"
        if method == "Page.captureScreenshot" and asked == 1:
            await marks_read.wait()
            await driver.page.page.goto(f"{driver.address}/blue")
        return await send(method, **parameters)

    monkeypatch.setattr(driver.page, "send", navigate_first)
    monkeypatch.setattr(driver.page, "evaluate", read)
    view = driver.look()
    red, _, blue = view.screenshot[500, 400]
    assert (asked, blue > red, [mark.name for mark in view.marks]) == (2, True, ["Blue"])


def test_picture_and_marks_are_of_the_same_page_whenever_it_navigates(driver: Driver) -> None:
    driver.open("/red")
    loop = browser_loop()
    shown = set()
    longest = 0.0
    for round_number in range(16):
        target, delay = ("/blue", "/red")[round_number % 2], 5 * round_number
        loop.run(driver.page.evaluate(f"setTimeout(() => {{ location.href = '{target}' }}, {delay})"), 10)
        asked = time.monotonic()
        view = driver.look()
        longest = max(longest, time.monotonic() - asked)
        red, _, blue = view.screenshot[500, 400]
        assert [mark.name for mark in view.marks] == ["Red" if red > blue else "Blue"], round_number
        shown.add((target, view.marks[0].name))
        loop.run(driver.page.settle(), 30)
        while not driver.look().url.endswith(target):
            loop.run(driver.page.settle(), 30)
    assert len(shown) > 2, "every look was before the navigation, or every one after"
    assert longest < CALL_DEADLINE, "a reply was lost with the old page and waited for to the end"


def test_what_is_covered_or_hidden_has_no_mark(driver: Driver) -> None:
    assert [mark.name for mark in driver.open("/covered").marks] == ["Over", "Free"]
    assert [mark.name for mark in driver.open("/hidden").marks] == ["Yes"]


def test_frames_are_part_of_the_page(driver: Driver) -> None:
    view = driver.open("/frame")
    assert view.outline.splitlines() == ["Before", '[1] button "Inside"', "After"]
    _, view = driver.do("click [1]", view)
    assert "pressed inside" in view.outline


def test_open_shadow_roots_are_part_of_the_page(driver: Driver) -> None:
    view = driver.open("/shadow")
    assert [mark.name for mark in view.marks] == ["In the shadow", "Shadow field"]
    _, view = driver.do("click [1]", view)
    assert view.title == "clicked in the shadow"


def test_a_new_tab_becomes_the_page(driver: Driver) -> None:
    view = driver.open("/tab")
    _, view = driver.do("click [1]", view)
    assert view.title == "Next"


def test_dialogs_are_answered_and_told(driver: Driver) -> None:
    error, view = driver.do("click [1]", driver.open("/dialog"))
    assert "Are you there?" in error
    assert view.marks[0].name == "Asked"


def test_settling_waits_for_what_was_asked_for(site: tuple[Driver, threading.Event]) -> None:
    driver, released = site
    released.clear()
    view = driver.open("/late")
    threading.Timer(0.4, released.set).start()
    _, view = driver.do("click [1]", view)
    assert "it came late" in view.outline


def test_a_page_that_never_rests_is_taken_as_it_is(driver: Driver) -> None:
    view = driver.open("/busy")
    assert view.outline.isdigit()


def test_a_page_that_hangs_is_a_failure_within_the_deadline_and_not_for_ever(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webvoyager_gym.browser.tab.CALL_DEADLINE", 2.0)
    view = driver.open("/hang")
    with pytest.raises(InfrastructureFailure) as caught:
        driver.do("click [1]", view)
    assert caught.value.part == "deadline"
    assert driver.open("/next").title == "Next"


def test_scrolling_an_area_keys_and_hovering(driver: Driver) -> None:
    view = driver.open("/area")
    _, after = driver.do("scroll [1] down", view)
    assert after.marks == () or after.marks[0].box != view.marks[0].box
    _, view = driver.do('press "Escape"', driver.open("/keys"))
    assert view.title == "Escape"
    _, view = driver.do("hover [1]", driver.open("/hover"))
    assert view.title == "hovered"


def test_any_script_is_read(driver: Driver) -> None:
    view = driver.open("/words")
    assert "Größe — 中文 — مرحبا" in view.outline
    _, view = driver.do('type [1] "日本 ß"', view)
    assert view.marks[0].value == "日本 ß"


def test_a_context_is_kept_for_so_many_requests_and_then_renewed(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Playwright forgets none of them before; see `python -m webvoyager_gym.proofs.soak`."""

    def context_of(path: str) -> object:
        driver.open(path)
        return driver.page.page.context

    driver.open("/next")
    first = context_of("/next")
    assert context_of("/next") is first
    monkeypatch.setattr("webvoyager_gym.browser.tab.REQUESTS_A_CONTEXT", 1)
    second = context_of("/next")
    assert second is not first
    monkeypatch.undo()
    assert context_of("/next") is second


def test_a_site_that_is_not_there_is_a_site_failure() -> None:
    page = BrowserPage(executable=None, resolver_rules=None, viewport=(800, 600))
    browser_loop().run(page.renew(), 60)
    with pytest.raises(InfrastructureFailure) as caught:
        browser_loop().run(page.goto("http://127.0.0.1:9/"), 30)
    assert caught.value.part == "site"
    browser_loop().run(page.close(), 15)
