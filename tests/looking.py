"""A reader's browser, for pages that this project writes for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from webvoyager_gym.browser.chromium import find_chromium, launch_arguments


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(None), args=launch_arguments(None), chromium_sandbox=True
        )
        yield browser
        browser.close()


@contextmanager
def quiet_page(browser: Browser) -> Iterator[Page]:
    """A page that is closed at the end, and must not have complained until then."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text))
    yield page
    page.close()
    assert problems == []
