"""Playwright's asynchronous objects used from a thread as if they were the synchronous ones."""

from __future__ import annotations

import pytest
from playwright.async_api import Error

from tests.browser.driving import Driver
from webvoyager_gym.browser.blocking import Blocking
from webvoyager_gym.browser.loop import browser_loop


@pytest.fixture
def page(driver: Driver) -> Blocking:
    driver.open("/")
    return Blocking(driver.page.page, browser_loop().loop)


def test_calls_properties_and_lists(page: Blocking) -> None:
    assert page.title() == "Start"
    assert page.evaluate("2 + 3") == 5
    page.locator("input").fill("here")
    assert page.locator("input").input_value() == "here"
    assert [link.text_content() for link in page.locator("a").all()] == ["Next page", "Far below"]
    assert page.context.pages[0] == page
    assert page.main_frame.page == page
    assert len({page, page.main_frame.page}) == 1


def test_what_is_given_may_be_an_object_of_the_page(page: Blocking) -> None:
    assert page.evaluate("(element) => element.name", page.query_selector("input")) == "q"


def test_a_thing_that_is_waited_for(page: Blocking) -> None:
    with page.expect_navigation() as navigation:
        page.get_by_text("Next page").click()
    assert navigation.value.status == 200
    assert page.url.endswith("/next")


def test_errors_are_playwrights(page: Blocking) -> None:
    with pytest.raises(Error, match="no such thing"):
        page.evaluate("() => { throw new Error('no such thing'); }")
