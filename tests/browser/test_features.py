"""What Chromium is told to leave out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.browser.driving import Driver
from tests.browser.pages import served
from webvoyager_gym.browser import features
from webvoyager_gym.browser.features import UNSEEN, disabled_features
from webvoyager_gym.browser.loop import browser_loop
from webvoyager_gym.proofs.processes import descendants


async def targets(driver: Driver) -> list[dict[str, Any]]:
    """Everything in the browser that a debugger could talk to, its own user interface included."""
    browser = driver.page.page.context.browser
    assert browser is not None
    session = await browser.new_browser_cdp_session()
    found = await session.send("Target.getTargets", {"filter": [{}]})
    await session.detach()
    return list(found["targetInfos"])


def test_pages_have_no_pages_of_the_browser_itself_beside_them() -> None:
    with served() as (address, _):
        driver = Driver(address)
        driver.open("/next")
        found = browser_loop().run(targets(driver), 10)
        driver.close()
    assert any(target["url"].startswith(address) for target in found)
    assert [target["url"] for target in found if target["url"].startswith("chrome:")] == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_what_playwright_leaves_out_is_left_out_still() -> None:
    with served() as (address, _):
        driver = Driver(address)
        driver.open("/next")
        commands = [process.command for process in descendants() if process.is_browser]
        driver.close()
    for command in commands:
        *playwrights, ours = [word for word in command if word.startswith("--disable-features=")]
        assert playwrights, f"Playwright names no features to leave out any more: {os.fspath(features.__file__)}"
        for names in playwrights:
            assert set(names.partition("=")[2].split(",")) <= set(ours.partition("=")[2].split(","))
    assert commands


def test_where_playwrights_list_is_not_found_it_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert set(UNSEEN) < set(disabled_features())
    disabled_features.cache_clear()
    monkeypatch.setattr(features.playwright, "__file__", str(tmp_path / "__init__.py"))
    assert disabled_features() == ()
    disabled_features.cache_clear()
