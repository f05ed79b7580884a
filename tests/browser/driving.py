"""A page driven from a test, one call at a time."""

from __future__ import annotations

from typing import Any

from webvoyager_gym.actions import parse
from webvoyager_gym.browser.loop import browser_loop
from webvoyager_gym.browser.page import BrowserPage
from webvoyager_gym.types import PageView


class Driver:
    """A page and the address of the server that it is shown.

    Args:
        options: arguments of `BrowserPage`.
    """

    def __init__(self, address: str, **options: Any) -> None:
        self.address = address
        self.page = BrowserPage(executable=None, resolver_rules=None, viewport=(800, 600), **options)

    def open(self, path: str) -> PageView:
        loop = browser_loop()
        loop.run(self.page.renew(), 60)
        loop.run(self.page.goto(self.address + path), 30)
        return self.look()

    def look(self) -> PageView:
        return browser_loop().run(self.page.observe(), 30)

    def do(self, text: str, view: PageView) -> tuple[str, PageView]:
        error = browser_loop().run(self.page.act(parse(text), view), 40)
        return error, self.look()

    def close(self) -> None:
        browser_loop().run(self.page.close(), 15)


def number(view: PageView, name: str) -> int:
    """The number of the mark of that name."""
    return next(mark.index for mark in view.marks if mark.name == name)
