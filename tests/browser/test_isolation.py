"""Whatever a page leaves behind is gone in the next episode, although context and tab stay the same ones."""

from __future__ import annotations

import pytest

from tests.browser.driving import Driver, number
from webvoyager_gym.browser.loop import browser_loop

LEFT = ("cookie", "localStorage", "sessionStorage", "indexedDB", "caches", "name", "onleaving", "onleavingcookie")
"""What the page "/traces" leaves behind as it is told, and finds again."""


def found(driver: Driver) -> str:
    """What a page finds that was left behind, in the episode under way."""
    loop = browser_loop()
    loop.run(driver.page.goto(f"{driver.address}/next"), 30)
    loop.run(driver.page.goto(f"{driver.address}/traces"), 30)
    return str(loop.run(driver.page.evaluate("window.found()", wait=True), 10))


@pytest.mark.parametrize("what", LEFT)
def test_what_a_page_leaves_behind_is_not_found_in_the_next_episode(driver: Driver, what: str) -> None:
    loop = browser_loop()
    driver.open("/traces")
    context = driver.page.page.context
    loop.run(driver.page.evaluate(f"window.leave({what!r})", wait=True), 10)
    assert what in found(driver).split()
    loop.run(driver.page.evaluate(f"window.leave({what!r})", wait=True), 10)
    driver.open("/traces")
    assert driver.page.page.context is context
    assert loop.run(driver.page.evaluate("window.found()", wait=True), 10) == ""


def test_history_is_not_carried_over(driver: Driver) -> None:
    driver.open("/next")
    error, _ = driver.do("back", driver.open("/next"))
    assert "no previous page" in error


def test_service_workers_are_not_registered_at_all(driver: Driver) -> None:
    driver.open("/traces")
    register = "navigator.serviceWorker.register('/worker.js').then(() => 'registered', () => 'refused')"
    browser_loop().run(driver.page.evaluate(f"{register}.then((said) => document.title = said)"), 10)
    browser_loop().run(driver.page.settle(), 10)
    registered = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
    assert browser_loop().run(driver.page.evaluate(registered, wait=True), 10) == 0


def test_permissions_are_not_carried_over(driver: Driver) -> None:
    state = "navigator.permissions.query({name: 'geolocation'}).then((status) => status.state)"
    driver.open("/asks")
    browser_loop().run(driver.page.stand_at(41.9, 12.5), 10)
    assert browser_loop().run(driver.page.evaluate(state, wait=True), 10) == "granted"
    driver.open("/asks")
    assert browser_loop().run(driver.page.evaluate(state, wait=True), 10) != "granted"


def test_tabs_are_closed(driver: Driver) -> None:
    view = driver.open("/popup")
    driver.do(f"click [{number(view, 'Pop up')}]", view)
    assert len(driver.page.page.context.pages) == 2
    driver.open("/next")
    assert len(driver.page.page.context.pages) == 1
